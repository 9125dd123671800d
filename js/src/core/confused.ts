/** Which of many classes are taken for which others: the pairs that occur, no matrix. */

import { logitLimits, MIN_N, share, unknown } from "./intervals.ts";
import type { Codes, Tile } from "./tiles.ts";
import type { Measure, Meta } from "./types.ts";

/** A label, and the class that was predicted instead, by their codes. */
export interface Pair {
  label: number;
  prediction: number;
  n: number;
  /** Of the rows of that label. */
  share: Measure;
}

export interface Confused {
  /** The most frequent first; all of them, or those that stand out. */
  pairs: Pair[];
  /** How many there are, and how many errors they hold. */
  total: number;
  errors: number;
}

/** As the kernel and a saved view tell them: label, prediction, and the rows of the pair and of the label. */
export interface Told {
  pairs: [label: number, prediction: number, part: number[], whole: number[], effect: number | null][];
  total: number;
  errors: number;
}

/** The cells that occur, in the order of their place in the matrix, and how often; weights behind the counts. */
export interface Cells {
  label: Uint32Array;
  prediction: Uint32Array;
  sums: Float64Array[];
}

type Entries = { tile: Tile; kept: Uint32Array | null };

/** Add up the entries of a tile by cell. */
export function cellsOf({ tile, kept }: Entries, meta: Meta): Cells {
  const k = meta.classes.length;
  const [labels, predictions] = ["label", "prediction"].map((dim) => tile.codes[tile.dims.indexOf(dim)]);
  const values = [tile.n, ...(meta.weighted ? [tile.sums?.w, tile.sums?.ww] : [])] as Codes[];
  const length = kept?.length ?? tile.n.length;
  const places = new Map<number, number>();
  const keys: number[] = [];
  const sums = values.map(() => [] as number[]);
  for (let j = 0; j < length; j++) {
    const i = kept ? (kept[j] as number) : j;
    const key = (labels?.[i] as number) * k + (predictions?.[i] as number);
    let at = places.get(key);
    if (at === undefined) {
      at = keys.length;
      places.set(key, at);
      keys.push(key);
      for (const own of sums) own.push(0);
    }
    for (let v = 0; v < values.length; v++) {
      const own = sums[v] as number[];
      own[at] = (own[at] as number) + (values[v]?.[i] as number);
    }
  }
  return {
    label: Uint32Array.from(keys, (key) => Math.floor(key / k)),
    prediction: Uint32Array.from(keys, (key) => key % k),
    sums: sums.map((own) => Float64Array.from(own)),
  };
}

/** The confusions among the cells; with `about` those alone that one of these classes is in. */
export function confusedIn(
  cells: Cells,
  meta: Meta,
  about: (label: number, prediction: number) => boolean,
): Confused {
  const totals = cells.sums.map((own) => byClass(cells.label, own, meta.classes.length));
  const pairs: Pair[] = [];
  let errors = 0;
  cells.label.forEach((label, i) => {
    const prediction = cells.prediction[i] as number;
    if (label === prediction || label === meta.missing || !about(label, prediction)) return;
    const part = cells.sums.map((own) => own[i] as number);
    const whole = totals.map((own) => own[label] as number);
    pairs.push({
      label,
      prediction,
      n: part[0] as number,
      share: share(part, whole, meta.groups ? Infinity : 1),
    });
    errors += part[0] as number;
  });
  return { pairs: pairs.sort((a, b) => b.n - a.n), total: pairs.length, errors };
}

/** What was told, as it is shown. */
export function heard({ pairs, total, errors }: Told): Confused {
  const shown = pairs.map(([label, prediction, part, whole, effect]) => ({
    label,
    prediction,
    n: part[0] as number,
    share: share(part, whole, effect ?? Infinity),
  }));
  return { pairs: shown.sort((a, b) => b.n - a.n), total, errors };
}

/**
 * The pairs whose share of the label is largest for sure: by the lower end of its interval, so 1 of 1 is not first.
 * Behind them, by the share, are those that groups of rows leave without an interval.
 */
export function surest(pairs: readonly Pair[]): Pair[] {
  const rank = ({ share: { low, value } }: Pair) => low ?? (value as number) - 2;
  return pairs.filter((pair) => pair.share.value !== null).sort((a, b) => rank(b) - rank(a));
}

/** The mean of F1 over the classes that occur as a label; twin of `macro_f1` in `stats/classification.py`. */
export function macroF1Of(cells: Cells, meta: Meta, effect = 1): Measure {
  const method = "delta method (logit)";
  const k = meta.classes.length;
  const judged = cells.label.map((label) => (label === meta.missing ? 0 : 1));
  const sums = cells.sums.map((own) => own.map((value, i) => value * (judged[i] as number)));
  const [counts, w = counts, ww = w] = sums as [Float64Array, Float64Array?, Float64Array?];
  const rows = byClass(cells.label, counts, k);
  const n = counts.reduce((a, b) => a + b, 0);
  const labelled = byClass(cells.label, w, k);
  const predicted = byClass(cells.prediction, w, k);
  const right = (i: number) => cells.label[i] === cells.prediction[i];
  const hits = byClass(
    cells.label,
    w.map((value, i) => (right(i) ? value : 0)),
    k,
  );
  const classes = Array.from(labelled.keys()).filter((c) => (labelled[c] as number) > 0);
  if (n < MIN_N || !classes.length) return unknown(n, method);
  const both = labelled.map((value, c) => value + (predicted[c] as number) || 1);
  const score = labelled.map((value, c) => (value > 0 ? (2 * (hits[c] as number)) / (both[c] as number) : 0));
  const value = score.reduce((a, b) => a + b, 0) / classes.length;
  const part = score.map((s, c) => s / (both[c] as number));
  let variance = 0;
  cells.label.forEach((label, i) => {
    const slope = right(i) && (labelled[label] as number) > 0 ? 2 / (both[label] as number) : 0;
    const gradient = slope - (part[label] as number) - (part[cells.prediction[i] as number] as number);
    variance += (ww[i] as number) * gradient * gradient;
  });
  if (classes.some((c) => (rows[c] as number) < MIN_N) || variance === 0 || !Number.isFinite(effect))
    return { value, low: null, high: null, n, method };
  const [low, high] = logitLimits(value, Math.sqrt(effect * variance) / classes.length);
  return { value, low, high, n, method };
}

function byClass(codes: Uint32Array, values: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  codes.forEach((code, i) => {
    sums[code] = (sums[code] as number) + (values[i] as number);
  });
  return sums;
}
