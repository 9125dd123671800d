/** Tiles: which combinations of codes occur, and how often; all linked numbers are sums over a tile. */

import type { Meta } from "./types.ts";
import { CONFIDENCE_BINS } from "./types.ts";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

export interface Tile {
  dims: string[];
  codes: Codes[];
  n: Codes | Float64Array;
}

/** Rows whose codes of some dims are allowed; `allowed` is row-major, one axis a dim. */
export interface CodeFilter {
  dims: string[];
  sizes: number[];
  allowed: Uint8Array;
}

export const OUTCOME = { error: 0, correct: 1, unjudged: 2 } as const;

/** Number of codes of a dim. */
export function sizeOf(meta: Meta, dim: string): number {
  if (dim === "label" || dim === "prediction") return meta.classes.length;
  if (dim === "outcome") return 3;
  if (dim === "confidence") return CONFIDENCE_BINS + 1;
  if (dim.startsWith("s")) return 2;
  const field = meta.fields.find((f) => f.key === dim);
  if (!field) throw new Error(`unknown dim: ${dim}`);
  return field.levels.length;
}

/**
 * Counts by dims under filters, from the smallest tile that knows all of them; null where no tile does.
 * The result is row-major over the sizes of `by`.
 */
export function tabulate(
  tiles: readonly Tile[],
  by: readonly string[],
  filters: readonly CodeFilter[],
  meta: Meta,
): Float64Array | null {
  const needed = new Set([...by, ...filters.flatMap((f) => f.dims)]);
  const tile = bestTile(tiles, needed);
  if (!tile) return null;
  const columns = by.map((dim) => codesOf(tile, dim, meta.missing));
  const sizes = by.map((dim) => sizeOf(meta, dim));
  const passes = filters.map((filter) => ({
    columns: filter.dims.map((dim) => codesOf(tile, dim, meta.missing)),
    filter,
  }));
  const result = new Float64Array(sizes.reduce((product, size) => product * size, 1));
  entries: for (let i = 0; i < tile.n.length; i++) {
    for (const { columns: own, filter } of passes) {
      if (!filter.allowed[keyAt(own, filter.sizes, i)]) continue entries;
    }
    const key = keyAt(columns, sizes, i);
    result[key] = (result[key] ?? 0) + (tile.n[i] ?? 0);
  }
  return result;
}

function keyAt(columns: readonly Codes[], sizes: readonly number[], i: number): number {
  let key = 0;
  for (let c = 0; c < columns.length; c++) key = key * (sizes[c] ?? 1) + (columns[c]?.[i] ?? 0);
  return key;
}

function bestTile(tiles: readonly Tile[], needed: ReadonlySet<string>): Tile | null {
  let best: Tile | null = null;
  for (const tile of tiles) {
    if (covers(tile, needed) && (best === null || tile.n.length < best.n.length)) best = tile;
  }
  return best;
}

function covers(tile: Tile, needed: ReadonlySet<string>): boolean {
  for (const dim of needed) {
    const derived = dim === "outcome" && tile.dims.includes("label") && tile.dims.includes("prediction");
    if (!derived && !tile.dims.includes(dim)) return false;
  }
  return true;
}

const outcomes = new WeakMap<Tile, Uint8Array>();

function codesOf(tile: Tile, dim: string, missing: number | null): Codes {
  const own = tile.codes[tile.dims.indexOf(dim)];
  if (own) return own;
  let derived = outcomes.get(tile);
  if (!derived) {
    derived = deriveOutcome(tile, missing);
    outcomes.set(tile, derived);
  }
  return derived;
}

function deriveOutcome(tile: Tile, missing: number | null): Uint8Array {
  const label = tile.codes[tile.dims.indexOf("label")] as Codes;
  const prediction = tile.codes[tile.dims.indexOf("prediction")] as Codes;
  const outcome = new Uint8Array(label.length);
  for (let i = 0; i < label.length; i++) {
    outcome[i] =
      label[i] === missing ? OUTCOME.unjudged : label[i] === prediction[i] ? OUTCOME.correct : OUTCOME.error;
  }
  return outcome;
}
