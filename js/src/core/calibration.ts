/** Whether probabilities mean what they say: CORP over bins; twin of `stats/calibration.py`. */

import { MIN_N } from "./intervals";
import { binomialQuantile, uniform } from "./random";

const RESAMPLES = 200;
const METHOD = "CORP: isotonic regression of the binned scores, band of consistency from 200 simulations";

/** Whether of some prediction a part of the cells is selected; counts by prediction with and without that clause. */
export function byLabel(here: Float64Array, everywhere: Float64Array): boolean {
  return here.some((n, prediction) => n > 0 && n < (everywhere[prediction] ?? 0));
}

/** A run of scores that the isotonic fit gives one probability. */
interface Block {
  low: number;
  high: number;
  value: number;
  n: number;
}

/** What the scores say against what happened; the arrays have one entry per occupied bin. */
export interface Calibration {
  n: number;
  /** The centres of the occupied bins. */
  score: number[];
  rows: number[];
  /** The recalibrated probability. */
  curve: number[];
  /** Between these the curve falls, at each score, with 95 % probability if the scores are right. */
  low: number[];
  high: number[];
  blocks: Block[];
  /** Miscalibration, discrimination and uncertainty: the Brier score is mcb - dsc + unc. */
  mcb: number | null;
  dsc: number | null;
  unc: number | null;
  /** Mean and 95 % quantile of the miscalibration that perfect scores would show with these rows. */
  expected_mcb: number | null;
  mcb_95: number | null;
  method: string;
}

/**
 * How far scores are from being probabilities, and how far they would be by chance alone, from the rows and the
 * events per equal-width bin of the score. Below ten rows without a curve.
 */
export function corp(nBins: ArrayLike<number>, kBins: ArrayLike<number>, seed = 0): Calibration {
  const bins = nBins.length;
  if (kBins.length !== bins) throw new RangeError("rows and events are one count per bin each");
  const occupied: number[] = [];
  for (let bin = 0; bin < bins; bin++) {
    if (at(kBins, bin) > at(nBins, bin)) throw new RangeError(`more events than rows in bin ${bin}`);
    if (at(nBins, bin) > 0) occupied.push(bin);
  }
  const place = Int32Array.from(occupied);
  const rows = Float64Array.from(place, (bin) => at(nBins, bin));
  const events = Float64Array.from(place, (bin) => at(kBins, bin));
  const n = sum(rows);
  if (n < MIN_N) return nothing(n);

  const score = Float64Array.from(place, (bin) => (bin + 0.5) / bins);
  const curve = new Float64Array(place.length);
  const ends = Array.from(isotonic(events, rows, curve));
  const rate = sum(events) / n;
  const { fits, chance } = simulate(rows, score, place, bins, seed);
  return {
    n,
    score: Array.from(score),
    rows: Array.from(rows),
    curve: Array.from(curve),
    low: fits.map((fit) => quantile(fit, 0.025)),
    high: fits.map((fit) => quantile(fit, 0.975)),
    blocks: ends.map((end, i) => {
      const first = i === 0 ? 0 : at(ends, i - 1);
      return {
        low: at(place, first) / bins,
        high: (at(place, end - 1) + 1) / bins,
        value: at(curve, first),
        n: sum(rows.subarray(first, end)),
      };
    }),
    mcb: gain(score, curve, rows, events) / n,
    dsc:
      gain(
        score.map(() => rate),
        curve,
        rows,
        events,
      ) / n,
    unc: rate * (1 - rate),
    expected_mcb: sum(chance) / RESAMPLES,
    mcb_95: quantile(chance, 0.95),
    method: METHOD,
  };
}

function nothing(n: number): Calibration {
  const none = { mcb: null, dsc: null, unc: null, expected_mcb: null, mcb_95: null };
  return { n, score: [], rows: [], curve: [], low: [], high: [], blocks: [], ...none, method: METHOD };
}

/** Pool adjacent violators into `fit`; returns where each block ends. Whole numbers compare exactly. */
function isotonic(events: Float64Array, rows: Float64Array, fit: Float64Array): Int32Array {
  const k = new Float64Array(rows.length);
  const n = new Float64Array(rows.length);
  const ends = new Int32Array(rows.length);
  let blocks = 0;
  for (let i = 0; i < rows.length; i++) {
    let event = at(events, i);
    let row = at(rows, i);
    while (blocks > 0 && at(k, blocks - 1) * row >= event * at(n, blocks - 1)) {
      blocks--;
      event += at(k, blocks);
      row += at(n, blocks);
    }
    k[blocks] = event;
    n[blocks] = row;
    ends[blocks++] = i + 1;
  }
  for (let block = 0, i = 0; block < blocks; block++) {
    const level = at(k, block) / at(n, block);
    while (i < at(ends, block)) fit[i++] = level;
  }
  return ends.subarray(0, blocks);
}

/** Fits, bin by bin, and miscalibrations of events drawn as the scores say; both in ascending order. */
function simulate(rows: Float64Array, score: Float64Array, place: Int32Array, bins: number, seed: number) {
  const drawn = rows.map(() => 0);
  const events = new Float64Array(rows.length * RESAMPLES);
  place.forEach((bin, i) => {
    const draw = binomialQuantile(at(rows, i), at(score, i));
    for (let resample = 0; resample < RESAMPLES; resample++) {
      events[resample * rows.length + i] = draw(uniform(resample * bins + bin, seed));
    }
  });
  const fits = Array.from(rows, () => new Float64Array(RESAMPLES));
  const chance = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const own = events.subarray(resample * rows.length, (resample + 1) * rows.length);
    isotonic(own, rows, drawn);
    chance[resample] = gain(score, drawn, rows, own) / sum(rows);
    for (let i = 0; i < rows.length; i++) (fits[i] as Float64Array)[resample] = at(drawn, i);
  }
  for (const fit of fits) fit.sort();
  return { fits, chance: chance.sort() };
}

/** By how much the fit has a lower sum of squared errors. */
function gain(score: Float64Array, fit: Float64Array, rows: Float64Array, events: Float64Array): number {
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const before = at(score, i);
    const after = at(fit, i);
    total += (before - after) * (at(rows, i) * (before + after) - 2 * at(events, i));
  }
  return total;
}

/** Weibull's quantile: a further draw is below it with probability p, whatever the number of draws. */
function quantile(ordered: Float64Array, p: number): number {
  const place = p * (ordered.length + 1);
  const below = Math.trunc(place);
  const low = at(ordered, below - 1);
  return low + (place - below) * (at(ordered, below) - low);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
