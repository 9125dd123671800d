/**
 * Measures of a classifier from its confusion matrix; twin of `stats/classification.py`.
 *
 * A confusion is its cells row by row: rows are labels, columns predictions. Rows whose label is `missing` are
 * not judged; a missing prediction of a labelled row is an error.
 */

import { logitLimits, MIN_N, share, unknown, wilsonLimits } from "./intervals";
import type { Measure } from "./types";

const DELTA = "delta method (logit)";
const OVERLAP = "Wilson on TP / (TP + FP + FN)";

/** Counts of the cells row by row; behind them sums of the weights and of their squares, where rows have weights. */
type Confusion = readonly ArrayLike<number>[];

/** Hits, rows labelled so and judged rows predicted so, by class; the missing class has none. */
interface Margins {
  size: number;
  hits: Float64Array;
  labelled: Float64Array;
  predicted: Float64Array;
}

/** The share of the judged rows that is predicted right. */
export function accuracy(confusion: Confusion, missing: number | null = null, effect = 1): Measure {
  const all = margins(confusion, missing);
  return share(
    all.map(({ hits }) => sum(hits)),
    all.map(({ labelled }) => sum(labelled)),
    effect,
  );
}

/** The share of the rows of a class that is found. */
export function recall(
  confusion: Confusion,
  klass: number,
  missing: number | null = null,
  effect = 1,
): Measure {
  const all = margins(confusion, missing);
  return share(
    all.map(({ hits }) => at(hits, klass)),
    all.map(({ labelled }) => at(labelled, klass)),
    effect,
  );
}

/** The share of the rows predicted as a class that is of that class. */
export function precision(
  confusion: Confusion,
  klass: number,
  missing: number | null = null,
  effect = 1,
): Measure {
  const all = margins(confusion, missing);
  if (klass === missing) return unknown(0, "Wilson");
  return share(
    all.map(({ hits }) => at(hits, klass)),
    all.map(({ predicted }) => at(predicted, klass)),
    effect,
  );
}

/** The harmonic mean of recall and precision of a class that occurs as a label; n is TP + FP + FN. */
export function f1(confusion: Confusion, klass: number, missing: number | null = null, effect = 1): Measure {
  const all = margins(confusion, missing);
  const hits = all.map((one) => at(one.hits, klass));
  const union = all.map((one, i) => at(one.labelled, klass) + at(one.predicted, klass) - (hits[i] as number));
  const n = union[0] as number;
  if (at((all[0] as Margins).labelled, klass) === 0) return unknown(klass === missing ? 0 : n, OVERLAP);
  const overlap = share(hits, union, effect);
  const more = effect !== 1 ? ", n by groups" : all.length > 1 ? ", effective n" : "";
  const method = OVERLAP + more;
  if (overlap.value === null) return unknown(n, method);
  return {
    value: ofOverlap(overlap.value),
    low: overlap.low === null ? null : ofOverlap(overlap.low),
    high: overlap.high === null ? null : ofOverlap(overlap.high),
    n,
    method,
  };
}

/**
 * The mean of F1 over the classes that occur as a label, one that is never predicted counting as 0. The interval
 * is given only if each of them has ten labelled rows or more.
 */
export function macroF1(confusion: Confusion, missing: number | null = null, effect = 1): Measure {
  const all = margins(confusion, missing);
  const rows = all[0] as Margins;
  const { size, hits, labelled, predicted } = all[1] ?? rows;
  const n = sum(rows.labelled);
  if (n < MIN_N) return unknown(n, DELTA);
  const classes = Array.from(labelled.keys()).filter((klass) => at(labelled, klass) > 0);
  const slope = new Float64Array(size);
  const part = new Float64Array(size);
  let total = 0;
  for (const klass of classes) {
    const both = at(labelled, klass) + at(predicted, klass);
    const score = (2 * at(hits, klass)) / both;
    slope[klass] = 2 / both;
    part[klass] = score / both;
    total += score;
  }
  const value = total / classes.length;
  if (effect === Infinity || classes.some((klass) => at(rows.labelled, klass) < MIN_N)) {
    return { value, low: null, high: null, n, method: DELTA };
  }
  const squares = confusion[2] ?? confusion[0];
  let variance = 0;
  for (const row of classes) {
    for (let column = 0; column < size; column++) {
      const gradient = (row === column ? at(slope, row) : 0) - at(part, row) - at(part, column);
      variance += at(squares as ArrayLike<number>, row * size + column) * gradient * gradient;
    }
  }
  const limits =
    variance > 0
      ? logitLimits(value, Math.sqrt(variance * effect) / classes.length)
      : meanLimits(
          classes.map((k) =>
            f1Limits(at(rows.hits, k), at(rows.labelled, k) + at(rows.predicted, k) - at(rows.hits, k)),
          ),
        );
  return { value, low: limits[0], high: limits[1], n, method: DELTA };
}

/** Margins of the rows, and of their weights and the squares of these where there are some. */
function margins(confusion: Confusion, missing: number | null): Margins[] {
  return confusion.map((cells) => marginsOf(cells, missing));
}

function ofOverlap(share: number): number {
  return (2 * share) / (1 + share);
}

function marginsOf(confusion: ArrayLike<number>, missing: number | null): Margins {
  const size = Math.round(Math.sqrt(confusion.length));
  if (size * size !== confusion.length) throw new RangeError("a confusion matrix is square");
  const hits = new Float64Array(size);
  const labelled = new Float64Array(size);
  const predicted = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    if (row === missing) continue;
    hits[row] = at(confusion, row * size + row);
    for (let column = 0; column < size; column++) {
      const n = at(confusion, row * size + column);
      labelled[row] = at(labelled, row) + n;
      predicted[column] = at(predicted, column) + n;
    }
  }
  return { size, hits, labelled, predicted };
}

function f1Limits(hits: number, union: number): [number, number] {
  const [low, high] = wilsonLimits(hits, union);
  return [ofOverlap(low), ofOverlap(high)];
}

function meanLimits(limits: [number, number][]): [number, number] {
  const mean = (side: 0 | 1) => limits.reduce((total, limit) => total + limit[side], 0) / limits.length;
  return [mean(0), mean(1)];
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no class or cell ${index}`);
  return value;
}
