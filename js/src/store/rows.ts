/** Examples: pages from the kernel, or the ones that a saved notebook holds. */

import { filterOf } from "../core/selection.ts";
import { allows } from "../core/tiles.ts";
import type { Clause, Meta } from "../core/types.ts";

export interface Row {
  row: number;
  label: number;
  prediction: number;
  confidence: number | null;
  label_probability: number | null;
  /** A score that sorts, where one was given. */
  score?: number | null;
  values: Record<string, string | number | boolean | null>;
}

export interface Detail extends Row {
  probabilities?: [number, number | null][];
  slices: string[];
}

/** `column` null is the order of interest: most confident errors first. */
export interface Sort {
  column: string | null;
  descending: boolean;
}

export interface Page {
  total: number;
  offset: number;
  rows: Row[];
}

/** Examples as text: `rows` of `total`. */
export interface Exported {
  text: string;
  rows: number;
  total: number;
}

/** The examples of a snapshot, with the code of every dim for each. */
export interface SavedRows {
  rows: Row[];
  codes: Record<string, number[]>;
}

/** The saved rows that satisfy the clauses, sorted; `cells` counts all rows by label and prediction, where that ranks. */
export function savedPage(
  saved: SavedRows,
  clauses: readonly Clause[],
  sort: Sort,
  meta: Meta,
  cells: () => Float64Array,
): Row[] {
  const tests = clauses.map((clause) => rowTest(clause, saved, meta));
  const kept = saved.rows.flatMap((row, i) => (tests.every((test) => test(row, i)) ? [row] : []));
  return kept.sort(
    sort.column === null ? byInterest(meta, cells) : byColumn(sort.column, sort.descending, meta),
  );
}

function rowTest(clause: Clause, saved: SavedRows, meta: Meta): (row: Row, i: number) => boolean {
  if (clause.field === "text") {
    const needle = clause.contains.toLowerCase();
    return (row) =>
      String(row.values[meta.text ?? ""] ?? "")
        .toLowerCase()
        .includes(needle);
  }
  const filter = filterOf(clause, meta);
  if (!filter) return () => false;
  return (row, i) => {
    let key = 0;
    filter.dims.forEach((dim, d) => {
      const code =
        dim === "label" ? row.label : dim === "prediction" ? row.prediction : (saved.codes[dim]?.[i] ?? 0);
      key = key * (filter.sizes[d] ?? 1) + code;
    });
    return allows(filter.allowed, key);
  };
}

/** The largest loss first. Without a model as given. Else errors first; then the most confident, else the highest score, else the largest cell. */
function byInterest(meta: Meta, cells: () => Float64Array): (a: Row, b: Row) => number {
  const { loss } = meta;
  if (loss) return byColumn(loss.key, true, meta, loss.label !== null);
  if (!meta.model) return (a, b) => a.row - b.row;
  const rank = (row: Row): number => (row.label === meta.missing ? 1 : row.label === row.prediction ? 2 : 0);
  const cell = (row: Row): number => row.label * meta.classes.length + row.prediction;
  const sizes = meta.confidence || meta.score !== null ? [] : cells();
  const size = (row: Row): number => sizes[cell(row)] ?? 0;
  const sure = (row: Row): number => row.confidence ?? (meta.confidence ? -1 : Math.abs(row.score ?? 0));
  return (a, b) =>
    rank(a) - rank(b) ||
    size(b) - size(a) ||
    (size(a) && cell(a) - cell(b)) ||
    sure(b) - sure(a) ||
    a.row - b.row;
}

const TYPES = ["boolean", "number", "string"];

function byColumn(column: string, descending: boolean, meta: Meta, size = false): (a: Row, b: Row) => number {
  const sign = descending ? -1 : 1;
  const value = (row: Row) => {
    if (column === "label" || column === "prediction")
      return row[column] === meta.missing ? null : row[column];
    const own =
      column === "row" || column === "confidence" || column === "score" ? row[column] : row.values[column];
    return size && own != null ? Math.abs(Number(own)) : own;
  };
  return (a, b) => {
    const [x, y] = [value(a) ?? null, value(b) ?? null];
    if (x === null || y === null) return x === y ? a.row - b.row : x === null ? 1 : -1;
    const kinds = TYPES.indexOf(typeof x) - TYPES.indexOf(typeof y);
    return (kinds || (x < y ? -1 : x > y ? 1 : 0)) * sign || a.row - b.row;
  };
}
