/** Where everything in a matrix stands: sizes in pixels from the room there is. */

/** flat: names lie above their columns; tall: they stand; none: too narrow for names, a few label the rows. */
export type Heads = "flat" | "tall" | "none";

export interface Room {
  width: number;
  /** Of the whole box, when the user asked for one. */
  height: number | null;
  rows: number;
  columns: number;
  /** Of the longest name on either side, and of the longest number in a cell or total. */
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
  headWidth: number;
  headHeight: number;
  heads: Heads;
  /** Each row has room for its name; else a few rows are named. */
  everyRow: boolean;
  /** Totals and rates at the margins as numbers, also with intervals; or the rates as bars. */
  margins: "intervals" | "numbers" | "bars";
  marginWidth: number;
  marginHeight: number;
  totalWidth: number;
  width: number;
  height: number;
  /** Whether a larger zoom shows more. */
  zooms: boolean;
  /** Of the box in which the matrix scrolls. */
  boxHeight: number;
}

/** Room for one line of 11 px text. */
export const LINE = 14;

/** The side of a cell that is zoomed in as far as it goes. */
export const LARGEST = 56;

const WIDEST = 76;
const TALLEST = 42;
const ROOMY = 26;
const SMALLEST = 2.5;

const BAR = 46;
const RATE = 56;
const INTERVAL = 74;
const INTERVAL_LINE = 14;
/** Cells that have room for an interval under them. */
const INTERVAL_CELL = 66;
const AXIS_NAME = 18;
/** Of the row of totals, above that of the rates. */
export const TOTAL_HEIGHT = 22;
const HIGHEST = 680;
const ZOOMED_HEIGHT = 420;

/** Fit a matrix into the room, or show it larger than that. */
export function layoutOf(room: Room): Layout {
  const fit = sized(room, null);
  if (room.zoom <= 1 || !fit.zooms) return fit;
  const side = Math.min(LARGEST, Math.round(fit.cellHeight * room.zoom));
  const zoomed = sized(room, Math.max(side, Math.ceil(fit.cellHeight) + 1));
  const limit = room.height ?? Math.max(fit.boxHeight, ZOOMED_HEIGHT);
  return { ...zoomed, zooms: true, boxHeight: Math.min(zoomed.height, limit) };
}

function sized(room: Room, side: number | null): Layout {
  const headWidth = Math.round(Math.min(Math.max(room.rowName + 12, room.rates ? 66 : 46), Math.max(66, room.width * 0.3), 190));
  const totalWidth = Math.max(38, room.total + 12);
  const { margins, marginWidth, cell } = fitted(room, side, headWidth, totalWidth);
  const marginHeight = marginHeightOf(room, margins);
  const free = (room.height ?? HIGHEST) - headHeightOf(room, cell.width) - marginHeight;
  const tight = side === null && free < cell.height * room.rows ? Math.max(SMALLEST, free / room.rows) : cell.height;
  const cellHeight = tight > 6 ? Math.floor(tight) : tight;
  const cellWidth = cell.width < ROOMY && side === null ? Math.min(cell.width, cellHeight) : cell.width;
  const headHeight = headHeightOf(room, cellWidth);
  const height = headHeight + cellHeight * room.rows + marginHeight;
  return {
    cellWidth,
    cellHeight,
    headWidth,
    headHeight,
    heads: headsOf(room, cellWidth),
    everyRow: cellHeight >= LINE - 1,
    margins,
    marginWidth,
    marginHeight,
    totalWidth,
    width: headWidth + cellWidth * room.columns + marginWidth,
    height,
    zooms: cellWidth < ROOMY || cellHeight < ROOMY,
    boxHeight: room.height === null ? height : Math.min(height, room.height),
  };
}

type Cells = { width: number; height: number };
type Fitted = Pick<Layout, "margins" | "marginWidth"> & { cell: Cells };

/** The richest margins that leave the cells large enough for them. */
function fitted(room: Room, side: number | null, headWidth: number, totalWidth: number): Fitted {
  const tried = (margins: Layout["margins"], marginWidth: number): Fitted => ({
    margins,
    marginWidth,
    cell: cells(room, room.width - headWidth - marginWidth - 4, side),
  });
  const numbers = tried("numbers", totalWidth + (room.rates ? RATE : 0));
  if (!room.rates) return numbers;
  const intervals = tried("intervals", totalWidth + RATE + INTERVAL);
  if (side === null && intervals.cell.width >= INTERVAL_CELL) return intervals;
  return numbers.cell.height < LINE ? tried("bars", BAR) : numbers;
}

function marginHeightOf(room: Room, margins: Layout["margins"]): number {
  if (margins === "bars") return BAR;
  if (!room.rates) return TOTAL_HEIGHT;
  return 2 * TOTAL_HEIGHT + (margins === "intervals" ? INTERVAL_LINE : 0);
}

function cells(room: Room, free: number, side: number | null): Cells {
  if (side !== null) return { width: side, height: side };
  const width = free / room.columns;
  if (width < ROOMY) {
    const square = Math.max(SMALLEST, width >= 5 ? Math.floor(width) : width);
    return { width: square, height: square };
  }
  const wide = Math.floor(Math.min(width, Math.max(WIDEST, room.number + 12)));
  return { width: wide, height: Math.round(Math.min(TALLEST, Math.max(ROOMY, wide * 0.62))) };
}

function headsOf(room: Room, cellWidth: number): Heads {
  if (cellWidth < LINE) return "none";
  return cellWidth >= 40 && room.columnName <= 2 * (cellWidth - 6) ? "flat" : "tall";
}

function headHeightOf(room: Room, cellWidth: number): number {
  const heads = headsOf(room, cellWidth);
  if (heads === "none") return AXIS_NAME + 20;
  if (heads === "tall") return AXIS_NAME + Math.min(130, room.columnName + 10);
  return AXIS_NAME + (room.columnName <= cellWidth - 4 ? 20 : 34);
}

/**
 * The rows that are named where not every one has room: the most important first, none closer to another than a
 * line, at most `limit`.
 */
export function namedRows(importance: readonly number[], cellHeight: number, limit: number): number[] {
  const apart = Math.ceil((LINE + 2) / cellHeight);
  const order = importance.map((_, row) => row).sort((a, b) => (importance[b] ?? 0) - (importance[a] ?? 0));
  const named: number[] = [];
  for (const row of order) {
    if (named.length >= limit || !((importance[row] ?? 0) > 0)) break;
    if (named.every((other) => Math.abs(other - row) >= apart)) named.push(row);
  }
  return named.sort((a, b) => a - b);
}

/** A place in the grid: -1 is a head, those after the last row or column are margins. */
export interface Place {
  row: number;
  column: number;
}

/** The margins there are, in order. */
export function marginsOf(layout: Layout, rates: boolean): ("total" | "rate")[] {
  if (!rates) return ["total"];
  return layout.margins === "bars" ? ["rate"] : ["total", "rate"];
}

/** Start and length of a place's side, from the start of the sheet. */
export function extent(layout: Layout, along: "row" | "column", at: number, size: number): [number, number] {
  const wide = along === "column";
  const head = wide ? layout.headWidth : layout.headHeight;
  const cell = wide ? layout.cellWidth : layout.cellHeight;
  if (at < 0) return [0, head];
  if (at < size) return [head + at * cell, cell];
  const margin = wide ? layout.marginWidth : layout.marginHeight;
  const first = wide ? layout.totalWidth : TOTAL_HEIGHT;
  const end = head + size * cell;
  if (layout.margins === "bars" || margin <= first) return [end, margin];
  return at === size ? [end, first] : [end + first, margin - first];
}

/** The place under a point of the box, which is scrolled by so much; margins that are not there are cut off. */
export function placeUnder(
  layout: Layout,
  room: Pick<Room, "rows" | "columns" | "rates">,
  point: { x: number; y: number; scrollX: number; scrollY: number },
): Place {
  const last = marginsOf(layout, room.rates).length - 1;
  const along = (at: number, scroll: number, side: "row" | "column", size: number) => {
    const [head, cell] =
      side === "column" ? [layout.headWidth, layout.cellWidth] : [layout.headHeight, layout.cellHeight];
    if (at < head) return -1;
    const index = Math.floor((at + scroll - head) / cell);
    if (index < size || last === 0) return Math.min(index, size);
    return at + scroll < extent(layout, side, size + 1, size)[0] ? size : size + 1;
  };
  return {
    row: along(point.y, point.scrollY, "row", room.rows),
    column: along(point.x, point.scrollX, "column", room.columns),
  };
}
