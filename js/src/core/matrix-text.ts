/** What cells, heads and margins of a matrix say: in the cell, to a screen reader, in the tooltip. */

import { compact, count, interval, percent } from "./format.ts";
import {
  basisOf,
  countAt,
  isFew,
  kindOf,
  type Matrix,
  type Mode,
  rateOf,
  type Side,
  shareOf,
  totalAt,
} from "./matrix.ts";
import type { Measure } from "./types.ts";

const SIDES = ["rows", "columns"] as const;

/** A value with the word for its side, apart because the value is the user's: `label`, `ham`. */
export type Named = readonly [word: string, value: string];

export interface Tip {
  heading: Named[];
  lines: string[];
}

/** `12,431`, and `12K` for where that does not fit. */
export function countTexts(n: number): string[] {
  return [count(n), compact(n, 2)];
}

/** What stands in a cell, the longest first; below ten rows no rate, so `3/7`. */
export function cellTexts(matrix: Matrix, mode: Mode, row: number, column: number): string[] {
  const n = countAt(matrix, row, column);
  if (mode === "counts") return n ? countTexts(n) : [];
  const share = shareOf(matrix, row, column, mode);
  return [share.value === null ? `${n}/${share.n}` : rounded(share.value)];
}

/** `38`, `7.1`, `<0.1`: per cent without the sign. */
export function rounded(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "<0.1";
  return value >= 9.95 || value === 0 ? String(Math.round(value)) : value.toFixed(1);
}

/** `label ham, predicted spam, 12 examples, 3.0 % of ham`. */
export function cellName(matrix: Matrix, mode: Mode, row: number, column: number): string {
  const side = basisOf(matrix, mode);
  const n = countAt(matrix, row, column);
  const [word, value] = nameAt(matrix, side, side === "rows" ? row : column);
  const whole = word === "predicted" ? `predicted ${value}` : value;
  const share = shareOf(matrix, row, column, side);
  const part =
    share.n === 0
      ? ""
      : isFew(share)
        ? `, ${n} of ${share.n} of ${whole}`
        : `, ${percent(share.value)} of ${whole}`;
  return `${sideName(matrix, "rows", row)}, ${sideName(matrix, "columns", column)}, ${examples(n)}${part}`;
}

/** `label ham`. */
export function sideName(matrix: Matrix, side: Side, at: number): string {
  return nameAt(matrix, side, at).join(" ");
}

/** `recall of ham 91.2 %, 95 % interval 89.0 to 93.1, 120 examples`. */
export function rateName(matrix: Matrix, side: Side, at: number): string {
  const rate = rateOf(matrix, side, at);
  const of = `${rateWord(matrix, side)} of ${nameAt(matrix, side, at)[1]}`;
  if (rate.value === null) return `${of}: no rate below ten examples, ${examples(rate.n)}`;
  const limits = interval(rate).slice(1, -1).replace(", ", " to ");
  return `${of} ${percent(rate.value)}, 95 % interval ${limits}, ${examples(rate.n)}`;
}

export function totalName(matrix: Matrix, side: Side, at: number): string {
  return `${sideName(matrix, side, at)}, ${examples(totalAt(matrix, side, at))} in all`;
}

export function rateWord(matrix: Matrix, side: Side): "recall" | "precision" {
  return side === matrix.labels ? "recall" : "precision";
}

/** What the tooltip says of a place; of heads and margins, what is true of their whole row or column. */
export function tipOf(matrix: Matrix, row: number, column: number): Tip | null {
  const tip = tipAt(matrix, row, column);
  const why = whyNot(matrix, row, column);
  return tip && why ? { ...tip, lines: [...tip.lines, `cannot be selected: ${why}`] } : tip;
}

/** Why a click on a place selects nothing. */
function whyNot({ rows, columns }: Matrix, row: number, column: number): string | null {
  const [onRows, onColumns] = [rows, columns].map((axis) => axis.field === "slice");
  if ((onRows && rows.codes[row] === 0) || (onColumns && columns.codes[column] === 0))
    return "a slice selects what is in it";
  const cell = rows.codes[row] !== undefined && columns.codes[column] !== undefined;
  return onRows && onColumns && cell ? "slices are selected one or the other" : null;
}

function tipAt(matrix: Matrix, row: number, column: number): Tip | null {
  const inRows = matrix.rows.texts[row] !== undefined;
  const inColumns = matrix.columns.texts[column] !== undefined;
  if (inRows && inColumns) return cellTip(matrix, row, column);
  if (!inRows && !inColumns) return null;
  const [side, at] = inRows ? (["rows", row] as const) : (["columns", column] as const);
  const total = totalAt(matrix, side, at);
  const lines = [`${examples(total)}${matrix.total ? `, ${percent(total / matrix.total)} of all` : ""}`];
  if (matrix.labels) lines.push(rateLine(matrix, side, at));
  return { heading: [nameAt(matrix, side, at)], lines };
}

function cellTip(matrix: Matrix, row: number, column: number): Tip {
  const n = countAt(matrix, row, column);
  const kind = kindOf(matrix, row, column);
  const verdicts = {
    error: n === 1 ? ": an error" : ": errors",
    correct: ": right",
    unjudged: ": not judged",
    plain: "",
  };
  const shares = SIDES.map((side) =>
    shareLine(shareOf(matrix, row, column, side), n, wholeWord(matrix, side)),
  );
  return {
    heading: [nameAt(matrix, "rows", row), nameAt(matrix, "columns", column)],
    lines: [`${examples(n)}${n ? verdicts[kind] : ""}`, ...shares.filter(Boolean)],
  };
}

function shareLine(share: Measure, n: number, whole: string): string {
  if (share.n === 0) return "";
  if (isFew(share)) return `${n} of the ${share.n} of this ${whole}: too few for a rate`;
  return `${percent(share.value)} of this ${whole} ${interval(share)}`;
}

function rateLine(matrix: Matrix, side: Side, at: number): string {
  const rate = rateOf(matrix, side, at);
  const word = rateWord(matrix, side);
  const code = matrix[side].codes[at];
  if (code === matrix.missing)
    return side === matrix.labels
      ? "without a label: not judged"
      : "no prediction: an error where there is a label";
  if (rate.value === null) return `${word}: below ten examples no rate`;
  return `${word} ${percent(rate.value)} ${interval(rate)}`;
}

function nameAt(matrix: Matrix, side: Side, at: number): Named {
  return [matrix[side].name, matrix[side].texts[at] ?? ""];
}

function wholeWord({ labels }: Matrix, side: Side): string {
  if (!labels) return side.slice(0, -1);
  return side === labels ? "label" : "prediction";
}

/** `1 example`. */
export function examples(n: number): string {
  return `${count(n)} ${n === 1 ? "example" : "examples"}`;
}
