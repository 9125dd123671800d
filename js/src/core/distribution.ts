/** How the rows in view spread over the values of a column, beside other rows. */

import { sidesOf } from "./columns.ts";
import { amount, interval, percent, pointsInterval } from "./format.ts";
import { newcombe, wilson } from "./intervals.ts";
import { selectedCodes, toggledLevel } from "./slicing.ts";
import type { Clause, Field, Measure, Meta } from "./types.ts";

/** What can be looked at: a column of few values or bins, or a side of the matrix. */
export interface Dim {
  key: string;
  /** The field whose clause is left out. */
  own: string;
  name: string;
  /** By code. */
  texts: string[];
  /** The codes as they are shown. */
  order: number[];
  field: Field | null;
}

/** One value, or one bin. */
export interface Part {
  code: number;
  text: string;
  n: number;
  /** Of the rows in view. */
  share: Measure;
  /** Of the other rows. */
  other: Measure;
  /** The first minus the other; null where the two may have rows in common. */
  difference: Measure | null;
}

/** What there is to look at. */
export function dimsOf(meta: Meta): Dim[] {
  const sides = sidesOf(meta).map((side) => ({
    ...side,
    own: "cell",
    texts: meta.classes,
    order: meta.order,
    field: null,
  }));
  const fields = meta.fields.map((field) => ({
    key: field.key,
    own: field.key,
    name: field.name,
    texts: field.levels.map((level) => level.text),
    order: field.levels.map((_, code) => code),
    field,
  }));
  return meta.model ? [...fields, ...sides] : [...sides, ...fields];
}

/** Every value with its share of the rows in view and of the others; `apart` says that no row is in both. */
export function partsOf(
  dim: Dim,
  counts: ArrayLike<number>,
  others: ArrayLike<number>,
  apart = false,
): Part[] {
  const [n, m] = [sum(counts), sum(others)];
  return dim.order.map((code) => {
    const text = dim.texts[code] ?? "";
    const [k, j] = [counts[code] ?? 0, others[code] ?? 0];
    const difference = apart ? newcombe(k, n, j, m) : null;
    return { code, text, n: k, share: wilson(k, n), other: wilson(j, m), difference };
  });
}

/** How many rows there are by all values. */
export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0);
}

/** What a screen reader says of a value; `others` names the rows it is compared with, if there are any. */
export function partName({ text, n, share, other, difference }: Part, others: string | null): string {
  if (share.value === null) return `${text}: ${amount(n)}`;
  const here = `${text}: ${amount(n)}, ${percent(share.value)} ${interval(share)}`;
  if (others === null) return `${here} of all`;
  const beside = `${here} of those in view, ${percent(other.value)} of ${others}`;
  return difference?.value == null ? beside : `${beside}, difference ${pointsInterval(difference)} points`;
}

/** Which values a clause selects whole. */
export function chosenOf(dim: Dim, clause: Clause | null): Set<number> {
  if (dim.field) return selectedCodes(dim.field, clause);
  if (clause?.field !== "cell" || clause.outcome !== null || clause.any.length !== 1) return new Set();
  const { label, prediction } = clause.any[0] as { label: number[] | null; prediction: number[] | null };
  const [own, other] = dim.key === "label" ? [label, prediction] : [prediction, label];
  return new Set(other === null && own !== null ? own : []);
}

/** The clause after a click on a value: it alone, or with those selected before; null where none is left. */
export function toggled(dim: Dim, clause: Clause | null, code: number, add: boolean): Clause | null {
  if (dim.field) return toggledLevel(dim.field, clause, code, add);
  const before = chosenOf(dim, clause);
  const held = [...before].filter((other) => other !== code);
  const codes = add
    ? before.has(code)
      ? held
      : [...held, code]
    : before.has(code) && !held.length
      ? []
      : [code];
  if (codes.length === 0) return null;
  codes.sort((a, b) => a - b);
  const side = dim.key === "label" ? { label: codes, prediction: null } : { label: null, prediction: codes };
  return { field: "cell", any: [side], outcome: null };
}
