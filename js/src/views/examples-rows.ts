/** The rows of one grid, fetched in pages for what is seen of it; late answers are dropped. */

import { type Signal, signal } from "@preact/signals";
import { confidenceCode } from "../core/selection.ts";
import type { Clause, Meta } from "../core/types.ts";
import { type Page, type Row, type Sort, savedPage } from "../store/rows.ts";
import type { Status, Store } from "../store/store.ts";

export const PAGE = 100;
const MOST_PAGES = 60;
const AT_ONCE = 2;

interface Question {
  clauses: Clause[];
  sort: Sort;
  status: Status;
  /** Of the slices, where one is selected: rows of other slices are other rows. */
  version: number;
  /** At another checkpoint the same rows have other predictions. */
  meta: Meta;
}

export class Rows {
  /** Rows under the last answered question; null before the first answer. */
  readonly total: Signal<number | null> = signal(null);
  /** Grows whenever rows arrive. */
  readonly arrived: Signal<number> = signal(0);
  /** Whether the rows shown are of an earlier question. */
  readonly stale: Signal<boolean> = signal(false);
  /** Whether the kernel that gave the rows is gone: the others cannot be had. */
  readonly frozen: Signal<boolean> = signal(false);
  readonly failure: Signal<string | null> = signal(null);
  #store: Store;
  #question: Question | null = null;
  #generation = 0;
  #pages = new Map<number, Row[]>();
  #asked = new Set<number>();
  #wanted: number[] = [];
  #seen = new Map<number, Row>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Ask for other rows, or in another order; what is shown stays until they are here. Whether it is a new question. */
  ask(clauses: Clause[], sort: Sort, status: Status): boolean {
    const last = this.#question;
    const meta = this.#store.meta.value;
    const version = clauses.some((clause) => clause.field === "slice") ? meta.version : 0;
    const same =
      JSON.stringify([clauses, sort, version]) === JSON.stringify([last?.clauses, last?.sort, last?.version]);
    if (same && status === last?.status && meta === last.meta) return false;
    // Without its kernel the rows that it gave stay.
    const ended = same && status !== "live" && last?.status === "live" && !this.stale.peek();
    this.#question = { clauses, sort, status, version, meta };
    this.frozen.value = ended && this.total.peek() !== null;
    // The rows of another checkpoint come right behind what is told of it.
    if (same && status === last?.status) queueMicrotask(() => this.#start());
    else this.#start();
    return !same;
  }

  /** Ask again after a failure. */
  retry(): void {
    this.#start();
  }

  /** Say which rows are seen: those not here are fetched. */
  want(first: number, end: number): void {
    this.#wanted = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) this.#wanted.push(page);
    this.#pump();
  }

  /** A row, or null while it is on its way. */
  at(i: number): Row | null {
    return this.#pages.get(Math.floor(i / PAGE))?.[i % PAGE] ?? null;
  }

  /** Some rows that are here. */
  sample(): Row[] {
    return [...this.#pages.values()].flat();
  }

  /** How many different rows have been seen. */
  get seen(): number {
    return this.#seen.size;
  }

  /** All rows in view that can be had without a kernel. */
  async all(): Promise<Row[]> {
    return this.#question ? (await this.#page(this.#question, 0, Number.MAX_SAFE_INTEGER)).rows : [];
  }

  close(): void {
    this.#generation++;
  }

  #start(): void {
    this.#generation++;
    this.#asked.clear();
    this.#wanted = [0];
    this.failure.value = null;
    this.stale.value = this.total.peek() !== null && !this.frozen.peek();
    this.#pump();
  }

  #pump(): void {
    const question = this.#question;
    if (!question || this.frozen.peek() || this.failure.peek() !== null) return;
    for (const page of this.#wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      const known = !this.stale.peek() && this.#pages.has(page);
      if (!known && !this.#asked.has(page)) this.#fetch(question, page);
    }
  }

  async #fetch(question: Question, page: number): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const answer = await this.#page(question, page * PAGE, PAGE);
      if (generation === this.#generation) this.#take(page, answer);
    } catch (error) {
      if (generation === this.#generation) this.failure.value = (error as Error).message;
    }
    if (generation !== this.#generation) return;
    this.#asked.delete(page);
    this.#pump();
  }

  #take(page: number, answer: Page): void {
    if (this.stale.peek()) this.#pages.clear();
    this.stale.value = false;
    this.#pages.delete(page);
    this.#pages.set(page, answer.rows);
    for (const row of answer.rows) this.#seen.set(row.row, row);
    forgetOldest(this.#pages, MOST_PAGES);
    forgetOldest(this.#seen, MOST_PAGES * PAGE);
    this.total.value = answer.total;
    this.arrived.value = this.arrived.peek() + 1;
  }

  async #page({ clauses, sort, status }: Question, offset: number, limit: number): Promise<Page> {
    if (status !== "lost" || this.#store.savedRows) return this.#store.page(clauses, sort, offset, limit);
    const cells = (): Float64Array => this.#store.whole(["label", "prediction"]);
    const rows = seenRows([...this.#seen.values()], clauses, sort, this.#store.meta.value, cells);
    return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
  }
}

function forgetOldest(map: Map<number, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** Of the rows seen those that satisfy the clauses; none where only the kernel knows which do. */
export function seenRows(
  seen: Row[],
  clauses: readonly Clause[],
  sort: Sort,
  meta: Meta,
  cells: () => Float64Array,
): Row[] {
  const known = clauses.every((c) => c.field === "cell" || c.field === "confidence" || c.field === "text");
  if (!known) return [];
  const confidence = seen.map((row) => confidenceCode(row.confidence));
  return savedPage({ rows: seen, codes: { confidence } }, clauses, sort, meta, cells);
}
