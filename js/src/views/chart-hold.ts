/**
 * Scales of columns, and bins, that stay as they are for all rows: else a colour would change its meaning with each
 * selection, and bars their width. What is computed of the rows in view, such as counts, is scaled anew.
 */

import type { Spec } from "../core/chart.ts";
import type { VegaView } from "./chart-parts.ts";

type Part = Record<string, unknown>;

interface Held {
  /** Name of the signal that holds. */
  signal: string;
  /** What it holds, when all rows have been drawn. */
  read: (view: VegaView) => unknown;
}

const DISCRETE = ["band", "point", "ordinal", "bin-ordinal"];
const CUT = /^(bin_|year|quarter|month|week|day|date|hours|minutes|seconds|utc)/;

/** Prepares a Vega spec; what is returned is called once all rows are drawn. */
export function holding(spec: Spec, columns: ReadonlySet<string>): (view: VegaView) => void {
  const held: Held[] = [];
  const hold = (read: Held["read"]): string => {
    const signal = `od_hold_${held.length}`;
    held.push({ signal, read });
    return signal;
  };
  for (const scale of list(spec.scales)) {
    if (!stays(scale, columns)) continue;
    const signal = hold((view) => view.scale(String(scale.name)).domain());
    const own = (scale.domainRaw as Part | undefined)?.signal;
    scale.domainRaw = { signal: own ? `(${own}) || ${signal}` : signal };
  }
  for (const data of list(spec.data)) {
    for (const transform of list(data.transform)) {
      const extent = (transform.extent as Part | undefined)?.signal;
      if (transform.type !== "bin" || typeof extent !== "string" || !/^\w+$/.test(extent)) continue;
      const signal = hold((view) => view.signal(extent));
      transform.extent = { signal: `${signal} || ${extent}` };
    }
  }
  spec.signals = [...list(spec.signals), ...held.map(({ signal }) => ({ name: signal, value: null }))];
  return (view) => {
    const values = held.map(({ read }) => read(view));
    held.forEach(({ signal }, i) => {
      view.signal(signal, values[i]);
    });
  };
}

function list(value: unknown): Part[] {
  return Array.isArray(value) ? value : [];
}

function stays(scale: Part, columns: ReadonlySet<string>): boolean {
  const domain = scale.domain as Part | undefined;
  if (!domain || Array.isArray(domain) || "signal" in domain) return false;
  if (DISCRETE.includes(String(scale.type))) return true;
  const fields = list(domain.fields ?? [domain]).flatMap((one) =>
    typeof one === "string" ? one : one.field,
  );
  return (
    fields.length > 0 &&
    fields.every((field) => typeof field === "string" && (columns.has(field) || CUT.test(field)))
  );
}

const WORD = /^[a-z-]+$/;

/** Takes out of a Vega spec what would lead out of the page: links, and cursors, which may be pictures at an address. */
export function tame(part: unknown): void {
  if (Array.isArray(part)) part.forEach(tame);
  else if (part !== null && typeof part === "object") {
    const own = part as Part;
    delete own.href;
    if (own.cursor !== undefined && !plain(own.cursor)) delete own.cursor;
    for (const [key, value] of Object.entries(own)) if (key !== "values") tame(value);
  }
}

function plain(cursor: unknown): boolean {
  if (typeof cursor === "string") return WORD.test(cursor);
  if (Array.isArray(cursor)) return cursor.every(plain);
  const value = (cursor as Part | null)?.value;
  return typeof value === "string" && WORD.test(value);
}
