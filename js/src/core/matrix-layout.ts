/** Where everything in a matrix stands: sizes in pixels from the room there is. */

export interface Room {
  width: number;
  /** Of the whole box, when the user asked for one. */
  height: number | null;
  rows: number;
  columns: number;
  /** Of the longest name on either side, of the largest count at its shortest, of the largest total. */
  rowName: number;
  columnName: number;
  number: number;
  total: number;
  /** Whether there are rates at the margins. */
  rates: boolean;
  /** 1 fits the whole matrix into the room. */
  zoom: number;
}

export interface Layout {
  cellWidth: number;
  cellHeight: number;
  /** flat: names lie above their columns; tall: they stand; none: they have no room. */
  heads: "flat" | "tall" | "none";
  /** Each row has room for its name; else a few rows are named. */
  everyRow: boolean;
  /** Totals and rates at the margins as numbers, or with intervals too; or the rates as bars. */
  margins: "intervals" | "numbers" | "bars";
  /** Cells have room for their number. */
  numbers: boolean;
  /** Where the head, each column or row, and each margin begins; at last where all ends. */
  x: number[];
  y: number[];
  /** Whether a larger zoom shows more. */
  zooms: boolean;
  /** Of the box in which the matrix scrolls. */
  boxHeight: number;
}

/** A place in the grid: -1 is a head, those after the last row or column are margins. */
export interface Place {
  row: number;
  column: number;
}

/** Room for one line of 11 px text. */
export const LINE = 14;
/** The side of a cell that is zoomed in as far as it goes. */
export const LARGEST = 56;

const WIDEST = 76;
const TALLEST = 42;
/** Cells as wide as this need not be square. */
const ROOMY = 26;
const SMALLEST = 2;
const HIGHEST = 680;
const ZOOMED_HEIGHT = 420;
const BAR = 46;
const RATE = 56;
/** Of a rate without its decimal. */
const TIGHT_RATE = 40;
const INTERVAL = 74;
/** Cells that have room for an interval under them. */
const INTERVAL_CELL = 66;
const TOTAL = 22;
const AXIS_NAME = 18;

interface Fitted {
  margins: Layout["margins"];
  ends: number[];
  width: number;
  height: number;
}

/** Fit a matrix into the room, or show it larger than that. */
export function layoutOf(room: Room): Layout {
  const fit = sized(room, null);
  if (room.zoom <= 1 || !fit.zooms) return fit;
  const side = Math.min(
    LARGEST,
    Math.max(Math.round(fit.cellHeight * room.zoom), Math.ceil(fit.cellHeight) + 1),
  );
  const zoomed = sized(room, side);
  const limit = room.height ?? Math.max(fit.boxHeight, ZOOMED_HEIGHT);
  return { ...zoomed, zooms: true, boxHeight: Math.min(zoomed.y.at(-1) as number, limit) };
}

/** The place under a point of the box, which is scrolled by so much. */
export function placeUnder(layout: Layout, x: number, y: number, scrollX: number, scrollY: number): Place {
  const along = (edges: number[], at: number, scroll: number) => {
    if (at < (edges[1] as number)) return -1;
    const after = edges.findIndex((edge) => edge > at + scroll);
    return (after < 0 ? edges.length - 1 : after) - 2;
  };
  return { row: along(layout.y, y, scrollY), column: along(layout.x, x, scrollX) };
}

/** Numbers in narrow cells are set smaller. */
export function fontScale(cellWidth: number): number {
  return cellWidth < ROOMY ? 0.88 : 1;
}

/** Where a place begins on one side, and how long it is. */
export function extent(edges: number[], at: number): [start: number, length: number] {
  const start = edges[at + 1] ?? 0;
  return [start, (edges[at + 2] ?? start) - start];
}

/**
 * The rows that are named where not every one has room: the most important first, none closer to another than a
 * line, at most `limit`.
 */
export function namedRows(importance: readonly number[], cellHeight: number, limit: number): number[] {
  const apart = (LINE + 2) / cellHeight;
  const order = importance.map((_, row) => row).sort((a, b) => (importance[b] ?? 0) - (importance[a] ?? 0));
  const named: number[] = [];
  for (const row of order) {
    if (named.length >= limit || !importance[row]) break;
    if (named.every((other) => Math.abs(other - row) >= apart)) named.push(row);
  }
  return named;
}

function sized(room: Room, side: number | null): Layout {
  const least = room.rates ? 62 : 46;
  const headWidth = Math.round(
    Math.min(Math.max(room.rowName + 12, least), Math.max(least, room.width * 0.3), 190),
  );
  const { margins, ends, width, height } = fitted(room, side, headWidth);
  const feet =
    margins === "bars" ? [BAR] : ends.length === 1 ? [TOTAL] : [TOTAL, margins === "numbers" ? TOTAL : 36];
  let [cellWidth, cellHeight] = [width, height];
  const free = (room.height ?? HIGHEST) - headHeightOf(room, width) - sum(feet);
  if (side === null && free < height * room.rows) {
    cellHeight = Math.max(SMALLEST, free / room.rows);
    if (cellHeight > 6) cellHeight = Math.floor(cellHeight);
    if (width < ROOMY) cellWidth = Math.min(width, cellHeight);
  }
  const y = edges(headHeightOf(room, cellWidth), cellHeight, room.rows, feet);
  const all = y.at(-1) as number;
  return {
    cellWidth,
    cellHeight,
    heads: headsOf(room, cellWidth),
    everyRow: cellHeight >= LINE - 1,
    margins,
    numbers: cellHeight > LINE && cellWidth > room.number * fontScale(cellWidth),
    x: edges(headWidth, cellWidth, room.columns, ends),
    y,
    zooms: cellWidth < ROOMY || cellHeight < ROOMY,
    boxHeight: Math.min(all, room.height ?? all),
  };
}

/** The richest margins that leave the cells large enough for them. */
function fitted(room: Room, side: number | null, headWidth: number): Fitted {
  const tried = (margins: Layout["margins"], ends: number[]): Fitted => {
    const width = (room.width - headWidth - sum(ends) - 4) / room.columns;
    if (side !== null) return { margins, ends, width: side, height: side };
    if (width < ROOMY) {
      const square = Math.max(SMALLEST, width >= 5 ? Math.floor(width) : width);
      return { margins, ends, width: square, height: square };
    }
    const wide = Math.floor(Math.min(width, WIDEST));
    return {
      margins,
      ends,
      width: wide,
      height: Math.round(Math.min(TALLEST, Math.max(ROOMY, wide * 0.62))),
    };
  };
  const total = Math.max(38, room.total + 12);
  if (!room.rates) return tried("numbers", [total]);
  const rich = tried("intervals", [total, RATE + INTERVAL]);
  if (side === null && rich.width >= INTERVAL_CELL) return rich;
  const plain = tried("numbers", [total, RATE]);
  if (plain.width >= ROOMY) return plain;
  const tight = tried("numbers", [total - 6, TIGHT_RATE]);
  return tight.height < LINE ? tried("bars", [BAR]) : tight;
}

function headsOf(room: Room, cellWidth: number): Layout["heads"] {
  if (cellWidth < LINE) return "none";
  return cellWidth >= 40 && room.columnName <= 2 * (cellWidth - 6) ? "flat" : "tall";
}

function headHeightOf(room: Room, cellWidth: number): number {
  const one = room.columnName <= cellWidth - 4;
  const heights = { none: 20, tall: Math.min(130, room.columnName + 10), flat: one ? 20 : 34 };
  return AXIS_NAME + heights[headsOf(room, cellWidth)];
}

function edges(head: number, cell: number, size: number, ends: number[]): number[] {
  const result = Array.from({ length: size + 1 }, (_, i) => head + i * cell);
  for (const end of ends) result.push((result.at(-1) as number) + end);
  return [0, ...result];
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
