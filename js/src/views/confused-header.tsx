/** What heads a board of many classes: the measures that need no matrix. */

import { useComputed } from "@preact/signals";
import { macroF1Of } from "../core/confused.ts";
import { scoreEffect } from "../core/effects.ts";
import { amount } from "../core/format.ts";
import { share } from "../core/intervals.ts";
import { OUTCOME } from "../core/tiles.ts";
import type { Clause, Measure } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { cellsUnder } from "./confused-found.ts";
import { Head, MeasureBlock, useKnown } from "./header-measures.tsx";
import type { ViewProps } from "./view.ts";

const BY = ["outcome"] as const;

export function Totals({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const filtered = store.chosen.value.length > 0;
  const here = store.sums(BY);
  const classes = meta.classes.length - (meta.missing === null ? 0 : 1);
  const whole = useComputed(() => accuracyOf(store.wholes(BY), effectOf(store, "accuracy", true)));
  return (
    <Head
      store={store}
      options={options}
      selected={filtered}
      size={
        <>
          {amount(store.total.value)} · {amount(classes, "class", "classes")}
          {meta.weighted && " · weighted"}
        </>
      }
    >
      <MeasureBlock
        named={{ name: "accuracy", measure: whole.value, why: "fewer than 10 judged examples" }}
        selected={filtered ? accuracyOf(here.values, effectOf(store, "accuracy", false)) : null}
        state={here.state}
      />
      <MacroF1 store={store} filtered={filtered} />
    </Head>
  );
}

/** By how much groups of rows widen an interval. */
function effectOf(store: Store, name: string, whole: boolean): number {
  return scoreEffect(store.effects("scores", null, whole).value, name);
}

function accuracyOf(sums: readonly Float64Array[], effect: number): Measure {
  const at = (own: Float64Array, outcome: number) => own[outcome] ?? 0;
  return share(
    sums.map((own) => at(own, OUTCOME.correct)),
    sums.map((own) => at(own, OUTCOME.correct) + at(own, OUTCOME.error)),
    effect,
  );
}

/** It follows from all pairs: of more than a page holds the kernel knows it. */
function MacroF1({ store, filtered }: { store: Store; filtered: boolean }) {
  const whole = useMeasure(store, true);
  const selected = useMeasure(store, false);
  const live = store.status.value === "live";
  const why =
    whole.value === null && !live
      ? "needs every pair: run its notebook"
      : "no interval: some class has fewer than 10 labelled examples";
  return (
    <MeasureBlock
      named={{ name: "macro F1", measure: whole, why }}
      selected={filtered ? selected : null}
      state="exact"
    />
  );
}

function useMeasure(store: Store, all: boolean): Measure {
  const of = (own: Store): Clause[] => (all ? own.split.value : own.clauses.value);
  const counted = useComputed(() => {
    const cells = cellsUnder(store, of(store));
    return cells && macroF1Of(cells, store.meta.value, effectOf(store, "macro F1", all));
  }).value;
  const clauses = of(store);
  const known = useKnown(store, counted ? [] : clauses);
  if (counted) return counted;
  const [value = null, low = null, high = null, n = 0] = (!clauses.length && store.meta.value.macro) || [];
  return known?.["macro F1"] ?? { value, low, high, n, method: "delta method (logit)" };
}
