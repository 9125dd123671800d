/** Slices by their mean loss against the rest; twin of `views/losses.py`. */

import { type Effects, NO_GROUPS, sliceEffects } from "./effects.ts";
import { AMOUNTS, less, lossDifference, lossMean, type Moments, momentsOf, together } from "./moments.ts";
import type { ColumnClause } from "./selection.ts";
import { levelRows, type Measured, ownRow, type SliceRow, type Words } from "./slicing.ts";
import type { Clause, Field, Level, Loss, Measure, Meta } from "./types.ts";

/** What some dims add up to: rows, or the amount that is named first. */
export type AddUp = (by: string[], ...without: string[]) => { values: Float64Array; state: string };

/** What the mean of the loss is called. */
export function meanName(loss: Loss): string {
  return loss.label === null ? `mean ${loss.name}` : "MAE";
}

/** Sums over the rows of each code of a dim, or over all rows. */
export function momentsBy(amounts: readonly string[], by: string[], sums: AddUp, ...without: string[]) {
  const counted = sums(by, ...without);
  const known = amounts.map((name) => [name, sums([`+${name}`, ...by], ...without)] as const);
  const moments = Array.from(counted.values, (n, code) =>
    momentsOf(n, (name) => known.find(([own]) => own === name)?.[1].values[code]),
  );
  const state = [counted, ...known.map(([, one]) => one)].find((one) => one.state !== "exact")?.state;
  return { n: counted.values, moments, state: state ?? "exact" };
}

/** The amounts that an Evaluation has. */
export function amountsOf(tiles: readonly { sums?: Record<string, unknown> }[]): string[] {
  return AMOUNTS.filter((name) => tiles[0]?.sums && name in tiles[0].sums);
}

/** Every slice against the rest of the rows in view; label, prediction and how wrong it is are no slices. */
export function lossRows(
  meta: Meta,
  amounts: readonly string[],
  sums: AddUp,
  effects: Effects | null = NO_GROUPS,
): SliceRow[] {
  const { key, label, prediction } = meta.loss as Loss;
  const fields = meta.fields.filter((field) => ![key, label, prediction].includes(field.key));
  return [
    ...fields.flatMap((field) => {
      const found = momentsBy(amounts, [field.key], sums, field.key);
      return levelRows(field, (code) => measured(found, code, sliceEffects(effects, field.key, code)));
    }),
    ...meta.slices.map((slice) => {
      const found = momentsBy(amounts, [slice.key], sums, "slice");
      return ownRow(slice, measured(found, 1, sliceEffects(effects, slice.key, 1)));
    }),
  ];
}

type Found = ReturnType<typeof momentsBy>;

function measured(
  { n, moments, state }: Found,
  code: number,
  [mean, difference]: [number, number],
): Measured {
  const own = moments[code] as Moments;
  return {
    n: n[code] ?? 0,
    rate: lossMean(own, mean),
    difference: lossDifference(own, less(together(moments), own), difference),
    state,
  };
}

/** Numbers with as many decimals as make so many digits of a size, by default that of the largest. */
export function numbers(values: number[], size = Math.max(...values.map(Math.abs)), digits = 3): string[] {
  const decimals = size > 0 ? Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(size)))) : 0;
  return values.map((value) => {
    const [whole, part] = Math.abs(value).toFixed(decimals).split(".") as [string, string?];
    const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
    return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  });
}

function number(value: number | null): string {
  return value === null ? "—" : (numbers([value])[0] as string);
}

/** Value, low and high with as many decimals as make two digits of half the interval; the ends empty without one. */
function texts({ value, low, high }: Measure): [string, string, string] {
  if (value === null || low === null || high === null) return [number(value), "", ""];
  const half = (high - low) / 2;
  return (half > 0 ? numbers([value, low, high], half, 2) : numbers([value, low, high])) as never;
}

function limits(measure: Measure): string {
  const [, low, high] = texts(measure);
  return low && `[${low}, ${high}]`;
}

function known(measure: Measure): string {
  return texts(measure)[0];
}

/** A mean and its interval, as a block of the header writes them. */
export const NUMBER = [known, limits] as const;

/** How means and their differences are written in the slices. */
export const MEANS: Words = {
  head: "mean",
  said: (mean) => `mean ${mean}`,
  than: ["less", "more"],
  value: known,
  limits,
  difference: (measure) =>
    `${(measure.value ?? 0) > 0 ? "+" : ""}${known(measure)} ${limits(measure)}`.trimEnd(),
  size: number,
  unit: "",
  tick: (value) => `${value > 0 ? "+" : ""}${Number(value.toPrecision(6))}`.replace("-", "−"),
  least: 0,
};

/** The bins of a histogram: the codes of a field that are numbers, and the edges between them. */
export interface Bins {
  codes: number[];
  edges: number[];
}

export function binsOf({ levels }: Field): Bins | null {
  const codes = levels.flatMap((level, code) => (level.low === null ? [] : [code]));
  const ends = codes.map((code) => levels[code] as Level);
  const last = ends.at(-1)?.high;
  return last == null ? null : { codes, edges: [...ends.map((level) => level.low as number), last] };
}

/** The interval in force, in shares of the bins; null where there is none, or it cuts a bin. */
export function spanIn({ codes, edges }: Bins, clause: Clause | null): readonly [number, number] | null {
  if (!clause || !("codes" in clause)) return null;
  const [interval] = clause.intervals;
  if (interval && clause.intervals.length === 1 && clause.codes.length === 0) {
    const [low, high] = interval.map((end) => edges.indexOf(end)) as [number, number];
    return low < 0 || high < 0 ? null : [low / codes.length, high / codes.length];
  }
  const at = clause.codes.map((code) => codes.indexOf(code)).sort((a, b) => a - b);
  const [first] = at;
  if (first === undefined || first < 0 || clause.intervals.length > 0) return null;
  const run = at.every((place, i) => place === first + i);
  return run ? [first / codes.length, (first + at.length) / codes.length] : null;
}

/** The clause of an interval in shares of the bins. */
export function endsOf({ key }: Field, bins: Bins, span: readonly [number, number]): ColumnClause {
  const ends = span.map((end) => bins.edges[Math.round(end * bins.codes.length)] ?? 0) as [number, number];
  return { field: key as ColumnClause["field"], codes: [], intervals: [ends] };
}
