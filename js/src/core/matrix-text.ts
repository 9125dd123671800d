/** What cells, heads and margins of a matrix say: in the cell, to a screen reader, in the tooltip. */

import { format } from "d3-format";
import { count, interval, percent } from "./format.ts";
import { basisOf, countAt, isFew, kindOf, type Matrix, type Mode, rateOf, shareOf } from "./matrix.ts";
import type { Measure } from "./types.ts";

const oneDecimal = format(".1f");
const short = format(".3~s");

export type Side = "rows" | "columns";

/** A value with the word for its side, apart because the value is the user's: `label`, `ham`. */
export type Named = readonly [word: string, value: string];

export interface Tip {
  heading: Named[];
  lines: string[];
}

/** `12,431`, or `12.4k` where that does not fit. */
export function countText(n: number, characters: number): string {
  const whole = count(n);
  return whole.length <= characters ? whole : short(n);
}

/** What stands in a cell; below ten rows no rate, so `3/7`. */
export function cellText(matrix: Matrix, mode: Mode, row: number, column: number, characters: number): string {
  const n = countAt(matrix, row, column);
  if (n === 0) return "";
  if (mode === "counts") return countText(n, characters);
  const share = shareOf(matrix, row, column, mode);
  return share.value === null ? `${n}/${share.n}` : rounded(share.value);
}

/** `38`, `7.1`, `<0.1`: per cent without the sign. */
export function rounded(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "<0.1";
  return value >= 9.95 || value === 0 ? String(Math.round(value)) : oneDecimal(value);
}

/** `label ham, predicted spam, 12 examples, 3.0 % of ham`. */
export function cellName(matrix: Matrix, mode: Mode, row: number, column: number): string {
  const side = basisOf(matrix, mode);
  const n = countAt(matrix, row, column);
  const [word, value] = nameAt(matrix, side, side === "rows" ? row : column);
  const whole = word === "predicted" ? `predicted ${value}` : value;
  const share = shareOf(matrix, row, column, side);
  const part = share.n === 0 ? "" : isFew(share) ? `, ${n} of ${share.n} of ${whole}` : `, ${percent(share.value)} of ${whole}`;
  return `${headName(matrix, "rows", row)}, ${headName(matrix, "columns", column)}, ${examples(n)}${part}`;
}

/** `label ham`. */
export function headName(matrix: Matrix, side: Side, at: number): string {
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
  return `${headName(matrix, side, at)}, ${examples(totalAt(matrix, side, at))} in all`;
}

export function rateWord(matrix: Matrix, side: Side): "recall" | "precision" {
  return side === matrix.labels ? "recall" : "precision";
}

export function totalAt(matrix: Matrix, side: Side, at: number): number {
  return (side === "rows" ? matrix.rowTotals : matrix.columnTotals)[at] ?? 0;
}

/** What the tooltip says of a cell; a null side is a head or a margin. */
export function tipOf(matrix: Matrix, row: number | null, column: number | null): Tip | null {
  if (row !== null && column !== null) return cellTip(matrix, row, column);
  const side = row !== null ? "rows" : "columns";
  const at = row ?? column;
  if (at === null) return null;
  const total = totalAt(matrix, side, at);
  const ofAll = matrix.total ? `, ${percent(total / matrix.total)} of all` : "";
  const lines = [`${examples(total)}${ofAll}`];
  if (matrix.labels) lines.push(rateLine(matrix, side, at));
  return { heading: [nameAt(matrix, side, at)], lines };
}

function cellTip(matrix: Matrix, row: number, column: number): Tip {
  const n = countAt(matrix, row, column);
  const kind = kindOf(matrix, row, column);
  const verdict = n === 0 ? "" : { error: ": errors", correct: ": right", unjudged: ": not judged, no label", plain: "" }[kind];
  const sides = matrix.labels ? { rows: wholeWord(matrix, "rows"), columns: wholeWord(matrix, "columns") } : { rows: "row", columns: "column" };
  const lines = (["rows", "columns"] as const).map((side) =>
    shareLine(shareOf(matrix, row, column, side), n, sides[side]),
  );
  return {
    heading: [nameAt(matrix, "rows", row), nameAt(matrix, "columns", column)],
    lines: [`${examples(n)}${verdict}`, ...lines.filter((line) => line !== "")],
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
  if (code === matrix.missing) return side === matrix.labels ? "without a label: not judged" : "no prediction: an error where there is a label";
  if (rate.value === null) return `${word}: below ten examples no rate`;
  return `${word} ${percent(rate.value)} ${interval(rate)}`;
}

function nameAt(matrix: Matrix, side: Side, at: number): Named {
  return [matrix[side].name, matrix[side].texts[at] ?? ""];
}

function wholeWord(matrix: Matrix, side: Side): string {
  return side === matrix.labels ? "label" : "prediction";
}

/** `1 example`. */
export function examples(n: number): string {
  return `${count(n)} ${n === 1 ? "example" : "examples"}`;
}
