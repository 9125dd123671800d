/** What one matrix shows and where its reader is: signals that its parts read and write. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { count } from "../core/format.ts";
import { axisOf, countAt, kindOf, type Matrix, type Mode, matrixOf } from "../core/matrix.ts";
import { LARGEST, type Layout, layoutOf, namedRows, type Place, type Room } from "../core/matrix-layout.ts";
import { type Area, fieldsOf, maskOf, pick } from "../core/matrix-selection.ts";
import { countTexts } from "../core/matrix-text.ts";
import type { Store, Summed } from "../store/store.ts";
import { textWidth } from "./confusion-measure.tsx";

/** From this width on the list of confusions stands beside the matrix. */
export const BESIDE = 700;
/** More classes than this: a field to find one. */
export const MANY = 12;

let models = 0;

export interface Model {
  /** Of the tooltip. */
  readonly id: string;
  readonly store: Store;
  readonly matrix: ReadonlySignal<Matrix>;
  readonly state: ReadonlySignal<Summed["state"]>;
  /** The selected cells; null where nothing is selected here. */
  readonly mask: ReadonlySignal<Uint8Array | null>;
  /** The rows and columns to mark: those found or with selected cells, unless these are all. */
  readonly marked: ReadonlySignal<{ rows: boolean[]; columns: boolean[] }>;
  readonly room: ReadonlySignal<Room>;
  readonly layout: ReadonlySignal<Layout>;
  readonly named: ReadonlySignal<ReadonlySet<number>>;
  readonly width: Signal<number>;
  readonly font: Signal<string>;
  readonly mode: Signal<Mode>;
  readonly zoom: Signal<number>;
  /** Where the keyboard is, and whether it is in use here. */
  readonly cursor: Signal<Place>;
  readonly keyed: Signal<boolean>;
  readonly hover: Signal<Place | null>;
  /** The cell whose line in the list is pointed at. */
  readonly listed: Signal<Place | null>;
  /** The class that was sought, by position on either side. */
  readonly found: Signal<{ row: number; column: number; text: string } | null>;
  /** An area being dragged over. */
  readonly dragged: Signal<Area | null>;
  /** The place that takes the focus as soon as it is drawn. */
  focusing: boolean;
  /** Where Shift+arrows began. */
  anchor: Place | null;
}

/** The dims of the two sides. */
export function sidesOf(options: Record<string, unknown>): [rows: string, columns: string] {
  return [String(options.rows ?? "label"), String(options.columns ?? "prediction")];
}

export function modelOf(store: Store, options: Record<string, unknown>): Model {
  const keys = sidesOf(options);
  const counted = countedOf(store, keys);
  const values = unchanged(counted);
  const matrix = computed(() => {
    const meta = store.meta.value;
    const [rows, columns] = [axisOf(meta, keys[0]), axisOf(meta, keys[1])];
    const effects = store.matrixEffects(keys, [rows.field, columns.field]).value;
    return matrixOf(rows, columns, values.value, meta.missing, effects);
  });
  const [width, font, zoom] = [signal(0), signal("13px sans-serif"), signal(1)];
  const height = typeof options.height === "number" ? options.height : null;
  const names = computed(() => {
    const { rows, columns } = matrix.value;
    const longest = (texts: string[]) =>
      Math.ceil(Math.max(0, ...texts.map((text) => textWidth(text, font.value))));
    return [longest(rows.texts), longest(columns.texts)] as const;
  });
  const mask = computed(() => maskOf(store.clauses.value, matrix.value, store.meta.value));
  const room = computed(() => roomOf(matrix.value, width.value, height, zoom.value, names.value, font.value));
  const layout = computed(() => layoutOf(room.value));
  const found: Model["found"] = signal(null);
  const marked = computed(() => markedBy(mask.value, found.value, matrix.value));
  return {
    id: `od-tip-${++models}`,
    store,
    matrix,
    mask,
    found,
    marked,
    room,
    layout,
    width,
    font,
    zoom,
    state: computed(() => counted.value.state),
    named: computed(() => namedOf(matrix.value, marked.value.rows, layout.value)),
    mode: signal<Mode>("counts"),
    cursor: signal({ row: 0, column: 0 }),
    keyed: signal(false),
    hover: signal(null),
    listed: signal(null),
    dragged: signal(null),
    focusing: false,
    anchor: null,
  };
}

/** Whether the sides are the label and the prediction of a regression, whose bins have the same edges. */
export function isPaired({ store, matrix }: Model): boolean {
  const { loss } = store.meta.value;
  const { rows, columns } = matrix.value;
  return loss !== null && rows.key === loss.label && columns.key === loss.prediction;
}

/** Select an area, or put it in or out of the selection. */
export function select(model: Model, area: Area, adding: boolean): void {
  const { store } = model;
  store.select(pick(store.clauses.value, model.matrix.value, store.meta.value, area, adding));
}

/** Take every clause of this view's own fields out of force. */
export function deselect({ store, matrix }: Model): void {
  const fields = fieldsOf(matrix.value);
  store.select(store.clauses.value.filter((clause) => !fields.includes(clause.field)));
}

/** What a click between two places selects: cells, from head to head whole rows or columns. */
export function areaOf(model: Model, from: Place, to: Place): Area | null {
  const { rows, columns } = model.matrix.value;
  const outside = (at: number, size: number) => at < 0 || at >= size;
  const wholeRows = outside(from.column, columns.codes.length);
  const wholeColumns = outside(from.row, rows.codes.length);
  if (wholeRows && wholeColumns) return null;
  const span = (a: number, b: number, size: number) => {
    const ends = [a, b].map((at) => Math.min(Math.max(at, 0), size - 1)) as [number, number];
    return [Math.min(...ends), Math.max(...ends)] as const;
  };
  return {
    rows: wholeColumns ? null : span(from.row, to.row, rows.codes.length),
    columns: wholeRows ? null : span(from.column, to.column, columns.codes.length),
  };
}

/** Zoom by a factor, 0 to fit. */
export function zoomBy(model: Model, factor: number): void {
  const zoom = model.zoom.value;
  const largest = (zoom * LARGEST) / model.layout.value.cellHeight;
  model.zoom.value = Math.max(1, Math.min(zoom * factor, largest));
}

/** The margins shown. */
export function margins(model: Model): ("total" | "rate")[] {
  if (!model.matrix.value.labels) return ["total"];
  return model.layout.value.margins === "bars" ? ["rate"] : ["total", "rate"];
}

/** Counts without any clause of the two sides' own fields, and weights. */
function countedOf(store: Store, keys: readonly [string, string]): ReadonlySignal<Summed> {
  return computed(() => store.sums(keys, ...keys.map((key) => axisOf(store.meta.value, key).field)));
}

/** The counts; the same array as long as they are the same, so that a click in the matrix does not draw it anew. */
function unchanged(counted: ReadonlySignal<Summed>): ReadonlySignal<Float64Array[]> {
  let last: Float64Array[] = [];
  const same = (own: Float64Array, other: Float64Array | undefined) =>
    own.length === other?.length && own.every((n, i) => n === other[i]);
  return computed(() => {
    const { values } = counted.value;
    if (values.length !== last.length || !values.every((own, i) => same(own, last[i]))) last = values;
    return last;
  });
}

function roomOf(
  matrix: Matrix,
  width: number,
  height: number | null,
  zoom: number,
  names: readonly [number, number],
  font: string,
): Room {
  const most = matrix.counts.reduce((a, b) => Math.max(a, b), 0);
  const largest = Math.max(...matrix.rowTotals, ...matrix.columnTotals, 0);
  const wide = (text: string) => Math.ceil(textWidth(text, font));
  const [rows, columns] = [matrix.rows.codes.length, matrix.columns.codes.length];
  return {
    width: matrix.labels ? plotWidth(width, columns) : width,
    height,
    rows,
    columns,
    rowName: Math.max(names[0], wide(`${matrix.rows.name} ↓`), matrix.labels ? wide("1 − precision") : 0),
    columnName: names[1],
    number: Math.min(...countTexts(most).map(wide)),
    total: wide(count(largest)),
    rates: matrix.labels !== null,
    zoom,
  };
}

/** Beside a list the matrix has the larger part of the width, and more of it the more classes there are. */
function plotWidth(width: number, columns: number): number {
  if (width < BESIDE) return width;
  return Math.round(columns > MANY ? Math.max(width * 0.6, width - 500) : width * 0.58);
}

function markedBy(
  mask: Uint8Array | null,
  found: Place | null,
  matrix: Matrix,
): { rows: boolean[]; columns: boolean[] } {
  const width = matrix.columns.codes.length;
  const rows = matrix.rows.codes.map(() => false);
  const columns = matrix.columns.codes.map(() => false);
  mask?.forEach((on, i) => {
    if (on) rows[Math.floor(i / width)] = columns[i % width] = true;
  });
  const few = (side: boolean[], at: number | undefined) => {
    const all = side.every(Boolean);
    return side.map((on, i) => (on && !all) || i === at);
  };
  return { rows: few(rows, found?.row), columns: few(columns, found?.column) };
}

/** Which rows are named: all if there is room, else the selected ones and those with the most errors. */
function namedOf(matrix: Matrix, selected: readonly boolean[], layout: Layout): ReadonlySet<number> {
  const width = matrix.columns.codes.length;
  const every = matrix.rows.codes.map((_, row) => row);
  if (layout.everyRow) return new Set(every);
  const importance = every.map((row) => {
    let errors = selected[row] ? matrix.total : 0;
    for (let column = 0; column < width; column++) {
      if (kindOf(matrix, row, column) === "error") errors += countAt(matrix, row, column);
    }
    return errors;
  });
  return new Set(namedRows(importance, layout.cellHeight, Math.ceil(every.length / 4)));
}
