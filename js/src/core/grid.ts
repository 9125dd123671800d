/** Where the rows of a long list stand while it scrolls, and where a key leads in a grid. */

/** Browsers cap the height of an element at 10 to 30 million pixels: a longer list scrolls in proportion. */
export const MAX_PIXELS = 8_000_000;

const OVERSCAN = 6;

/** A list of rows of one height, one of which may be open: then a panel stands below it. */
export interface Geometry {
  rows: number;
  rowHeight: number;
  open: number | null;
  panel: number;
  /** Height of what is seen of the list. */
  viewport: number;
}

/** Height of the whole list, were there no limit. */
export function contentHeight(g: Geometry): number {
  return g.rows * g.rowHeight + (g.open === null ? 0 : g.panel);
}

/** Height of the element that is scrolled. */
export function elementHeight(g: Geometry): number {
  return Math.min(contentHeight(g), MAX_PIXELS);
}

/** Whether the list is longer than an element can be. */
export function isScaled(g: Geometry): boolean {
  return contentHeight(g) > MAX_PIXELS;
}

/** The position nearest to `top` that the list can be scrolled to. */
export function clampTop(top: number, g: Geometry): number {
  return Math.max(0, Math.min(top, contentHeight(g) - g.viewport));
}

/** `scrollTop` of the element when the list is scrolled to `top`. */
export function toElement(top: number, g: Geometry): number {
  return isScaled(g) ? (top * (MAX_PIXELS - g.viewport)) / (contentHeight(g) - g.viewport) : top;
}

/** The list's position when the element's `scrollTop` was set by its scroll bar. */
export function toList(scrollTop: number, g: Geometry): number {
  const top = isScaled(g)
    ? (scrollTop * (contentHeight(g) - g.viewport)) / (MAX_PIXELS - g.viewport)
    : scrollTop;
  return clampTop(top, g);
}

/** Distance of a row from the start of the list. */
export function rowTop(row: number, g: Geometry): number {
  return row * g.rowHeight + (g.open !== null && row > g.open ? g.panel : 0);
}

/** First row to draw and the one after the last. */
export function windowOf(top: number, g: Geometry): [first: number, end: number] {
  const first = rowAt(top, g) - OVERSCAN;
  const end = rowAt(top + g.viewport, g) + 1 + OVERSCAN;
  return [Math.max(0, first), Math.min(g.rows, end)];
}

function rowAt(y: number, g: Geometry): number {
  const panelTop = g.open === null ? Number.POSITIVE_INFINITY : (g.open + 1) * g.rowHeight;
  if (y < panelTop) return Math.floor(y / g.rowHeight);
  return Math.max(g.open ?? 0, Math.floor((y - g.panel) / g.rowHeight));
}

/** Where to scroll so that [from, from + height) is seen: not at all, or as little as possible. */
export function reveal(from: number, height: number, top: number, g: Geometry): number {
  if (from < top || height > g.viewport) return clampTop(from, g);
  if (from + height > top + g.viewport) return clampTop(from + height - g.viewport, g);
  return top;
}

/** A cell of the grid: row -1 is the head; in the panel of the open row there are no columns. */
export interface Place {
  row: number;
  column: number;
  panel: boolean;
}

export interface Bounds {
  rows: number;
  columns: number;
  open: number | null;
  /** Rows that fit on the screen. */
  page: number;
}

/** Where a key leads, or null where it leads nowhere in a grid. */
export function moved(key: string, control: boolean, at: Place, b: Bounds): Place | null {
  const column = (c: number): Place => ({ ...at, column: Math.max(0, Math.min(b.columns - 1, c)) });
  const row = (r: number): Place => ({ ...at, row: Math.max(-1, Math.min(b.rows - 1, r)), panel: false });
  switch (key) {
    case "ArrowRight":
      return column(at.column + 1);
    case "ArrowLeft":
      return column(at.column - 1);
    case "ArrowDown":
      return at.row === b.open && !at.panel ? { ...at, panel: true } : row(at.row + 1);
    case "ArrowUp":
      if (at.panel) return { ...at, panel: false };
      return at.row - 1 === b.open ? { ...at, row: at.row - 1, panel: true } : row(at.row - 1);
    case "Home":
      return control ? { row: Math.min(0, b.rows - 1), column: 0, panel: false } : column(0);
    case "End":
      return control ? { row: b.rows - 1, column: b.columns - 1, panel: false } : column(b.columns - 1);
    case "PageDown":
      return row(at.row + b.page);
    case "PageUp":
      return at.row <= 0 ? row(at.row) : row(Math.max(0, at.row - b.page));
    default:
      return null;
  }
}
