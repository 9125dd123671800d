/** What a distribution is compared with: all rows, the rest, or a selection that was pinned. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { splitOf } from "../core/selection.ts";
import type { Clause } from "../core/types.ts";
import { type Counted, counting } from "../store/counting.ts";
import type { Store } from "../store/store.ts";

export type Mode = "all" | "rest" | "pin";

export class Against {
  readonly mode: Signal<Mode>;
  readonly pin: Signal<Clause[] | null> = signal(null);
  /** Why a second selection that was asked for is not there, or null. */
  readonly missing: Signal<string | null> = signal(null);
  /** The pinned clauses: of the split in force, where they name none. */
  readonly within: ReadonlySignal<Clause[]> = computed(() => {
    const clauses = this.pin.value ?? [];
    const { meta, split } = this.#store;
    return splitOf(clauses, meta.value).length ? clauses : [...split.value, ...clauses];
  });
  #store: Store;
  #counts = new Map<string, ReadonlySignal<Counted>>();

  constructor(store: Store, given: unknown) {
    this.#store = store;
    this.mode = signal(given === "rest" ? "rest" : "all");
    if (given && typeof given === "object") this.#take(given as { clauses?: Clause[]; id?: string });
  }

  /** Keep the selection in force as the second one. */
  keep(): void {
    this.pin.value = this.#store.clauses.value;
    this.mode.value = "pin";
    this.missing.value = null;
  }

  drop(): void {
    this.pin.value = null;
    this.mode.value = "all";
  }

  /** Counts of the pinned rows by a dim, without the clause on its own field. */
  pinned(dim: string, own: string): ReadonlySignal<Counted> {
    return this.#counted(`${dim}|${own}`, [dim], own, this.within, (by, clauses) =>
      this.#store.counts(by, clauses),
    );
  }

  /** How many rows are both in view and pinned. */
  common(own: string): ReadonlySignal<Counted> {
    const store = this.#store;
    const pin = this.within;
    const both = computed(() => [...store.clauses.value, ...pin.value]);
    return this.#counted(`|${own}`, [], own, both, async () => {
      const [clauses, others] = [store.clauses, pin].map((some) =>
        some.peek().filter(({ field }) => field !== own),
      );
      const answer = await store.ask({ type: "common", clauses, others });
      return answer && Float64Array.of(Number(answer.message.n));
    });
  }

  #counted(
    key: string,
    by: string[],
    own: string,
    clauses: ReadonlySignal<Clause[]>,
    ask: Parameters<typeof counting>[3],
  ): ReadonlySignal<Counted> {
    let counted = this.#counts.get(key);
    if (!counted) {
      const { meta, tiles, status } = this.#store;
      const whole = (by: readonly string[]) => this.#store.whole(by);
      counted = counting({ meta, tiles, status, clauses, whole }, by, [own], ask);
      this.#counts.set(key, counted);
    }
    return counted;
  }

  #take({ clauses, id }: { clauses?: Clause[]; id?: string }): void {
    const take = (found: unknown): void => {
      this.pin.value = found as Clause[];
      this.mode.value = "pin";
    };
    const hidden = "The selection to compare with is seen live only.";
    if (clauses) take(clauses);
    else if (id === undefined) this.missing.value = hidden;
    else
      this.#store
        .ask({ type: "against", id })
        .then((answer) => (answer ? take(answer.message.clauses) : Promise.reject(new Error(hidden))))
        .catch((error: Error) => {
          this.missing.value = error.message;
        });
  }
}

const shared = new WeakMap<Store, Against>();
const own = new WeakMap<object, Against>();

/** One for all distributions of a table; of its own for a view that was told in Python what to compare with. */
export function againstOf(store: Store, options: Record<string, unknown>): Against {
  const [known, key]: [WeakMap<object, Against>, object] =
    options.against === undefined ? [shared, store] : [own, options];
  let found = known.get(key);
  if (!found) {
    found = new Against(store, options.against);
    known.set(key, found);
  }
  return found;
}
