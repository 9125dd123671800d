/** Tiles: which combinations of codes occur, and how often; all linked numbers are sums over a tile. */

import type { Meta } from "./types.ts";
import { CONFIDENCE_BINS } from "./types.ts";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

export interface Tile {
  dims: string[];
  codes: Codes[];
  n: Codes | Float64Array;
  /** What the rows of each entry add up to, by the names of the amounts. */
  sums?: Record<string, Codes | Float64Array>;
}

/** Rows whose codes of some dims are allowed; `allowed` is row-major, one axis a dim. */
export interface CodeFilter {
  dims: string[];
  sizes: number[];
  allowed: Uint8Array | Allowed;
}

/** Whether a place is allowed, where there are too many for an array of all. */
type Allowed = (place: number) => boolean;

/** More classes than this have no room in a grid; as in `table/meta.py`. */
export const GRID_CLASSES = 200;

const MOST_ROOM = 1 << 24;

export const OUTCOME = { error: 0, correct: 1, unjudged: 2 } as const;

/** Whose predictions are neither right nor wrong: of the class of missing labels, or all where there is no model. */
type Unjudged = number | "all" | null;

function unjudgedOf(meta: Meta): Unjudged {
  return meta.model ? meta.missing : "all";
}

/** Number of codes of a dim. */
export function sizeOf(meta: Meta, dim: string): number {
  if (dim === "label" || dim === "prediction") return meta.classes.length;
  if (dim === "outcome") return 3;
  if (dim === "confidence") return CONFIDENCE_BINS + 1;
  if (dim.startsWith("p")) return 2 * CONFIDENCE_BINS + 1;
  if (dim.startsWith("s")) return 2;
  const field = meta.fields.find((f) => f.key === dim);
  if (!field) throw new Error(`unknown dim: ${dim}`);
  return field.levels.length;
}

/** The dims of a question; `["+wl", "c1"]` names an amount first, which is added up in place of the rows. */
function dimsOf(by: readonly string[]): readonly string[] {
  return by[0]?.startsWith("+") ? by.slice(1) : by;
}

/** A number for each combination of dims; none where there are too many: cells of many classes have views of their own. */
export function room(meta: Meta, by: readonly string[]): Float64Array {
  const size = dimsOf(by).reduce((product, dim) => product * sizeOf(meta, dim), 1);
  return new Float64Array(size > MOST_ROOM ? 0 : size);
}

/** The smallest tile that knows some dims and filters, and which of its entries pass; null where no tile does. */
export function entries(
  tiles: readonly Tile[],
  dims: readonly string[],
  filters: readonly CodeFilter[],
  meta: Meta,
): { tile: Tile; kept: Uint32Array | null } | null {
  const tile = bestTile(tiles, new Set([...dims, ...filters.flatMap((f) => f.dims)]));
  return tile && { tile, kept: askedOf(tile, filters, unjudgedOf(meta)).kept };
}

/**
 * Counts by dims under filters, from the smallest tile that knows all of them; null where no tile does.
 * The result is row-major over the sizes of `by`, the same array to the same question: not to be written to.
 */
export function tabulate(
  tiles: readonly Tile[],
  by: readonly string[],
  filters: readonly CodeFilter[],
  meta: Meta,
): Float64Array | null {
  const needed = new Set([...dimsOf(by), ...filters.flatMap((f) => f.dims)]);
  const tile = bestTile(tiles, needed);
  if (!tile) return null;
  const asked = askedOf(tile, filters, unjudgedOf(meta));
  const known = asked.counts.get(by.join());
  if (known) return known;
  const result = counted(tile, by, asked.kept, meta);
  asked.counts.set(by.join(), result);
  return result;
}

function counted(tile: Tile, by: readonly string[], kept: Uint32Array | null, meta: Meta): Float64Array {
  const dims = dimsOf(by);
  const n = (dims === by ? null : tile.sums?.[(by[0] as string).slice(1)]) ?? tile.n;
  const sizes = dims.map((dim) => sizeOf(meta, dim));
  const columns = dims.map((dim) => codesOf(tile, dim, unjudgedOf(meta)));
  const keys = keysOf(columns, sizes, kept, n.length);
  const result = room(meta, by);
  for (let j = 0; j < keys.length; j++) {
    const key = keys[j] as number;
    result[key] = (result[key] as number) + (n[kept ? (kept[j] as number) : j] as number);
  }
  return result;
}

/** What a tile was asked under the same filters: all views ask about the same few selections. */
interface Asked {
  filters: readonly CodeFilter[];
  /** The entries that pass; null where there is no filter. */
  kept: Uint32Array | null;
  /** Counts by the dims that were asked for, joined. */
  counts: Map<string, Float64Array>;
}

const memory = new WeakMap<Tile, Asked[]>();
const REMEMBERED = 8;

function askedOf(tile: Tile, filters: readonly CodeFilter[], unjudged: Unjudged): Asked {
  const known = memory.get(tile) ?? [];
  memory.set(tile, known);
  let asked = known.find(
    (one) => one.filters.length === filters.length && one.filters.every((filter, i) => filter === filters[i]),
  );
  if (!asked) {
    asked = { filters, kept: passing(tile, filters, unjudged), counts: new Map() };
    known.unshift(asked);
    // The counts of all rows stay: they are asked for again and again.
    if (known.length > REMEMBERED)
      known.splice(
        known.findLastIndex((one) => one.filters.length > 0),
        1,
      );
  }
  return asked;
}

function passing(tile: Tile, filters: readonly CodeFilter[], unjudged: Unjudged): Uint32Array | null {
  let kept: Uint32Array | null = null;
  for (const filter of filters) {
    const columns = filter.dims.map((dim) => codesOf(tile, dim, unjudged));
    kept = narrowed(kept, keysOf(columns, filter.sizes, kept, tile.n.length), filter.allowed);
  }
  return kept;
}

function narrowed(kept: Uint32Array | null, keys: Uint32Array, allowed: CodeFilter["allowed"]): Uint32Array {
  const found = new Uint32Array(keys.length);
  let size = 0;
  for (let j = 0; j < keys.length; j++) {
    if (allows(allowed, keys[j] as number)) found[size++] = kept ? (kept[j] as number) : j;
  }
  return found.slice(0, size);
}

/** Whether a filter allows a place. */
export function allows(allowed: CodeFilter["allowed"], place: number): boolean {
  return typeof allowed === "function" ? allowed(place) : allowed[place] === 1;
}

/** The row-major place of the codes of each entry that is kept, of all `length` where `kept` is null. */
function keysOf(
  columns: readonly Codes[],
  sizes: readonly number[],
  kept: Uint32Array | null,
  length: number,
): Uint32Array {
  const keys = new Uint32Array(kept?.length ?? length);
  for (const [c, column] of columns.entries()) {
    if (kept) addKept(keys, column, sizes[c] as number, kept);
    else addAll(keys, column, sizes[c] as number);
  }
  return keys;
}

// One loop a function: the engine compiles each for the arrays that it meets.
function addAll(keys: Uint32Array, column: Codes, size: number): void {
  for (let j = 0; j < keys.length; j++) keys[j] = (keys[j] as number) * size + (column[j] as number);
}

function addKept(keys: Uint32Array, column: Codes, size: number, kept: Uint32Array): void {
  for (let j = 0; j < keys.length; j++)
    keys[j] = (keys[j] as number) * size + (column[kept[j] as number] as number);
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

function codesOf(tile: Tile, dim: string, unjudged: Unjudged): Codes {
  const own = tile.codes[tile.dims.indexOf(dim)];
  if (own) return own;
  let derived = outcomes.get(tile);
  if (!derived) {
    derived = deriveOutcome(tile, unjudged);
    outcomes.set(tile, derived);
  }
  return derived;
}

function deriveOutcome(tile: Tile, unjudged: Unjudged): Uint8Array {
  const label = tile.codes[tile.dims.indexOf("label")] as Codes;
  const prediction = tile.codes[tile.dims.indexOf("prediction")] as Codes;
  const outcome = new Uint8Array(label.length);
  for (let i = 0; i < label.length; i++) {
    const none = unjudged === "all" || label[i] === unjudged;
    outcome[i] = none ? OUTCOME.unjudged : label[i] === prediction[i] ? OUTCOME.correct : OUTCOME.error;
  }
  return outcome;
}
