/** Slices against the rest: rows of counts in, measures, order and the scale of their picture out. */

import { amount, interval, levelText, percent, points, pointsInterval, tenths } from "./format.ts";
import { gap, share } from "./intervals.ts";
import { alignedBins, type ColumnClause, edgesOf } from "./selection.ts";
import { OUTCOME } from "./tiles.ts";
import type { Clause, Field, Measure, SliceField } from "./types.ts";

/** One slice against the rest of the rows in view. */
export interface SliceRow {
  id: string;
  /** The dim that tells who is in it, and its code there. */
  key: string;
  code: number;
  /** The column it belongs to; null for a slice of the user, and for what a training told apart. */
  field: Field | null;
  run?: boolean | undefined;
  /** `vendor-b` among its column's, `source = vendor-b` among all. */
  text: string;
  name: string;
  private: boolean;
  /** Why there is no rate, where it is not that there are too few rows. */
  why?: string | undefined;
  n: number;
  /** Error rate, or the share that is selected. */
  rate: Measure;
  /** Rate in the slice minus that of the rest. */
  difference: Measure;
  /** Whether the counts are of the present selection. */
  state: string;
}

export type SortColumn = "name" | "n" | "rate" | "difference";

/**
 * Counts of a dim by code and outcome, and behind them weights and the squares of these where rows have some; where a
 * rate is the share selected, also those without the clause on cells.
 */
export interface Counts {
  values: Float64Array[];
  state: string;
  of?: Float64Array[] | undefined;
  /** By how much groups of rows widen the intervals of a level. */
  effects?(code: number): [rate: number, difference: number];
}

/** `column` null is the order of the columns and of their values. */
export interface SliceSort {
  column: SortColumn | null;
  descending: boolean;
}

const OUTCOMES = 3;

/** What is measured of a slice. */
export type Measured = Pick<SliceRow, "n" | "rate" | "difference" | "state">;

/** The levels of a field, from counts by level and outcome. */
export function fieldRows(field: Field, counts: Counts): SliceRow[] {
  return levelRows(field, (code) => measured(counts, code));
}

/** A slice of the user, from counts by out or in and outcome. */
export function userRow(slice: SliceField, counts: Counts): SliceRow {
  return ownRow(slice, measured(counts, 1));
}

/** The levels of a field, and what is measured of each. */
export function levelRows(field: Field, measure: (code: number) => Measured): SliceRow[] {
  return field.levels.map((level, code) => ({
    ...measure(code),
    id: `${field.key}.${code}`,
    key: field.key,
    code,
    field,
    text: level.text,
    name: levelText(field, code),
    private: field.private,
  }));
}

/** A slice of the user, and what is measured of it. */
export function ownRow(slice: SliceField, measure: Measured): SliceRow {
  return {
    ...measure,
    id: slice.key,
    key: slice.key,
    code: 1,
    field: null,
    run: slice.run,
    text: slice.name,
    name: slice.name,
    private: slice.private,
  };
}

function measured({ values, state, of, effects }: Counts, code: number): Measured {
  const ANY = [OUTCOME.error, OUTCOME.correct, OUTCOME.unjudged];
  const part = of ? ANY : [OUTCOME.error];
  const rows = of ? ANY : [OUTCOME.error, OUTCOME.correct];
  const own = values.map((sums) => inside(sums, code, part));
  const all = (of ?? values).map((sums) => inside(sums, code, rows));
  const others = values.map((sums, i) => total(sums, part) - (own[i] as number));
  const rest = (of ?? values).map((sums, i) => total(sums, rows) - (all[i] as number));
  const [rate, difference] = effects?.(code) ?? [1, 1];
  return {
    n: inside(values[0] as Float64Array, code, ANY),
    rate: share(own, all, rate),
    difference: gap(own, all, others, rest, difference),
    state,
  };
}

function inside(values: Float64Array, code: number, outcomes: readonly number[]): number {
  return outcomes.reduce((n, outcome) => n + (values[code * OUTCOMES + outcome] ?? 0), 0);
}

function total(values: Float64Array, outcomes: readonly number[]): number {
  return values.reduce((sum, n, i) => (outcomes.includes(i % OUTCOMES) ? sum + n : sum), 0);
}

/** Whether the selected cells hold errors alone, or none, from counts by outcome with and without them. */
export function oneOutcome(here: Float64Array, everywhere: Float64Array): boolean {
  const [all, rows] = [sum(everywhere), sum(here)];
  return rows > 0 && rows < all && !(here[OUTCOME.error] && here[OUTCOME.correct]);
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Whether the interval of a difference leaves out none. */
export function excludesNone({ low, high }: Measure): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}

/** The rows in an order; without a value last, larger slices before smaller ones where there is a tie. */
export function sortRows(rows: readonly SliceRow[], { column, descending }: SliceSort): SliceRow[] {
  if (column === null) return [...rows];
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const order =
      column === "name" ? a.name.localeCompare(b.name, "en", { numeric: true }) : compare(a, b, column);
    if (column !== "name" && column !== "n") {
      const [x, y] = [a[column].value === null, b[column].value === null];
      if (x !== y) return x ? 1 : -1;
    }
    return sign * order || b.n - a.n;
  });
}

function compare(a: SliceRow, b: SliceRow, column: Exclude<SortColumn, "name">): number {
  return column === "n" ? a.n - b.n : (a[column].value ?? 0) - (b[column].value ?? 0);
}

/**
 * From where to where the differences are drawn. Every difference fits; of an interval as much as is usual among
 * them, since a slice of ten rows would squeeze all others.
 */
export function reach(rows: readonly SliceRow[], least: number): [low: number, high: number] {
  const known = rows.flatMap(({ difference: d }) => (d.low === null ? [] : [d as Required<typeof d>]));
  const widths = known.map((d) => ((d.high as number) - (d.low as number)) / 2).sort((a, b) => a - b);
  const usual = 1.8 * (widths[widths.length >> 1] ?? 0);
  let low = -least;
  let high = least;
  for (const d of known) {
    const value = d.value as number;
    low = Math.min(low, Math.max(d.low as number, value - usual));
    high = Math.max(high, Math.min(d.high as number, value + usual));
  }
  const margin = 0.05 * (high - low);
  return [low - margin, high + margin];
}

/** How the rates of slices, or what stands in their place, are written. */
export interface Words {
  /** The head of their column. */
  head: string;
  /** A rate in a sentence. */
  said(rate: string): string;
  /** What a slice is that has less than the rest, and one that has more. */
  than: readonly [less: string, more: string];
  value(rate: Measure): string;
  limits(rate: Measure): string;
  difference(difference: Measure): string;
  /** The size of a difference in a sentence, and its unit. */
  size(difference: number): string;
  unit: string;
  tick(difference: number): string;
  /** Half of the least that the axis shows. */
  least: number;
}

const SHARES = {
  value: ({ value }: Measure) => percent(value),
  limits: interval,
  difference: pointsInterval,
  size: tenths,
  unit: " points",
  tick: (difference: number) => points(difference).replace(/\.0$/, ""),
  least: 0.01,
};

export const ERRORS: Words = {
  ...SHARES,
  head: "error",
  said: (rate) => `error ${rate}`,
  than: ["better", "worse"],
};

/** Shares of something, such as `selected`. */
export function sharesOf(what: string): Words {
  return { ...SHARES, head: "share", said: (rate) => `${rate} ${what}`, than: ["less", "more"] };
}

/** What a screen reader says of a row. */
export function rowName({ name, n, rate, difference, field, run, why }: SliceRow, words: Words): string {
  const parts = [field || run ? name : `${name}, your slice`, amount(n)];
  if (rate.value === null) return [...parts, why ?? "too few for a rate"].join(", ");
  parts.push(words.said(words.value(rate)));
  const { value, low, high } = difference;
  if (value === null || low === null || high === null)
    return [...parts, "too few others to compare with"].join(", ");
  const ends = value < 0 ? [-high, -low] : [low, high];
  parts.push(`${words.size(Math.abs(value))}${words.unit} ${words.than[value < 0 ? 0 : 1]} than the rest`);
  return [...parts, ends.map(words.size).join(" to ")].join(", ");
}

/** Which levels of a field a clause selects whole. */
export function selectedCodes(field: Field, clause: Clause | null): Set<number> {
  if (!clause || !("codes" in clause)) return new Set();
  const codes = new Set(clause.codes);
  for (const [low, high] of clause.intervals) {
    alignedBins(edgesOf(field), low, high)?.forEach((inside, code) => {
      if (inside) codes.add(code);
    });
  }
  return codes;
}

/** The clause after a click on a level: it alone, or with those selected before; null where none is left. */
export function toggledLevel(
  field: Field,
  clause: Clause | null,
  code: number,
  add: boolean,
): ColumnClause | null {
  const before = selectedCodes(field, clause);
  const cut = clause && "codes" in clause ? clause.intervals.filter((ends) => isCut(field, ends)) : [];
  const alone = before.size === 1 && before.has(code) && cut.length === 0;
  const codes = add ? toggled([...before], code) : alone ? [] : [code];
  const intervals = add ? cut : [];
  if (codes.length === 0 && intervals.length === 0) return null;
  return { field: field.key as ColumnClause["field"], codes: codes.sort((a, b) => a - b), intervals };
}

/** The names after a click on a slice of the user. */
export function toggledNames(before: readonly string[], name: string, add: boolean): string[] {
  if (add) return toggled(before, name);
  return before.length === 1 && before[0] === name ? [] : [name];
}

function isCut(field: Field, [low, high]: [number, number]): boolean {
  return alignedBins(edgesOf(field), low, high) === null;
}

function toggled<T>(items: readonly T[], item: T): T[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}
