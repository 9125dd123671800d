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
  /** Of the Evaluation: a slice or another step makes a new one. */
  version: number;
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

const NO_ROWS: Predicted = { row: [], prediction: [] };
/** Dims that hang on what is predicted. */
const PREDICTED = /^(prediction|outcome|confidence|p\d+)$/;

export class Checkpoints {
  readonly #store: Store;
  /** Of all outputs that were drawn: rows that one of them brought stay in the store. */
  readonly #kept = signal<readonly Kept[]>([]);
  /** The step that was asked for; null: what was saved. */
  readonly #asked = signal<number | null>(null);
  readonly #own = signal<Meta | null>(null);
  #ownRows: SavedRows | null = null;
  #base: Base | null = null;

  constructor(store: Store) {
    this.#store = store;
    store.onClose(store.status.subscribe((status) => status === "live" && this.#leave()));
  }

  /** The output that says what is shown: of what the store describes, and of those the one with most checkpoints. */
  readonly source: ReadonlySignal<Kept | null> = computed(() => {
    const { created, version } = this.#store.meta.value;
    let found: Kept | null = null;
    for (const kept of this.#kept.value) {
      const now = kept.created === created && kept.version === version;
      if (now && kept.steps.length > (found?.steps.length ?? 0)) found = kept;
    }
    return found;
  });

  /** The step of the checkpoint that is shown; null: what was saved, and where a kernel says what is shown. */
  readonly step: ReadonlySignal<number | null> = computed(() => {
    const [source, asked] = [this.source.value, this.#asked.value];
    const ours = source && asked !== null && this.#store.meta.value === this.#own.value;
    return ours ? (source.steps[placeOf(source, asked)] as number) : null;
  });

  /** An output is drawn; the returned function says that it is gone. */
  join(kept: Kept): () => void {
    this.#kept.value = [...this.#kept.peek(), kept];
    const hear = (event: Event): void => {
      const { fingerprint, range } = (event as CustomEvent<{ fingerprint: string; range: Steps | null }>)
        .detail;
      if (fingerprint === (this.source.peek() ?? kept).run) this.show(range?.[1] ?? null);
    };
    const { bus } = registry();
    bus.addEventListener("steps", hear);
    // One that is drawn later brings what was saved: show the checkpoint again.
    const asked = this.#asked.peek();
    if (asked !== null) this.#put(asked);
    return () => bus.removeEventListener("steps", hear);
  }

  /** Show the last checkpoint that is kept up to a step, the first where there is none; null: what was saved. */
  show(step: number | null): void {
    const source = this.source.peek();
    if (step === null) this.#leave();
    else if (!source || source.steps[placeOf(source, step)] !== this.step.peek()) this.#put(step);
    else this.#asked.value = step;
  }

  #put(step: number): void {
    const store = this.#store;
    const source = this.source.peek();
    if (store.status.peek() === "live") return;
    if (!source) {
      this.#leave(); // the store has a newer state, of which no checkpoints are kept
      return;
    }
    const place = placeOf(source, step);
    const base = this.#found();
    const meta = { ...base.meta, ...source.meta[place] };
    const others = base.tiles.filter(({ dims }) => !dims.some((dim) => PREDICTED.test(dim)));
    const tiles = [...source.tiles.map((tile) => tileAt(tile, place)), ...others];
    this.#base = base;
    this.#own.value = meta;
    this.#asked.value = step;
    this.#take({ meta, tiles, rows: base.rows && this.#rowsAt(base.rows, source, place, meta), effects: [] });
    this.#ownRows = store.savedRows;
  }

  /** What the store has, without what we put there. */
  #found(): Base {
    const { meta, tiles, savedRows, effectsSaved } = this.#store;
    const [known, came] = [this.#base, effectsSaved.peek()];
    const ours = meta.peek() === this.#own.peek();
    const more = (savedRows?.rows.length ?? 0) > (known?.rows?.rows.length ?? 0);
    const rows = known && (savedRows === this.#ownRows || (ours && !more)) ? known.rows : savedRows;
    const effects = [...(known?.effects ?? []), ...came];
    return known && ours
      ? { ...known, rows, effects }
      : { meta: meta.peek(), tiles: tiles.peek(), rows, effects };
  }

  /** Of the outputs that keep the same checkpoints, the one that tells most of the examples; none where none does. */
  #rowsAt(rows: SavedRows, source: Kept, place: number, meta: Meta): SavedRows {
    let found = rowsAt(rows, NO_ROWS, place, meta);
    for (const { created, steps, rows: own } of this.#kept.peek()) {
      if (!own || created !== source.created || steps.join() !== source.steps.join()) continue;
      const some = rowsAt(rows, own, place, meta);
      if (some.rows.length > found.rows.length) found = some;
    }
    return found;
  }

  /** Show what was saved; a kernel that comes says itself what is shown. */
  #leave(): void {
    if (this.#base) this.#take(this.#found());
    this.#base = this.#ownRows = this.#own.value = this.#asked.value = null;
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

/** The place of the last checkpoint up to a step, the first where there is none. */
function placeOf({ steps }: Kept, step: number): number {
  return Math.max(
    0,
    steps.findLastIndex((own) => own <= step),
  );
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
