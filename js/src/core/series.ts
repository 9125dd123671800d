/** Curves as they are drawn: along steps, epochs or seconds, smoothed. */

import { type Buckets, smoothed } from "./buckets.ts";
import type { RunMeta } from "./run.ts";

export type Along = "step" | "epoch" | "time";
export type Span = readonly [low: number, high: number];
type Numbers = Float64Array | Float32Array;

/** A metric of a run as it is drawn. */
export interface Series {
  run: number;
  metric: string;
  part: string;
  /** At the end of its line, and where it stands alone. */
  label: string;
  words: string;
  /** Names of a custom property, and how it is dashed. */
  color: string;
  dash: readonly number[];
  /** Whether each value is a dot, where they stand apart. */
  dots: boolean;
  strong: boolean;
  curve: Buckets;
  xs: Numbers;
  /** The same as the means where it is not smoothed. */
  smooth: Float32Array;
  /** Over how many points it is smoothed; 1: it is not. */
  window: number;
}

/** Curves of fewer points show themselves. */
const FEW = 100;

interface Held {
  smooth: Float32Array;
  window: number;
  version: number;
  per: number;
  /** Of the curve, when these were worked out. */
  size: number;
}
const held = new WeakMap<Buckets, Held>();

/** Over how many points a curve is smoothed for a share of those that are shown. */
export function windowOf(curve: Buckets, xs: Numbers, shown: Span | null, share: number): number {
  const { size, per, points } = curve;
  const from = shown ? firstAfter(xs, size, shown[0]) : 0;
  const to = shown ? firstAfter(xs, size, shown[1]) : size;
  const inside = Math.min(points, (to - from) * per);
  return inside < FEW ? 1 : Math.max(1, twoDigits(inside * share));
}

/** A window that is a little longer with each point would have all means worked out anew each time. */
function twoDigits(value: number): number {
  return value < 100 ? Math.round(value) : Number(value.toPrecision(2));
}

export function smoothOf(curve: Buckets, window: number): Float32Array {
  if (window <= 1) return curve.mean;
  const { version, per, size } = curve;
  const known = held.get(curve);
  const same = known?.window === window && known.per === per ? known : undefined;
  if (same?.version === version) return same.smooth;
  // What has come changes the means near the end alone; the last bucket may have grown too.
  const from = same ? Math.max(0, same.size - 2 - Math.ceil(window / per)) : 0;
  const smooth = smoothed(curve, window, from, same?.smooth);
  held.set(curve, { smooth, window, version, per, size });
  return smooth;
}

/** Where steps are along an axis, and which step is at a place of it. */
export interface Ruler {
  xs: (curve: Buckets) => Numbers;
  at: (step: number) => number;
  step: (x: number) => number;
}

/** The axes that a run can be drawn along: epochs where it tells how long they are. */
export function rulerOf(along: Along, run: RunMeta, epochs: Buckets | null, clock: Buckets | null): Ruler {
  if (along === "time" && clock) {
    return {
      xs: ({ time }) => time,
      at: (step) => interpolated(clock.step, clock.time, clock.size, step),
      step: (x) => interpolated(clock.time, clock.step, clock.size, x),
    };
  }
  const length = run.steps_per_epoch;
  if (along === "epoch" && length) {
    return {
      xs: ({ step, size }) => step.subarray(0, size).map((at) => at / length),
      at: (step) => step / length,
      step: (x) => x * length,
    };
  }
  if (along === "epoch" && epochs) {
    const at = (step: number): number => interpolated(epochs.step, epochs.mean, epochs.size, step);
    return {
      xs: ({ step, size }) => step.subarray(0, size).map(at),
      at,
      step: (x) => interpolated(epochs.mean, epochs.step, epochs.size, x),
    };
  }
  return { xs: ({ step }) => step, at: (step) => step, step: (x) => x };
}

/** The line through points of a growing x, at a place; beyond both ends it stays. */
export function interpolated(xs: Numbers, ys: Numbers, size: number, x: number): number {
  if (!size) return Number.NaN;
  const after = firstAfter(xs, size, x);
  if (after === 0) return ys[0] as number;
  if (after === size) return ys[size - 1] as number;
  const [x0, x1] = [xs[after - 1] as number, xs[after] as number];
  const [y0, y1] = [ys[after - 1] as number, ys[after] as number];
  return x1 > x0 ? y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) : y1;
}

/** How many of growing numbers are at or below a value. */
export function firstAfter(xs: Numbers, size: number, x: number): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is drawn of a series at a place: its last value there; null before its first and where it has none. */
export function valueAt({ xs, smooth, curve }: Series, x: number): number | null {
  const after = firstAfter(xs, curve.size, x);
  return after === 0 ? null : (smooth[after - 1] as number);
}

/** From the first to the last place of some series; null where there are none. */
export function extentX(all: readonly Series[]): Span | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { xs, curve } of all) {
    if (!curve.size) continue;
    low = Math.min(low, xs[0] as number);
    high = Math.max(high, xs[curve.size - 1] as number);
  }
  return low <= high ? [low, high] : null;
}

/** The share of lowest and of highest values that may be beyond the axis. */
const BEYOND = 0.005;
const MOST_SAMPLED = 400;

/** What the y axis holds: all that is drawn strong, and nearly all of the raw values. */
export function extentY(all: readonly Series[], [from, to]: Span, log: boolean): Span {
  const ends: Ends = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  for (const series of all) {
    const { xs, curve, smooth, window } = series;
    const start = Math.max(0, firstAfter(xs, curve.size, from) - 1);
    const end = Math.min(curve.size, firstAfter(xs, curve.size, to) + 1);
    if (window > 1 || curve.points < FEW) widen(ends, smooth, start, end, log);
    if (window === 1 && curve.points < FEW) continue;
    const stride = Math.max(1, Math.floor((end - start) / MOST_SAMPLED));
    const bottom = sampled(curve.low, start, end, stride, log);
    const top = sampled(curve.high, start, end, stride, log);
    const low = bottom[Math.floor(bottom.length * BEYOND)];
    const high = top[Math.ceil(top.length * (1 - BEYOND)) - 1];
    if (low !== undefined && low < ends.low) ends.low = low;
    if (high !== undefined && high > ends.high) ends.high = high;
  }
  const { low, high } = ends;
  return low <= high ? roomy([low, high], log) : log ? [0.1, 1] : [0, 1];
}

interface Ends {
  low: number;
  high: number;
}

function widen(ends: Ends, values: Float32Array, start: number, end: number, log: boolean): void {
  let { low, high } = ends;
  for (let i = start; i < end; i++) {
    const value = values[i] as number;
    if (log && value <= 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  ends.low = low;
  ends.high = high;
}

/** Some of the values, sorted; on a log scale those above nought. */
function sampled(
  values: Float32Array,
  start: number,
  end: number,
  stride: number,
  log: boolean,
): Float32Array {
  const found = new Float32Array(Math.ceil(Math.max(0, end - start) / stride));
  let n = 0;
  for (let i = start; i < end; i += stride) {
    const value = values[i] as number;
    if (!log || value > 0) found[n++] = value;
  }
  return found.subarray(0, n).sort();
}

/** Values whose spread is below what single precision keeps of a sum are one value. */
const FLAT = 1e-5;

/** A little more than the values need, so that no line runs along an edge. */
function roomy([low, high]: Span, log: boolean): Span {
  const flat = high - low <= FLAT * Math.max(Math.abs(low), Math.abs(high));
  if (log) {
    const room = flat ? 1.5 : (high / low) ** 0.04;
    return [low / room, high * room];
  }
  // A value that stays has an axis that begins at nought: its own number is the only other one.
  if (flat && high !== 0) return high > 0 ? [0, high * 1.3] : [low * 1.3, 0];
  const room = flat ? 1 : (high - low) * 0.04;
  return [!flat && low >= 0 && low < room * 4 ? 0 : low - room, high + room];
}

/** Whether a log scale shows more of some series than an even one: they fall to a tenth, and all are above nought. */
export function wantsLog(all: readonly Series[]): boolean {
  const ends: Ends = { low: Number.POSITIVE_INFINITY, high: 0 };
  for (const { smooth, curve } of all) widen(ends, smooth, 0, curve.size, false);
  return ends.low > 0 && ends.high >= 10 * ends.low;
}

/** How many values of some series are at or below nought, and so on no log scale: at least so many. */
export function notAbove(all: readonly Series[]): number {
  let found = 0;
  for (const { curve } of all)
    for (let i = 0; i < curve.size; i++) if ((curve.low[i] as number) <= 0) found++;
  return found;
}
