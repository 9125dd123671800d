/** Numbers and clauses as the interface writes them. */

import type { Clause, Field, Measure, Meta } from "./types.ts";

const THOUSANDS = ["", "K", "M", "B", "T"];

/** `12,431`. By hand, as the next, since `Intl` takes a millisecond for a hundred numbers. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `12.4K`: a count in so many digits that matter. */
export function compact(n: number, digits = 3): string {
  const rounded = Number(n.toPrecision(digits));
  const power = Math.floor(Math.log10(Math.max(rounded, 1)) / 3 + 1e-9);
  return `${rounded / 1000 ** power}${THOUSANDS[power]}`;
}

/** `3,080 examples`, `1 example`. */
export function amount(n: number, one = "example", many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** `88.8 %`; an em dash where there is no value. */
export function percent(value: number | null): string {
  return value === null ? "—" : `${tenths(value)} %`;
}

/** `[87.7, 89.9]` in per cent; nothing where there is no interval. */
export function interval(measure: Measure): string {
  const { low, high } = measure;
  return low === null || high === null ? "" : `[${tenths(low)}, ${tenths(high)}]`;
}

/** `0.953`; an em dash where there is no value. */
export function ratio(value: number | null): string {
  return value === null ? "—" : value.toFixed(3);
}

/** `[0.940, 0.966]`; nothing where there is no interval. */
export function ratioInterval({ low, high }: Measure): string {
  return low === null || high === null ? "" : `[${ratio(low)}, ${ratio(high)}]`;
}

/** `+6.2`, in points. */
export function points(value: number): string {
  const text = tenths(value);
  return value < 0 || text === "0.0" ? text : `+${text}`;
}

/** `+6.2 [3.1, 9.4]`, in points; an em dash where there is no value. */
export function pointsInterval(measure: Measure): string {
  return measure.value === null ? "—" : `${points(measure.value)} ${interval(measure)}`.trimEnd();
}

/** `0.85`: the end of a bin, without noise from binary fractions. */
export function edge(value: number): string {
  const text = String(Number(value.toFixed(4)));
  return /\.\d\d/.test(text) ? text : value.toFixed(2);
}

/** `62 KB`. */
export function kilobytes(bytes: number): string {
  return `${count(Math.max(1, Math.round(bytes / 1024)))} KB`;
}

/** `8.2`: a share in per cent or points with one decimal, and the sign that typography has for less than nothing. */
export function tenths(share: number): string {
  const text = (100 * share).toFixed(1);
  return Number(text) === 0 ? "0.0" : text.replace("-", "−");
}

/** What a clause says on its chip. */
export function clauseText(clause: Clause, meta: Meta): string {
  switch (clause.field) {
    case "cell":
      return cellText(clause, meta);
    case "slice":
      return `slice: ${clause.names.join(" or ")}`;
    case "confidence":
      return `confidence ${short(clause.low)} to ${short(clause.high)}`;
    case "text":
      return `text contains “${clause.contains}”`;
    case "rows":
      return `${amount(clause.count, "row")} ${sourceOf(clause.id, meta)}`;
    default:
      return columnText(clause, meta);
  }
}

/** What a mask is of. */
function sourceOf(id: string, meta: Meta): string {
  const found = meta.findings.find(({ where }) => where.some((clause) => "id" in clause && clause.id === id));
  return found ? `of finding ${found.kind}` : "chosen in Python";
}

/** A level of a field as a slice: `source = vendor-b`, `length 5 to < 10`. */
export function levelText(field: Field, code: number): string {
  const level = field.levels[code];
  return `${field.name}${level?.low == null ? " = " : " "}${level?.text ?? ""}`;
}

function columnText(clause: Extract<Clause, { codes: number[] }>, meta: Meta): string {
  const field = meta.fields.find((f) => f.key === clause.field);
  const values = clause.codes.map((code) => field?.levels[code]?.text ?? "");
  const ranges = clause.intervals.map(
    ([low, high]) => `${endText(low, field?.kind)} to ${endText(high, field?.kind)}`,
  );
  const [first] = clause.codes;
  const binned = first === undefined || field?.levels[first]?.low != null;
  return `${field?.name}${binned ? " " : " = "}${[...values, ...ranges].join(" or ")}`;
}

function endText(value: number, kind: string | undefined): string {
  return kind === "time" ? timeText(value) : short(value);
}

function timeText(value: number): string {
  const text = new Date(value).toISOString().slice(0, 16).replace("T", " ");
  return text.replace(" 00:00", "");
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function cellText(clause: Extract<Clause, { field: "cell" }>, meta: Meta): string {
  const what = clause.outcome === "error" ? "errors" : clause.outcome === "correct" ? "correct" : "";
  const texts = clause.any.map(({ label, prediction }) => {
    const names = (codes: number[]) => codes.map((code) => meta.classes[code] ?? "").join(" or ");
    if (label && prediction) return `label ${names(label)} → predicted ${names(prediction)}`;
    return label ? `label ${names(label)}` : prediction ? `predicted ${names(prediction)}` : "";
  });
  const shown = texts.length > 3 ? [...texts.slice(0, 2), `${texts.length - 2} more cells`] : texts;
  return [what, shown.join(", ")].filter(Boolean).join(", ");
}
