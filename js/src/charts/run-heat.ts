/** A line of boxes a layer on a canvas, the darker the larger. */

import { type Shading, shade } from "../core/layers.ts";
import type { Plot } from "./axis.tsx";

export interface Heat {
  steps: Float64Array;
  /** Lines of as many values as there are layers. */
  values: Float32Array;
  layers: number;
  shading: Shading;
  /** Where a step is on the x axis. */
  at: (step: number) => number;
}

/** Colours of the faintest and the strongest, as red, green and blue. */
export type Ramp = readonly [faint: readonly number[], strong: readonly number[]];

/** Where each column begins and ends, in pixels: up to the next, the last as wide as the one before it. */
export function columnsOf({ steps, at }: Heat, { x }: Plot): [from: number, to: number][] {
  const starts = Array.from(steps, (step) => x(at(step)));
  const [low, high] = x.domain.map(x) as [number, number];
  const last = starts.length - 1;
  const width = last > 0 ? (starts[last] as number) - (starts[last - 1] as number) : 12;
  return starts.map((start, i) => [
    Math.max(low, start),
    Math.min(high, i < last ? (starts[i + 1] as number) : start + Math.max(2, width)),
  ]);
}

export function drawHeat(
  context: CanvasRenderingContext2D,
  plot: Plot,
  heat: Heat,
  line: number,
  ramp: Ramp,
): void {
  const { values, layers, shading } = heat;
  for (const [i, [from, to]] of columnsOf(heat, plot).entries()) {
    if (to <= from) continue;
    for (let layer = 0; layer < layers; layer++) {
      const dark = shade(shading, values[i * layers + layer] as number);
      const top = layer * line;
      if (Number.isNaN(dark)) {
        // What is not known is no small value: a thin stroke.
        context.fillStyle = rgb(ramp[1]);
        context.fillRect(from, top + line / 2 - 0.5, to - from, 0.5);
        continue;
      }
      context.fillStyle = rgb(ramp[0].map((faint, k) => faint + dark * ((ramp[1][k] as number) - faint)));
      context.fillRect(from, top, to - from + 0.5, line - 2);
    }
  }
}

function rgb(parts: readonly number[]): string {
  return `rgb(${parts.map((part) => Math.round(part)).join(" ")})`;
}
