/** What one grid of examples remembers: its sorting, its columns, where the reader is. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import {
  type Column,
  columnsOf,
  inOrder,
  type Laid,
  layOut,
  MIN_WIDTH,
  NARROW,
  reordered,
} from "../core/columns.ts";
import { clampTop, contentHeight, type Geometry, type Place, reveal, rowTop } from "../core/grid.ts";
import type { Sort } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { Rows } from "./examples-rows.ts";

export const HEIGHT = 360;
export const HEAD = 28;
const ROW = 31;
const TALL_ROW = 47;
const FEWEST = 5;
const MOST_WIDTH = 2000;
const NO_SORT: Sort = { column: null, descending: false };

export class ExamplesModel {
  readonly rows: Rows;
  readonly sort: Signal<Sort> = signal(NO_SORT);
  readonly order: Signal<string[] | null> = signal(null);
  readonly hidden: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly chosen: Signal<Readonly<Record<string, number>>> = signal({});
  readonly natural: Signal<Readonly<Record<string, number>>> = signal({});
  /** Width and height of the room for the grid. */
  readonly width: Signal<number> = signal(900);
  readonly barHeight: Signal<number> = signal(0);
  readonly top: Signal<number> = signal(0);
  readonly place: Signal<Place> = signal({ row: 0, column: 0, panel: false });
  readonly open: Signal<number | null> = signal(null);
  readonly panel: Signal<number> = signal(120);
  /** The last thing that was done, for the status line. */
  readonly said: Signal<string> = signal("");
  readonly narrow: ReadonlySignal<boolean> = computed(() => this.width.value < NARROW);
  /** Whether a row has place for an image, or for two lines of its text. */
  readonly tall: ReadonlySignal<boolean> = computed(
    () => this.narrow.value || this.store.meta.value.columns.some((column) => column.kind === "image"),
  );
  readonly all: ReadonlySignal<Column[]>;
  readonly columns: ReadonlySignal<Laid[]>;
  readonly geometry: ReadonlySignal<Geometry>;
  readonly store: Store;
  /** Whether the position was set by us, so that the scroll bar has to follow. */
  jumped = false;

  constructor(store: Store, height: unknown) {
    this.store = store;
    this.rows = new Rows(store);
    const most = Math.max(140, typeof height === "number" ? height : HEIGHT);
    this.all = computed(() => inOrder(columnsOf(store.meta.value, this.narrow.value), this.order.value));
    this.columns = computed(() => {
      const shown = this.all.value.filter((column) => !this.hidden.value.has(column.key));
      return layOut(shown, this.natural.value, this.chosen.value, store.meta.value.text, this.width.value);
    });
    this.geometry = computed(() => this.#geometry(most - HEAD));
  }

  /** Rows and columns are asked for by the page's selection: called whenever it changes. */
  refresh(): void {
    const { clauses, status } = this.store;
    if (!this.rows.ask(clauses.value, this.sort.value, status.value)) return;
    this.open.value = null;
    this.said.value = "";
    this.scrollTo(0);
    this.place.value = { ...this.place.peek(), row: Math.min(0, this.place.peek().row), panel: false };
  }

  /** Numbers from the highest first, texts from a; then the other way; then the order of interest. */
  sortBy(column: Column): void {
    const downFirst = ["number", "probability", "time"].includes(column.kind);
    const { column: key, descending } = this.sort.value;
    if (key !== column.key) this.sort.value = { column: column.key, descending: downFirst };
    else this.sort.value = descending === downFirst ? { column: key, descending: !downFirst } : NO_SORT;
  }

  /** Open a row to everything that is known about it; an open one closes. */
  toggle(row: number): void {
    this.open.value = this.open.value === row ? null : row;
    this.show({ row, column: 0, panel: false });
  }

  /** Close the panel of a row and go back to the row. */
  close(row: number): void {
    this.open.value = null;
    this.place.value = { ...this.place.value, row, panel: false };
  }

  /** Scroll until a place is seen. */
  show({ row, panel }: Place): void {
    const g = this.geometry.value;
    if (row < 0) return;
    const from = panel ? (row + 1) * g.rowHeight : rowTop(row, g);
    const height = panel ? Math.min(g.panel, g.viewport) : g.rowHeight;
    this.scrollTo(reveal(from, height, clampTop(this.top.value, g), g));
  }

  scrollTo(top: number): void {
    this.jumped = true;
    this.top.value = top;
  }

  resize(key: string, width: number): void {
    const to = Math.round(Math.max(MIN_WIDTH, Math.min(MOST_WIDTH, width)));
    this.chosen.value = { ...this.chosen.value, [key]: to };
  }

  /** Put a column at a place among all columns. */
  move(key: string, to: number): void {
    const keys = this.all.value.map((column) => column.key);
    this.order.value = reordered(keys, key, to);
  }

  hide(key: string, hidden: boolean): void {
    const next = new Set(this.hidden.value);
    if (hidden) next.add(key);
    else next.delete(key);
    this.hidden.value = next;
  }

  /** The columns as they were at first. */
  reset(): void {
    this.order.value = null;
    this.hidden.value = new Set();
    this.chosen.value = {};
  }

  /** Height of a few rows: so much room stays when there are fewer, lest the page jumps with each click. */
  least(): number {
    return Math.min(FEWEST, this.store.meta.value.n) * (this.tall.value ? TALL_ROW : ROW);
  }

  #geometry(most: number): Geometry {
    const rowHeight = this.tall.value ? TALL_ROW : ROW;
    const { status, selected } = this.store;
    const rows = this.rows.total.value ?? (status.value === "live" ? (selected.value.values[0] ?? 0) : 0);
    const g: Geometry = { rows, rowHeight, open: this.open.value, panel: this.panel.value, viewport: 0 };
    g.viewport = Math.min(most, Math.max(this.least(), contentHeight(g)));
    if (rows === 0) g.viewport = 0;
    return g;
  }
}

/** What the order of interest is called. */
export function interest(store: Store): string {
  const { model, confidence, score, loss } = store.meta.value;
  if (loss) return `largest ${loss.name} first`;
  if (!model) return "as given";
  if (confidence) return "most confident errors first";
  return score === null ? "errors first, the largest cell first" : `errors first, by ${score}`;
}
