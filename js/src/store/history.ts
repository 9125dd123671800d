/** The selections before this one. Of a kernel's history the page may know no more than how long it is. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { sameClauses } from "../core/selection.ts";
import type { Clause } from "../core/types.ts";

/** As in Python. */
const LIMIT = 200;

export class History {
  #past: (Clause[] | null)[] = [];
  #steps: Signal<number> = signal(0);
  #known: Signal<boolean> = signal(false);

  /** How many changes can be undone. */
  get steps(): ReadonlySignal<number> {
    return this.#steps;
  }

  /** Whether the page knows what the last change led away from. */
  get known(): ReadonlySignal<boolean> {
    return this.#known;
  }

  /** The selection changes from this one. */
  push(clauses: Clause[]): void {
    this.#set([...this.#past.slice(1 - LIMIT), clauses]);
  }

  /** Go back one step: to these clauses, or to null where only the kernel knows them. */
  pop(): Clause[] | null {
    const last = this.#past.at(-1) ?? null;
    this.#set(this.#past.slice(0, -1));
    return last;
  }

  /** The kernel's selection goes from `now` to `next`, and its history has `steps`: what does not fit is forgotten. */
  follow(steps: number, now: Clause[], next: Clause[]): void {
    const known = this.#past.length;
    const back = this.#past[steps];
    if (sameClauses(now, next)) {
      if (steps !== known) this.forget(steps);
    } else if (steps === Math.min(known + 1, LIMIT)) this.push(now);
    else if (steps === known - 1 && back && sameClauses(back, next)) this.pop();
    else this.forget(steps);
  }

  /** Only know how long the history is. */
  forget(steps: number): void {
    this.#set(new Array(steps).fill(null));
  }

  #set(past: (Clause[] | null)[]): void {
    this.#past = past;
    this.#steps.value = past.length;
    this.#known.value = Boolean(past.at(-1));
  }
}
