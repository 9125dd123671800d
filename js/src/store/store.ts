/**
 * One Evaluation on one page: what is selected, and every number and row under it.
 * Live views feed it from their kernel, islands from their snapshot; the views cannot tell which.
 */

import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { aligned, unpack } from "../core/codec.ts";
import { clauseOf, filterOf, sameClauses, withClause } from "../core/selection.ts";
import { sizeOf, type Tile, tabulate } from "../core/tiles.ts";
import type { Clause, Measure, Meta } from "../core/types.ts";
import type { Answer, Peer } from "./peer.ts";
import { registry } from "./registry.ts";
import { type Detail, type Page, type SavedRows, type Sort, savedPage } from "./rows.ts";

/** exact: of this selection; waiting: the last exact ones while the kernel counts; stale: nobody can count these. */
export type CountState = "exact" | "waiting" | "stale";

export interface Counted {
  values: Float64Array;
  state: CountState;
}

/** saved: no kernel, a snapshot; live: a kernel answers; lost: it did, and does no longer. */
export type Status = "saved" | "live" | "lost";

export interface Saved {
  rows: number;
  text_chars: number;
  tier: string;
  /** How many clauses were in force that the saved counts cannot answer. */
  left_out: number;
}

export interface Exported {
  text: string;
  rows: number;
  total: number;
}

export interface Snapshot {
  meta: Meta;
  rows: SavedRows["rows"];
  row_codes: SavedRows["codes"];
  clauses: Clause[];
  saved: Saved;
}

/** What the counts answer, the poorer first; `Snapshot.tier` in display/saved.py says what each means. */
const TIERS = ["cells", "marginals", "pairs", "groups", "live"];
const UNDO_LIMIT = 200;

export class Store {
  readonly meta: Signal<Meta>;
  readonly clauses: Signal<Clause[]> = signal([]);
  readonly tiles: Signal<Tile[]>;
  readonly status: Signal<Status> = signal("saved");
  readonly saved: Signal<Saved | null> = signal(null);
  readonly error: Signal<string | null> = signal(null);
  /** Whether a later Evaluation of the same name is on this page. */
  readonly earlier: Signal<boolean> = signal(false);
  readonly canUndo: Signal<boolean> = signal(false);
  #rank: number;
  #rows: SavedRows | null = null;
  #past: Clause[][] = [];
  #peers = new Map<Peer, string>();
  #revisions = new Map<string, number>();
  #counts = new Map<string, ReadonlySignal<Counted>>();
  #id = {};

  constructor(meta: Meta, tiles: Tile[], tier: string) {
    this.meta = signal(meta);
    this.tiles = signal(tiles);
    this.#rank = TIERS.indexOf(tier);
    this.#listen();
  }

  /** Put a clause in force, in place of its field's. */
  where(clause: Clause): void {
    this.select(withClause(this.clauses.value, clause.field, clause));
  }

  /** Drop the clause of a field. */
  drop(field: string): void {
    this.select(withClause(this.clauses.value, field, null));
  }

  clear(): void {
    this.select([]);
  }

  /** The clause in force of a field, or null. */
  clause(field: string): Clause | null {
    return clauseOf(this.clauses.value, field);
  }

  select(clauses: Clause[]): void {
    if (sameClauses(clauses, this.clauses.value)) return;
    this.#past = [...this.#past.slice(1 - UNDO_LIMIT), this.clauses.value];
    this.#take(clauses);
    this.#tell(false);
  }

  undo(): void {
    const last = this.#past.pop();
    if (!last) return;
    this.#take(last);
    this.#tell(true);
  }

  /**
   * Counts of the selected rows by dims, row-major; `without` leaves out the clauses of a view's own fields.
   * The same question gives the same signal.
   */
  count(by: readonly string[], ...without: string[]): ReadonlySignal<Counted> {
    const key = `${by.join()}|${without.join()}`;
    let counted = this.#counts.get(key);
    if (!counted) {
      counted = this.#counting(by, without);
      this.#counts.set(key, counted);
    }
    return counted;
  }

  /** Counts of all rows by dims. */
  whole(by: readonly string[]): Float64Array {
    const meta = this.meta.value;
    return (
      tabulate(this.tiles.value, by, [], meta) ??
      new Float64Array(by.reduce((n, d) => n * sizeOf(meta, d), 1))
    );
  }

  /** How many rows are selected. */
  readonly selected: ReadonlySignal<Counted> = computed(() => this.count([]).value);

  /** One page of the selected examples; a snapshot gives those it holds. */
  async page(clauses: Clause[], sort: Sort, offset: number, limit: number): Promise<Page> {
    const peer = this.#peer();
    if (peer) {
      const question = {
        type: "page",
        clauses,
        sort: sort.column,
        descending: sort.descending,
        offset,
        limit,
      };
      return (await peer.ask(question)).message as unknown as Page;
    }
    const cells = this.whole(["label", "prediction"]);
    const rows = this.#rows ? savedPage(this.#rows, clauses, sort, this.meta.value, cells) : [];
    return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
  }

  /** Everything known about one example; null where only the kernel knows it. */
  async detail(row: number): Promise<Detail | null> {
    const peer = this.#peer();
    if (peer) return (await peer.ask({ type: "row", row })).message.detail as Detail;
    const saved = this.#rows?.rows.find((r) => r.row === row);
    return saved ? { ...saved, slices: [] } : null;
  }

  /** The area under the ROC curve of a selection, which needs every score: null without a kernel. */
  async auc(clauses: Clause[]): Promise<Measure | null> {
    const peer = this.#peer();
    return peer ? ((await peer.ask({ type: "measure", clauses })).message.auc as Measure | null) : null;
  }

  /** The selected examples as text, from the kernel: `rows` of `total`; null without one. */
  async export(
    clauses: Clause[],
    sort: Sort,
    format: "csv" | "text",
    withPrivate: boolean,
  ): Promise<Exported | null> {
    const peer = this.#peer();
    if (!peer) return null;
    const question = { type: "export", clauses, sort: sort.column, descending: sort.descending, format };
    const { message, buffers } = await peer.ask({ ...question, private: withPrivate });
    return {
      text: new TextDecoder().decode(buffers[0]),
      rows: Number(message.rows),
      total: Number(message.total),
    };
  }

  /** Which counts of which Evaluation this page has from a kernel, so that they are not sent again. */
  get have(): [created: number, version: number] | null {
    const { created, version } = this.meta.value;
    return this.#rank === TIERS.indexOf("live") ? [created, version] : null;
  }

  /** The saved examples, where there are any. */
  get savedRows(): SavedRows | null {
    return this.#rows;
  }

  /** A saved output joins. */
  attachSnapshot(snapshot: Snapshot, tiles: Tile[]): void {
    this.#upgrade(snapshot.meta, tiles, snapshot.saved.tier);
    const newest = snapshot.meta === this.meta.value && snapshot.rows.length > 0;
    if (newest || snapshot.rows.length > (this.#rows?.rows.length ?? 0)) {
      this.#rows = { rows: snapshot.rows, codes: snapshot.row_codes };
    }
    if (!this.saved.value || snapshot.saved.rows > this.saved.value.rows) this.saved.value = snapshot.saved;
  }

  /** A live view joins; the returned function lets it leave, because it is closed or because its kernel is gone. */
  attachPeer(peer: Peer, evaluation: string): () => void {
    this.#peers.set(peer, evaluation);
    this.status.value = "live";
    return () => {
      this.#peers.delete(peer);
      peer.close();
      if (this.#peers.size === 0) this.status.value = "lost";
    };
  }

  /** The kernel said something unasked. */
  told({ message, buffers }: Answer): void {
    if (message.type === "state") this.#state(message, buffers);
    else if (message.type === "selection") this.#selection(message);
    else if (message.type === "error") this.error.value = String(message.text);
  }

  #state(message: Answer["message"], buffers: DataView[]): void {
    const [buffer] = buffers;
    if (buffer) {
      const { header, tiles } = unpack<{ meta: Meta }>(aligned(buffer));
      this.#upgrade(header.meta, tiles, "live");
    }
    this.#selection(message);
  }

  #selection(message: Answer["message"]): void {
    const evaluation = String(message.evaluation);
    const revision = Number(message.revision);
    if (revision < (this.#revisions.get(evaluation) ?? 0)) return;
    this.#revisions.set(evaluation, revision);
    const clauses = message.clauses as Clause[];
    if (sameClauses(clauses, this.clauses.value)) return;
    this.#past = [...this.#past.slice(1 - UNDO_LIMIT), this.clauses.value];
    this.#take(clauses);
  }

  #take(clauses: Clause[]): void {
    this.clauses.value = clauses;
    this.canUndo.value = this.#past.length > 0;
  }

  /** Of two descriptions of the same content the later made one is in force, then the later changed, then the richer. */
  #upgrade(meta: Meta, tiles: Tile[], tier: string): void {
    const known = this.meta.value;
    const rank = TIERS.indexOf(tier);
    const order = meta.created - known.created || meta.version - known.version || rank - this.#rank;
    if (order < 0) return;
    this.#rank = rank;
    this.meta.value = meta;
    this.tiles.value = tiles;
  }

  #tell(undo: boolean): void {
    const clauses = this.clauses.value;
    const told = new Set<string>();
    for (const [peer, evaluation] of this.#peers) {
      if (told.has(evaluation)) continue;
      told.add(evaluation);
      peer.send({ type: "select", clauses, undo });
    }
    const detail = { fingerprint: this.meta.value.fingerprint, clauses, from: this.#id };
    registry().bus.dispatchEvent(new CustomEvent("select", { detail }));
  }

  /** Outputs drawn by another build of the code have a store of their own: the page's bus keeps both in step. */
  #listen(): void {
    registry().bus.addEventListener("select", (event) => {
      const { fingerprint, clauses, from } = (event as CustomEvent).detail;
      if (from === this.#id || fingerprint !== this.meta.value.fingerprint) return;
      if (!sameClauses(clauses, this.clauses.value)) this.#take(clauses);
    });
  }

  #peer(): Peer | null {
    return this.#peers.keys().next().value ?? null;
  }

  #counting(by: readonly string[], without: string[]): ReadonlySignal<Counted> {
    const others = (clauses: Clause[]) => clauses.filter((clause) => !without.includes(clause.field));
    const answered = signal<{ key: string; values: Float64Array } | null>(null);
    let last: Float64Array | null = null;
    const counted = computed((): Counted => {
      const clauses = others(this.clauses.value);
      const local = this.#tabulate(by, clauses);
      const kernel = answered.value?.key === this.#key(clauses) ? answered.value.values : null;
      const values = local ?? kernel;
      if (values) last = values;
      const state = values ? "exact" : this.status.value === "live" ? "waiting" : "stale";
      return { values: values ?? last ?? this.whole(by), state };
    });
    effect(() => {
      if (counted.value.state !== "waiting") return;
      const clauses = others(this.clauses.peek());
      const key = this.#key(clauses);
      this.#ask(by, clauses).then((values) => {
        if (values) answered.value = { key, values };
      });
    });
    return counted;
  }

  #key(clauses: readonly Clause[]): string {
    return `${this.meta.value.version} ${JSON.stringify(clauses)}`;
  }

  #tabulate(by: readonly string[], clauses: readonly Clause[]): Float64Array | null {
    const meta = this.meta.value;
    const filters = clauses.map((clause) => filterOf(clause, meta));
    return filters.every((f) => f !== null) ? tabulate(this.tiles.value, by, filters, meta) : null;
  }

  async #ask(by: readonly string[], clauses: Clause[]): Promise<Float64Array | null> {
    try {
      const answer = await this.#peer()?.ask({ type: "count", by, clauses });
      const buffer = answer?.buffers[0];
      return buffer ? Float64Array.from(unpack(aligned(buffer)).tiles[0]?.n ?? []) : null;
    } catch (error) {
      this.error.value = (error as Error).message;
      return null;
    }
  }
}

/** The page's store of an Evaluation, where an output of it is drawn already. */
export function knownStore(digest: string, fingerprint: string): Store | null {
  return (registry().stores.get(`${digest} ${fingerprint}`) as Store | undefined) ?? null;
}

/** The page's store of an Evaluation, made when its first output is drawn. */
export function storeOf(digest: string, meta: Meta, tiles: Tile[], tier: string): Store {
  const { stores } = registry();
  const key = `${digest} ${meta.fingerprint}`;
  let store = stores.get(key) as Store | undefined;
  if (!store) {
    store = new Store(meta, tiles, tier);
    stores.set(key, store);
    markEarlier([...stores.values()] as Store[]);
  }
  return store;
}

function markEarlier(stores: readonly Store[]): void {
  for (const store of stores) {
    const { name, created } = store.meta.value;
    store.earlier.value = stores.some(
      (other) => other.meta.value.name === name && other.meta.value.created > created,
    );
  }
}
