/** A curve in pieces of neighbouring points, which keep their mean, lowest and highest value: as `training/buckets.py`. */

import type { Column } from "./blob.ts";

/** The most that a curve has; where there would be more, neighbours become one. */
export const MOST = 8192;
const FIRST = 256;

export class Buckets {
  /** How many there are; the arrays are longer. */
  size = 0;
  /** How many points are in each but the last. */
  per = 1;
  /** Counts what has changed. */
  version = 0;
  step = new Float64Array(FIRST);
  time = new Float32Array(FIRST);
  n = new Uint32Array(FIRST);
  mean = new Float32Array(FIRST);
  low = new Float32Array(FIRST);
  high = new Float32Array(FIRST);

  /** Those of a message: without n each is a point. */
  static from(arrays: Map<string, Column>, prefix: string): Buckets {
    const column = (name: string): Column | undefined => arrays.get(prefix + name);
    const made = new Buckets();
    const step = column("step") ?? [];
    const mean = column("mean") ?? [];
    made.#reserve(step.length);
    made.size = step.length;
    made.step.set(step);
    made.time.set(column("time") ?? []);
    made.mean.set(mean);
    made.low.set(column("low") ?? mean);
    made.high.set(column("high") ?? mean);
    const n = column("n");
    if (n) made.n.set(n);
    else made.n.fill(1, 0, step.length);
    for (let i = 0; i < made.size; i++) made.per = Math.max(made.per, made.n[i] as number);
    return made;
  }

  /** How many points are in all of them. */
  get points(): number {
    return this.size && (this.size - 1) * this.per + (this.n[this.size - 1] as number);
  }

  /** Put points behind; what is no finite number is left out. */
  append(steps: ArrayLike<number>, values: ArrayLike<number>, times: ArrayLike<number>): void {
    for (let i = 0; i < steps.length; i++) {
      const value = values[i] as number;
      if (Number.isFinite(value)) this.#add(steps[i] as number, value, times[i] as number);
    }
    this.version++;
  }

  #add(step: number, value: number, time: number): void {
    const last = this.size - 1;
    const n = this.n[last] as number;
    if (last >= 0 && n < this.per) {
      this.n[last] = n + 1;
      this.mean[last] = (this.mean[last] as number) + (value - (this.mean[last] as number)) / (n + 1);
      this.low[last] = Math.min(this.low[last] as number, value);
      this.high[last] = Math.max(this.high[last] as number, value);
      return;
    }
    if (this.size === MOST) {
      this.#halve();
      // The pair that ends now may have room left.
      this.#add(step, value, time);
      return;
    }
    this.#reserve(this.size + 1);
    const at = this.size++;
    this.step[at] = step;
    this.time[at] = time;
    this.n[at] = 1;
    this.mean[at] = this.low[at] = this.high[at] = value;
  }

  /** Two neighbours become one. */
  #halve(): void {
    const { step, time, n, mean, low, high, size } = this;
    const half = Math.ceil(size / 2);
    for (let i = 0; i < half; i++) {
      const [a, b] = [2 * i, Math.min(2 * i + 1, size - 1)];
      const [na, nb] = [n[a] as number, b > a ? (n[b] as number) : 0];
      step[i] = step[a] as number;
      time[i] = time[a] as number;
      mean[i] = ((mean[a] as number) * na + (mean[b] as number) * nb) / (na + nb);
      low[i] = Math.min(low[a] as number, low[b] as number);
      high[i] = Math.max(high[a] as number, high[b] as number);
      n[i] = na + nb;
    }
    this.size = half;
    this.per *= 2;
  }

  #reserve(size: number): void {
    if (size <= this.step.length) return;
    const room = Math.max(size, 2 * this.step.length);
    const wider = <T extends Column>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    this.step = wider(this.step, new Float64Array(room));
    this.time = wider(this.time, new Float32Array(room));
    this.n = wider(this.n, new Uint32Array(room));
    this.mean = wider(this.mean, new Float32Array(room));
    this.low = wider(this.low, new Float32Array(room));
    this.high = wider(this.high, new Float32Array(room));
  }
}

/**
 * Means over a centred window of so many points, weighted by how many points a bucket has; shorter at both ends.
 * Those before `start` are taken from `known`.
 */
export function smoothed(
  { mean, n, size }: Buckets,
  points: number,
  start = 0,
  known?: Float32Array,
): Float32Array {
  const out = new Float32Array(size);
  if (known) out.set(known.subarray(0, start));
  // Places are the middles of buckets, counted in points from the first bucket that is looked at.
  const first = windowStart(n, start, points);
  let [from, to, sum, weight, before] = [first, first, 0, 0, 0];
  let fromAt = (n[first] as number) / 2;
  let toAt = fromAt;
  for (let i = first; i < size; i++) {
    const own = n[i] as number;
    const at = before + own / 2;
    before += own;
    if (i < start) continue;
    while (to < size && (to <= i || toAt <= at + points / 2)) {
      sum += (mean[to] as number) * (n[to] as number);
      weight += n[to] as number;
      toAt += ((n[to] as number) + (n[to + 1] ?? 0)) / 2;
      to++;
    }
    let gone = 0;
    while (from < i && fromAt < at - points / 2) {
      const part = (mean[from] as number) * (n[from] as number);
      gone = Math.max(gone, Math.abs(part));
      sum -= part;
      weight -= n[from] as number;
      fromAt += ((n[from] as number) + (n[from + 1] ?? 0)) / 2;
      from++;
    }
    // What a huge value has swallowed does not come back when it leaves.
    if (gone > 1e6 * Math.abs(sum)) {
      sum = 0;
      for (let k = from; k < to; k++) sum += (mean[k] as number) * (n[k] as number);
    }
    out[i] = sum / weight;
  }
  return out;
}

/** A bucket that is before the window of another. */
function windowStart(n: Uint32Array, at: number, points: number): number {
  let [first, over] = [at, 0];
  while (first > 0 && over <= points / 2) over += n[first--] as number;
  return first;
}
