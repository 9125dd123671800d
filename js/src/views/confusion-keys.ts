/** The keyboard in a matrix: the ARIA grid pattern. */

import type { Place } from "../core/matrix-layout.ts";
import { areaOf, deselect, type Model, margins, select, zoomBy } from "./confusion-model.ts";

const PAGE = 10;

/** Answer a key; whether it was one of ours. */
export function pressed(model: Model, event: KeyboardEvent): boolean {
  if (event.altKey) return false;
  const moved = moveOf(model, event);
  if (moved) {
    move(model, moved, event.shiftKey);
    return true;
  }
  if (event.key === "Enter" || event.key === " ") {
    const area = areaOf(model, model.cursor.value, model.cursor.value);
    if (area) select(model, area, event.shiftKey);
    return true;
  }
  if (event.ctrlKey || event.metaKey) return false;
  if (event.key === "Escape") {
    deselect(model);
    return true;
  }
  const zoom = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, "0": 0 }[event.key];
  if (zoom === undefined || !model.layout.value.zooms) return false;
  zoomBy(model, zoom);
  return true;
}

/** Put the keyboard on a place, and the focus too. */
export function goTo(model: Model, place: Place): void {
  const same = model.cursor.value.row === place.row && model.cursor.value.column === place.column;
  model.focusing = true;
  model.cursor.value = same ? { ...place } : place;
}

function move(model: Model, to: Place, extending: boolean): void {
  const from = model.cursor.value;
  goTo(model, to);
  if (!extending) {
    model.anchor = null;
    return;
  }
  model.anchor ??= from;
  const area = areaOf(model, model.anchor, to);
  if (area) select(model, area, false);
}

function moveOf(model: Model, event: KeyboardEvent): Place | null {
  const { row, column } = model.cursor.value;
  const { rows, columns } = model.matrix.value;
  const ends = margins(model).length;
  const last = { row: rows.codes.length - 1 + ends, column: columns.codes.length - 1 + ends };
  const far = event.ctrlKey || event.metaKey;
  const steps: Record<string, Place> = {
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowDown: { row: far ? rows.codes.length - 1 : row + 1, column },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    ArrowRight: { row, column: far ? columns.codes.length - 1 : column + 1 },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows.codes.length - 1 : row, column: columns.codes.length - 1 },
    PageUp: { row: Math.max(row - PAGE, 0), column },
    PageDown: { row: Math.min(row + PAGE, rows.codes.length - 1), column },
  };
  const to = steps[event.key];
  return to ? inside(model, { row: clamp(to.row, last.row), column: clamp(to.column, last.column) }) : null;
}

/** The corners between heads and margins hold nothing: there the keyboard stays where it is. */
function inside(model: Model, to: Place): Place {
  const { rows, columns } = model.matrix.value;
  const outside = (at: number, size: number) => at < 0 || at >= size;
  const corner = outside(to.row, rows.codes.length) && outside(to.column, columns.codes.length);
  return corner ? model.cursor.value : to;
}

function clamp(at: number, last: number): number {
  return Math.min(Math.max(at, -1), last);
}
