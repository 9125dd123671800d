/**
 * A figure whose numbers no longer change: what `views/figure_page.py` writes, and where its parts lie. What does not
 * show in its texts, or turns other text around, is spelt there.
 */

import { figure } from "./run-format.ts";

export type Maybe = number | null;

export interface Span {
  low: number;
  high: number;
  text: string;
}

export interface Line {
  name: string;
  /** `0` to `5`, `train`, `error`, or `quiet` for one of many. */
  hue: string;
  dashed: boolean;
  points: boolean;
  notes: string[];
  y: Maybe[];
  low: Maybe[];
  high: Maybe[];
}

export interface Lines {
  kind: "lines";
  x: string;
  y: string;
  /** The places, from left to right. */
  at: number[];
  /** How they read; empty: as numbers. */
  texts: string[];
  /** Whether they stand at even distances, for they are no numbers. */
  even: boolean;
  log: [x: boolean, y: boolean];
  zero: boolean;
  most: Maybe;
  heads: string[];
  spans: Span[];
  level: Span | null;
  lines: Line[];
}

export interface Dots {
  kind: "dots";
  x: string;
  dots: { name: string; note: string; text: string; ends: [low: Maybe, value: Maybe, high: Maybe] }[];
}

export interface Heat {
  kind: "heat";
  rows: string[];
  columns: string[];
  axes: [row: string, column: string];
  grids: { name: string; values: number[] }[];
  below: { name: string; values: Maybe[] };
}

export interface Finding {
  title: string;
  certainty: string;
  evidence: string;
  causes: string[];
  rules_out: string[];
  try_next: string[];
  confirm_by: string;
  theory: string;
}

export interface Table {
  name: string;
  heads: string[];
  rows: string[][];
  numbers: number;
}

export interface Figure {
  title: string;
  more: string;
  said: string[];
  notes: string[];
  findings: Finding[];
  chart: Lines | Dots | Heat;
  table: Table;
}

/** `0.288 [0.219, 0.356]`; an em dash where there is none. */
export function measured(value: Maybe | undefined, low: Maybe | undefined, high: Maybe | undefined): string {
  if (value == null) return "—";
  return low == null || high == null ? figure(value) : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** The value of a line at a place. */
export function valueText({ y, low, high }: Line, place: number): string {
  return measured(y[place], low[place], high[place]);
}

/** `450 rows`, `penalty 0.35`: a place of the x axis. */
export function placeText({ x, at, texts }: Lines, place: number): string {
  const text = texts[place] ?? figure(at[place]);
  return x === "rows" ? `${text} rows` : `${x} ${text}`;
}

/** What the x axis is, and which way it goes where that is not the usual one. */
export function axisText({ x, at }: Lines): string {
  return x + ((at[0] as number) > (at.at(-1) as number) ? ", falling" : "");
}

/** How far a place is along the x axis, from 0 at the left to 1. */
export function along({ at, even, log: [log] }: Lines, value: number): number {
  const on = (one: number): number => (log && !even ? Math.log(one) : one);
  const first = on(at[0] as number);
  const last = on(at.at(-1) as number);
  return last === first ? 0.5 : (on(value) - first) / (last - first);
}

/** Where each place is along the x axis; those at even distances have half of one at both ends. */
export function places(chart: Lines): number[] {
  const n = chart.at.length;
  return chart.even ? chart.at.map((_, i) => (i + 0.5) / n) : chart.at.map((value) => along(chart, value));
}

/** The lowest and the highest of what is drawn, with the intervals. */
export function extent({ lines, level, zero, most, log: [, log] }: Lines): [number, number] {
  const all = lines
    .flatMap(({ y, low, high }) => [...y, ...low, ...high])
    .concat(level ? [level.low] : [])
    .filter((value): value is number => value !== null && (!log || value > 0));
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (!all.length) return [0, 1];
  if (most !== null) high = Math.min(high, most);
  if (log) return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  if (zero) low = Math.min(0, low);
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  return [zero && low === 0 ? 0 : low - room, most === null ? high + room : high];
}

/** The place nearest to a share of the x axis. */
export function nearestPlace(shares: readonly number[], share: number): number {
  let best = 0;
  for (const [i, at] of shares.entries())
    if (Math.abs(at - share) < Math.abs((shares[best] as number) - share)) best = i;
  return best;
}

/** The line whose value at a place is nearest to a height, or null where none has one. */
export function nearestLine(
  lines: readonly Line[],
  place: number,
  height: (value: number) => number,
  at: number,
): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { y }] of lines.entries()) {
    const value = y[place];
    if (value == null) continue;
    const away = Math.abs(height(value) - at);
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

/** The last place at which a line has a value, of most lines: what is read before anything is pointed at. */
export function usualPlace({ lines, at }: Lines): number {
  const [first] = lines;
  for (let i = at.length - 1; i > 0; i--) if (first?.y[i] != null) return i;
  return 0;
}

const LEVELS = 24;

/** Squares of a grid as one path a shade: `[share of the darkest, path]`; what is 0 is left out. */
export function shades(
  values: readonly number[],
  columns: number,
  most: number,
  width: number,
  height: number,
): [number, string][] {
  const paths = new Map<number, string[]>();
  for (const [i, value] of values.entries()) {
    const level = most > 0 ? Math.round((value / most) * LEVELS) : 0;
    if (!level) continue;
    const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height];
    const path = paths.get(level) ?? [];
    path.push(`M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${-round(width)}z`);
    paths.set(level, path);
  }
  return [...paths].map(([level, path]) => [level / LEVELS, path.join("")]);
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
