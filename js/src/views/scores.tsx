/** What heads a board where examples are not right or wrong: the mean loss, or the measures of a regression. */

import { scoreEffect } from "../core/effects.ts";
import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { amountsOf, meanName, momentsBy, NUMBER } from "../core/losses.ts";
import { lossMean, type Moments } from "../core/moments.ts";
import type { Known, Loss, Measure } from "../core/types.ts";
import { AREA, Head, MeasureBlock, splitCode, useKnown } from "./header-measures.tsx";
import type { ViewProps } from "./view.ts";

const FEW = "fewer than 10 examples to judge by";

export function Scores({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const loss = meta.loss as Loss;
  const filtered = store.chosen.value.length > 0;
  const amounts = amountsOf(store.tiles.value);
  const whole = momentsBy(amounts, [], (by) => ({ values: store.whole(by), state: "exact" }));
  const here = momentsBy(amounts, [], (by) => store.count(by).value);
  const effect = (whole: boolean) => scoreEffect(store.effects("scores", null, whole).value, "mean");
  const selected = filtered ? lossMean(here.moments[0] as Moments, effect(false)) : null;
  const scores = useKnown(store, loss.scores.length ? store.clauses.value : []);
  const split = useKnown(store, loss.scores.length ? store.split.value : []);
  const one = splitCode(store.split.value);
  const known = one === undefined ? loss.scores : one === null ? [] : (meta.split?.scores[one] ?? []);
  const measure = lossMean(whole.moments[0] as Moments, effect(true));
  const why = `${FEW}, or weights of too few`;
  return (
    <Head
      store={store}
      options={options}
      selected={selected !== null}
      size={
        <>
          {amount(store.total.value)}
          {loss.label !== null && " · regression"}
          {meta.weighted && " · weighted"}
        </>
      }
    >
      <MeasureBlock
        named={{ name: visible(meanName(loss)), measure, why }}
        selected={selected}
        state={here.state as "exact"}
        write={NUMBER}
      />
      {loss.scores.map(([name]) => (
        <MeasureBlock
          key={name}
          named={{
            name,
            measure: measureOf(known, name) ?? split?.[name] ?? nothing(store.total.value),
            why: store.status.value === "live" ? FEW : "needs every row: run its notebook",
          }}
          selected={filtered ? (scores?.[name] ?? nothing(here.n[0] ?? 0)) : null}
          state="exact"
          write={name === "R²" ? AREA : NUMBER}
        />
      ))}
    </Head>
  );
}

function nothing(n: number): Measure {
  return { value: null, low: null, high: null, n, method: "" };
}

function measureOf(known: readonly Known[], wanted: string): Measure | null {
  const [, value, low, high, n, method] = known.find(([name]) => name === wanted) ?? [];
  if (value === undefined) return null;
  return { value, low: low ?? null, high: high ?? null, n: n ?? 0, method: method ?? "" };
}
