/** The examples of a run, where an Evaluation holds them: shown by its kernel, or by its views on this page. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Joined } from "../core/run.ts";
import { sameClauses } from "../core/selection.ts";
import { hearPage, registry, type Selected, tellPage } from "./registry.ts";

export class RunExamples {
  readonly #joined = signal<Joined | null>(null);
  /** Whether a view of the Evaluation is on this page. */
  readonly #near = signal(false);
  #leave: (() => void)[];

  constructor() {
    const { bus } = registry();
    const look = (): void => this.#look();
    bus.addEventListener("stores", look);
    this.#leave = [hearPage((told) => this.#heard(told)), () => bus.removeEventListener("stores", look)];
  }

  get joined(): ReadonlySignal<Joined | null> {
    return this.#joined;
  }

  get near(): ReadonlySignal<boolean> {
    return this.#near;
  }

  /** What the kernel, or a saved output, says. */
  told(joined: Joined | null): void {
    this.#joined.value = joined;
    this.#look();
  }

  /** Without a kernel: select a kind's examples in the views of the page; null: no longer. */
  select(name: string | null): void {
    const joined = this.#joined.value;
    if (!joined) return;
    const { fingerprint, kinds, none } = joined;
    const clauses = kinds.find((kind) => kind.name === name)?.clauses ?? none;
    this.#heard({ fingerprint, clauses, from: "run" });
    tellPage({ fingerprint, clauses, from: "run" });
  }

  close(): void {
    for (const leave of this.#leave) leave();
  }

  #heard({ fingerprint, clauses }: Selected): void {
    const joined = this.#joined.value;
    if (fingerprint !== joined?.fingerprint) return;
    const selected = joined.kinds.find((kind) => sameClauses(kind.clauses, clauses))?.name ?? null;
    if (selected !== joined.selected) this.#joined.value = { ...joined, selected };
  }

  #look(): void {
    const fingerprint = this.#joined.value?.fingerprint;
    this.#near.value = [...registry().stores.keys()].some((key) => key.endsWith(` ${fingerprint}`));
  }
}
