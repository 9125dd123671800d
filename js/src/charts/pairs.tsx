/** What a scatter draws over its two axes: numbers, counts in bins, single rows. */

import { type FineAxis, lastOf, placeOf, ticksOf } from "../core/fine.ts";
import type { Cell, Points } from "../core/pairs.ts";
import type { Side } from "./area.tsx";

const [LEAST, RIGHT, TOP, FOOT] = [64, 8, 6, 20];
/** Of a character of the numbers at the left, and what stands beside them. */
const [CHARACTER, BESIDE] = [6.5, 8];

export type Pixels = readonly [(at: number) => number, (at: number) => number];

/** Room for what is written at the left of an axis: dates are longer than numbers. */
export function leftOf(axis: FineAxis, text: (value: number) => string): number {
  const longest = Math.max(0, ...ticksOf(axis, 6).map(({ value }) => text(value).length));
  return Math.max(LEAST, Math.ceil(CHARACTER * longest) + BESIDE);
}

/** From bins to pixels, on both sides. */
export function pixelsOf(
  axes: readonly [FineAxis, FineAxis],
  left: number,
  width: number,
  height: number,
): Pixels {
  const [nx, ny] = axes.map(({ edges }) => edges.length - 1) as [number, number];
  return [
    (at) => left + (at / nx) * (width - left - RIGHT),
    (at) => height - FOOT - (at / ny) * (height - FOOT - TOP),
  ];
}

interface AxesProps {
  sides: readonly [Side, Side];
  axes: readonly [FineAxis, FineAxis];
  left: number;
  width: number;
  height: number;
}

/** Numbers below and at the left, and quiet lines. */
export function Axes({ sides: [x, y], axes, left, width, height }: AxesProps) {
  const base = height - FOOT;
  return (
    <svg class="axis" aria-hidden="true">
      {ticksOf(axes[1], 6).map(({ value, at }) => (
        <g key={at}>
          <line x1={left} x2={width - RIGHT} y1={y.pixel(at)} y2={y.pixel(at)} />
          <text x={left - 6} y={y.pixel(at) + 3.5} text-anchor="end">
            {y.text(value)}
          </text>
        </g>
      ))}
      {ticksOf(axes[0], width > 500 ? 8 : 4).map(({ value, at }) => (
        <text key={at} x={x.pixel(at)} y={base + 14} text-anchor={at === lastOf(axes[0]) ? "end" : "middle"}>
          {x.text(value)}
        </text>
      ))}
    </svg>
  );
}

const SHADES = 8;

/** A path for each shade: a few elements, however many cells. */
export function Cells({ cells, pixels: [x, y] }: { cells: Cell[]; pixels: Pixels }) {
  const top = Math.sqrt(Math.max(...cells.map(({ density }) => density), 1e-9));
  const shades = Array.from({ length: SHADES }, () => "");
  let marked = "";
  for (const cell of cells) {
    const [left, right, bottom, over] = [x(cell.x[0]), x(cell.x[1]), y(cell.y[0]), y(cell.y[1])];
    const [width, height] = [right - left - 0.6, bottom - over - 0.6];
    const shade = Math.min(SHADES - 1, Math.floor((SHADES * Math.sqrt(cell.density)) / top));
    shades[shade] += rectangle(left, over, width, height);
    if (!cell.marked) continue;
    const side = Math.max(0.25, Math.sqrt(cell.marked / cell.n));
    const [w, h] = [width * side, height * side];
    marked += rectangle(left + (width - w) / 2, over + (height - h) / 2, w, h);
  }
  return (
    <>
      {shades.map(
        (path, shade) =>
          path && (
            <path
              key={`${shade}`}
              class="shade"
              d={path}
              fill-opacity={0.14 + (0.76 * shade) / (SHADES - 1)}
            />
          ),
      )}
      {marked && <path class="marked" d={marked} />}
    </>
  );
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
}

const CLASSES = ["marked", "others", "neither"];

/** A path for each hue. */
export function Dots({
  axes,
  points,
  pixels,
}: {
  axes: readonly [FineAxis, FineAxis];
  points: Points;
  pixels: Pixels;
}) {
  const paths = ["", "", ""];
  points.hue.forEach((hue, i) => {
    const [x, y] = [points.x, points.y].map((values, side) =>
      (pixels[side] as Pixels[0])(placeOf(axes[side] as FineAxis, values[i] as number)),
    ) as [number, number];
    paths[hue] += `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
  });
  // Those that are marked lie above the others.
  return (
    <>
      {[2, 1, 0].map((hue) => paths[hue] && <path key={hue} class={`dot ${CLASSES[hue]}`} d={paths[hue]} />)}
    </>
  );
}
