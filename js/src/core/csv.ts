/** Rows as text to take away, made in the browser from saved rows; twin of `export.py`. */

import type { Row } from "../store/rows.ts";
import { isMedia, isMetadata, sidesOf } from "./columns.ts";
import type { Meta } from "./types.ts";

/** First characters that make a spreadsheet take text for a formula (OWASP ASVS 1.2.10). */
const TRIGGERS = "=+-@\t\r\0＝＋－＠";

/** Comma-separated, or tab-separated to paste; text that a spreadsheet would take for a formula gets an apostrophe. */
export function rowsAsText(rows: readonly Row[], meta: Meta, format: "csv" | "text"): string {
  const separator = format === "csv" ? "," : "\t";
  const own = meta.columns.filter((column) => isMetadata(column) && !isMedia(column));
  const sides = sidesOf(meta);
  const head = ["row", ...sides.map((side) => side.name)];
  if (meta.confidence) head.push("confidence");
  if (meta.score !== null) head.push(meta.score);
  const lines = [[...head, ...own.map((c) => c.name)].map(safe)];
  for (const row of rows) {
    const line = [String(row.row), ...sides.map((side) => classText(row[side.key], meta))];
    if (meta.confidence) line.push(number(row.confidence));
    if (meta.score !== null) line.push(number(row.score ?? null));
    for (const column of own) line.push(field(row.values[column.key] ?? null, column.kind === "number"));
    lines.push(line);
  }
  return lines.map((line) => `${line.map((text) => quoted(text, separator)).join(separator)}\r\n`).join("");
}

/** Text that no spreadsheet takes for a formula. */
export function safe(text: string): string {
  return text !== "" && TRIGGERS.includes(text.charAt(0)) ? `'${text}` : text;
}

function classText(code: number, meta: Meta): string {
  if (code === meta.missing) return "";
  const text = meta.classes[code] ?? "";
  return isNumber(meta.class_python[code] ?? "") ? text : safe(text);
}

/** Whole numbers that are too large for JSON are saved as text. */
function field(value: string | number | boolean | null, numeric: boolean): string {
  if (value === null || typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return numeric && isNumber(value) ? value : safe(value);
}

function number(value: number | null): string {
  return value === null ? "" : String(value);
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+(\.\d*)?(e[-+]?\d+)?|inf)$/i.test(text);
}

function quoted(text: string, separator: string): string {
  const special =
    text.includes('"') || text.includes("\n") || text.includes("\r") || text.includes(separator);
  return special ? `"${text.replaceAll('"', '""')}"` : text;
}
