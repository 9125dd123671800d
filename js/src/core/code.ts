/** A selection as the Python expression that restores it; `code.py` writes the same. */

import type { CellClause, ColumnClause } from "./selection.ts";
import type { Clause, Field, Meta } from "./types.ts";

/** Epoch milliseconds of the years 0 to 9999, which both languages write alike. */
const YEARS = [-62_167_219_200_000, 253_402_300_800_000] as const;

/** Expression for the Evaluation that the user calls `name`. */
export function selectionCode(clauses: readonly Clause[], meta: Meta, name = meta.variable): string {
  const args: string[] = [];
  const columns: string[] = [];
  for (const clause of clauses) {
    if ("codes" in clause) columns.push(column(clause, meta));
    else args.push(...argumentsOf(clause, meta));
  }
  if (columns.length) args.push(`columns={${columns.join(", ")}}`);
  const split = meta.fields.find(({ key }) => key === meta.split?.key);
  const all = split && !clauses.some(({ field }) => field === split.key);
  const cleared = `${name}.selection.clear()${all ? `.clear(${split.python})` : ""}`;
  return args.length ? `${cleared}.where(${args.join(", ")})` : cleared;
}

function argumentsOf(clause: Exclude<Clause, ColumnClause>, meta: Meta): string[] {
  switch (clause.field) {
    case "cell":
      return [...cells(clause, meta), ...outcome(clause)];
    case "slice":
      return [`slice=${oneOrList(clause.names.map(quoted))}`];
    case "confidence":
      return [`confidence=(${clause.low}, ${clause.high})`];
    case "text":
      return [`text=${quoted(clause.contains)}`];
    case "rows":
      return ["rows=mask"];
  }
}

function outcome(clause: CellClause): string[] {
  return clause.outcome === null ? [] : [`correct=${clause.outcome === "correct" ? "True" : "False"}`];
}

/** One rectangle as its sides, several as pairs; `...` is a whole side. */
function cells(clause: CellClause, meta: Meta): string[] {
  const sides = clause.any.map((r) => [side(r.label, meta), side(r.prediction, meta)] as const);
  const [first] = sides;
  if (!first) return [];
  if (sides.length === 1 && (first[0] !== ALL || first[1] !== ALL)) {
    // None would say that the side is not given: a missing class stands in a list.
    const written = (["label", "prediction"] as const).map((name, i) => [name, first[i]] as const);
    return written.flatMap(([name, text]) =>
      text === ALL ? [] : [`${name}=${text === "None" ? "[None]" : text}`],
    );
  }
  return [`cells=[${sides.map(([label, prediction]) => `(${label}, ${prediction})`).join(", ")}]`];
}

const ALL = "...";

function side(codes: readonly number[] | null, meta: Meta): string {
  return codes === null
    ? ALL
    : oneOrList(codes.map((code) => meta.class_python[code] ?? `'${meta.classes[code]}'`));
}

function column(clause: ColumnClause, meta: Meta): string {
  const field = meta.fields.find((f) => f.key === clause.field) as Field;
  const values = [
    ...clause.codes.map((code) => field.levels[code]?.python ?? ""),
    ...clause.intervals.map(([low, high]) => `(${end(low, field)}, ${end(high, field)})`),
  ];
  return `${field.python}: ${oneOrList(values)}`;
}

/** An end of an interval. Times are whole milliseconds, so the next one bounds the same rows. */
function end(value: number, field: Field): string {
  if (field.kind !== "time" || value < YEARS[0] || value >= YEARS[1]) return String(value);
  return `'${new Date(Math.ceil(value)).toISOString().slice(0, -1)}'`;
}

function oneOrList(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? "") : `[${values.join(", ")}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
