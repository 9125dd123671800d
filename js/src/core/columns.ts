/** The columns of the examples: which there are, in what order, how wide. */

import type { Row } from "../store/rows.ts";
import type { GridColumn, Meta } from "./types.ts";

export interface Column {
  key: string;
  name: string;
  kind: GridColumn["kind"] | "row";
  private: boolean;
}

/** A column in its place, in pixels. */
export interface Laid extends Column {
  left: number;
  width: number;
}

/** Below this width the text, label and prediction come first and a text takes two lines. */
export const NARROW = 560;
export const MIN_WIDTH = 48;
const MAX_WIDTH = 220;
const IMAGE_WIDTH = 64;
const LEAST_CLASS = 96;
const MOST_CLASS = 300;
/** What of the width the text has at least, where that leaves the classes enough. */
const textShare = (narrow: boolean): number => (narrow ? 0.4 : 0.32);
const LEAST_TEXT = 140;
const SAMPLE = 100;

/** All columns in the order in which they are shown first. */
export function columnsOf(meta: Meta, narrow: boolean): Column[] {
  const row: Column = { key: "row", name: "#", kind: "row", private: false };
  const own = meta.columns.map(
    ({ key, name, kind, private: secret }): Column => ({ key, name, kind, private: secret }),
  );
  return narrow ? [...own, row] : [row, ...own];
}

/** Whether a column is one of the user's own. */
export function isMetadata(column: { key: string }): boolean {
  return /^c\d+$/.test(column.key);
}

/** The columns of classes: the label, and the prediction where there is a model. */
export function sidesOf(meta: Meta): { key: "label" | "prediction"; name: string }[] {
  return meta.columns.filter((column) => column.kind === "label") as ReturnType<typeof sidesOf>;
}

/** Whether a column's values stand at its end. */
export function isNumeric(column: Column): boolean {
  return column.kind === "number" || column.kind === "row";
}

/** The columns in an order that the user chose; columns that it does not name come where they were. */
export function inOrder(columns: readonly Column[], order: readonly string[] | null): Column[] {
  if (!order) return [...columns];
  const rank = new Map(order.map((key, i) => [key, i]));
  return columns
    .map((column, i) => ({ column, at: rank.get(column.key) ?? order.length + i }))
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column);
}

/** The order with one column put before or after another one. */
export function reordered(keys: readonly string[], key: string, to: number): string[] {
  const rest = keys.filter((k) => k !== key);
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), key, ...rest.slice(at)];
}

/** How a value reads in a cell of its column; null where it is missing. */
export function shownValue(row: Row, column: Column, meta: Meta): string | null {
  switch (column.key) {
    case "row":
      return String(row.row);
    case "label":
    case "prediction":
      return meta.classes[row[column.key]] ?? "";
    case "confidence":
      return row.confidence === null ? null : probabilityText(row.confidence);
    case "score":
      return typeof row.score === "number" ? numberText(row.score) : null;
    default:
      return valueText(row.values[column.key] ?? null, column.kind);
  }
}

/** A value as a cell writes it. */
export function valueText(value: string | number | boolean | null, kind: Column["kind"]): string | null {
  if (value === null) return null;
  if (typeof value === "number") return numberText(value);
  return kind === "time" ? String(value).replace(/ 00:00:00$/, "") : String(value);
}

/** Six digits; whole numbers as they are. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** `0.943`; 1 and 0 stand for themselves alone. */
export function probabilityText(value: number): string {
  return (value > 0 && value < 1 ? Math.min(0.999, Math.max(0.001, value)) : value).toFixed(3);
}

/** Whether a value is an image that the kernel made: nothing else is ever shown as one. */
export function isImage(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("data:image/png;base64,");
}

/** Whether a value is a sound that the kernel made: nothing else is ever played. */
export function isSound(value: unknown): value is string {
  return typeof value === "string" && /^data:audio\/[a-z0-9]+;base64,/.test(value);
}

/** Whether a column's values are seen or heard, and neither sorted nor written. */
export function isMedia({ kind }: Pick<Column, "kind">): boolean {
  return kind === "image" || kind === "audio";
}

/** Widths that suit the head and the values of a few rows; `measure` gives the width of a text. */
export function naturalWidths(
  columns: readonly Column[],
  rows: readonly Row[],
  meta: Meta,
  measure: (text: string) => number,
): Record<string, number> {
  const widths: Record<string, number> = {};
  for (const column of columns) {
    if (column.kind === "image") {
      widths[column.key] = IMAGE_WIDTH;
      continue;
    }
    const lengths = rows
      .slice(0, SAMPLE)
      .map((row) => measure((shownValue(row, column, meta) ?? "").slice(0, 60)));
    const most = lengths.sort((a, b) => a - b)[Math.floor(0.95 * (lengths.length - 1))] ?? 40;
    const chip = column.kind === "label";
    const extra = chip ? 44 : column.kind === "probability" ? 62 : 22;
    const head = measure(column.name.slice(0, 40)) + 30;
    widths[column.key] = Math.ceil(
      Math.min(chip ? MOST_CLASS : MAX_WIDTH, Math.max(MIN_WIDTH, head, most + extra)),
    );
  }
  return widths;
}

/** The columns side by side: the text takes the room that is left, or none does and they scroll. */
export function layOut(
  columns: readonly Column[],
  natural: Readonly<Record<string, number>>,
  chosen: Readonly<Record<string, number>>,
  text: string | null,
  width: number,
): Laid[] {
  const flexible = columns.find((c) => c.key === text && chosen[c.key] === undefined);
  const fixed = columns.filter((c) => c !== flexible);
  const narrow = width < NARROW;
  // Where it is narrow only label and prediction have to fit beside the text.
  const beside = narrow ? fixed.filter((c) => c.kind === "label") : fixed;
  const sum = (some: readonly Column[], cap: number): number =>
    some.reduce((total, c) => total + widthOf(c, natural, chosen, cap), 0);
  const classes = beside.filter((c) => c.kind === "label" && chosen[c.key] === undefined);
  const share =
    ((1 - textShare(narrow)) * width -
      sum(
        beside.filter((c) => !classes.includes(c)),
        0,
      )) /
    classes.length;
  const cap = Math.max(LEAST_CLASS, Math.min(MOST_CLASS, Math.floor(share)));
  const left = width - sum(beside, cap);
  const room = Math.floor(left >= LEAST_TEXT ? left : Math.max(LEAST_TEXT, textShare(narrow) * width));
  const spare = flexible ? 0 : Math.max(0, width - sum(fixed, cap)) / columns.length;
  let at = 0;
  return columns.map((column) => {
    const own = widthOf(column, natural, chosen, cap);
    // Without a text to fill the view the other columns share what is left, within reason.
    const grown = chosen[column.key] === undefined && column.kind !== "row" ? Math.min(spare, 40) : 0;
    const laid = { ...column, left: at, width: column === flexible ? room : Math.floor(own + grown) };
    at += laid.width;
    return laid;
  });
}

function widthOf(
  column: Column,
  natural: Readonly<Record<string, number>>,
  chosen: Readonly<Record<string, number>>,
  cap: number,
): number {
  const own = natural[column.key] ?? 90;
  return chosen[column.key] ?? (column.kind === "label" ? Math.min(own, cap) : own);
}
