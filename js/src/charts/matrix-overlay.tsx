/** What lies over the cells of a matrix: the selection's outline, the rubber band, where one points. */

import { useMemo } from "preact/hooks";
import { extent, type Place } from "../core/matrix-layout.ts";
import { outlineOf } from "../core/matrix-selection.ts";
import type { Model } from "../views/confusion-model.ts";

/** The outline of the selected cells. */
export function Outline({ model }: { model: Model }) {
  const matrix = model.matrix.value;
  const { headWidth, headHeight, cellWidth, cellHeight } = model.layout.value;
  const mask = model.mask.value;
  const width = matrix.columns.codes.length;
  const path = useMemo(() => (mask ? outlineOf(mask, width) : ""), [mask, width]);
  if (!path) return null;
  const size = { width: cellWidth * width, height: cellHeight * matrix.rows.codes.length };
  return (
    <svg
      class="m-outline"
      aria-hidden="true"
      viewBox={`0 0 ${size.width} ${size.height}`}
      style={{ left: `${headWidth}px`, top: `${headHeight}px`, width: `${size.width}px`, height: `${size.height}px` }}
    >
      <path d={path} transform={`scale(${cellWidth} ${cellHeight})`} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

/** The area being dragged over. */
export function Rubber({ model }: { model: Model }) {
  const area = model.dragged.value;
  if (!area) return null;
  const layout = model.layout.value;
  const { rows, columns } = model.matrix.value;
  const side = (along: "row" | "column", span: readonly [number, number] | null, size: number) => {
    const [first, last] = span ?? [0, size - 1];
    const [start] = extent(layout, along, first, size);
    const [end, length] = extent(layout, along, last, size);
    return [start, end + length - start] as const;
  };
  const [left, width] = side("column", area.columns, columns.codes.length);
  const [top, height] = side("row", area.rows, rows.codes.length);
  const style = { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
  return <div class="m-rubber" aria-hidden="true" style={style} />;
}

/** Bands through the row and the column pointed at or found. */
export function Bands({ model }: { model: Model }) {
  const found = model.found.value;
  const here = pointedAt(model);
  return (
    <>
      {found && <Cross model={model} at={found} kind="found" />}
      {here && <Cross model={model} at={here} kind="here" />}
    </>
  );
}

/** The names of the row and the column pointed at, where the heads have no room for all. */
export function Names({ model }: { model: Model }) {
  const layout = model.layout.value;
  const at = pointedAt(model) ?? model.found.value;
  if (!at) return null;
  const { rows, columns } = model.matrix.value;
  const row = layout.everyRow ? undefined : rows.texts[at.row];
  const column = layout.heads === "none" ? columns.texts[at.column] : undefined;
  const [top, height] = extent(layout, "row", at.row, rows.codes.length);
  const [left, width] = extent(layout, "column", at.column, columns.codes.length);
  const end = 2 * at.column > columns.codes.length;
  // A name as long as the matrix is wide ends where the matrix ends.
  const above = end ? { right: `${layout.width - left - width}px` } : { left: `${left}px` };
  return (
    <>
      {row !== undefined && (
        <div class="m-here" aria-hidden="true" style={{ top: `${top + height / 2}px` }}>
          <bdi style={{ minWidth: `${layout.headWidth}px` }}>{row}</bdi>
        </div>
      )}
      {column !== undefined && (
        <div class="m-above" aria-hidden="true">
          <bdi style={above}>{column}</bdi>
        </div>
      )}
    </>
  );
}

function pointedAt(model: Model): Place | null {
  return model.hover.value ?? model.listed.value ?? (model.keyed.value ? model.cursor.value : null);
}

function Cross({ model, at, kind }: { model: Model; at: Place; kind: "here" | "found" }) {
  const layout = model.layout.value;
  const { rows, columns } = model.matrix.value;
  const [top, height] = extent(layout, "row", at.row, rows.codes.length);
  const [left, width] = extent(layout, "column", at.column, columns.codes.length);
  const row = { top: `${top}px`, height: `${height}px`, left: 0, right: 0 };
  const column = { left: `${left}px`, width: `${width}px`, top: 0, bottom: 0 };
  return (
    <>
      {rows.texts[at.row] !== undefined && <div class={`m-cross ${kind}`} aria-hidden="true" style={row} />}
      {columns.texts[at.column] !== undefined && <div class={`m-cross ${kind}`} aria-hidden="true" style={column} />}
    </>
  );
}
