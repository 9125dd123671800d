/**
 * A saved output at the checkpoints of a training; twin of `display/trained.py`. Steps brushed in a run's curves
 * choose one in every output of the Evaluation. Where there is a kernel it does the same.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Codes, Tile } from "../core/tiles.ts";
import type { Meta } from "../core/types.ts";
import { registry } from "./registry.ts";
import type { Row, SavedRows } from "./rows.ts";
import type { Steps } from "./run-store.ts";
import type { Store } from "./store.ts";

/** Tiles of the same dims: how often each combination occurs is told as what came to the checkpoint before. */
interface Together {
  dims: string[];
  codes: number[][];
  n: number[][];
  sums: Record<string, number[][]>;
}

/** What was predicted of the saved rows, checkpoint by checkpoint. */
interface Predicted {
  row: number[];
  prediction: number[][];
  confidence?: (number | null)[][];
  bin?: number[][];
}

export interface Kept {
  /** What links the views of the run. */
  run: string;
  created: number;
  /** The step whose predictions were shown when this was saved; null: those that were given. */
  shown: number | null;
  /** How many checkpoints there are, of which these are kept. */
  of: number;
  steps: number[];
  meta: Partial<Meta>[];
  tiles: Together[];
  rows: Predicted | null;
  /** Views of the output that stay as they were saved. */
  standing: string[];
}

/** What the store has without us. */
interface Base {
  meta: Meta;
  tiles: Tile[];
  rows: SavedRows | null;
  effects: Store["effectsSaved"]["value"];
}

/** Dims that hang on what is predicted. */
const PREDICTED = /^(prediction|outcome|confidence|p\d+)$/;

export class Checkpoints {
  readonly #store: Store;
  /** Of all outputs that were drawn: rows that one of them brought stay in the store. */
  readonly #kept = new Set<Kept>();
  readonly #place = signal<number | null>(null);
  readonly #own = signal<Meta | null>(null);
  #base: Base | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The place of the checkpoint that is shown; null: what was saved, and where a kernel says what is shown. */
  readonly place: ReadonlySignal<number | null> = computed(() =>
    this.#store.meta.value === this.#own.value ? this.#place.value : null,
  );

  /** An output is drawn; the returned function says that it is gone. */
  join(kept: Kept): () => void {
    this.#kept.add(kept);
    const hear = (event: Event): void => {
      const { fingerprint, range } = (event as CustomEvent<{ fingerprint: string; range: Steps | null }>)
        .detail;
      if (fingerprint === kept.run) this.show(kept, range?.[1] ?? null);
    };
    const { bus } = registry();
    bus.addEventListener("steps", hear);
    // One that is drawn later brings what was saved: show the checkpoint again.
    const place = this.#place.peek();
    if (place !== null && this.place.peek() === null) this.#put(kept, place);
    return () => bus.removeEventListener("steps", hear);
  }

  /** Show the last checkpoint that is kept up to a step, the first where there is none; null: what was saved. */
  show(kept: Kept, step: number | null): void {
    const store = this.#store;
    if (store.status.value === "live" || kept.created !== store.meta.value.created || !kept.steps.length)
      return;
    const place =
      step === null
        ? null
        : Math.max(
            0,
            kept.steps.findLastIndex((own) => own <= step),
          );
    if (place === this.place.peek()) return;
    if (place !== null) this.#put(kept, place);
    else if (this.#base) this.#take(this.#base);
    this.#place.value = place;
  }

  #put(kept: Kept, place: number): void {
    const store = this.#store;
    if (!this.#base || store.meta.peek() !== this.#own.peek()) {
      const { meta, tiles, savedRows, effectsSaved } = store;
      this.#base = { meta: meta.peek(), tiles: tiles.peek(), rows: savedRows, effects: effectsSaved.peek() };
    }
    const base = this.#base;
    const meta = { ...base.meta, ...kept.meta[place] };
    const others = base.tiles.filter(({ dims }) => !dims.some((dim) => PREDICTED.test(dim)));
    const tiles = [...kept.tiles.map((tile) => tileAt(tile, place)), ...others];
    const own = [...this.#kept].find(({ rows }) => rows)?.rows;
    const rows = base.rows && own ? rowsAt(base.rows, own, place, meta) : null;
    this.#own.value = meta;
    this.#place.value = place;
    this.#take({ meta, tiles, rows, effects: [] });
  }

  #take({ meta, tiles, rows, effects }: Base): void {
    const store = this.#store;
    store.meta.value = meta;
    store.tiles.value = tiles;
    store.effectsSaved.value = effects;
    const saved = store.saved.peek();
    if (rows && saved)
      store.attachSnapshot({ meta, rows: rows.rows, row_codes: rows.codes, clauses: [], saved }, tiles);
  }
}

const held = new WeakMap<Store, Checkpoints>();

/** The checkpoints of a store, which its outputs share. */
export function checkpointsOf(store: Store): Checkpoints {
  const known = held.get(store) ?? new Checkpoints(store);
  held.set(store, known);
  return known;
}

/** The combinations that occur at a checkpoint. */
export function tileAt({ dims, codes, n, sums }: Together, place: number): Tile {
  const total = Uint32Array.from(codes[0] ?? [], (_, i) =>
    n.slice(0, place + 1).reduce((sum, came) => sum + (came[i] as number), 0),
  );
  const there = [...total.keys()].filter((i) => total[i]);
  const of = (all: ArrayLike<number>): number[] => there.map((i) => all[i] as number);
  return {
    dims,
    codes: codes.map((column): Codes => Uint32Array.from(of(column))),
    n: Uint32Array.from(of(total)),
    sums: Object.fromEntries(
      Object.entries(sums).map(([name, added]) => [name, Float64Array.from(of(added[place] as number[]))]),
    ),
  };
}

/** The saved rows that are kept at a checkpoint, with what was predicted of them. */
function rowsAt({ rows, codes }: SavedRows, kept: Predicted, place: number, meta: Meta): SavedRows {
  const at = new Map(kept.row.map((row, i) => [row, i]));
  const there = [...rows.keys()].filter((i) => at.has((rows[i] as Row).row));
  const own = (i: number): number => at.get((rows[i] as Row).row) as number;
  const { confidence, bin } = kept;
  const columns = Object.entries(codes).map(([dim, column]): [string, number[]] => [
    dim,
    there.map((i) => (dim === "confidence" ? (bin?.[place]?.[own(i)] ?? 0) : (column[i] as number))),
  ]);
  return {
    rows: there.map((i): Row => {
      const row = rows[i] as Row;
      const prediction = kept.prediction[place]?.[own(i)] ?? row.prediction;
      const sure = confidence?.[place]?.[own(i)] ?? null;
      return {
        ...row,
        prediction,
        confidence: sure,
        label_probability: labelled(row, prediction, sure, meta),
      };
    }),
    codes: Object.fromEntries(columns),
  };
}

/** The probability of the label, which that of the predicted class tells where they are one, or of two classes. */
function labelled({ label }: Row, prediction: number, sure: number | null, meta: Meta): number | null {
  if (sure === null || label === meta.missing) return null;
  if (label === prediction) return sure;
  return meta.positive === null ? null : 1 - sure;
}
