/** The selection as a list of clauses, at most one a field; pure functions over it. */

import type { CodeFilter } from "./tiles.ts";
import { GRID_CLASSES, sizeOf } from "./tiles.ts";
import type { Clause, Field, Meta, Rectangle } from "./types.ts";
import { CONFIDENCE_BINS } from "./types.ts";

export type CellClause = Extract<Clause, { field: "cell" }>;
export type ColumnClause = Extract<Clause, { codes: number[] }>;

/** The clauses with one field's replaced, or dropped where `clause` is null. */
export function withClause(clauses: readonly Clause[], field: string, clause: Clause | null): Clause[] {
  const kept = clauses.filter((c) => c.field !== field);
  return clause ? [...kept, clause] : kept;
}

/** The clause of a field, or null. */
export function clauseOf(clauses: readonly Clause[], field: string): Clause | null {
  return clauses.find((c) => c.field === field) ?? null;
}

/** The clauses on the split: one, or none where all rows are shown. */
export function splitOf(clauses: readonly Clause[], { split }: Meta): Clause[] {
  return clauses.filter(({ field }) => field === split?.key);
}

/** Whether two selections are the same. */
export function sameClauses(a: readonly Clause[], b: readonly Clause[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const filters = new WeakMap<Meta, WeakMap<Clause, CodeFilter | null>>();

/** A clause as a filter over codes, or null where codes do not know the answer; the same one for the same clause. */
export function filterOf(clause: Clause, meta: Meta): CodeFilter | null {
  const known = filters.get(meta) ?? new WeakMap<Clause, CodeFilter | null>();
  filters.set(meta, known);
  let found = known.get(clause);
  if (found === undefined) {
    found = newFilter(clause, meta);
    known.set(clause, found);
  }
  return found;
}

function newFilter(clause: Clause, meta: Meta): CodeFilter | null {
  switch (clause.field) {
    case "cell":
      return cellFilter(clause, meta);
    case "slice":
      return sliceFilter(clause.names, meta);
    case "confidence":
      return confidenceFilter(clause.low, clause.high);
    case "text":
    case "rows":
      return null;
    default:
      return columnFilter(clause, meta);
  }
}

/** The bin of a confidence, as Python finds it: edge i/200 is in the bin that it begins, the last bin is closed. */
export function confidenceCode(confidence: number | null): number {
  if (confidence === null) return CONFIDENCE_BINS;
  let bin = Math.floor(confidence * CONFIDENCE_BINS);
  if (confidence < bin / CONFIDENCE_BINS) bin -= 1;
  if (confidence >= (bin + 1) / CONFIDENCE_BINS) bin += 1;
  return Math.min(CONFIDENCE_BINS - 1, bin);
}

function cellFilter(clause: CellClause, meta: Meta): CodeFilter {
  const k = meta.classes.length;
  const dims = ["label", "prediction"];
  const inside = (label: number, prediction: number) =>
    (clause.any.length === 0 || clause.any.some((r) => holds(r, label, prediction))) &&
    hasOutcome(clause.outcome, label, prediction, meta.missing);
  if (k > GRID_CLASSES) {
    const allowed = (place: number) => inside(Math.floor(place / k), place % k);
    return { dims, sizes: [k, k], allowed };
  }
  const allowed = new Uint8Array(k * k);
  for (let label = 0; label < k; label++) {
    for (let prediction = 0; prediction < k; prediction++) {
      if (inside(label, prediction)) allowed[label * k + prediction] = 1;
    }
  }
  return { dims, sizes: [k, k], allowed };
}

/** Whether a rectangle of the matrix holds a cell. */
export function holds(rectangle: Rectangle, label: number, prediction: number): boolean {
  return (
    (rectangle.label === null || rectangle.label.includes(label)) &&
    (rectangle.prediction === null || rectangle.prediction.includes(prediction))
  );
}

function hasOutcome(
  outcome: CellClause["outcome"],
  label: number,
  prediction: number,
  missing: number | null,
): boolean {
  if (outcome === null) return true;
  return label !== missing && (label === prediction) === (outcome === "correct");
}

const MAX_SLICE_DIMS = 12;

function sliceFilter(names: readonly string[], meta: Meta): CodeFilter | null {
  const distinct = [...new Set(names)];
  const dims = distinct.flatMap((name) => meta.slices.filter((s) => s.name === name).map((s) => s.key));
  if (dims.length < distinct.length || dims.length > MAX_SLICE_DIMS) return null;
  const allowed = new Uint8Array(2 ** dims.length).fill(1);
  allowed[0] = 0;
  return { dims, sizes: dims.map(() => 2), allowed };
}

function confidenceFilter(low: number, high: number): CodeFilter | null {
  const edges = Array.from({ length: CONFIDENCE_BINS + 1 }, (_, i) => i / CONFIDENCE_BINS);
  const bins = alignedBins(edges, low, high);
  return (
    bins && { dims: ["confidence"], sizes: [CONFIDENCE_BINS + 1], allowed: Uint8Array.from([...bins, 0]) }
  );
}

function columnFilter(clause: ColumnClause, meta: Meta): CodeFilter | null {
  const field = meta.fields.find((f) => f.key === clause.field);
  if (!field) return null;
  const allowed = new Uint8Array(sizeOf(meta, field.key));
  for (const code of clause.codes) allowed[code] = 1;
  for (const [low, high] of clause.intervals) {
    const bins = alignedBins(edgesOf(field), low, high);
    if (!bins) return null;
    bins.forEach((inside, i) => {
      if (inside) allowed[i] = 1;
    });
  }
  return { dims: [field.key], sizes: [allowed.length], allowed };
}

/** Edges of a field's bins: one more than there are bins. */
export function edgesOf(field: Field): number[] {
  const bins = field.levels.filter((level) => level.low !== null && level.high !== null);
  return bins.length ? [bins[0]?.low as number, ...bins.map((level) => level.high as number)] : [];
}

/** Which bins an interval holds, or null where one of its ends cuts a bin. */
export function alignedBins(edges: readonly number[], low: number, high: number): number[] | null {
  const start = edges[0];
  const end = edges[edges.length - 1];
  if (start === undefined || end === undefined || edges.length < 2) return null;
  const outside = low > end || high < start;
  const first = outside ? 0 : edges.indexOf(Math.max(low, start));
  const last = outside ? 0 : edges.indexOf(Math.min(high, end));
  // An interval that begins at the maximum holds that value alone, which is a part of the last bin.
  if (first < 0 || last < 0 || low === end) return null;
  return Array.from({ length: edges.length - 1 }, (_, i) => (i >= first && i < last ? 1 : 0));
}

/** Put a cell rectangle in or out of the cell clause, as shift-click does; null when nothing is left. */
export function toggleCells(clause: CellClause | null, rectangle: Rectangle): CellClause | null {
  const any = clause?.any ?? [];
  const same = any.findIndex((r) => JSON.stringify(r) === JSON.stringify(rectangle));
  const next = same >= 0 ? any.filter((_, i) => i !== same) : [...any, rectangle];
  return next.length ? { field: "cell", any: next, outcome: clause?.outcome ?? null } : null;
}
