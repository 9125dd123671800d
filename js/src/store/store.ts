/**
 * One Evaluation on one page: what is selected, and every number and row under it.
 * Live views feed it from their kernel, islands from their snapshot; the views cannot tell which.
 */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { aligned, unpack } from "../core/codec.ts";
import type { Effects } from "../core/effects.ts";
import { clauseOf, filterOf, sameClauses, splitOf, withClause } from "../core/selection.ts";
import { room, type Tile, tabulate } from "../core/tiles.ts";
import type { Clause, Measure, Meta } from "../core/types.ts";
import { type Counted, type CountState, counting } from "./counting.ts";
import { effecting, type KeptEffects } from "./grouped.ts";
import { History } from "./history.ts";
import { Kernels } from "./kernels.ts";
import type { Answer, Message, Peer } from "./peer.ts";
import { hearPage, type Selected, tellPage } from "./registry.ts";
import { type Detail, type Exported, type Page, type SavedRows, type Sort, savedPage } from "./rows.ts";
import { type Saved, type Snapshot, TIERS } from "./snapshot.ts";

export type { Counted, CountState } from "./counting.ts";

/** saved: no kernel, a snapshot; live: a kernel answers; lost: it did, and does no longer. */
export type Status = "saved" | "live" | "lost";

/** So long a store without a view is kept: a cell that runs again closes its view and opens another. */
export const IDLE_MS = 60_000;

/** Counts, and behind them sums of the weights and of their squares where rows have weights. */
export interface Summed {
  values: Float64Array[];
  state: CountState;
}

export class Store {
  readonly meta: Signal<Meta>;
  readonly clauses: Signal<Clause[]> = signal([]);
  readonly tiles: Signal<Tile[]>;
  readonly status: Signal<Status> = signal("saved");
  readonly saved: Signal<Saved | null> = signal(null);
  readonly effectsSaved: Signal<KeptEffects[]> = signal([]);
  /** Whether a later Evaluation of the same name is on this page. */
  readonly earlier: Signal<boolean> = signal(false);
  #refused: Signal<string | null> = signal(null);
  #failed: Signal<string | null> = signal(null);
  #asked: Signal<number> = signal(0);
  /** When something was selected here. */
  #changed = Number.NEGATIVE_INFINITY;
  #rank: number;
  #rows: SavedRows | null = null;
  #history = new History();
  #kernels: Kernels;
  #counts = new Map<string, ReadonlySignal<Counted>>();
  #effects = new Map<string, ReadonlySignal<Effects | null>>();
  #views = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closers: (() => void)[] = [];

  constructor(meta: Meta, tiles: Tile[], tier: string) {
    this.meta = signal(meta);
    this.tiles = signal(tiles);
    this.#rank = TIERS.indexOf(tier);
    this.#kernels = new Kernels(() => this.meta.peek().evaluation);
    const take = ({ fingerprint, clauses, from }: Selected): void => {
      if (from === this.#kernels.id || fingerprint !== this.meta.value.fingerprint) return;
      if (!sameClauses(clauses, this.clauses.value)) this.#change(clauses);
    };
    this.onClose(hearPage(take));
  }

  /** What went wrong with the last change, or with the last count. */
  readonly error: ReadonlySignal<string | null> = computed(() => this.#refused.value ?? this.#failed.value);

  /** Whether a kernel was asked for counts and has not answered. */
  readonly waiting: ReadonlySignal<boolean> = computed(() => this.#asked.value > 0);

  readonly canUndo: ReadonlySignal<boolean> = computed(() =>
    this.status.value === "live" ? this.#history.steps.value > 0 : this.#history.known.value,
  );

  /** A view is drawn; the returned function says that it is gone. Without views the store is closed after a while. */
  enter(): () => void {
    clearTimeout(this.#idle);
    this.#views++;
    return () => {
      const close = (): void => {
        for (const closer of this.#closers) closer();
      };
      if (--this.#views === 0) this.#idle = setTimeout(close, IDLE_MS);
    };
  }

  /** Call a function when the store is closed. */
  onClose(closer: () => void): void {
    this.#closers.push(closer);
  }

  /** The clause on the split, if one is in force: it stays when the others are cleared, and "all" are its rows. */
  readonly split: ReadonlySignal<Clause[]> = computed(() => splitOf(this.clauses.value, this.meta.value));

  /** The other clauses. */
  readonly chosen: ReadonlySignal<Clause[]> = computed(() =>
    this.clauses.value.filter((clause) => !this.split.value.includes(clause)),
  );

  /** What slices are made of: not the split, where one of them is all that is shown. */
  readonly sliced: ReadonlySignal<Meta> = computed(() => {
    const meta = this.meta.value;
    const [one] = this.split.value;
    return one ? { ...meta, fields: meta.fields.filter(({ key }) => key !== one.field) } : meta;
  });

  /** How many rows the split has, whatever else is selected. */
  readonly total: ReadonlySignal<number> = computed(() => this.whole([])[0] ?? 0);

  /** Put a clause in force, in place of its field's. */
  where(clause: Clause): void {
    this.select(withClause(this.clauses.value, clause.field, clause));
  }

  /** Drop the clause of a field. */
  drop(field: string): void {
    this.select(withClause(this.clauses.value, field, null));
  }

  clear(): void {
    this.select(this.split.value);
  }

  /** The clause in force of a field, or null. */
  clause(field: string): Clause | null {
    return clauseOf(this.clauses.value, field);
  }

  select(clauses: Clause[]): void {
    if (sameClauses(clauses, this.clauses.value)) return;
    this.#change(clauses);
    this.#tellPage();
  }

  /** Go back to the selection before: a kernel's history, where there is one. */
  undo(): void {
    if (!this.canUndo.value) return;
    const last = this.#history.pop();
    this.#kernels.undo(last);
    if (!last) return;
    this.clauses.value = last;
    this.#tellPage();
  }

  /**
   * Counts of the selected rows by dims, row-major; `without` leaves out the clauses of a view's own fields.
   * The same question gives the same signal.
   */
  count(by: readonly string[], ...without: string[]): ReadonlySignal<Counted> {
    const key = `${by.join()}|${without.join()}`;
    let counted = this.#counts.get(key);
    if (!counted) {
      counted = counting(this, by, without, (by, clauses) => this.counts(by, clauses));
      this.#counts.set(key, counted);
    }
    return counted;
  }

  /** Counts by dims, and behind them sums of the weights and of their squares, where rows have weights. */
  sums(by: readonly string[], ...without: string[]): Summed {
    const known = this.#amounts(by).map((dims) => this.count(dims, ...without).value);
    const { state } = known.find((one) => one.state !== "exact") ?? (known[0] as Counted);
    return { values: known.map(({ values }) => values), state };
  }

  /** The same of all rows. */
  wholes(by: readonly string[]): Float64Array[] {
    return this.#amounts(by).map((dims) => this.whole(dims));
  }

  #amounts(by: readonly string[]): (readonly string[])[] {
    return this.meta.value.weighted ? [by, ["+w", ...by], ["+ww", ...by]] : [by];
  }

  /** By how much groups of rows widen the intervals of a kind: `scores`, or what slices are compared by. */
  effects(of: string, label: number | null = null, whole = false): ReadonlySignal<Effects | null> {
    const key = `${of}|${label}|${whole}`;
    let found = this.#effects.get(key);
    if (!found) {
      found = effecting(this, whole ? this.split : this.clauses, of, label);
      this.#effects.set(key, found);
    }
    return found;
  }

  /** The same of a matrix of two dims; `without` are the fields of its own. */
  matrixEffects(sides: readonly string[], without: readonly string[]): ReadonlySignal<Effects | null> {
    const key = `matrix|${sides.join()}`;
    let found = this.#effects.get(key);
    if (!found) {
      const clauses = computed(() => this.clauses.value.filter(({ field }) => !without.includes(field)));
      found = effecting(this, clauses, "matrix", null, sides);
      this.#effects.set(key, found);
    }
    return found;
  }

  /** Counts by dims of all rows of the split; `without` leaves out its clause where it is a view's own field. */
  whole(by: readonly string[], without?: string): Float64Array {
    const meta = this.meta.value;
    const filters = this.split.value
      .filter(({ field }) => field !== without)
      .map((clause) => filterOf(clause, meta));
    const known = filters.every((filter) => filter !== null);
    return (known && tabulate(this.tiles.value, by, filters, meta)) || room(meta, by);
  }

  /** How many rows are selected. */
  readonly selected: ReadonlySignal<Counted> = computed(() => this.count([]).value);

  /** One page of the selected examples; a snapshot gives those it holds. */
  async page(clauses: Clause[], sort: Sort, offset: number, limit: number): Promise<Page> {
    const question = { clauses, sort: sort.column, descending: sort.descending, offset, limit };
    const answer = await this.ask({ type: "page", ...question });
    if (answer) return answer.message as unknown as Page;
    const cells = (): Float64Array => this.whole(["label", "prediction"]);
    const rows = this.#rows ? savedPage(this.#rows, clauses, sort, this.meta.value, cells) : [];
    return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
  }

  /** Everything known about one example; null where only the kernel knows it. */
  async detail(row: number): Promise<Detail | null> {
    const answer = await this.ask({ type: "row", row });
    if (answer) return answer.message.detail as Detail;
    const saved = this.#rows?.rows.find((r) => r.row === row);
    return saved ? { ...saved, slices: [] } : null;
  }

  /** Measures of a selection that need every row, such as the area under the ROC curve: null without a kernel. */
  async scores(clauses: Clause[]): Promise<Record<string, Measure> | null> {
    const answer = await this.ask({ type: "measure", clauses });
    return (answer?.message.measures as Record<string, Measure> | undefined) ?? null;
  }

  /** The selected examples as text, from the kernel: `rows` of `total`; null without one. */
  async export(
    clauses: Clause[],
    sort: Sort,
    format: "csv" | "text",
    withPrivate: boolean,
  ): Promise<Exported | null> {
    const question = { type: "export", clauses, sort: sort.column, descending: sort.descending, format };
    const answer = await this.ask({ ...question, private: withPrivate });
    if (!answer) return null;
    const { message, buffers } = answer;
    return {
      text: new TextDecoder().decode(buffers[0]),
      rows: Number(message.rows),
      total: Number(message.total),
    };
  }

  /** The saved examples, where there are any. */
  get savedRows(): SavedRows | null {
    return this.#rows;
  }

  /** A saved output joins. */
  attachSnapshot(snapshot: Snapshot, tiles: Tile[]): void {
    this.#upgrade(snapshot.meta, tiles, snapshot.saved.tier);
    const newest = snapshot.meta === this.meta.value && snapshot.saved.rows > 0;
    if (newest || snapshot.rows.length > (this.#rows?.rows.length ?? 0)) {
      this.#rows = { rows: snapshot.rows, codes: snapshot.row_codes };
    }
    const effects = (snapshot.effects ?? []).map((one) => ({ ...one, meta: snapshot.meta }));
    this.effectsSaved.value = [...this.effectsSaved.value, ...effects];
    if (!this.saved.value || snapshot.saved.rows > this.saved.value.rows) this.saved.value = snapshot.saved;
  }

  /** A live view joins; the returned function lets it leave, because it is closed or because its kernel is gone. */
  attachPeer(peer: Peer, evaluation: string): () => void {
    this.#kernels.join(peer, evaluation);
    this.status.value = "live";
    return () => {
      this.#kernels.leave(peer);
      if (this.#kernels.there) return;
      this.status.value = "lost";
      this.#failed.value = null;
    };
  }

  /** The kernel said something unasked. */
  told({ message, buffers: [buffer] }: Answer): void {
    if (message.type === "state" && buffer) {
      const { header, tiles } = unpack<{ meta: Meta }>(aligned(buffer));
      this.#upgrade(header.meta, tiles, "live");
    }
    if (message.type === "state" && this.#kernels.behind(message)) this.#kernels.select(this.clauses.value);
    if (message.type === "state" || message.type === "selection") this.#selection(message);
  }

  /** What a view asks for that joins, and again when it was away: all that has changed. */
  get hello(): Message {
    const { created, version } = this.meta.value;
    const have = this.#rank === TIERS.indexOf("live") ? [created, version] : null;
    return { type: "hello", have, page: this.#kernels.id };
  }

  #selection(message: Answer["message"]): void {
    const heard = this.#kernels.hear(message);
    // Another Evaluation of this content may know less: then it keeps what it has.
    if (!heard || (heard.refused && !heard.main)) return;
    const now = this.clauses.value;
    const { clauses, steps, main, first, evaluation } = heard;
    if (main && first) this.#history.forget(steps);
    else if (main) this.#history.follow(steps, now, clauses);
    if (main) this.#refused.value = heard.refused;
    if (sameClauses(clauses, now)) return;
    if (first && main && heard.age > (performance.now() - this.#changed) / 1000) {
      // A click that came before the kernel did, and after its last change.
      this.#history.push(clauses);
      this.#kernels.select(now);
      return;
    }
    if (!main) this.#history.push(now);
    this.clauses.value = clauses;
    if (!first) this.#kernels.select(clauses, evaluation);
    if (heard.ours && !heard.refused) this.#tellPage();
  }

  /** Select other clauses, here and in every kernel. */
  #change(clauses: Clause[]): void {
    this.#history.push(this.clauses.value);
    this.#changed = performance.now();
    this.#refused.value = null;
    this.clauses.value = clauses;
    this.#kernels.select(clauses);
  }

  /** Of two descriptions of the same content the later made one is in force, then the later changed, then the richer. */
  #upgrade(meta: Meta, tiles: Tile[], tier: string): void {
    const known = this.meta.value;
    const rank = TIERS.indexOf(tier);
    const order = meta.created - known.created || meta.version - known.version || rank - this.#rank;
    this.tiles.value =
      order < 0 ? withClasses(this.tiles.value, tiles) : withClasses(tiles, this.tiles.value);
    if (order < 0) return;
    this.#rank = rank;
    this.meta.value = meta;
  }

  #tellPage(): void {
    tellPage({
      fingerprint: this.meta.value.fingerprint,
      clauses: this.clauses.value,
      from: this.#kernels.id,
    });
  }

  /** Ask the kernel what only it knows; null without one. */
  ask(question: Message): Promise<Answer | null> {
    return this.#kernels.ask(question);
  }

  /** Counts by dims under any clauses, from the kernel; null without one. */
  async counts(by: readonly string[], clauses: Clause[]): Promise<Float64Array | null> {
    this.#asked.value = this.#asked.peek() + 1;
    try {
      const answer = await this.ask({ type: "count", by, clauses });
      if (answer) this.#failed.value = null;
      const buffer = answer?.buffers[0];
      return buffer ? Float64Array.from(unpack(aligned(buffer)).tiles[0]?.n ?? []) : null;
    } catch (error) {
      this.#failed.value = (error as Error).message;
      return null;
    } finally {
      this.#asked.value = this.#asked.peek() - 1;
    }
  }
}

/** The counts of single classes, which not all outputs save, stay whoever brought them: of the same predictions alone. */
function withClasses(tiles: Tile[], others: Tile[]): Tile[] {
  const own = ({ dims }: Tile): Tile | undefined => tiles.find((tile) => `${tile.dims}` === `${dims}`);
  if (others.some((tile) => `${own(tile)?.n ?? tile.n}` !== `${tile.n}`)) return tiles;
  return [...tiles, ...others.filter((tile) => /^p\d/.test(`${tile.dims}`) && !own(tile))];
}
