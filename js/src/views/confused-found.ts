/** The confused pairs of a selection: counted here where a tile tells them, else asked of the kernel, else as saved. */

import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { type Cells, type Confused, cellsOf, confusedIn, heard, type Told } from "../core/confused.ts";
import { filterOf } from "../core/selection.ts";
import { entries } from "../core/tiles.ts";
import type { Clause } from "../core/types.ts";
import type { CountState, Store } from "../store/store.ts";

const MOST_SOUGHT = 1000;

export interface Found extends Confused {
  state: CountState;
  /** Whether all pairs are among them, and not those alone that stand out. */
  all: boolean;
  /** How many are known here, sought or not. */
  told: number;
}

/** The cells under some clauses; null where the counts here do not tell. */
export function cellsUnder(store: Store, clauses: readonly Clause[]): Cells | null {
  const meta = store.meta.value;
  const filters = clauses.map((clause) => filterOf(clause, meta));
  if (!filters.every((filter) => filter !== null)) return null;
  const found = entries(store.tiles.value, ["label", "prediction"], filters, meta);
  return found && cellsOf(found, meta);
}

/** The pairs in view; of `sought` classes alone where some are sought. */
export function useFound(
  store: Store,
  options: Record<string, unknown>,
  sought: ReadonlySignal<number[] | null>,
): ReadonlySignal<Found> {
  const clauses = useComputed(() => store.clauses.value.filter(({ field }) => field !== "cell"));
  const key = useComputed(() => JSON.stringify(clauses.value));
  const cells = useComputed(() => {
    void key.value;
    // What groups of rows do to rates the rows alone tell.
    return store.meta.value.groups && store.status.value === "live"
      ? null
      : cellsUnder(store, clauses.peek());
  });
  const about = useComputed(() => sought.value && new Set(sought.value));
  const asked = useSignal<{ key: string; told: Told } | null>(null);
  const question = useComputed(
    () => `${store.meta.value.version} ${key.value} ${sought.value?.join() ?? ""}`,
  );
  useSignalEffect(() => {
    const own = question.value;
    if (cells.value || store.status.value !== "live") return;
    const message = {
      type: "confused",
      clauses: clauses.peek(),
      about: sought.value?.slice(0, MOST_SOUGHT) ?? null,
    };
    void store.ask(message).then((answer) => {
      if (answer && own === question.peek())
        asked.value = { key: own, told: answer.message as unknown as Told };
    });
  });
  const last = useSignal<Told | null>((options.confused as (Told & { of: Clause[] }) | undefined) ?? null);
  return useComputed(() => {
    const within = (label: number, prediction: number) =>
      !about.value || about.value.has(label) || about.value.has(prediction);
    if (cells.value) {
      const counted = confusedIn(cells.value, store.meta.value, within);
      return { ...counted, state: "exact", all: true, told: counted.total };
    }
    const saved = options.confused as (Told & { of: Clause[] }) | undefined;
    const answered = asked.value?.key === question.value ? asked.value.told : null;
    const matches = saved && JSON.stringify(saved.of) === key.value;
    const told = answered ?? asked.value?.told ?? last.value;
    const state = answered || matches ? "exact" : store.status.value === "live" ? "waiting" : "stale";
    const found = told ? heard(told) : { pairs: [], total: 0, errors: 0 };
    const pairs = answered ? found.pairs : found.pairs.filter((pair) => within(pair.label, pair.prediction));
    return { ...found, pairs, state, all: pairs.length === found.total, told: found.pairs.length };
  });
}
