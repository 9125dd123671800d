/** The rows of a matrix as an ARIA grid. Cells that hold nothing are drawn only where the keyboard is. */

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { interval, percent } from "../core/format.ts";
import { basisOf, countAt, isFew, kindOf, rateOf, shareOf } from "../core/matrix.ts";
import { extent, type Layout } from "../core/matrix-layout.ts";
import {
  cellName,
  cellText,
  countText,
  headName,
  rateName,
  rateWord,
  rounded,
  type Side,
  totalAt,
  totalName,
} from "../core/matrix-text.ts";
import { breakable } from "../views/confusion-measure.tsx";
import { type Model, margins } from "../views/confusion-model.ts";

/** A share that is drawn in the fullest hue. */
const FULL = 0.5;

/** One row of the grid: -1 is that of the heads, those after the last are margins. */
export function Row({ model, row }: { model: Model; row: number }) {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const mode = model.mode.value;
  const mask = model.mask.value;
  const named = model.named.value.has(row);
  const marked = model.marked.value;
  const cursor = model.cursor.value;
  const active = cursor.row === row ? cursor.column : null;
  // What had the focus stays one drawing longer: were it gone before the focus moves, the focus would leave the grid.
  const left = useRef<number | null>(null);
  const before = left.current;
  left.current = active;
  const items = useMemo(
    () => itemsOf(model, row, active, before),
    [matrix, layout, mode, mask, named, marked, active, before],
  );
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (active === null || !model.focusing) return;
    model.focusing = false;
    const target = element.current?.querySelector<HTMLElement>('[tabindex="0"]');
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  const [, height] = extent(layout, "row", row, matrix.rows.codes.length);
  const kind = row < 0 ? "heads" : row < matrix.rows.codes.length ? "body" : "foot";
  return (
    <div ref={element} role="row" class={`m-row ${kind}`} aria-rowindex={row + 2} style={{ height: `${height}px` }}>
      {items}
    </div>
  );
}

function itemsOf(model: Model, row: number, active: number | null, before: number | null): VNode[] {
  const height = model.matrix.value.rows.codes.length;
  if (row < 0) return headItems(model, active);
  return row < height ? bodyItems(model, row, active, before) : footItems(model, row, active);
}

function headItems(model: Model, active: number | null): VNode[] {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const width = matrix.columns.codes.length;
  const corner = (
    <div role="columnheader" class="m-corner" key="corner" aria-colindex={1} style={{ width: `${layout.headWidth}px` }}>
      <bdi>{matrix.rows.name}</bdi> <span aria-hidden="true">↓</span>
      <span class="m-axis" aria-hidden="true">
        <bdi>{matrix.columns.name}</bdi> →
      </span>
    </div>
  );
  const heads = matrix.columns.texts.map((text, column) => (
    <div
      key={column}
      role="columnheader"
      class={`m-head ${layout.heads}${model.marked.value.columns[column] ? " on" : ""}`}
      aria-colindex={column + 2}
      aria-label={headName(matrix, "columns", column)}
      tabIndex={active === column ? 0 : -1}
      style={place(layout, column, width)}
    >
      {layout.heads === "none" ? null : <bdi>{layout.heads === "flat" ? breakable(text) : text}</bdi>}
    </div>
  ));
  const ends = margins(model).map((margin, i) => (
    <div
      key={margin}
      role="columnheader"
      class={`m-end ${margin === "rate" ? layout.margins : ""}`}
      aria-colindex={width + i + 2}
      style={place(layout, width + i, width)}
    >
      {marginWord(model, margin, "rows")}
    </div>
  ));
  return [corner, ...heads, ...ends];
}

function bodyItems(model: Model, row: number, active: number | null, before: number | null): VNode[] {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const width = matrix.columns.codes.length;
  const head = (
    <div
      key="head"
      role="rowheader"
      class={`m-name${model.marked.value.rows[row] ? " on" : ""}`}
      aria-colindex={1}
      aria-label={headName(matrix, "rows", row)}
      tabIndex={active === -1 ? 0 : -1}
      style={{ width: `${layout.headWidth}px` }}
    >
      {model.named.value.has(row) && <bdi>{matrix.rows.texts[row]}</bdi>}
    </div>
  );
  const cells: VNode[] = [];
  for (let column = 0; column < width; column++) {
    const drawn = countAt(matrix, row, column) > 0 || column === active || column === before;
    if (drawn) cells.push(cell(model, row, column, column === active));
  }
  const ends = margins(model).map((margin, i) =>
    marginCell(model, { side: "rows", at: row, margin, column: width + i }, active),
  );
  return [head, ...cells, ...ends];
}

function footItems(model: Model, row: number, active: number | null): VNode[] {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const margin = margins(model)[row - matrix.rows.codes.length] ?? "rate";
  const head = (
    <div key="head" role="rowheader" class="m-name" aria-colindex={1} style={{ width: `${layout.headWidth}px` }}>
      {marginWord(model, margin, "columns")}
    </div>
  );
  const cells = matrix.columns.texts.map((_, at) => marginCell(model, { side: "columns", at, margin, column: at }, active));
  const sum = margin === "total" && (
    <div
      key="all"
      role="gridcell"
      class="m-margin"
      aria-colindex={cells.length + 2}
      style={place(layout, cells.length, cells.length)}
    >
      {countText(matrix.total, 7)}
    </div>
  );
  return sum ? [head, ...cells, sum] : [head, ...cells];
}

function cell(model: Model, row: number, column: number, active: boolean): VNode {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const mode = model.mode.value;
  const width = matrix.columns.codes.length;
  const n = countAt(matrix, row, column);
  const text = cellText(matrix, mode, row, column, Math.floor(layout.cellWidth / 8));
  const fits = layout.cellHeight >= 15 && text.length * 6.4 + 4 <= layout.cellWidth;
  const [left, size] = extent(layout, "column", column, width);
  const style = { left: `${left}px`, width: `${size}px`, "--s": n ? hue(model, row, column) : 0 };
  return (
    <div
      key={column}
      role="gridcell"
      class={`m-cell${fits ? "" : " bare"}`}
      data-kind={n ? kindOf(matrix, row, column) : "none"}
      aria-colindex={column + 2}
      aria-selected={model.mask.value?.[row * width + column] === 1}
      aria-label={cellName(matrix, mode, row, column)}
      tabIndex={active ? 0 : -1}
      style={style}
    >
      {fits ? text : null}
    </div>
  );
}

/** How full the hue of a cell is, 0 to 100: by its share, the square root of it for errors because most are small. */
function hue(model: Model, row: number, column: number): number {
  const matrix = model.matrix.value;
  const share = shareOf(matrix, row, column, basisOf(matrix, model.mode.value));
  if (isFew(share)) return 15;
  const value = share.value ?? 0;
  return Math.round(100 * (kindOf(matrix, row, column) === "error" ? Math.sqrt(Math.min(1, value / FULL)) : value));
}

function marginWord(model: Model, margin: "total" | "rate", side: Side): string {
  if (margin === "total") return "total";
  const word = rateWord(model.matrix.value, side);
  return model.layout.value.margins === "bars" ? `1 − ${word}` : word;
}

interface MarginPlace {
  side: Side;
  at: number;
  margin: "total" | "rate";
  column: number;
}

function marginCell(model: Model, { side, at, margin, column }: MarginPlace, active: number | null): VNode {
  const matrix = model.matrix.value;
  return (
    <div
      key={`${margin} ${column}`}
      role="gridcell"
      class={`m-margin ${margin}`}
      aria-colindex={column + 2}
      aria-label={margin === "total" ? totalName(matrix, side, at) : rateName(matrix, side, at)}
      tabIndex={column === active ? 0 : -1}
      style={place(model.layout.value, column, matrix.columns.codes.length)}
    >
      {margin === "total" ? totalText(model, side, at) : rateContent(model, side, at)}
    </div>
  );
}

function totalText(model: Model, side: Side, at: number): string | null {
  const { cellWidth } = model.layout.value;
  const text = countText(totalAt(model.matrix.value, side, at), side === "rows" ? 7 : Math.floor(cellWidth / 7.5));
  return side === "columns" && text.length * 6.6 > cellWidth ? null : text;
}

function rateContent(model: Model, side: Side, at: number): VNode | string | null {
  const { margins, cellWidth } = model.layout.value;
  const rate = rateOf(model.matrix.value, side, at);
  if (margins === "bars") {
    return rate.value === null ? null : <span class={`m-bar ${side}`} style={{ "--miss": 1 - rate.value }} />;
  }
  if (rate.value === null) return "—";
  const wide = side === "rows" || cellWidth >= 46;
  if (!wide && cellWidth < 26) return null;
  const text = wide ? percent(rate.value) : rounded(rate.value);
  if (margins === "numbers") return text;
  return (
    <>
      <span>{text}</span> <span class="m-limits">{interval(rate)}</span>
    </>
  );
}

function place(layout: Layout, column: number, width: number): { left: string; width: string } {
  const [left, size] = extent(layout, "column", column, width);
  return { left: `${left}px`, width: `${size}px` };
}
