/** A user's own chart: its rows, and what its parameters select, as clauses and back; twin of `display/charting.py`. */

import { edgesOf } from "./selection.ts";
import type { Clause, Field, Meta, Rectangle } from "./types.ts";

export type Plain = string | number | boolean | null;
export type Row = Record<string, Plain>;
export type Spec = Record<string, unknown>;

export interface ChartField {
  column: string;
  /** The field of the selection: `c3`, or `cell`. */
  key: string;
  channel: string | null;
  kind: Field["kind"];
  side: "label" | "prediction" | null;
  /** Of a column of few values each as the chart has it, and its code. */
  values: [Plain, number][];
}

export interface ChartLink {
  name: string;
  kind: "point" | "interval";
  fields: ChartField[];
}

export interface ChartTable {
  n: number;
  columns: { name: string; kind: "time" | "value"; values: Plain[] }[];
}

/** What the kernel says of a chart. */
export interface Chart {
  id: string;
  spec: Spec;
  title: string;
  about: string;
  notes: string[];
  private: boolean;
  tables: ChartTable[];
  drawn: { name: string; table: number; own: string[] }[];
  links: ChartLink[];
}

/** One entry of the data that Vega-Lite keeps of a selection. */
export interface Picked {
  fields: { field: string; type: string }[];
  values: unknown[];
}

/** Rows as Vega takes them, each a new object: those whose bit is set, or all. */
export function rowsOf({ n, columns }: ChartTable, bits: Uint8Array | null, utc: boolean): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < n; i++) {
    if (bits && !((bits[i >> 3] as number) & (128 >> (i & 7)))) continue;
    const row: Row = {};
    for (const { name, kind, values } of columns) {
      const value = values[i] as Plain;
      row[name] = kind === "time" && value !== null ? toChart(value as number, utc) : value;
    }
    rows.push(row);
  }
  return rows;
}

/** Whether a chart has its times in UTC; else it shows those of the browser's zone. */
export function isUtc(spec: Spec): boolean {
  return JSON.stringify(spec).includes('"utc');
}

/** A time by the wall clock of its column as a moment whose clock reads the same in the chart. */
export function toChart(wall: number, utc: boolean): number {
  if (utc) return wall;
  const at = new Date(wall);
  return new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    at.getUTCMilliseconds(),
  ).getTime();
}

/** The way back. */
export function toWall(moment: number, utc: boolean): number {
  if (utc) return moment;
  const at = new Date(moment);
  return Date.UTC(
    at.getFullYear(),
    at.getMonth(),
    at.getDate(),
    at.getHours(),
    at.getMinutes(),
    at.getSeconds(),
    at.getMilliseconds(),
  );
}

type Part = { codes: number[]; intervals: [number, number][] };

/**
 * The clauses of what is selected in a chart, by field, null where a field has none.
 * Null where clauses cannot say it: several combinations of values of columns that are not all of them, or a drag
 * over a stretch of a column of few values where none of them lies.
 * `whole` tells of a column whether it holds whole numbers alone: an interval then ends at one.
 */
export function clausesOf(
  link: ChartLink,
  picked: Picked[],
  whole: (column: string) => boolean,
  utc: boolean,
): Map<string, Clause | null> | null {
  const found = new Map<string, Clause | null>(link.fields.map(({ key }) => [key, null]));
  if (!picked.length) return found;
  const parts = picked.map((one) => link.fields.map((field) => partOf(field, one, whole, utc)));
  const all = link.fields.map((_, i) => merged(parts, i));
  const empty = (field: ChartField, i: number) =>
    size(all[i] as Part) === 0 && picked.some((one) => placeIn(one, field) >= 0);
  if (link.fields.some(empty)) return null;
  const sides = link.fields.map(({ side }) => side);
  if (sides.every((side) => side !== null)) {
    const any =
      sides.length > 1 ? parts.map((one) => rectangle(sides, one)) : [rectangle(sides, [merged(parts, 0)])];
    const known = any.every((r) => r.label?.length !== 0 && r.prediction?.length !== 0);
    return known ? found.set("cell", { field: "cell", any, outcome: null }) : null;
  }
  const combinations = all.reduce((n, part) => n * size(part), 1);
  const distinct = new Set(parts.map((one) => JSON.stringify(one))).size;
  if (link.fields.length > 1 && link.kind === "point" && combinations > distinct) return null;
  link.fields.forEach((field, i) => {
    const { codes, intervals } = all[i] as Part;
    if (!size(all[i] as Part)) return;
    if (field.side)
      found.set("cell", { field: "cell", any: [rectangle([field.side], [all[i] as Part])], outcome: null });
    else found.set(field.key, { field: field.key as `c${number}`, codes, intervals });
  });
  return found;
}

function rectangle(sides: readonly (string | null)[], parts: Part[]): Rectangle {
  const of = (side: string): number[] | null => {
    const at = sides.indexOf(side);
    return at < 0 ? null : (parts[at] as Part).codes;
  };
  return { label: of("label"), prediction: of("prediction") };
}

function merged(parts: Part[][], i: number): Part {
  const codes = [...new Set(parts.flatMap((one) => (one[i] as Part).codes))];
  const intervals = new Map(
    parts.flatMap((one) => (one[i] as Part).intervals).map((span) => [span.join(), span]),
  );
  return { codes: codes.sort((a, b) => a - b), intervals: [...intervals.values()] };
}

function size({ codes, intervals }: Part): number {
  return codes.length + intervals.length;
}

/** Where a column stands in what is selected; -1 where nothing is said of it. */
function placeIn({ fields, values }: Picked, { column }: ChartField): number {
  const at = fields.findIndex(({ field }) => field.replaceAll("\\", "") === column);
  return values[at] === undefined ? -1 : at;
}

function partOf(field: ChartField, picked: Picked, whole: (column: string) => boolean, utc: boolean): Part {
  const at = placeIn(picked, field);
  const value = picked.values[at];
  const type = picked.fields[at]?.type ?? "E";
  if (at < 0) return { codes: [], intervals: [] };
  const ranged = type.startsWith("R") && Array.isArray(value);
  const list = (Array.isArray(value) ? value : [value]) as Plain[];
  if (field.kind === "category") {
    if (!ranged) return { codes: codesOf(field, list), intervals: [] };
    const [low, high] = ends(list);
    const inside = (v: Plain) =>
      typeof v === "number" && v >= low && (type === "R-RE" ? v < high : v <= high);
    return { codes: field.values.filter(([v]) => inside(v)).map(([, code]) => code), intervals: [] };
  }
  const wall = (v: Plain): number => (field.kind === "time" ? toWall(Number(v), utc) : Number(v));
  if (!ranged) return { codes: [], intervals: list.map((v) => [wall(v), nextNumber(wall(v))]) };
  const [low, high] = ends(list).map(wall) as [number, number];
  if (type === "R-RE") return { codes: [], intervals: [[low, high]] };
  const round = field.kind === "time" || whole(field.column);
  return { codes: [], intervals: [round ? [Math.ceil(low), Math.floor(high) + 1] : [low, nextNumber(high)]] };
}

function ends(list: Plain[]): [number, number] {
  const numbers = list.map(Number);
  return [Math.min(...numbers), Math.max(...numbers)];
}

function codesOf(field: ChartField, list: Plain[]): number[] {
  return list.flatMap((value) => field.values.filter(([own]) => own === value).map(([, code]) => code));
}

/** The next number. */
export function nextNumber(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const number = new Float64Array(bits.buffer);
  number[0] = value;
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
  return number[0] as number;
}

/** What a parameter of the chart has as its value under the clauses; undefined for nothing, or what it cannot say. */
export function parameterValue(
  link: ChartLink,
  clauses: readonly Clause[],
  meta: Meta,
  utc: boolean,
): unknown {
  const parts = link.fields.map((field) => fieldValues(field, clauses, meta, utc));
  if (link.kind === "interval") {
    const known = link.fields.flatMap(({ channel }, i) =>
      channel && parts[i]?.length ? [[channel, i] as const] : [],
    );
    const spans = known.map(([channel, i]) => [
      channel,
      spanOf(link.fields[i] as ChartField, parts[i] as Plain[][]),
    ]);
    return known.length === link.fields.length && spans.every(([, span]) => span)
      ? Object.fromEntries(spans)
      : undefined;
  }
  if (parts.some((one) => !one?.length || one.some((values) => values.length > 1))) return undefined;
  const [first, ...rest] = link.fields.map(({ column }, i) =>
    (parts[i] as Plain[][]).map(([v]) => ({ [column]: v })),
  );
  return rest.reduce((all, more) => all.flatMap((a) => more.map((b) => ({ ...a, ...b }))), first as Row[]);
}

/** What of a column is selected: single values, and spans [low, high); null where it cannot be said so. */
function fieldValues(
  field: ChartField,
  clauses: readonly Clause[],
  meta: Meta,
  utc: boolean,
): Plain[][] | null {
  const clause = clauses.find((one) => one.field === field.key);
  if (!clause) return null;
  if (clause.field === "cell") {
    if (clause.any.length !== 1 || clause.outcome !== null || !field.side) return null;
    return clause.any[0]?.[field.side]?.map((code) => [valueFor(field, code)]) ?? null;
  }
  if (!("codes" in clause)) return null;
  if (field.kind === "category") return clause.codes.map((code) => [valueFor(field, code)]);
  const own = meta.fields.find(({ key }) => key === field.key);
  const bins = clause.codes.map((code) => [own?.levels[code]?.low, own?.levels[code]?.high]);
  const spans = [...bins, ...clause.intervals];
  if (!own || spans.some((span) => span.some((end) => end == null))) return null;
  const top = edgesOf(own).at(-1);
  const end = (v: number): number => (field.kind === "time" ? toChart(v, utc) : v);
  return spans.map((span) => {
    const [low, high] = span as [number, number];
    return high === nextNumber(low) && high !== top ? [end(low)] : [end(low), end(high)];
  });
}

function valueFor(field: ChartField, code: number): Plain {
  return field.values.find(([, own]) => own === code)?.[0] ?? null;
}

/** Several spans as one, where they lie side by side; the values of a column of few. */
function spanOf(field: ChartField, parts: Plain[][]): Plain[] | null {
  if (field.kind === "category") return parts.map(([value]) => value as Plain);
  const spans = parts
    .map(([low, high]) => [low, high ?? low] as [number, number])
    .sort((a, b) => a[0] - b[0]);
  if (spans.some(([low], i) => i > 0 && low > (spans[i - 1] as [number, number])[1])) return null;
  return [(spans[0] as [number, number])[0], Math.max(...spans.map(([, high]) => high))];
}

/** The spec with the parameters set to what is selected, and with nothing that a page must not obey. */
export function withValues(spec: Spec, values: ReadonlyMap<string, unknown>): Spec {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (part === null || typeof part !== "object") return part;
    const copy = Object.fromEntries(
      Object.entries(part).map(([key, value]) => [
        key,
        key === "datasets" || key === "data" ? value : visit(value),
      ]),
    );
    if ("select" in copy && values.has(String(copy.name))) {
      const value = values.get(String(copy.name));
      if (value === undefined) delete copy.value;
      else copy.value = value;
    }
    return copy;
  };
  return visit(spec) as Spec;
}
