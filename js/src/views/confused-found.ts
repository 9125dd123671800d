/** The confused pairs of a selection: counted here where a tile tells them, else asked of the kernel, else as saved. */

import { computed, type ReadonlySignal, signal, useSignalEffect } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type Cells, type Confused, cellsOf, confusedIn, heard, type Told } from "../core/confused.ts";
import { filterOf } from "../core/selection.ts";
import { entries } from "../core/tiles.ts";
import type { Clause } from "../core/types.ts";
import { keyOf } from "../store/counting.ts";
import type { CountState, Store } from "../store/store.ts";

export interface Found extends Confused {
  state: CountState;
  /** Why the kernel has not told them. */
  error: string | null;
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
  const { found, ask } = useMemo(() => finding(store, options, sought), [store, options.confused, sought]);
  useSignalEffect(ask);
  return found;
}

/** The same without a view; `ask` is an effect: it asks the kernel what is not counted here. */
export function finding(
  store: Store,
  options: Record<string, unknown>,
  sought: ReadonlySignal<number[] | null>,
): { found: ReadonlySignal<Found>; ask: () => void } {
  const clauses = computed(() => store.clauses.value.filter(({ field }) => field !== "cell"));
  const key = computed(() => JSON.stringify(clauses.value));
  const cells = computed(() => {
    void key.value;
    // What groups of rows do to rates the rows alone tell.
    return store.meta.value.groups && store.status.value === "live"
      ? null
      : cellsUnder(store, clauses.peek());
  });
  const about = computed(() => sought.value && new Set(sought.value));
  const asked = signal<{ key: string; told: Told } | null>(null);
  const failed = signal<{ key: string; error: string } | null>(null);
  const question = computed(() => keyOf(store.meta.value, [key.value, sought.value]));
  const ask = () => {
    const own = question.value;
    if (cells.value || store.status.value !== "live") return;
    failed.value = null;
    const all = sought.value?.length === store.meta.peek().classes.length;
    store.ask({ type: "confused", clauses: clauses.peek(), about: all ? null : sought.value }).then(
      (answer) => {
        if (answer && own === question.peek())
          asked.value = { key: own, told: answer.message as unknown as Told };
      },
      (error: Error) => {
        if (own === question.peek()) failed.value = { key: own, error: error.message };
      },
    );
  };
  const saved = options.confused as (Told & { of: Clause[] }) | undefined;
  const found = computed((): Found => {
    const within = (label: number, prediction: number) =>
      !about.value || about.value.has(label) || about.value.has(prediction);
    if (cells.value) {
      const counted = confusedIn(cells.value, store.meta.value, within);
      return { ...counted, state: "exact", error: null, all: true, told: counted.total };
    }
    const live = store.status.value === "live";
    const answered = asked.value?.key === question.value ? asked.value.told : null;
    const error = live && failed.value?.key === question.value ? failed.value.error : null;
    const matches = saved && JSON.stringify(saved.of) === key.value;
    const told = answered ?? asked.value?.told ?? saved;
    const state = answered || matches ? "exact" : live && error === null ? "waiting" : "stale";
    const known = told ? heard(told) : { pairs: [], total: 0, errors: 0 };
    const pairs = answered ? known.pairs : known.pairs.filter((pair) => within(pair.label, pair.prediction));
    return { ...known, pairs, state, error, all: pairs.length === known.total, told: known.pairs.length };
  });
  return { found, ask };
}
