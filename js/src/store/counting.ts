/** Counts by dims of what is selected: added up here where the tiles know them, else asked of the kernel. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { filterOf } from "../core/selection.ts";
import { type Tile, tabulate } from "../core/tiles.ts";
import type { Clause, Meta } from "../core/types.ts";

/** exact: of this selection; waiting: the last exact ones while the kernel counts; stale: nobody can count these. */
export type CountState = "exact" | "waiting" | "stale";

export interface Counted {
  values: Float64Array;
  state: CountState;
}

/** What is counted: the parts of a store. */
export interface Source {
  meta: ReadonlySignal<Meta>;
  clauses: ReadonlySignal<Clause[]>;
  tiles: ReadonlySignal<Tile[]>;
  status: ReadonlySignal<string>;
  whole(by: readonly string[]): Float64Array;
}

/** Counts by dims; null where no kernel answers. */
export type Ask = (by: readonly string[], clauses: Clause[]) => Promise<Float64Array | null>;

/** What an answer is of: a slice may hold other rows in another version, or when the cell ran again. */
export function keyOf({ created, version }: Meta, question: unknown): string {
  return `${created} ${version} ${JSON.stringify(question)}`;
}

/** Counts under all clauses but those of some fields; a kernel is asked as long as somebody looks. */
export function counting(
  source: Source,
  by: readonly string[],
  without: readonly string[],
  ask: Ask,
): ReadonlySignal<Counted> {
  const clauses = computed(() => source.clauses.value.filter((clause) => !without.includes(clause.field)));
  const key = computed(() => keyOf(source.meta.value, clauses.value));
  const answered = signal<{ key: string; values: Float64Array } | null>(null);
  let last: Float64Array | null = null;
  let asked: string | null = null;
  let stop = (): void => {};
  const counted = computed((): Counted => {
    const local = tabulated(source, by, clauses.value);
    const kernel = answered.value?.key === key.value ? answered.value.values : null;
    const values = local ?? kernel;
    if (values) last = values;
    const state = values ? "exact" : source.status.value === "live" ? "waiting" : "stale";
    return { values: values ?? last ?? source.whole(by), state };
  });
  // One question at a time: while it waits, only the newest of the others is worth asking.
  const request = async (): Promise<void> => {
    const question = key.peek();
    if (counted.value.state !== "waiting" || asked !== null) return;
    asked = question;
    const values = await ask(by, clauses.peek());
    asked = null;
    if (question !== key.peek()) await request();
    else if (values) answered.value = { key: question, values };
  };
  return computed(() => counted.value, {
    watched: () => {
      stop = effect(() => void request());
    },
    unwatched: () => stop(),
  });
}

function tabulated(source: Source, by: readonly string[], clauses: readonly Clause[]): Float64Array | null {
  const meta = source.meta.value;
  const filters = clauses.map((clause) => filterOf(clause, meta));
  return filters.every((f) => f !== null) ? tabulate(source.tiles.value, by, filters, meta) : null;
}
