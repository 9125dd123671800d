/** From cells of a matrix to clauses and back. Spans are inclusive; a null side is a whole row or column. */

import type { Axis, Matrix } from "./matrix.ts";
import { kindOf } from "./matrix.ts";
import {
  alignedBins,
  type CellClause,
  clauseOf,
  edgesOf,
  holds,
  toggleCells,
  withClause,
} from "./selection.ts";
import type { Clause, Meta, Rectangle } from "./types.ts";

export type Span = readonly [first: number, last: number];

/** A rectangle of the matrix as shown. */
export interface Area {
  rows: Span | null;
  columns: Span | null;
}

/** The fields that clicks in a matrix set. */
export function fieldsOf(matrix: Matrix): string[] {
  return [...new Set([matrix.rows.field, matrix.columns.field])];
}

/** The clauses after an area was clicked: in place of what was selected, or put in and out of it. */
export function pick(
  clauses: readonly Clause[],
  matrix: Matrix,
  meta: Meta,
  area: Area,
  adding: boolean,
): Clause[] {
  if (matrix.labels) return pickCells(clauses, matrix, area, adding);
  const codes = (axis: Axis, span: Span | null) => {
    const clicked = codesIn(axis, span);
    const chosen = adding && chosenOn(axis, clauses, meta);
    if (!clicked || !chosen) return clicked;
    const held = axis.codes.filter((_, at) => chosen[at]);
    const next = toggled(held, clicked);
    return axis.field === "slice" && next?.length === axis.codes.length ? null : next;
  };
  const [onRows, onColumns] = [codes(matrix.rows, area.rows), codes(matrix.columns, area.columns)];
  if (!canSay(matrix, onRows, onColumns)) return [...clauses];
  const fields = fieldsOf(matrix);
  const bare = fields.reduce((kept, field) => withClause(kept, field, null), [...clauses]);
  const outcome = fields.includes("cell") ? (cellClause(clauses)?.outcome ?? null) : null;
  const kept = outcome ? withClause(bare, "cell", { field: "cell", any: [], outcome }) : bare;
  const sides = [
    [matrix.rows, onRows],
    [matrix.columns, onColumns],
  ] as const;
  const next = sides.reduce((before, [axis, chosen]) => {
    const clause = axisClause(axis, chosen, meta, outcome);
    return clause ? withClause(before, axis.field, clause) : before;
  }, kept);
  const own = (from: readonly Clause[]) => JSON.stringify(fields.map((field) => clauseOf(from, field)));
  return own(next) === own(clauses) ? kept : next;
}

/** The clauses with one outcome put in force, or taken out again; the cells stay. */
export function pickOutcome(clauses: readonly Clause[], outcome: "error" | "correct"): Clause[] {
  const now = cellClause(clauses);
  const any = now?.any ?? [];
  if (now?.outcome !== outcome) return withClause(clauses, "cell", { field: "cell", any, outcome });
  return withClause(clauses, "cell", any.length ? { field: "cell", any, outcome: null } : null);
}

/** Which cells are selected, row-major as shown; null where no clause speaks of them. */
export function maskOf(clauses: readonly Clause[], matrix: Matrix, meta: Meta): Uint8Array | null {
  const [height, width] = [matrix.rows.codes.length, matrix.columns.codes.length];
  const mask = new Uint8Array(height * width);
  if (matrix.labels) {
    const clause = cellClause(clauses);
    if (!clause) return null;
    for (let i = 0; i < mask.length; i++)
      mask[i] = isHeld(clause, matrix, Math.floor(i / width), i % width) ? 1 : 0;
    return mask;
  }
  const rows = chosenOn(matrix.rows, clauses, meta);
  const columns = chosenOn(matrix.columns, clauses, meta);
  if (!rows && !columns) return null;
  for (let i = 0; i < mask.length; i++) {
    mask[i] = (rows?.[Math.floor(i / width)] ?? true) && (columns?.[i % width] ?? true) ? 1 : 0;
  }
  return mask;
}

/** The outline of selected cells, as path data in units of cells. */
export function outlineOf(mask: Uint8Array, width: number): string {
  const height = mask.length / width;
  const inside = (r: number, c: number) =>
    r >= 0 && c >= 0 && r < height && c < width && mask[r * width + c] === 1;
  const runs: string[] = [];
  const trace = (lines: number, length: number, edge: (line: number, i: number) => boolean, draw: Draw) => {
    for (let line = 0; line <= lines; line++) {
      for (let i = 0; i < length; i++) {
        if (!edge(line, i)) continue;
        const start = i;
        while (i + 1 < length && edge(line, i + 1)) i++;
        runs.push(draw(line, start, i + 1));
      }
    }
  };
  trace(
    height,
    width,
    (y, x) => inside(y - 1, x) !== inside(y, x),
    (y, from, to) => `M${from} ${y}H${to}`,
  );
  trace(
    width,
    height,
    (x, y) => inside(y, x - 1) !== inside(y, x),
    (x, from, to) => `M${x} ${from}V${to}`,
  );
  return runs.join("");
}

type Draw = (line: number, from: number, to: number) => string;

function pickCells(clauses: readonly Clause[], matrix: Matrix, area: Area, adding: boolean): Clause[] {
  const now = cellClause(clauses);
  const clicked = rectangleOf(matrix, area);
  if (!clicked) return withClause(clauses, "cell", null);
  if (adding) return withClause(clauses, "cell", addOrTake(now, clicked, matrix));
  const alone = now?.any.length === 1 && JSON.stringify(now.any[0]) === JSON.stringify(clicked);
  if (alone) return withClause(clauses, "cell", null);
  const other = area.rows && area.columns && kindOf(matrix, area.rows[0], area.columns[0]) !== now?.outcome;
  const outcome = other && isCell(area) ? null : (now?.outcome ?? null);
  return withClause(clauses, "cell", { field: "cell", any: [clicked], outcome });
}

/** Shift-click: cells that are all selected are taken out, others are put in. */
function addOrTake(now: CellClause | null, clicked: Rectangle, matrix: Matrix): CellClause | null {
  const whole = now && now.any.length === 0 ? { ...now, any: [{ label: null, prediction: null }] } : now;
  const all = matrix.rows.codes;
  const cells = (clicked.label ?? all).flatMap((a) =>
    (clicked.prediction ?? all).map((b) => [a, b] as const),
  );
  const selected = whole !== null && cells.every(([a, b]) => whole.any.some((r) => holds(r, a, b)));
  if (!selected) return toggleCells(whole, clicked);
  const any = whole.any.flatMap((r) => without(r, clicked, all));
  return any.length ? { ...whole, any } : null;
}

/** What is left of a rectangle when another is cut out of it. */
function without(from: Rectangle, cut: Rectangle, all: readonly number[]): Rectangle[] {
  const labels = from.label ?? all;
  const predictions = from.prediction ?? all;
  const cutLabels = labels.filter((code) => cut.label?.includes(code) ?? true);
  const cutPredictions = predictions.filter((code) => cut.prediction?.includes(code) ?? true);
  if (cutLabels.length === 0 || cutPredictions.length === 0) return [from];
  const keptLabels = labels.filter((code) => !cutLabels.includes(code));
  const keptPredictions = predictions.filter((code) => !cutPredictions.includes(code));
  const rest: Rectangle[] = [];
  if (keptLabels.length) rest.push({ label: keptLabels, prediction: from.prediction });
  if (keptPredictions.length) {
    const narrowed = cutLabels.length === labels.length ? from.label : cutLabels;
    rest.push({ label: narrowed, prediction: keptPredictions });
  }
  return rest;
}

function rectangleOf(matrix: Matrix, area: Area): Rectangle | null {
  const rows = codesIn(matrix.rows, area.rows);
  const columns = codesIn(matrix.columns, area.columns);
  if (!rows && !columns) return null;
  return matrix.labels === "rows"
    ? { label: rows, prediction: columns }
    : { label: columns, prediction: rows };
}

/** Codes of a span, in order; null for the whole side. */
function codesIn(axis: Axis, span: Span | null): number[] | null {
  if (!span) return null;
  const codes = axis.codes.slice(span[0], span[1] + 1);
  return codes.length === axis.codes.length && codes.length > 1 ? null : codes.sort((a, b) => a - b);
}

function isCell({ rows, columns }: Area): boolean {
  return rows?.[0] === rows?.[1] && columns?.[0] === columns?.[1];
}

function isHeld(clause: CellClause, matrix: Matrix, row: number, column: number): boolean {
  if (clause.outcome && kindOf(matrix, row, column) !== clause.outcome) return false;
  const sides = [matrix.rows.codes[row] as number, matrix.columns.codes[column] as number] as const;
  const [label, prediction] = matrix.labels === "rows" ? sides : [sides[1], sides[0]];
  return clause.any.length === 0 || clause.any.some((r) => holds(r, label, prediction));
}

function cellClause(clauses: readonly Clause[]): CellClause | null {
  return clauseOf(clauses, "cell") as CellClause | null;
}

/** Which positions of an axis a selection by columns takes in; null where it says nothing of them. */
function chosenOn(axis: Axis, clauses: readonly Clause[], meta: Meta): boolean[] | null {
  const clause = clauseOf(clauses, axis.field);
  if (!clause) return null;
  if (clause.field === "cell") {
    const side = axis.key === "label" ? "label" : "prediction";
    const lists = clause.any.map((r) => r[side]);
    if (lists.length === 0 || lists.some((codes) => codes === null)) return null;
    return axis.codes.map((code) => lists.some((codes) => codes?.includes(code)));
  }
  if (clause.field === "slice")
    return clause.names.every((name) => name === axis.name) ? axis.codes.map((code) => code === 1) : null;
  if (!("codes" in clause)) return null;
  const field = meta.fields.find((f) => f.key === axis.field);
  const bins = clause.intervals.map(([low, high]) => (field ? alignedBins(edgesOf(field), low, high) : null));
  return axis.codes.map((code) => clause.codes.includes(code) || bins.some((inside) => inside?.[code] === 1));
}

/** Whether clauses can say it: one says "in a slice", never "not in it", and there is one for all slices. */
function canSay({ rows, columns }: Matrix, onRows: number[] | null, onColumns: number[] | null): boolean {
  const isOut = (axis: Axis, codes: number[] | null) => axis.field === "slice" && codes?.includes(0);
  if (isOut(rows, onRows) || isOut(columns, onColumns)) return false;
  return !(rows.field === "slice" && columns.field === "slice" && onRows && onColumns);
}

function toggled(codes: readonly number[], clicked: readonly number[]): number[] | null {
  const all = clicked.every((code) => codes.includes(code));
  const rest = codes.filter((code) => !clicked.includes(code));
  if (all && rest.length) return rest;
  return [...new Set([...codes, ...clicked])].sort((a, b) => a - b);
}

function axisClause(
  axis: Axis,
  codes: number[] | null,
  meta: Meta,
  outcome: CellClause["outcome"],
): Clause | null {
  if (!codes) return null;
  if (axis.key === "label") return { field: "cell", any: [{ label: codes, prediction: null }], outcome };
  if (axis.key === "prediction") return { field: "cell", any: [{ label: null, prediction: codes }], outcome };
  if (axis.field === "slice") return { field: "slice", names: [axis.name] };
  const field = meta.fields.find((f) => f.key === axis.field);
  const bins = codes.filter((code) => typeof field?.levels[code]?.low === "number");
  const intervals = joined(
    bins.map((code) => [field?.levels[code]?.low as number, field?.levels[code]?.high as number]),
  );
  return { field: axis.key as `c${number}`, codes: codes.filter((code) => !bins.includes(code)), intervals };
}

/** Intervals in order, those that touch made one. */
function joined(intervals: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [low, high] of intervals) {
    const last = result.at(-1);
    if (last && last[1] === low) last[1] = high;
    else result.push([low, high]);
  }
  return result;
}
