/** Whether a confidence of 0.9 is right nine times in ten. */

import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { plotOf, Titled, useWidth } from "../charts/axis.tsx";
import type { Span } from "../charts/axis-brush.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { Curve } from "../charts/curve.tsx";
import { byLabel, type Calibration as Corp, corp } from "../core/calibration.ts";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { MIN_N } from "../core/intervals.ts";
import { CONFIDENCE_BINS, type Meta } from "../core/types.ts";
import type { Counted, CountState, Store } from "../store/store.ts";
import { Absent, CONFIDENCE_TITLE, setSpan, spanOf, useStart } from "./confidence.tsx";
import type { ViewProps } from "./view.ts";

interface Counts {
  n: Float64Array;
  k: Float64Array;
  state: CountState;
}

export function Calibration({ store, options }: ViewProps) {
  const of = useSignal(typeof options.of === "number" ? options.of : null);
  const meta = store.meta.value;
  const why = !meta.confidence ? meta.why_no_confidence : meta.n === 0 ? "no examples" : null;
  if (why) return <Absent title="Calibration" why={why} />;
  return (
    <section class="curves" aria-label="Calibration">
      <div class="head">
        <h3 class="title">
          <b>Calibration</b> of{" "}
          <select
            aria-label="Which probability"
            value={of.value ?? ""}
            onChange={({ currentTarget: { value } }) => {
              of.value = value ? Number(value) : null;
            }}
          >
            <option value="">predicted class</option>
            {meta.classes.map(
              (name, code) => name && code !== meta.missing && <option value={code}>{visible(name)}</option>,
            )}
          </select>{" "}
          <span class="roomy">· band: chance alone, orange: outside it</span>
        </h3>
      </div>
      <Picture
        key={of.value}
        store={store}
        of={of.value}
        height={typeof options.height === "number" ? options.height - 110 : null}
      />
    </section>
  );
}

function Picture({ store, of, height }: { store: Store; of: number | null; height: number | null }) {
  const meta = store.meta.value;
  const [box, width] = useWidth<HTMLDivElement>();
  const hover = useSignal<number | null>(null);
  const draft = useSignal<Span | null>(null);
  const start = useStart(store);
  const allCells = useComputed(() => {
    const by = ["prediction"];
    return byLabel(store.count(by).value.values, store.count(by, "cell").value.values);
  });
  const counts = useComputed(() => {
    const without = allCells.value ? ["confidence", "cell"] : ["confidence"];
    if (of === null) return binned(store.count(["confidence", "outcome"], ...without).value, 3);
    if (meta.positive === null) return binned(store.count([`p${of}`], ...without).value, 2);
    return countsOfTwo(store, of, without);
  });
  const result = useLater(counts);
  const { state } = counts.value;
  const low = of === null ? start : 0;
  const floor = Math.min(low, Math.floor(10 * Math.min(1, ...(result?.curve ?? []))) / 10);
  const plot = plotOf(
    width,
    Math.max(60, height ?? Math.min(300, Math.max(130, width * 0.5))),
    [low, 1],
    [floor, 1],
  );
  const titles = titlesOf(of === null ? null : visible(meta.classes[of] ?? ""));
  return (
    <>
      <div ref={box} class="chart" style={{ minHeight: `${plot.height}px` }}>
        {width > 0 && result && result.mcb !== null && (
          <Titled {...titles}>
            <Curve
              plot={plot}
              result={result}
              name={`calibration: ${titles.y} by ${titles.x}`}
              state={state}
              span={of === null ? spanOf(store) : null}
              draft={draft}
              onSpan={of === null ? (span) => setSpan(store, span) : null}
              onHover={(point) => {
                hover.value = point;
              }}
            />
          </Titled>
        )}
        {result && result.mcb === null && (
          <p class="soft">
            {amount(result.n, "judged example")} with a probability in view: a curve needs {MIN_N}.
          </p>
        )}
      </div>
      {result || state !== "stale" ? (
        <StaleNote state={state} />
      ) : (
        <p class="soft">Not saved for this class: run its notebook.</p>
      )}
      {result && result.mcb !== null && <Reading result={result} point={hover.value} />}
      {allCells.value && (
        <p class="reading">
          Of all cells: of examples chosen by their label no confidence says how many are right.
        </p>
      )}
    </>
  );
}

function titlesOf(name: string | null) {
  return name === null
    ? { x: CONFIDENCE_TITLE, y: "share correct" }
    : { x: `probability of ${name}`, y: `share of ${name}` };
}

function Reading({ result, point }: { result: Corp; point: number | null }) {
  if (point !== null && result.score[point] !== undefined) {
    const [said, happened, low, high] = [result.score, result.curve, result.low, result.high].map((part) =>
      part[point]?.toFixed(2),
    );
    return (
      <p class="reading">
        said {said}, happened {happened}; chance alone {low} to {high}; n {count(result.rows[point] ?? 0)}{" "}
        here
      </p>
    );
  }
  return (
    <p class="reading">
      miscalibration <b>{result.mcb?.toFixed(4)}</b>; a perfectly calibrated model of this size:{" "}
      <b>{result.expected_mcb?.toFixed(4)}</b>, 95 % below {result.mcb_95?.toFixed(4)}. n {count(result.n)}
    </p>
  );
}

/** A fit takes milliseconds: it is made when the click has been drawn. The one before stays until then. */
function useLater(counts: ReadonlySignal<Counts>): Corp | null {
  const result = useSignal<Corp | null>(null);
  const timer = useRef(0);
  useSignalEffect(() => {
    const { n, k, state } = counts.value;
    if (state !== "exact" && !n.some(Boolean)) return;
    timer.current = window.setTimeout(() => {
      result.value = corp(n, k);
    });
    return () => clearTimeout(timer.current);
  });
  return result.value;
}

/** Each bin has the rows that are no event, then those that are: errors and right ones, or other classes and its own. */
function binned({ values, state }: Counted, stride: number): Counts {
  const k = new Float64Array(CONFIDENCE_BINS).map((_, i) => values[stride * i + 1] ?? 0);
  return { n: k.map((events, i) => events + (values[stride * i] ?? 0)), k, state };
}

/** The probability of one of two classes is the confidence where that class is predicted, else one minus it. */
function countsOfTwo(store: Store, of: number, without: string[]): Counts {
  const meta: Meta = store.meta.value;
  const { values, state } = store.count(["label", "prediction", "confidence"], ...without).value;
  const classes = meta.classes.length;
  const width = CONFIDENCE_BINS + 1;
  const n = new Float64Array(CONFIDENCE_BINS);
  const k = new Float64Array(CONFIDENCE_BINS);
  values.forEach((rows, i) => {
    const bin = i % width;
    const cell = (i - bin) / width;
    const prediction = cell % classes;
    const label = (cell - prediction) / classes;
    if (bin === CONFIDENCE_BINS || label === meta.missing || prediction === meta.missing) return;
    const score = prediction === of ? bin : CONFIDENCE_BINS - 1 - bin;
    n[score] = (n[score] ?? 0) + rows;
    if (label === of) k[score] = (k[score] ?? 0) + rows;
  });
  return { n, k, state };
}
