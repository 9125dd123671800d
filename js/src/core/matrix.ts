/** The matrix of two dims in the order shown, and every number on it. */

import { type Effects, type MatrixEffects, matrixEffects, NO_GROUPS } from "./effects.ts";
import { MIN_N, share, unknown } from "./intervals.ts";
import type { Measure, Meta } from "./types.ts";

/** counts; per cent of the row; per cent of the column. */
export type Mode = "counts" | "rows" | "columns";

/** What is true of the rows in a cell: plain where the sides are not label and prediction. */
export type Kind = "error" | "correct" | "unjudged" | "plain";

export type Side = "rows" | "columns";

/** One side of a matrix, in the order shown. */
export interface Axis {
  key: string;
  /** As a heading and before a value: `label`, `predicted`, a column's name. */
  name: string;
  codes: number[];
  texts: string[];
  /** The field that a click on this side selects by. */
  field: string;
}

export interface Matrix {
  rows: Axis;
  columns: Axis;
  /** Row-major, in the order of the axes. */
  counts: Float64Array;
  /** Sums of the weights and of their squares, as the counts; none where rows have no weights. */
  weights: Float64Array[];
  rowTotals: Float64Array;
  columnTotals: Float64Array;
  total: number;
  /** Which side holds the labels, when the other holds the predictions. */
  labels: Side | null;
  missing: number | null;
  /** What groups of rows do to its intervals. */
  effects: MatrixEffects;
}

/** A label, and the class that was predicted instead; positions on the axes of the matrix. */
export interface Pair {
  row: number;
  column: number;
  n: number;
  /** Of the rows of that label. */
  share: Measure;
}

/** Whether there is such a dim here: a saved form knows no private ones. */
export function isDim({ fields, slices }: Meta, key: string): boolean {
  return key === "label" || key === "prediction" || [...fields, ...slices].some((dim) => dim.key === key);
}

/** The side of a dim. */
export function axisOf(meta: Meta, key: string): Axis {
  if (key === "label" || key === "prediction") {
    const name = key === "label" ? "label" : "predicted";
    const codes = [...meta.order];
    return { key, name, codes, texts: codes.map((code) => meta.classes[code] ?? ""), field: "cell" };
  }
  const slice = meta.slices.find((s) => s.key === key);
  if (slice) return { key, name: slice.name, codes: [1, 0], texts: ["in", "out"], field: "slice" };
  const field = meta.fields.find((f) => f.key === key);
  if (!field) throw new Error(`unknown dim: ${key}`);
  return {
    key,
    name: field.name,
    codes: field.levels.map((_, code) => code),
    texts: field.levels.map((level) => level.text),
    field: key,
  };
}

/** Put counts by code into the order of the axes, and add them up. */
export function matrixOf(
  rows: Axis,
  columns: Axis,
  [values, ...sums]: readonly ArrayLike<number>[],
  missing: number | null,
  effects: Effects | null = NO_GROUPS,
): Matrix {
  const width = columns.codes.length;
  const ordered = (own: ArrayLike<number> = []) =>
    Float64Array.from(rows.codes.flatMap((a) => columns.codes.map((b) => own[a * width + b] ?? 0)));
  const counts = ordered(values);
  const rowTotals = new Float64Array(rows.codes.length);
  const columnTotals = new Float64Array(width);
  let total = 0;
  rows.codes.forEach((_, r) => {
    columns.codes.forEach((_, c) => {
      const n = counts[r * width + c] ?? 0;
      rowTotals[r] = (rowTotals[r] ?? 0) + n;
      columnTotals[c] = (columnTotals[c] ?? 0) + n;
      total += n;
    });
  });
  const pair = `${rows.key} ${columns.key}`;
  const labels = pair === "label prediction" ? "rows" : pair === "prediction label" ? "columns" : null;
  const weights = sums.map(ordered);
  const known = matrixEffects(effects, width);
  return { rows, columns, counts, weights, rowTotals, columnTotals, total, labels, missing, effects: known };
}

export function countAt(matrix: Matrix, row: number, column: number): number {
  return matrix.counts[row * matrix.columns.codes.length + column] ?? 0;
}

/** How many rows a row or a column of the matrix holds. */
export function totalAt(matrix: Matrix, side: Side, at: number): number {
  return (side === "rows" ? matrix.rowTotals : matrix.columnTotals)[at] ?? 0;
}

/** Whether the rows of a cell are right. */
export function kindOf(matrix: Matrix, row: number, column: number): Kind {
  if (!matrix.labels) return "plain";
  const sides = [matrix.rows.codes[row], matrix.columns.codes[column]];
  const label = sides[matrix.labels === "rows" ? 0 : 1];
  if (label === matrix.missing) return "unjudged";
  return sides[0] === sides[1] ? "correct" : "error";
}

/** The share of a cell in its row or its column. */
export function shareOf(matrix: Matrix, row: number, column: number, of: Side): Measure {
  const at = of === "rows" ? row : column;
  const codes = [matrix.rows.codes[row], matrix.columns.codes[column]] as [number, number];
  const effect = matrix.effects.share(...codes, of);
  if (!matrix.weights.length) return share([countAt(matrix, row, column)], [totalAt(matrix, of, at)], effect);
  const length = (of === "rows" ? matrix.columns : matrix.rows).codes.length;
  const line = Array.from({ length }, (_, i) =>
    of === "rows" ? place(matrix, at, i) : place(matrix, i, at),
  );
  return share(sumsAt(matrix, [place(matrix, row, column)]), sumsAt(matrix, line), effect);
}

function place({ columns }: Matrix, row: number, column: number): number {
  return row * columns.codes.length + column;
}

/** How many rows some cells hold, and what they weigh. */
function sumsAt({ counts, weights }: Matrix, cells: readonly number[]): number[] {
  return [counts, ...weights].map((values) => cells.reduce((sum, cell) => sum + (values[cell] ?? 0), 0));
}

/** The side whose share colours the cells: that of the mode; with counts the label's. */
export function basisOf(matrix: Matrix, mode: Mode): Side {
  return mode === "counts" ? (matrix.labels ?? "rows") : mode;
}

/** Recall on the side of the labels, precision on that of the predictions; over rows with a label. */
export function rateOf(matrix: Matrix, side: Side, at: number): Measure {
  const code = (side === "rows" ? matrix.rows : matrix.columns).codes[at];
  const other = side === "rows" ? matrix.columns : matrix.rows;
  if (!matrix.labels || code === matrix.missing) return unknown(0, "Wilson");
  const cell = (i: number) => (side === "rows" ? place(matrix, at, i) : place(matrix, i, at));
  const same = other.codes.indexOf(code ?? -1);
  const judged = other.codes.flatMap((label, i) =>
    side === matrix.labels || label !== matrix.missing ? [cell(i)] : [],
  );
  const effect = matrix.effects.rate(side === matrix.labels ? "recall" : "precision", code as number);
  return share(sumsAt(matrix, same < 0 ? [] : [cell(same)]), sumsAt(matrix, judged), effect);
}

/** The largest of 1 - recall and 1 - precision, at least a tenth: the full length of the bars at the margins. */
export function largestMiss(matrix: Matrix): number {
  const missed = (["rows", "columns"] as const).flatMap((side) =>
    matrix[side].codes.map((_, at) => 1 - (rateOf(matrix, side, at).value ?? 1)),
  );
  return Math.max(0.1, ...missed);
}

/** How many rows are errors, are right, have no label. */
export function outcomesOf(matrix: Matrix): Record<Kind, number> {
  const sums: Record<Kind, number> = { error: 0, correct: 0, unjudged: 0, plain: 0 };
  const width = matrix.columns.codes.length;
  matrix.counts.forEach((n, i) => {
    if (n) sums[kindOf(matrix, Math.floor(i / width), i % width)] += n;
  });
  return sums;
}

/** The confusions that occur, most frequent first. */
export function confusionsOf(matrix: Matrix): Pair[] {
  const width = matrix.columns.codes.length;
  const pairs: Pair[] = [];
  matrix.counts.forEach((n, i) => {
    const row = Math.floor(i / width);
    const column = i % width;
    if (n === 0 || kindOf(matrix, row, column) !== "error") return;
    pairs.push({ row, column, n, share: shareOf(matrix, row, column, matrix.labels ?? "rows") });
  });
  return pairs.sort((a, b) => b.n - a.n);
}

/** The confusions of labels with ten rows or more, the largest share of the label first. */
export function byRate(pairs: readonly Pair[]): Pair[] {
  const rated = pairs.filter((pair) => pair.share.value !== null);
  return rated.sort((a, b) => (b.share.value ?? 0) - (a.share.value ?? 0));
}

/** The positions whose text holds the words sought: the exact one first, then those that begin with them. */
export function findTexts(texts: readonly string[], words: string): number[] {
  const sought = fold(words);
  if (!sought) return [];
  const rank = (text: string) => {
    const at = fold(text).indexOf(sought);
    return at < 0 ? 3 : fold(text) === sought ? 0 : at === 0 ? 1 : 2;
  };
  const ranks = texts.map(rank);
  const found = texts.map((_, i) => i).filter((i) => (ranks[i] as number) < 3);
  return found.sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
}

function fold(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
}

/** Too few rows for a rate, yet not none. */
export function isFew(measure: Measure): boolean {
  return measure.n < MIN_N;
}
