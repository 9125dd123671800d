/** Asks the kernel for measures, a tenth of a second of its time at once, for as long as somebody looks. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Labelled, merged, type Results, type SavedMeasures } from "../core/measuring.ts";
import { sameClauses, splitOf } from "../core/selection.ts";
import type { Store } from "../store/store.ts";

/** How far the kernel has come. */
export interface Progress {
  next: number;
  steps: number;
  /** Resamples of the interval that is being drawn. */
  drawn: number;
  of: number;
  /** Seconds that the other intervals take; null where they are drawn unasked. */
  held: number | null;
}

export interface Asked {
  results: Results;
  /** exact: of this selection; waiting: of the one before; stale: nobody can tell. */
  state: "exact" | "waiting" | "stale";
  /** The same of all rows: they are those of the split. */
  whole: "exact" | "waiting" | "stale";
  progress: Progress | null;
  /** Whether the user stopped it. */
  stopped: Signal<boolean>;
  /** Whether intervals are drawn that take long. */
  slow: Signal<boolean>;
  error: string | null;
}

interface Found {
  key: string;
  split: string;
  results: Results;
  progress: Progress | null;
  error: string | null;
}

const NOTHING: Results = new Map();

/** The measures of the table, or of the slices of one, under the selection. */
export function useAsked(
  store: Store,
  ids: number[],
  chosen: number | null,
  saved: SavedMeasures | undefined,
): Asked {
  const found = useSignal<Found | null>(null);
  const stopped = useSignal(false);
  const slow = useSignal(false);
  const clauses = store.clauses.value;
  const live = store.status.value === "live";
  const key = JSON.stringify([ids, chosen, clauses, store.meta.value.version]);
  const split = JSON.stringify(store.split.value);
  const kept = JSON.stringify(saved?.clauses) === JSON.stringify(clauses);
  useEffect(() => {
    slow.value = stopped.value = false;
  }, [key]);
  useEffect(() => {
    if (!live || stopped.value) return;
    let alive = true;
    const ask = async (): Promise<void> => {
      let work = 0;
      let results = found.peek()?.key === key ? (found.peek()?.results ?? NOTHING) : NOTHING;
      for (let progress: Progress | null = null; alive && !(progress && ended(progress)); ) {
        const start: number = progress?.next ?? 0;
        const question = { measures: ids, slices: chosen, clauses, work, start, slow: slow.peek() };
        const answer = await store.ask({ type: "measures", ...question });
        if (!alive || !answer) return;
        const { message } = answer;
        progress = message as unknown as Progress;
        work = Number(message.work);
        results = merged(results, message.results as Labelled[]);
        found.value = { key, split, results, progress, error: null };
      }
    };
    ask().catch((error: Error) => {
      if (alive) found.value = { key, split, results: NOTHING, progress: null, error: error.message };
    });
    return () => {
      alive = false;
    };
  }, [key, live, stopped.value, slow.value]);

  const now = found.value;
  const rest = { stopped, slow, progress: null, error: null };
  if (now?.key === key) return { ...rest, ...now, state: "exact", whole: "exact" };
  const same = sameClauses(splitOf(saved?.clauses ?? [], store.meta.value), store.split.value);
  const old =
    saved && same ? merged(NOTHING, chosen === null ? saved.table : (saved.slices[chosen] ?? [])) : null;
  if (old && kept && !live) return { ...rest, results: old, state: "exact", whole: "exact" };
  const state = live ? "waiting" : "stale";
  const whole = now && now.split !== split ? state : "exact";
  return { ...rest, results: now?.results ?? old ?? NOTHING, state, whole };
}

function ended({ next, steps, held }: Progress): boolean {
  return next === steps || held !== null;
}
