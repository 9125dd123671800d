/** How sure the model was, where it was right and where it was wrong. */

import { useComputed, useSignal } from "@preact/signals";
import { plotOf, Titled, useWidth } from "../charts/axis.tsx";
import type { Span } from "../charts/axis-brush.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { type Bin, binText, Histogram, rateText } from "../charts/histogram.tsx";
import { amount, count } from "../core/format.ts";
import { OUTCOME } from "../core/tiles.ts";
import { CONFIDENCE_BINS } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import type { ViewProps } from "./view.ts";

const BINS = 20;
const BY = ["confidence", "outcome"] as const;
/** Confidence in words. */
export const CONFIDENCE_TITLE = "probability of the predicted class";

const NEVER = "no probabilities were given";

export function Confidence({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const why = !meta.confidence ? (meta.why_no_confidence ?? NEVER) : meta.n === 0 ? "no examples" : null;
  if (why) return <Absent title="Confidence" why={why} />;
  return <Picture store={store} height={heightOf(options)} />;
}

/** A view that has nothing to show says why. */
export function Absent({ title, why }: { title: string; why: string }) {
  return (
    <section class="curves" aria-label={title}>
      <h3 class="title">
        <b>{title}</b>
      </h3>
      <p class="soft">Not shown: {why}.</p>
    </section>
  );
}

/** The interval of confidence in force. */
export function spanOf(store: Store): Span | null {
  const clause = store.clause("confidence");
  return clause && "low" in clause ? [clause.low, clause.high] : null;
}

/** Put an interval of confidence in force, or none. */
export function setSpan(store: Store, span: Span | null): void {
  if (span) store.where({ field: "confidence", low: span[0], high: span[1] });
  else store.drop("confidence");
}

/** Where the axis of confidence begins: nothing is below, and half of it is enough for the eye. */
export function useStart(store: Store): number {
  return useComputed(() => {
    const bins = binsOf(store.whole(BY));
    const first = bins.findIndex((bin) => bin.wrong + bin.right + bin.unjudged > 0);
    return Math.min(Math.max(first, 0), BINS / 2) / BINS;
  }).value;
}

function heightOf(options: Record<string, unknown>): number | null {
  return typeof options.height === "number" ? Math.max(60, options.height - 110) : null;
}

function Picture({ store, height }: { store: Store; height: number | null }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const errorsOnly = useSignal(false);
  const draft = useSignal<Span | null>(null);
  const hover = useSignal<number | null>(null);
  const start = useStart(store);
  const { values, state } = store.count(BY, "confidence").value;
  const bins = binsOf(values).filter((bin) => bin.low >= start);
  const without = sum(values.subarray(3 * CONFIDENCE_BINS));
  const span = spanOf(store);
  const most = Math.max(
    2,
    ...bins.map((bin) => (errorsOnly.value ? bin.wrong : bin.wrong + bin.right + bin.unjudged)),
  );
  const plot = plotOf(width, height ?? Math.min(220, Math.max(110, width * 0.32)), [start, 1], [0, most]);
  const pointed = hover.value === null ? null : bins[hover.value];
  return (
    <section class="curves" aria-label="Confidence">
      <div class="head">
        <h3 class="title">
          <b>Confidence</b> <span class="roomy">· drag to filter</span>
        </h3>
        <button
          type="button"
          class="word small"
          aria-pressed={errorsOnly.value}
          onClick={() => {
            errorsOnly.value = !errorsOnly.value;
          }}
        >
          Errors only
        </button>
      </div>
      <div ref={box} class="chart" style={{ minHeight: `${plot.height}px` }}>
        {width > 0 && (
          <Titled x={CONFIDENCE_TITLE} y={errorsOnly.value ? "errors" : "examples"}>
            <Histogram
              plot={plot}
              bins={bins}
              size={BINS}
              title={CONFIDENCE_TITLE}
              errorsOnly={errorsOnly.value}
              state={state}
              span={span}
              draft={draft}
              hover={hover}
              onSpan={(next) => setSpan(store, next)}
            />
          </Titled>
        )}
      </div>
      <StaleNote state={state} />
      <p class="reading" data-state={state}>
        {pointed && !draft.value ? binText(pointed) : <Total values={values} span={draft.value ?? span} />}
      </p>
      {without > 0 && <p class="reading">{amount(without)} without a probability.</p>}
    </section>
  );
}

/** What is in the interval, or in all of it. */
function Total({ values, span }: { values: Float64Array; span: Span | null }) {
  const bin = span ? heldBy(values, span) : collected(values, 0, CONFIDENCE_BINS);
  if (!bin) return <>{`${span?.[0]} to ${span?.[1]}`}</>;
  if (span) return <>{binText(bin)}</>;
  const { wrong, right, unjudged } = bin;
  const rate = rateText(bin);
  const keys = [
    ["wrong", `${count(wrong)} wrong${rate && ` (${rate})`}`],
    ["right", `${count(right)} right`],
    ...(unjudged > 0 ? [["unjudged", `${count(unjudged)} not judged`]] : []),
  ] as const;
  return (
    <span class="keys">
      {keys.map(([kind, text]) => (
        <span key={kind}>
          <span class={`key ${kind}`} /> {text}
        </span>
      ))}
    </span>
  );
}

/** The rows of an interval, or null where its ends cut a fine bin. */
function heldBy(values: Float64Array, span: Span): Bin | null {
  const ends = span.map((end) => end * CONFIDENCE_BINS);
  const [first, last] = ends.map(Math.round) as [number, number];
  return ends.every((end) => Math.abs(end - Math.round(end)) < 1e-6) ? collected(values, first, last) : null;
}

function binsOf(values: Float64Array): Bin[] {
  const fine = CONFIDENCE_BINS / BINS;
  return Array.from({ length: BINS }, (_, i) => collected(values, i * fine, (i + 1) * fine));
}

/** Several fine bins as one. */
function collected(values: Float64Array, first: number, last: number): Bin {
  const bin = { low: first / CONFIDENCE_BINS, high: last / CONFIDENCE_BINS, wrong: 0, right: 0, unjudged: 0 };
  for (let i = first; i < last; i++) {
    bin.wrong += values[3 * i + OUTCOME.error] ?? 0;
    bin.right += values[3 * i + OUTCOME.correct] ?? 0;
    bin.unjudged += values[3 * i + OUTCOME.unjudged] ?? 0;
  }
  return bin;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
