/**
 * Measures of a classifier from its confusion matrix; twin of `stats/classification.py`.
 *
 * A confusion is its cells row by row: rows are labels, columns predictions. Rows whose label is `missing` are
 * not judged; a missing prediction of a labelled row is an error.
 */

import { logitLimits, MIN_N, unknown, wilson, wilsonLimits } from "./intervals";
import type { Measure } from "./types";

const DELTA = "delta method (logit)";
const OVERLAP = "Wilson on TP / (TP + FP + FN)";

/** Hits, rows labelled so and judged rows predicted so, by class; the missing class has none. */
interface Margins {
  size: number;
  hits: Float64Array;
  labelled: Float64Array;
  predicted: Float64Array;
}

/** The share of the judged rows that is predicted right. */
export function accuracy(confusion: ArrayLike<number>, missing: number | null = null): Measure {
  const { hits, labelled } = margins(confusion, missing);
  return wilson(sum(hits), sum(labelled));
}

/** The share of the rows of a class that is found. */
export function recall(confusion: ArrayLike<number>, klass: number, missing: number | null = null): Measure {
  const { hits, labelled } = margins(confusion, missing);
  return wilson(at(hits, klass), at(labelled, klass));
}

/** The share of the rows predicted as a class that is of that class. */
export function precision(
  confusion: ArrayLike<number>,
  klass: number,
  missing: number | null = null,
): Measure {
  const { hits, predicted } = margins(confusion, missing);
  if (klass === missing) return unknown(0, "Wilson");
  return wilson(at(hits, klass), at(predicted, klass));
}

/** The harmonic mean of recall and precision of a class that occurs as a label; n is TP + FP + FN. */
export function f1(confusion: ArrayLike<number>, klass: number, missing: number | null = null): Measure {
  const { hits, labelled, predicted } = margins(confusion, missing);
  const hit = at(hits, klass);
  const both = at(labelled, klass) + at(predicted, klass);
  const union = both - hit;
  if (at(labelled, klass) === 0) return unknown(klass === missing ? 0 : union, OVERLAP);
  if (union < MIN_N) return unknown(union, OVERLAP);
  const [low, high] = f1Limits(hit, union);
  return { value: (2 * hit) / both, low, high, n: union, method: OVERLAP };
}

/**
 * The mean of F1 over the classes that occur as a label, one that is never predicted counting as 0. The interval
 * is given only if each of them has ten labelled rows or more.
 */
export function macroF1(confusion: ArrayLike<number>, missing: number | null = null): Measure {
  const { size, hits, labelled, predicted } = margins(confusion, missing);
  const n = sum(labelled);
  if (n < MIN_N) return unknown(n, DELTA);
  const classes = Array.from(labelled.keys()).filter((klass) => at(labelled, klass) > 0);
  const slope = new Float64Array(size);
  const share = new Float64Array(size);
  let total = 0;
  for (const klass of classes) {
    const both = at(labelled, klass) + at(predicted, klass);
    const score = (2 * at(hits, klass)) / both;
    slope[klass] = 2 / both;
    share[klass] = score / both;
    total += score;
  }
  const value = total / classes.length;
  if (classes.some((klass) => at(labelled, klass) < MIN_N)) {
    return { value, low: null, high: null, n, method: DELTA };
  }
  let variance = 0;
  for (const row of classes) {
    for (let column = 0; column < size; column++) {
      const gradient = (row === column ? at(slope, row) : 0) - at(share, row) - at(share, column);
      variance += at(confusion, row * size + column) * gradient * gradient;
    }
  }
  const limits =
    variance > 0
      ? logitLimits(value, Math.sqrt(variance) / classes.length)
      : meanLimits(
          classes.map((k) => f1Limits(at(hits, k), at(labelled, k) + at(predicted, k) - at(hits, k))),
        );
  return { value, low: limits[0], high: limits[1], n, method: DELTA };
}

function margins(confusion: ArrayLike<number>, missing: number | null): Margins {
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
  return [(2 * low) / (1 + low), (2 * high) / (1 + high)];
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
