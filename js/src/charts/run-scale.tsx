/** The y axis of curves: even or logarithmic, with numbers that a reader knows. */

import { compact } from "../core/format.ts";
import { figure, powerText } from "../core/run-format.ts";
import { type Plot, plotOf, type Scale, ticks } from "./axis.tsx";

/** The room at the right of charts of a width, for names of lines: the same in all, so that they share their x. */
export function labelRoom(width: number): number {
  return width > 560 ? 140 : width > 420 ? 104 : 84;
}

/** A plot whose y may be logarithmic. */
export function curvePlot(
  width: number,
  height: number,
  x: readonly [number, number],
  y: readonly [number, number],
  log: boolean,
): Plot {
  const plot = plotOf(width, height, [...x], [...y]);
  if (!log) return plot;
  const [from, to] = [plot.y(y[0]), plot.y(y[1])];
  const [low, high] = [Math.log(y[0]), Math.log(y[1])];
  const scale = (value: number): number =>
    value > 0 ? from + ((Math.log(value) - low) / (high - low)) * (to - from) : from + height;
  return { ...plot, y: Object.assign(scale, { domain: y }) as Scale };
}

/** 1, 2 and 5 times powers of ten; the powers alone where there are many; as on an even scale where there are few. */
export function logTicks(low: number, high: number, about: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high / low);
  const times = decades * 3 <= about + 1 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / about));
  const found: number[] = [];
  for (let power = from; power <= to; power++) {
    if (times.length === 1 && (power - from) % every) continue;
    for (const time of times) found.push(Number(`${time}e${power}`));
  }
  const inside = found.filter((tick) => tick >= low * 0.9999 && tick <= high * 1.0001);
  return inside.length > 1 ? inside : ticks(low, high, about);
}

/** Quiet lines with numbers at their left. */
export function CurveYAxis({ plot: { x, y }, log, few }: { plot: Plot; log: boolean; few: number }) {
  const [left, right] = x.domain.map(x) as [number, number];
  const [low, high] = y.domain;
  const by = (about: number): number[] => (log ? logTicks(low, high, about) : ticks(low, high, about));
  // A small chart may have room for no round number but finer ones.
  const shown = [few, few + 2].map(by).find((found) => found.length > 1) ?? by(few + 4);
  return (
    <g class="axis">
      {shown.map((tick) => {
        const at = Math.round(y(tick)) + 0.5;
        return (
          <g key={tick}>
            <line x1={left} x2={right} y1={at} y2={at} />
            <text
              {...(wide(tick)
                ? { x: left + 3, y: at < 14 ? at + 11 : at - 3 }
                : { x: left - 5, y: at + 3.5, "text-anchor": "end" })}
            >
              {tickText(tick)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** A number that the room at the left does not hold stands on its line. */
function wide(tick: number): boolean {
  return tickText(tick).length > (tick < 0 ? 4 : 5);
}

/** Short enough for the room that all charts leave at their left. */
function tickText(tick: number): string {
  const size = Math.abs(tick);
  const power = Math.log10(size);
  if (tick > 0 && (size < 0.002 || size >= 1e4) && Number.isInteger(Number(power.toFixed(9))))
    return powerText(Math.round(power));
  if (size >= 1e3 && size < 1e15) return (tick < 0 ? "−" : "") + compact(size);
  const text = figure(tick);
  return text.length <= 5
    ? text
    : Number(tick.toPrecision(3)).toExponential().replace("e+", "e").replace("-", "−");
}
