/** How large errors are: a histogram of the residuals of a regression, or of the loss of each row. Drag to filter. */

import { useSignal } from "@preact/signals";
import { type Mark, plotOf, Titled, useWidth } from "../charts/axis.tsx";
import type { Span } from "../charts/axis-brush.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { type Bin, Histogram } from "../charts/histogram.tsx";
import { amount, percent } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { type Bins, binsOf, endsOf, numbers, spanIn } from "../core/losses.ts";
import type { Field, Loss } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import type { ViewProps } from "./view.ts";

export function Losses({ store, options }: ViewProps) {
  const { fields, loss } = store.meta.value;
  const { key, name, label } = loss as Loss;
  const field = fields.find((one) => one.key === key);
  const bins = field ? binsOf(field) : null;
  const title = label === null ? "Loss" : "Residuals";
  return (
    <section class="curves losses" aria-label={title}>
      <div class="head">
        <h3 class="title">
          <b>{title}</b> <span class="roomy">{label === null && `· ${visible(name)} `}· drag to filter</span>
        </h3>
      </div>
      {field && bins ? (
        <Picture store={store} field={field} bins={bins} height={heightOf(options)} />
      ) : (
        <p class="soft">Not shown: all examples have the same, or none is known.</p>
      )}
    </section>
  );
}

function heightOf(options: Record<string, unknown>): number | null {
  return typeof options.height === "number" ? Math.max(60, options.height - 110) : null;
}

interface PictureProps {
  store: Store;
  field: Field;
  bins: Bins;
  height: number | null;
}

function Picture({ store, field, bins, height }: PictureProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const draft = useSignal<Span | null>(null);
  const hover = useSignal<number | null>(null);
  const residual = store.meta.value.loss?.label !== null;
  const what = residual ? "residual" : visible(field.name);
  const { values, state } = store.count([field.key], field.key).value;
  const counts = bins.codes.map((code) => values[code] ?? 0);
  const size = counts.length;
  const total = sum(counts);
  const without = sum(values) - total;
  const tall = height ?? Math.min(220, Math.max(110, width * 0.32));
  const plot = plotOf(width, tall, [0, 1], [0, Math.max(2, ...counts)]);
  const bars = counts.map((n, i) => ({
    low: i / size,
    high: (i + 1) / size,
    wrong: 0,
    right: n,
    unjudged: 0,
  }));
  const end = (at: number) => trimmed(numbers([bins.edges[Math.round(at * size)] ?? 0])[0] as string);
  const said = ({ low, high, right }: Bin) =>
    `${end(low)} to ${end(high)}: ${amount(right)}, ${percent(total ? right / total : null)}`;
  const span = spanIn(bins, store.clause(field.key));
  const shown = draft.value ?? span;
  const pointed = hover.value === null || draft.value ? null : bars[hover.value];
  return (
    <>
      <div ref={box} class="chart" style={{ minHeight: `${plot.height}px` }}>
        {width > 0 && (
          <Titled x={residual ? "prediction − label: too low below 0, too high above" : what} y="examples">
            <Histogram
              plot={plot}
              bins={bars}
              size={size}
              title={what}
              errorsOnly={false}
              state={state}
              span={span}
              draft={draft}
              hover={hover}
              onSpan={(next) => {
                if (next) store.where(endsOf(field, bins, next));
                else store.drop(field.key);
              }}
              words={{ what, bin: said, end, marks: marksOf(bins, width) }}
            />
          </Titled>
        )}
      </div>
      <StaleNote state={state} />
      <p class="reading" data-state={state}>
        {pointed
          ? said(pointed)
          : shown
            ? said(held(bars, shown))
            : `${amount(total)}; the bins at the ends hold all that lies beyond`}
      </p>
      {without > 0 && <p class="reading">{amount(without)} without.</p>}
    </>
  );
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The bars of an interval as one. */
function held(bars: readonly Bin[], [low, high]: Span): Bin {
  const inside = bars.filter((bar) => bar.low >= low - 1e-9 && bar.high <= high + 1e-9);
  return { low, high, wrong: 0, right: sum(inside.map((bar) => bar.right)), unjudged: 0 };
}

/** Some edges by name, nought among them; not those of the outermost bins, which hold all that lies beyond. */
function marksOf({ edges }: Bins, width: number): Mark[] {
  const size = edges.length - 1;
  const step = Math.max(1, Math.ceil(size / Math.max(2, width / 60)));
  const from = Math.max(0, edges.indexOf(0)) % step;
  const at = edges.map((_, i) => i).filter((i) => i > 0 && i < size && i % step === from);
  const texts = numbers(at.map((i) => edges[i] as number));
  return at.map((i, k) => [i / size, trimmed(texts[k] as string)]);
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
