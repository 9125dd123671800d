/** A reliability curve beside its diagonal and the band in which chance alone would leave it. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Calibration } from "../core/calibration.ts";
import { type Plot, XAxis, YAxis } from "./axis.tsx";
import { Band, type Span, useBrush, useStops } from "./axis-brush.tsx";

interface Props {
  plot: Plot;
  result: Calibration;
  name: string;
  state: string;
  span: Span | null;
  draft: Signal<Span | null>;
  /** Null where the axis selects nothing. */
  onSpan: ((span: Span | null) => void) | null;
  onHover: (point: number | null) => void;
}

const SELECTABLE = 20;

export function Curve({ plot, result, name, state, span, draft, onSpan, onHover }: Props) {
  const id = useId();
  const { stop, on } = useStops("low");
  const { x, y } = plot;
  const { score, curve, low, high } = result;
  const path = line(score, curve, plot);
  const from = Math.max(x.domain[0], y.domain[0]);
  const hover = (value: number | null) => onHover(value === null ? null : nearest(score, value));
  const brush = useBrush({ plot, bins: SELECTABLE, span, draft, onSpan: onSpan ?? nothing, onHover: hover });
  const still = { onPointerMove: brush.on.onPointerMove, onPointerLeave: brush.on.onPointerLeave };
  return (
    <div {...on}>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no fieldset in a drawing */}
      <svg
        class={`reliability ${onSpan ? "" : "still"} ${brush.near ? "near" : ""}`}
        role="group"
        aria-label={name}
        width={plot.width}
        height={plot.height}
        {...(onSpan ? brush.on : still)}
      >
        <svg class="axis" role="img" aria-label={summary(result)}>
          <YAxis plot={plot} few={plot.height > 200 ? 5 : 2} />
          <clipPath id={id}>
            <path d={area(score, low, high, plot)} />
          </clipPath>
          <g data-state={state}>
            <path class="chance" d={area(score, low, high, plot)} />
            <line class="diagonal" x1={x(from)} y1={y(from)} x2={x(1)} y2={y(1)} />
            <path class="off" d={path} />
            <path class="within" d={path} clip-path={`url(#${id})`} />
          </g>
          <XAxis plot={plot} />
        </svg>
        {onSpan && <Band brush={brush} what="confidence" stop={stop} />}
      </svg>
    </div>
  );
}

function nothing(): void {}

function line(xs: readonly number[], ys: readonly number[], { x, y }: Plot): string {
  const [floor] = y.domain;
  const points = xs.map(
    (value, i) => `${x(value).toFixed(1)},${y(Math.max(floor, ys[i] as number)).toFixed(1)}`,
  );
  return `M${points.join("L")}`;
}

function area(xs: readonly number[], low: readonly number[], high: readonly number[], plot: Plot): string {
  const back = line([...xs].reverse(), [...low].reverse(), plot);
  return `${line(xs, high, plot)}L${back.slice(1)}Z`;
}

function nearest(sorted: readonly number[], value: number): number {
  let best = 0;
  sorted.forEach((at, i) => {
    if (Math.abs(at - value) < Math.abs((sorted[best] as number) - value)) best = i;
  });
  return best;
}

/** The curve in words: where it starts, where it ends, and where chance does not explain it. */
function summary({ score, curve, low, high }: Calibration): string {
  const at = (i: number) => `at ${score[i]?.toFixed(2)} it is ${curve[i]?.toFixed(2)}`;
  const outside = score.filter(
    (_, i) => (curve[i] as number) < (low[i] as number) || (curve[i] as number) > (high[i] as number),
  );
  const [first, last] = [outside[0], outside[outside.length - 1]];
  const off =
    first === undefined
      ? "nowhere outside the band of chance"
      : `outside the band of chance between ${first.toFixed(2)} and ${last?.toFixed(2)}`;
  const points = [0, score.length >> 1, score.length - 1].map(at).join(", ");
  return `Share correct by confidence: ${points}; ${off}`;
}
