/** Lines of many points on a canvas: of each column of pixels the first, lowest, highest and last value. */

import type { Series } from "../core/series.ts";
import type { Plot } from "./axis.tsx";

type Numbers = ArrayLike<number>;

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
  context.lineJoin = "round";
  return context;
}

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
  if (window > 1) {
    context.globalAlpha = pale;
    context.lineWidth = 1;
    context.setLineDash([]);
    if (sparse(plot, series)) band(context, plot, series);
    else trace(context, plot, xs, [mean, low, high], size);
  }
  context.globalAlpha = 1;
  context.lineWidth = strong ? 2.25 : 1.5;
  context.setLineDash([...dash]);
  trace(context, plot, xs, window > 1 ? [smooth, smooth, smooth] : [mean, low, high], size);
  if (size === 1) dot(context, plot.x(xs[0] as number), plot.y(mean[0] as number));
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

/** One path through all points; values are compared before they are laid on the scale, which grows with them. */
function trace(
  context: CanvasRenderingContext2D,
  { x, y }: Plot,
  xs: Numbers,
  [mean, low, high]: readonly [Numbers, Numbers, Numbers],
  size: number,
): void {
  const start = x.domain[0];
  const scale = (x(x.domain[1]) - x(start)) / (x.domain[1] - start || 1);
  const left = x(start);
  const right = x(x.domain[1]);
  let column = Number.NaN;
  let [at, count, first, last, bottom, top] = [0, 0, 0, 0, 0, 0];
  context.beginPath();
  const flush = (): void => {
    if (!count) return;
    context.lineTo(at, y(first));
    if (count > 1 || top > bottom) {
      context.lineTo(at, y(bottom));
      context.lineTo(at, y(top));
      context.lineTo(at, y(last));
    }
  };
  for (let i = 0; i < size; i++) {
    const px = left + ((xs[i] as number) - start) * scale;
    // Of what is outside only the nearest points say where the line comes from and goes.
    const next = px < left ? -1 : px > right ? -2 : Math.floor(px);
    if (next !== column) {
      flush();
      column = next;
      count = 0;
    }
    const value = mean[i] as number;
    if (next < 0 || !count) {
      at = px;
      first = value;
      bottom = low[i] as number;
      top = high[i] as number;
      count = 0;
    } else {
      bottom = Math.min(bottom, low[i] as number);
      top = Math.max(top, high[i] as number);
    }
    last = value;
    count++;
    // The first point beyond the right end ends the line; it may come back, as a run that was resumed does.
    if (next === -2 && i + 1 < size && (xs[i + 1] as number) >= (xs[i] as number)) {
      flush();
      count = 0;
      while (i + 1 < size && left + ((xs[i + 1] as number) - start) * scale > right) i++;
    }
  }
  flush();
  context.stroke();
}
