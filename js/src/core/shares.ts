/** Slices before there is a model: how large each is, and which share of it has a label; twin of `views/shares.py`. */

import { type Effects, NO_GROUPS, sliceEffects } from "./effects.ts";
import { gap, newcombe, share } from "./intervals.ts";
import { levelRows, type Measured, ownRow, type SliceRow } from "./slicing.ts";
import type { Meta } from "./types.ts";

/** Counts of a dim by code and label. */
export interface Counts {
  values: Float64Array;
  state: string;
}

/** The classes that rows can have, most frequent first: the missing one is none. */
export function labelsOf(meta: Meta): number[] {
  return meta.order.filter((code) => code !== meta.missing);
}

/** The positive class of two, else the most frequent; null without labels. */
export function usualLabel(meta: Meta): number | null {
  return meta.positive ?? labelsOf(meta)[0] ?? null;
}

/** Every slice against the rest; `label` null compares nothing, and gives the share of the rows. */
export function shareRows(
  meta: Meta,
  label: number | null,
  counts: (key: string, own: string) => Counts,
  effects: Effects | null = NO_GROUPS,
): SliceRow[] {
  const of = (key: string, code: number) => sliceEffects(effects, key, code);
  const fields = meta.fields.flatMap((field) => {
    const counted = counts(field.key, field.key);
    return levelRows(field, (code) =>
      measured(meta, label, counted, field.levels.length, code, of(field.key, code)),
    );
  });
  const own = meta.slices.map((slice) =>
    ownRow(slice, measured(meta, label, counts(slice.key, "slice"), 2, 1, of(slice.key, 1))),
  );
  return [...fields, ...own];
}

function measured(
  meta: Meta,
  label: number | null,
  { values, state }: Counts,
  levels: number,
  code: number,
  [mean, gapEffect]: [number, number],
): Measured {
  const k = meta.classes.length;
  const rows = (level: number, of: number | null): number => {
    if (of !== null) return values[level * k + of] ?? 0;
    let n = 0;
    for (let c = 0; c < k; c++) if (label === null || c !== meta.missing) n += values[level * k + c] ?? 0;
    return n;
  };
  const total = (of: number | null): number =>
    Array.from({ length: levels }, (_, level) => rows(level, of)).reduce((a, b) => a + b, 0);
  const n = rows(code, null);
  if (label === null)
    return { n, rate: share([n], [total(null)], mean), difference: newcombe(n, n, 0, 0), state };
  const part = rows(code, label);
  const rest = [total(label) - part, total(null) - n] as const;
  return {
    n,
    rate: share([part], [n], mean),
    difference: gap([part], [n], [rest[0]], [rest[1]], gapEffect),
    state,
  };
}
