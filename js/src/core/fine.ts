/** Axes of many bins, all drawn equally wide: even ones, or ones that grow by a factor; twin of `table/axes.py`. */

import { edgesOf } from "./selection.ts";
import type { Clause, Field } from "./types.ts";

export interface FineAxis {
  /** The least number, round ones, the greatest. */
  edges: number[];
  log: boolean;
  /** Whether there is a choice between both. */
  decades: boolean;
}

/** An edge that an interval may begin or end at, and where it lies. */
export interface Stop {
  value: number;
  /** In bins from the first edge. */
  at: number;
}

/** Where a number lies, in bins from the first edge. */
export function placeOf({ edges, log }: FineAxis, value: number): number {
  const bins = edges.length - 1;
  if (value <= (edges[0] as number)) return 0;
  const found = edges.findIndex((edge) => edge > value);
  if (found < 0) return bins;
  const [low, high] = [edges[found - 1] as number, edges[found] as number];
  const share = log && low > 0 ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return found - 1 + share;
}

/** The edges of all bins; or those of the slices, which alone saved counts can answer. */
export function stopsOf(axis: FineAxis, field: Field | null, coarse: boolean): Stop[] {
  const values = coarse && field ? edgesOf(field) : axis.edges;
  const last = values.length - 1;
  return values.map((value, i) => ({
    value,
    at: i === 0 ? 0 : i === last ? axis.edges.length - 1 : placeOf(axis, value),
  }));
}

/** Round edges to write below an axis: at most so many, powers of ten where it is logarithmic. */
export function ticksOf({ edges, log }: FineAxis, most: number): Stop[] {
  const inner = edges.map((value, at) => ({ value, at })).slice(1, -1);
  const round = log
    ? inner.filter(({ value }) => Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6))
    : inner;
  if (!round.length) return [0, edges.length - 1].map((at) => ({ value: edges[at] as number, at }));
  const steps = [1, 2, 5, 10, 20, 50];
  const step = steps.find((step) => round.length / step <= most) ?? 100;
  // The same distance from nought, or from the first of the round numbers.
  const width = (round[1]?.value ?? 0) - (round[0]?.value ?? 0);
  const first = log || !width ? 0 : Math.round((round[0] as Stop).value / width);
  const shown = round.filter((_, i) => (first + i) % step === 0);
  // What lies far off is in the last bin: its end says so, where there is room.
  const end = { value: edges.at(-1) as number, at: edges.length - 1 };
  return end.at - (shown.at(-1)?.at ?? 0) > (1.2 * end.at) / most ? [...shown, end] : shown;
}

/** Where the last bin ends. */
export function lastOf({ edges }: FineAxis): number {
  return edges.length - 1;
}

/** A number, or a time, as an axis writes it. */
export function numberText(value: number, kind: Field["kind"] | null): string {
  if (kind === "time")
    return new Date(value).toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "");
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toPrecision(3);
  const [whole, rest] = String(Number(value.toPrecision(6)))
    .replace("-", "−")
    .split(".") as [string, string?];
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
}

/** Counts that were packed as distances and numbers. */
export function unpacked([distances, counts]: [number[], number[]], size: number): Float64Array {
  const cells = new Float64Array(size);
  let at = 0;
  distances.forEach((distance, i) => {
    at += distance;
    cells[at] = counts[i] as number;
  });
  return cells;
}

/** The interval that a clause selects, where it is one: its levels lie side by side, or it is a single interval. */
export function spanOf(field: Field | null, clause: Clause | null): [number, number] | null {
  if (!clause) return null;
  if ("low" in clause) return [clause.low, clause.high];
  if (!field || !("codes" in clause)) return null;
  const bins = clause.codes.map((code) => field.levels[code]);
  const parts = [...clause.intervals, ...bins.map((bin) => [bin?.low, bin?.high])] as [number, number][];
  if (!parts.length || parts.some((ends) => ends.some((end) => end == null))) return null;
  parts.sort((a, b) => a[0] - b[0]);
  if (parts.some(([low], i) => i > 0 && low > (parts[i - 1] as [number, number])[1])) return null;
  return [(parts[0] as [number, number])[0], Math.max(...parts.map(([, high]) => high))];
}

/** The clause of an interval; null where it is all of the axis. */
export function spanClause(key: string, axis: FineAxis, low: number, high: number): Clause | null {
  if (low <= (axis.edges[0] as number) && high >= (axis.edges.at(-1) as number)) return null;
  if (key === "confidence") return { field: "confidence", low: Math.max(0, low), high: Math.min(1, high) };
  return { field: key as `c${number}`, codes: [], intervals: [[low, high]] };
}
