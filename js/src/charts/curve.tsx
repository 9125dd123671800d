/** A reliability curve beside its diagonal and the band in which chance alone would leave it. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Calibration } from "../core/calibration.ts";
import { type Plot, XAxis, YAxis } from "./axis.tsx";
import { Brush, type Span, useStops } from "./axis-brush.tsx";

interface Props {
  plot: Plot;
  result: Calibration;
  titles: { x: string; y: string; name: string };
  state: string;
  /** Null where the axis selects nothing. */
  brush: { span: Span | null; draft: Signal<Span | null>; onSpan: (span: Span | null) => void } | null;
  onHover: (point: number | null) => void;
}

const SELECTABLE = 20;

export function Curve({ plot, result, titles, state, brush, onHover }: Props) {
  const id = useId();
  const { stop, on } = useStops("low");
  const { x, y } = plot;
  const { score, curve, low, high } = result;
  const path = line(score, curve, plot);
  const ends = [Math.max(x.domain[0], y.domain[0]), 1] as const;
  const hover = (value: number | null) => onHover(value === null ? null : nearest(score, value));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what it holds
    <svg class="reliability" role="group" aria-label={titles.name} width={plot.width} height={plot.height} {...on}>
      <g role="img" aria-label={summary(result)}>
        <YAxis plot={plot} title={titles.y} text={String} few={plot.height > 180 ? 5 : 2} />
        <clipPath id={id}>
          <path d={area(score, low, high, plot)} />
        </clipPath>
        <g data-state={state}>
          <path class="chance" d={area(score, low, high, plot)} />
          <line class="diagonal" x1={x(ends[0])} y1={y(ends[0])} x2={x(ends[1])} y2={y(ends[1])} />
          <path class="off" d={path} />
          <path class="within" d={path} clip-path={`url(#${id})`} />
        </g>
        <XAxis plot={plot} title={titles.x} text={String} />
      </g>
      {brush ? (
        <Brush plot={plot} bins={SELECTABLE} what="confidence" stop={stop} onHover={hover} {...brush} />
      ) : (
        <Still plot={plot} onHover={hover} />
      )}
    </svg>
  );
}

/** Hears where the pointer is, and nothing else. */
function Still({ plot: { x, y }, onHover }: { plot: Plot; onHover: (value: number | null) => void }) {
  const [low, high] = x.domain;
  return (
    <rect
      class="catch still"
      x={x(low)}
      width={x(high) - x(low)}
      y={y(y.domain[1])}
      height={y(y.domain[0]) - y(y.domain[1])}
      onPointerMove={(event) => {
        const box = (event.currentTarget as Element).getBoundingClientRect();
        onHover(low + ((event.clientX - box.left) / box.width) * (high - low));
      }}
      onPointerLeave={() => onHover(null)}
    />
  );
}

function line(xs: readonly number[], ys: readonly number[], { x, y }: Plot): string {
  return `M${xs.map((value, i) => `${x(value).toFixed(1)},${y(ys[i] as number).toFixed(1)}`).join("L")}`;
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
  const outside = score.filter((_, i) => (curve[i] as number) < (low[i] as number) || (curve[i] as number) > (high[i] as number));
  const [first, last] = [outside[0], outside[outside.length - 1]];
  const off = first === undefined ? "nowhere outside the band of chance" : `outside the band of chance between ${first.toFixed(2)} and ${last?.toFixed(2)}`;
  const points = [0, score.length >> 1, score.length - 1].map(at).join(", ");
  return `Share correct by confidence: ${points}; ${off}`;
}
