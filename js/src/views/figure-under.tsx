/** What lies below and under the lines of a figure: the numbers of the x axis, parts of it, and the height of a target. */

import { useMemo } from "preact/hooks";
import type { Plot } from "../charts/axis.tsx";
import { logTicks } from "../charts/run-scale.tsx";
import { along, type Lines, type Span } from "../core/figure.ts";
import { figure } from "../core/run-format.ts";

/** Numbers below the x axis: the places themselves where there is room, else round ones. */
export function XNumbers({ chart, plot, shares }: { chart: Lines; plot: Plot; shares: readonly number[] }) {
  const marks = useMemo(() => xMarks(chart, plot, shares), [chart, plot, shares]);
  const y = plot.y(plot.y.domain[0]) + 14;
  return (
    <g class="axis">
      {marks.map(([at, text]) => (
        <text key={at} x={plot.x(at)} y={y} text-anchor={at > 0.96 ? "end" : at < 0.02 ? "start" : "middle"}>
          {text}
        </text>
      ))}
    </g>
  );
}

const LETTER = 6.2;

function xMarks(chart: Lines, plot: Plot, shares: readonly number[]): [number, string][] {
  const own = shares.map((at, i): [number, string] => [at, chart.texts[i] ?? figure(chart.at[i] as number)]);
  const room = plot.x(1) - plot.x(0);
  if (chart.texts.length) {
    const cut = chart.even ? Math.max(3, Math.floor(room / own.length / LETTER) - 1) : 12;
    return apart(
      own.map(([at, text]) => [at, text.length > cut ? `${text.slice(0, cut - 1)}…` : text]),
      room,
    );
  }
  const [a, b] = [chart.at[0] as number, chart.at.at(-1) as number];
  const [low, high] = a < b ? [a, b] : [b, a];
  const about = Math.max(2, Math.round(room / 90));
  const round = chart.log[0] ? logTicks(low, high, about) : evenly(low, high, about);
  return apart(
    round.map((tick): [number, string] => [along(chart, tick), figure(tick)]).sort(([p], [q]) => p - q),
    room,
  );
}

function evenly(low: number, high: number, about: number): number[] {
  const rough = (high - low || 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10) * power;
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

/** Those of some marks that do not lie on each other, the last one kept; at the ends they stand within the plot. */
function apart(marks: readonly [number, string][], room: number): [number, string][] {
  const kept: [number, string][] = [];
  let left = Number.POSITIVE_INFINITY;
  for (const mark of [...marks].reverse()) {
    const wide = mark[1].length * LETTER;
    const end = mark[0] > 0.96 ? room : mark[0] * room + (mark[0] < 0.02 ? wide : wide / 2);
    if (end + 8 <= left) {
      kept.push(mark);
      left = end - wide;
    }
  }
  return kept.reverse();
}

/** What lies under the lines: parts of the x axis, and the height of a target. */
export function Under({ chart, plot: { x, y } }: { chart: Lines; plot: Plot }) {
  const [base, top] = y.domain.map(y) as [number, number];
  const { level } = chart;
  return (
    <>
      {chart.spans.map((span) => (
        <Part key={span.text} span={span} chart={chart} x={x} base={base} top={top} />
      ))}
      {level && y.domain[0] <= level.low && (
        <g class="level">
          <line x1={x(0)} x2={x(1)} y1={y(level.low)} y2={y(level.low)} />
          <text x={x(0) + 4} y={y(level.low) + (y(level.low) - top < 18 ? 13 : -5)}>
            {level.text}
          </text>
        </g>
      )}
    </>
  );
}

interface PartProps {
  span: Span;
  chart: Lines;
  x: (share: number) => number;
  base: number;
  top: number;
}

function Part({ span, chart, x, base, top }: PartProps) {
  const [left, right] = [x(along(chart, span.low)), x(along(chart, span.high))];
  if (span.low === span.high)
    return (
      <g class="mark">
        <line x1={left} x2={left} y1={base} y2={top} />
        <text x={left + 4} y={top + 28}>
          {span.text}
        </text>
      </g>
    );
  return (
    <g class="span">
      <rect x={left} width={Math.max(1, right - left)} y={top} height={base - top} />
      <text x={left + 4} y={top + 12}>
        {span.text}
      </text>
    </g>
  );
}
