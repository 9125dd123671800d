/** Of a curve what a screen can show: of each column of pixels the first, lowest, highest and last value. */

type Numbers = Float64Array | Float32Array;

export interface Columns {
  /** How many there are; the arrays are longer. */
  n: number;
  /** In pixels, of the first point of each. */
  x: Float64Array;
  first: Float64Array;
  low: Float64Array;
  high: Float64Array;
  last: Float64Array;
}

export interface Window {
  /** The place on the x axis that is at the left, and how many pixels one unit of it has. */
  start: number;
  scale: number;
  left: number;
  right: number;
}

const OUTSIDE_LEFT = -1;
const OUTSIDE_RIGHT = -2;

let room: Columns = made(2048);

function made(size: number): Columns {
  const column = (): Float64Array => new Float64Array(size);
  return { n: 0, x: column(), first: column(), low: column(), high: column(), last: column() };
}

/**
 * The columns of a curve in their order, which may go back as a run that was resumed does. Of what is outside only the
 * point next to a side stands, to say where the line comes from and goes. What is returned stands until the next call.
 */
export function decimated(
  xs: Numbers,
  mean: Numbers,
  lows: Numbers,
  highs: Numbers,
  size: number,
  { start, scale, left, right }: Window,
): Columns {
  if (room.x.length < size + 2) room = made(Math.max(size + 2, 2 * room.x.length));
  const { x, first, low, high, last } = room;
  let at = -1;
  let column = Number.NaN;
  for (let i = 0; i < size; i++) {
    const px = left + ((xs[i] as number) - start) * scale;
    const next = px < left ? OUTSIDE_LEFT : px > right ? OUTSIDE_RIGHT : Math.floor(px);
    const value = mean[i] as number;
    if (next === column && next >= 0) {
      const bottom = lows[i] as number;
      const top = highs[i] as number;
      if (bottom < (low[at] as number)) low[at] = bottom;
      if (top > (high[at] as number)) high[at] = top;
      last[at] = value;
      continue;
    }
    if (next === column && next === OUTSIDE_RIGHT) continue;
    if (next !== column || next !== OUTSIDE_LEFT) at++;
    column = next;
    x[at] = px;
    first[at] = last[at] = value;
    low[at] = lows[i] as number;
    high[at] = highs[i] as number;
  }
  room.n = at + 1;
  return room;
}
