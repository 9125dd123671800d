/** What lies over the cells of a matrix: the selection's outline, the rubber band, where one points. */

import { useMemo } from "preact/hooks";
import { extent, type Place } from "../core/matrix-layout.ts";
import { outlineOf, type Span } from "../core/matrix-selection.ts";
import type { Model } from "../views/confusion-model.ts";

/** The outline of the selected cells. */
export function Outline({ model }: { model: Model }) {
  const { rows, columns } = model.matrix.value;
  const { x, y, cellWidth, cellHeight } = model.layout.value;
  const mask = model.mask.value;
  const path = useMemo(() => (mask ? outlineOf(mask, columns.codes.length) : ""), [mask, columns]);
  if (!path) return null;
  const [width, height] = [cellWidth * columns.codes.length, cellHeight * rows.codes.length];
  return (
    <svg class="m-outline" aria-hidden="true" width={width} height={height} style={{ left: x[1], top: y[1] }}>
      <path
        class={Math.min(cellWidth, cellHeight) < 8 ? "thin" : ""}
        d={path}
        transform={`scale(${cellWidth} ${cellHeight})`}
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The area being dragged over. */
export function Rubber({ model }: { model: Model }) {
  const area = model.dragged.value;
  if (!area) return null;
  const { x, y } = model.layout.value;
  const { rows, columns } = model.matrix.value;
  const side = (edges: number[], span: Span | null, size: number) => {
    const [first, last] = span ?? [0, size - 1];
    const [end, length] = extent(edges, last);
    return [extent(edges, first)[0], end + length - extent(edges, first)[0]] as const;
  };
  const [left, width] = side(x, area.columns, columns.codes.length);
  const [top, height] = side(y, area.rows, rows.codes.length);
  return <div class="m-rubber" aria-hidden="true" style={{ left, top, width, height }} />;
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
  const [top, height] = extent(layout.y, at.row);
  const [left, width] = extent(layout.x, at.column);
  // A name as long as the matrix is wide ends where the matrix ends.
  const end = 2 * at.column > columns.codes.length;
  const above = end ? { right: (layout.x.at(-1) ?? 0) - left - width } : { left };
  return (
    <>
      {row !== undefined && (
        <div class="m-here" aria-hidden="true" style={{ top: top + height / 2 }}>
          <bdi style={{ minWidth: layout.x[1] }}>{row}</bdi>
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
  const [top, height] = extent(layout.y, at.row);
  const [left, width] = extent(layout.x, at.column);
  const band = (style: Record<string, number>) => (
    <div class={`m-cross ${kind}`} aria-hidden="true" style={style} />
  );
  return (
    <>
      {rows.texts[at.row] !== undefined && band({ top, height, left: 0, right: 0 })}
      {columns.texts[at.column] !== undefined && band({ left, width, top: 0, bottom: 0 })}
    </>
  );
}
