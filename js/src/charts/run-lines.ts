/** Lines of many points on a canvas: of each column of pixels the first, lowest, highest and last value. */

import { type Columns, decimated, type Window } from "../core/decimate.ts";
import { firstAfter, type Series } from "../core/series.ts";
import type { Plot } from "./axis.tsx";

/** The canvas at the size of the plot in the pixels of the screen, empty; what is drawn ends at the sides of the plot. */
export function begin(
  canvas: HTMLCanvasElement,
  { width, height, x, y }: Plot,
  whole = false,
): CanvasRenderingContext2D | null {
  const ratio = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const [left, right] = x.domain.map(x) as [number, number];
  const [base, top] = whole ? [height, 0] : (y.domain.map(y) as [number, number]);
  context.save();
  context.beginPath();
  context.rect(left - 1, top - 1, right - left + 2, base - top + 2);
  context.clip();
  context.lineJoin = "bevel";
  return context;
}

/** How wide the columns of many points are, in pixels. */
const BAR = 2;

/** Raw values pale and what is smoothed over them strong; what is not smoothed strong alone. */
export function drawSeries(
  context: CanvasRenderingContext2D,
  plot: Plot,
  series: Series,
  color: string,
  pale: number,
): void {
  const { xs, curve, smooth, window, dash, strong } = series;
  context.strokeStyle = context.fillStyle = color;
  const { low, high, mean, size } = curve;
  const place = windowOf(plot);
  if (window > 1) {
    context.globalAlpha = pale;
    context.lineWidth = 1;
    context.setLineDash([]);
    if (sparse(plot, series)) band(context, plot, series);
    else if (size > 2 * (place.right - place.left)) bars(context, plot, series);
    else stroke(context, plot, decimated(xs, mean, low, high, size, place));
  }
  context.globalAlpha = 1;
  context.lineWidth = strong ? 2.25 : 1.5;
  context.setLineDash([...dash]);
  // A mean over many points is smooth: a point of it for each two columns is what an eye sees.
  const every = window > 1 && size > BAR * (place.right - place.left) ? BAR : 1;
  const line =
    window > 1
      ? decimated(xs, smooth, smooth, smooth, size, coarser(place, every))
      : decimated(xs, mean, low, high, size, place);
  stroke(context, plot, line, every);
  if (size === 1 || (series.dots && dotted(plot, series))) dots(context, plot, series);
}

/** Pixels between values from which on each is a dot. */
const APART = 7;

/** Whether the values that are shown stand apart. */
function dotted({ x }: Plot, { xs, curve: { size, per } }: Series): boolean {
  if (per > 1) return false;
  const [from, to] = x.domain;
  const shown = firstAfter(xs, size, to) - firstAfter(xs, size, from);
  return shown * APART <= x(to) - x(from);
}

function dots(
  context: CanvasRenderingContext2D,
  { x, y }: Plot,
  { xs, curve: { size, mean } }: Series,
): void {
  const [from, to] = x.domain;
  const end = Math.min(size, firstAfter(xs, size, to));
  for (let i = Math.max(0, firstAfter(xs, size, from) - 1); i < end; i++)
    dot(context, x(xs[i] as number), y(mean[i] as number));
}

function windowOf({ x }: Plot): Window {
  const [start, end] = x.domain;
  const [left, right] = [x(start), x(end)];
  return { start, scale: (right - left) / (end - start || 1), left, right };
}

/** The same in columns of so many pixels. */
function coarser({ start, scale, left, right }: Window, every: number): Window {
  return { start, scale: scale / every, left: left / every, right: right / every };
}

/** Whether buckets of several points stand so far apart that each would be a stroke of its own. */
function sparse({ x }: Plot, { xs, curve: { size, per } }: Series): boolean {
  if (per === 1 || size < 2) return false;
  return x(xs[size - 1] as number) - x(xs[0] as number) > 1.5 * size;
}

/** From the lowest to the highest value of each bucket, as an area. */
function band(context: CanvasRenderingContext2D, { x, y }: Plot, { xs, curve }: Series): void {
  const { low, high, size } = curve;
  context.beginPath();
  for (let i = 0; i < size; i++) context.lineTo(x(xs[i] as number), y(high[i] as number));
  for (let i = size - 1; i >= 0; i--) context.lineTo(x(xs[i] as number), y(low[i] as number));
  context.fill();
}

function dot(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 2.5, 0, 7);
  context.fill();
}

/** A bar for each two columns on whole pixels: where points are many it costs a tenth of a line through them. */
function bars(context: CanvasRenderingContext2D, plot: Plot, { xs, curve }: Series): void {
  const wide = coarser(windowOf(plot), BAR);
  const { n, x, low, high, last } = decimated(xs, curve.mean, curve.low, curve.high, curve.size, wide);
  const { y } = plot;
  for (let k = 0; k < n; k++) {
    // Each reaches to where the one before it ended, so that the line has no gaps.
    const before = k ? (last[k - 1] as number) : Number.NaN;
    const bottom = before < (low[k] as number) ? before : (low[k] as number);
    const top = before > (high[k] as number) ? before : (high[k] as number);
    const upper = Math.round(y(top));
    context.fillRect(
      BAR * Math.floor(x[k] as number),
      upper,
      BAR,
      Math.max(1, Math.round(y(bottom)) - upper),
    );
  }
}

/** How far a line may be from the points that it leaves out, in pixels. */
const NEAR = 0.3;

/** One path. Points that a straight line from the last one passes near enough are left out: strokes are what costs. */
function stroke(
  context: CanvasRenderingContext2D,
  { y }: Plot,
  { n, x, first, low, high, last }: Columns,
  every = 1,
): void {
  context.beginPath();
  let [fromX, fromY, heldX, heldY] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  let [steepest, flattest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const begin = (atX: number, atY: number): void => {
    context.lineTo(atX, atY);
    [fromX, fromY, heldX] = [atX, atY, Number.NaN];
    [steepest, flattest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  };
  const release = (): void => {
    if (!Number.isNaN(heldX)) begin(heldX, heldY);
  };
  for (let k = 0; k < n; k++) {
    const at = every * (x[k] as number);
    if (low[k] !== high[k]) {
      const [bottom, top] = [y(low[k] as number), y(high[k] as number)];
      if (bottom - top > 1) {
        release();
        begin(at, y(first[k] as number));
        begin(at, bottom);
        begin(at, top);
      }
    }
    const end = y(last[k] as number);
    const run = at - fromX;
    if (run > 0) {
      // The slopes of lines that pass near enough to every point since the last that was drawn.
      const slope = (end - fromY) / run;
      if (slope > steepest || slope < flattest) {
        release();
        steepest = (end + NEAR - fromY) / (at - fromX);
        flattest = (end - NEAR - fromY) / (at - fromX);
      } else {
        steepest = Math.min(steepest, (end + NEAR - fromY) / run);
        flattest = Math.max(flattest, (end - NEAR - fromY) / run);
      }
      heldX = at;
      heldY = end;
    } else {
      release();
      begin(at, end);
    }
  }
  release();
  context.stroke();
}
