// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
/** The grid of examples: draws what is seen of any number of rows, and works by keyboard alone. */

import { useRef } from "preact/hooks";
import { isMedia, type Laid } from "../core/columns.ts";
import {
  clampTop,
  elementHeight,
  type Geometry,
  moved,
  type Place,
  rowTop,
  toElement,
  windowOf,
} from "../core/grid.ts";
import { Panel } from "./examples-detail.tsx";
import { Head } from "./examples-head.tsx";
import { type Scroller, useFocus, useMeasures, useScroll } from "./examples-hooks.ts";
import { type ExamplesModel, HEAD } from "./examples-model.ts";
import { ExampleRow } from "./examples-row.tsx";

const DRAG = 4;

/** Rows, head and scroll bars. */
export function Grid({ model }: { model: ExamplesModel }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = model;
  const g = model.geometry.value;
  const columns = model.columns.value;
  const last = columns[columns.length - 1];
  const width = last ? last.left + last.width : 0;
  const place = clampedPlace(model.place.value, g, columns.length);
  const keep = useFocus(scroller, model);
  useMeasures(scroller, model);

  const go = (next: Place): void => {
    model.place.value = next;
    keep();
    model.show(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.key === "Escape") leave(event, model, place, go);
    if (!/^(gridcell|columnheader)$/.test(target.getAttribute("role") ?? "") || event.altKey || event.metaKey)
      return;
    if ((event.key === "Enter" || event.key === " ") && !place.panel) {
      event.preventDefault();
      const column = columns[place.column];
      if (place.row >= 0) model.toggle(place.row);
      else if (column) model.sortBy(column);
      return;
    }
    const page = Math.max(1, Math.floor(g.viewport / g.rowHeight) - 1);
    const next = moved(event.key, event.ctrlKey, place, { ...g, columns: columns.length, page });
    if (!next) return;
    event.preventDefault();
    go(next);
  };
  const pressed = useRef<[x: number, y: number]>([0, 0]);
  const onClick = (event: MouseEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-column]");
    const row = cell?.closest<HTMLElement>("[data-row]");
    const dragged = Math.hypot(event.clientX - pressed.current[0], event.clientY - pressed.current[1]) > DRAG;
    if (!cell || !row || dragged) return;
    model.place.value = { row: Number(row.dataset.row), column: Number(cell.dataset.column), panel: false };
    keep();
    if (rows.at(Number(row.dataset.row))) model.toggle(Number(row.dataset.row));
  };
  const sort = (column: Laid, index: number): void => {
    if (!isMedia(column)) model.sortBy(column);
    model.place.value = { row: -1, column: index, panel: false };
    keep();
  };
  return (
    <div
      ref={scroller}
      class={`e-grid ${model.tall.value ? "e-tall" : ""}`}
      role="grid"
      aria-label="Examples"
      aria-rowcount={g.rows + 1 + (g.open === null ? 0 : 1)}
      aria-colcount={columns.length}
      aria-busy={rows.stale.value || rows.total.value === null}
      data-state={rows.stale.value ? "waiting" : undefined}
      style={{
        height: `${HEAD + g.viewport + model.barHeight.value}px`,
        "--columns": columns.map((c) => `${c.width}px`).join(" "),
      }}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerDown={(event) => {
        pressed.current = [event.clientX, event.clientY];
      }}
    >
      <Head model={model} active={place.row < 0 ? place.column : null} width={width} onSort={sort} />
      <Body model={model} scroller={scroller} place={place} width={width} />
    </div>
  );
}

interface BodyProps {
  model: ExamplesModel;
  scroller: Scroller;
  place: Place;
  width: number;
}

/** The rows that are seen, the one that can be focused, and the panel of the open one. */
function Body({ model, scroller, place, width }: BodyProps) {
  const g = model.geometry.value;
  useScroll(scroller, model, g);
  void model.rows.arrived.value;
  const text = model.store.clause("text");
  const needle = text?.field === "text" ? text.contains : "";
  const top = clampTop(model.top.value, g);
  const shift = toElement(top, g) - top;
  const [first, end] = windowOf(top, g);
  const drawn = new Set(Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i));
  if (place.row >= 0) drawn.add(place.row);
  return (
    <div role="rowgroup" class="e-rows" style={{ height: `${elementHeight(g)}px`, minWidth: `${width}px` }}>
      {[...drawn]
        .sort((a, b) => a - b)
        .map((i) => (
          <ExampleRow
            key={i}
            model={model}
            index={i}
            top={rowTop(i, g) + shift}
            needle={needle}
            active={place.row === i && !place.panel ? place.column : null}
          />
        ))}
      {g.open !== null && (
        <Panel
          key={`panel ${g.open}`}
          model={model}
          index={g.open}
          top={(g.open + 1) * g.rowHeight + shift}
          needle={needle}
          active={place.panel}
        />
      )}
    </div>
  );
}

function clampedPlace(place: Place, g: Geometry, columns: number): Place {
  const row = Math.min(place.row, g.rows - 1);
  const column = Math.max(0, Math.min(place.column, columns - 1));
  return { row, column, panel: place.panel && g.open === row };
}

/** Escape closes the open row, and leads from what stands in a cell back to the cell. */
function leave(event: KeyboardEvent, model: ExamplesModel, place: Place, go: (place: Place) => void): void {
  const { open } = model;
  const head = (event.target as Element).closest("[role=columnheader]");
  event.preventDefault();
  if (head) go(place);
  else if (open.value !== null) {
    const row = open.value;
    open.value = null;
    go({ row, column: place.column, panel: false });
  }
}
