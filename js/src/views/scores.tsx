/** What heads a board where examples are not right or wrong: the mean loss, or the measures of a regression. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { amountsOf, meanName, momentsBy, NUMBER } from "../core/losses.ts";
import { lossMean, type Moments } from "../core/moments.ts";
import type { Clause, Loss, Measure } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { AREA, MeasureBlock, Notes } from "./header-measures.tsx";
import type { ViewProps } from "./view.ts";

const FEW = "fewer than 10 examples to judge by";

export function Scores({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const loss = meta.loss as Loss;
  const filtered = store.clauses.value.length > 0;
  const amounts = amountsOf(store.tiles.value);
  const whole = momentsBy(amounts, [], (by) => ({ values: store.whole(by), state: "exact" }));
  const here = momentsBy(amounts, [], (by) => store.count(by).value);
  const selected = filtered ? lossMean(here.moments[0] as Moments) : null;
  const scores = useScores(store, filtered);
  const measure = lossMean(whole.moments[0] as Moments);
  const why = `${FEW}, or weights of too few`;
  return (
    <div class="header">
      <div class="measures">
        <div class="measure who">
          <h2 class="name" title={meta.name}>
            <bdi>{visible(meta.name)}</bdi>
          </h2>
          {selected && <span class="chosen">selected</span>}
        </div>
        <MeasureBlock
          named={{ name: visible(meanName(loss)), measure, why }}
          selected={selected}
          state={here.state as "exact"}
          write={NUMBER}
        />
        {loss.scores.map(([name, value, low, high, n, method]) => (
          <MeasureBlock
            key={name}
            named={{
              name,
              measure: { value, low, high, n, method },
              why: store.status.value === "live" ? FEW : "needs every row: run its notebook",
            }}
            selected={filtered ? (scores?.[name] ?? nothing(here.n[0] ?? 0)) : null}
            state="exact"
            write={name === "R²" ? AREA : NUMBER}
          />
        ))}
        <div class="measure size">
          <span class="soft">
            {amount(meta.n)}
            {loss.label !== null && " · regression"}
            {meta.weighted && " · weighted"}
          </span>
        </div>
      </div>
      <Notes notes={meta.notes.filter((_, i) => !(options.strip && meta.said.includes(i)))} />
    </div>
  );
}

function nothing(n: number): Measure {
  return { value: null, low: null, high: null, n, method: "" };
}

/** Measures of the selection that need every row, from the kernel. */
function useScores(store: Store, filtered: boolean): Record<string, Measure> | null {
  const found = useSignal<{ of: Clause[]; known: Record<string, Measure> | null } | null>(null);
  useSignalEffect(() => {
    const of = store.clauses.value;
    if (of.length === 0 || store.status.value !== "live" || !store.meta.value.loss?.scores.length) return;
    const take = (known: Record<string, Measure> | null) => {
      if (of === store.clauses.peek()) found.value = { of, known };
    };
    store.scores(of).then(take, () => take(null));
  });
  return filtered && found.value?.of === store.clauses.value ? found.value.known : null;
}
