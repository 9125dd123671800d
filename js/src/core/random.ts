/** Random numbers that Python and the browser draw alike; twin of `stats/random.py`. */

const LARGE_VARIANCE = 100;

/** Element `index` of the stream of mulberry32 seeded with `seed`: an odd multiple of 2^-33 in (0, 1). */
export function uniform(index: number, seed = 0): number {
  let x = (Math.imul(index + 1, 0x6d2b79f5) + seed) | 0;
  x = Math.imul(x ^ (x >>> 15), x | 1);
  x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
  return (((x ^ (x >>> 14)) >>> 0) + 0.5) / 4294967296;
}

/** Below which value a standard normal falls with probability u, to about one part in 10^7: Wichura's PPND7. */
export function normalQuantile(u: number): number {
  if (!(u > 0 && u < 1)) throw new RangeError("probabilities must be in (0, 1)");
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    );
  }
  const tail = Math.sqrt(-Math.log(Math.min(u, 1 - u)));
  const outer = tail <= 5 ? near(tail - 1.6) : far(tail - 5);
  return q < 0 ? -outer : outer;
}

function near(r: number): number {
  return (
    (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
    ((0.12021132975 * r + 0.7370016425) * r + 1)
  );
}

function far(r: number): number {
  return (
    (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) /
    ((0.012258202635 * r + 0.24197894225) * r + 1)
  );
}

/**
 * How many of n rows have a property of probability p, when chance says u: exact below a variance of 100, beyond
 * by the normal with a correction for skewness. Prepared once for n and p, since a simulation draws many.
 */
export function binomialQuantile(n: number, p: number): (u: number) => number {
  if (!(n >= 0 && p >= 0 && p <= 1)) {
    throw new RangeError(`a binomial needs n >= 0 and p in [0, 1], not n = ${n}, p = ${p}`);
  }
  if (p > 0.5) {
    const other = binomialQuantile(n, 1 - p);
    return (u) => n - other(1 - u);
  }
  const variance = n * p * (1 - p);
  if (variance < LARGE_VARIANCE) {
    const table = cumulative(n, p, variance);
    return (u) => Math.min(firstAtLeast(table, u), table.length - 1);
  }
  const spread = Math.sqrt(variance);
  return (u) => {
    const z = normalQuantile(u);
    const k = Math.floor(n * p + z * spread + ((z * z - 1) * (1 - 2 * p)) / 6 + 0.5);
    return Math.min(Math.max(k, 0), n);
  };
}

/** P(X <= k) for k from 0 to where the rest is less than the grain of the uniform numbers. */
function cumulative(n: number, p: number, variance: number): Float64Array {
  const last = Math.min(n, Math.trunc(n * p + 8 * Math.sqrt(variance) + 20));
  const table = new Float64Array(last + 1);
  let mass = power(1 - p, n);
  let total = mass;
  table[0] = total;
  for (let k = 0; k < last; k++) {
    mass *= ((n - k) / (k + 1)) * (p / (1 - p));
    total += mass;
    table[k + 1] = total;
  }
  return table;
}

function firstAtLeast(table: Float64Array, u: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] as number) < u) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Square and multiply, since library powers differ in their last bit. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
