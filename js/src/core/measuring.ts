/** Measures of a table and of slices: what the kernel answers, and how it is written; twin of `views/measures.py`. */

import { interval, levelText, percent } from "./format.ts";
import { MEANS } from "./losses.ts";
import { type SliceRow, sharesOf, type Words } from "./slicing.ts";
import type { Clause, Field, Measure, Meta } from "./types.ts";

/** A measure of the view. */
export interface Named {
  id: number;
  name: string;
  /** Whether it is written in per cent. */
  share: boolean;
  /** 1 where more is better, -1 where less is, 0 where that is not known. */
  better: number;
}

/** A measure of some rows, or why there is none. */
export interface Measured extends Measure {
  why?: string;
  /** Whether its interval is still to be drawn. */
  pending?: boolean;
  /** Whether a function of the user failed. */
  failed?: boolean;
}

export interface Result {
  value: Measured;
  difference?: Measured;
}

/** Of which rows (`all` and `selected` with a measure, a dim with a code), and what was found. */
export type Labelled = [of: string, code: number, result: Result];

/** What a saved view holds. */
export interface SavedMeasures {
  clauses: Clause[];
  table: Labelled[];
  slices: Record<number, Labelled[]>;
}

export type Results = ReadonlyMap<string, Result>;

export function labelOf(of: string, code: number): string {
  return `${of} ${code}`;
}

/** Results with those of an answer. */
export function merged(before: Results, labelled: readonly Labelled[]): Results {
  return new Map([...before, ...labelled.map(([of, code, found]) => [labelOf(of, code), found] as const)]);
}

/** How a measure and its difference are written. */
export function wordsOf({ name, share, better }: Named): Words {
  const own = share ? sharesOf(name) : MEANS;
  const than = better > 0 ? (["worse", "better"] as const) : (["better", "worse"] as const);
  return {
    ...own,
    head: "value",
    said: (value) => `${name} ${value}`,
    than: better ? than : ["less", "more"],
    value: (measure) => (measure.value === null ? "n/a" : own.value(measure)),
    least: share ? 0.01 : 1e-9,
  };
}

/** Value and limits of a measure in the table. */
export function textsOf(measure: Measured, share: boolean): [value: string, limits: string] {
  if (measure.value === null) return [measure.failed ? "failed" : "n/a", ""];
  return share ? [percent(measure.value), interval(measure)] : [MEANS.value(measure), MEANS.limits(measure)];
}

const UNKNOWN: Measured = { value: null, low: null, high: null, n: 0, method: "", why: "not measured yet" };

/** Every slice that was measured, as the grid of the slices takes them. */
export function measuredRows(meta: Meta, results: Results, state: string): SliceRow[] {
  const row = (key: string, code: number, more: Names): SliceRow => {
    const found = results.get(labelOf(key, code));
    const rate = found?.value ?? UNKNOWN;
    return {
      ...more,
      id: `${key}.${code}`,
      key,
      code,
      n: rate.n,
      rate,
      difference: found?.difference ?? UNKNOWN,
      why: rate.why,
      state,
    };
  };
  return [
    ...meta.fields.flatMap((field) =>
      field.levels.map((level, code) =>
        row(field.key, code, {
          field,
          text: level.text,
          name: levelText(field, code),
          private: field.private,
        }),
      ),
    ),
    ...meta.slices.map(({ key, name, private: secret, run }) =>
      row(key, 1, { field: null, text: name, name, private: secret, run }),
    ),
  ];
}

interface Names {
  field: Field | null;
  text: string;
  name: string;
  private: boolean;
  run?: boolean | undefined;
}

/** `50 s`, `3 min`. */
export function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
