/** A selection as the Python expression that restores it; `code.py` writes the same. */

import type { CellClause, ColumnClause } from "./selection.ts";
import type { Clause, Field, Meta, Rectangle } from "./types.ts";

/** Expression for the Evaluation that the user calls `name`. */
export function selectionCode(clauses: readonly Clause[], meta: Meta, name = meta.variable): string {
  if (clauses.length === 0) return `${name}.selection.clear()`;
  const args: string[] = [];
  const columns: string[] = [];
  for (const clause of clauses) {
    if ("codes" in clause) columns.push(column(clause, meta));
    else args.push(argument(clause, meta));
  }
  if (columns.length) args.push(`columns={${columns.join(", ")}}`);
  return `${name}.selection.clear().where(${args.join(", ")})`;
}

function argument(clause: Exclude<Clause, ColumnClause>, meta: Meta): string {
  switch (clause.field) {
    case "cell":
      return [...cells(clause, meta), ...outcome(clause)].join(", ");
    case "slice":
      return `slice=${oneOrList(clause.names.map(quoted))}`;
    case "confidence":
      return `confidence=(${number(clause.low)}, ${number(clause.high)})`;
    case "text":
      return `text=${quoted(clause.contains)}`;
    case "rows":
      return "rows=mask";
  }
}

function outcome(clause: CellClause): string[] {
  return clause.outcome === null ? [] : [`correct=${clause.outcome === "correct" ? "True" : "False"}`];
}

function cells(clause: CellClause, meta: Meta): string[] {
  const [first] = clause.any;
  if (!first) return [];
  if (clause.any.length === 1) {
    const sides = [
      ["label", first.label],
      ["prediction", first.prediction],
    ] as const;
    return sides.flatMap(([side, codes]) => (codes === null ? [] : [`${side}=${classes(codes, meta)}`]));
  }
  const pairs = clause.any.flatMap((rectangle) => pairsOf(rectangle, meta.classes.length));
  const texts = pairs.map(([a, b]) => `(${meta.class_python[a]}, ${meta.class_python[b]})`);
  return [`cells=[${[...new Set(texts)].join(", ")}]`];
}

function pairsOf(rectangle: Rectangle, size: number): [number, number][] {
  const all = Array.from({ length: size }, (_, i) => i);
  return (rectangle.label ?? all).flatMap((a) => (rectangle.prediction ?? all).map((b): [number, number] => [a, b]));
}

function classes(codes: readonly number[], meta: Meta): string {
  const texts = codes.map((code) => meta.class_python[code] ?? "");
  return texts.length === 1 && texts[0] !== "None" ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}

function column(clause: ColumnClause, meta: Meta): string {
  const field = meta.fields.find((f) => f.key === clause.field) as Field;
  const values = [
    ...clause.codes.map((code) => field.levels[code]?.python ?? ""),
    ...clause.intervals.map(([low, high]) => `(${end(low, field)}, ${end(high, field)})`),
  ];
  return `${field.python}: ${oneOrList(values)}`;
}

function end(value: number, field: Field): string {
  return field.kind === "time" ? `'${new Date(value).toISOString().slice(0, -1)}'` : number(value);
}

function oneOrList(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? "") : `[${values.join(", ")}]`;
}

function number(value: number): string {
  return String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
