// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
/** The grid of examples: draws what is seen of any number of rows, and works by keyboard alone. */

import { untracked, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type Laid, naturalWidths } from "../core/columns.ts";
import {
  clampTop,
  elementHeight,
  type Geometry,
  isScaled,
  moved,
  type Place,
  rowTop,
  toElement,
  toList,
  windowOf,
} from "../core/grid.ts";
import { Panel } from "./examples-detail.tsx";
import { Head } from "./examples-head.tsx";
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
    model.sortBy(column);
    model.place.value = { row: -1, column: index, panel: false };
    keep();
  };
  return (
    <div
      ref={scroller}
      class={`e-grid ${model.narrow.value ? "e-tall" : ""}`}
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

type Scroller = { current: HTMLDivElement | null };

/** Keeps the focus in the grid while rows come and go; the returned function moves it to the active cell. */
function useFocus(scroller: Scroller, model: ExamplesModel): () => void {
  const wanted = useRef(false);
  const inside = useRef(false);
  useEffect(() => {
    const grid = scroller.current;
    if (!grid) return;
    const enter = ({ target }: FocusEvent): void => {
      inside.current = true;
      const cell = target as HTMLElement;
      const row = cell.closest<HTMLElement>("[data-row]")?.dataset.row ?? -1;
      const { column } = cell.dataset;
      if (column !== undefined)
        model.place.value = { row: Number(row), column: Number(column), panel: false };
      // Tab leads to the active cell, wherever it was scrolled to; a click leads to a row that is seen.
      if (!isSeen(model)) model.show(model.place.peek());
    };
    // An element that is taken away loses the focus to nobody: then it is ours to give back.
    const exit = ({ target, relatedTarget }: FocusEvent): void => {
      const stays = relatedTarget !== null && grid.contains(relatedTarget as Node);
      setTimeout(() => {
        if (!stays && (target as Element).isConnected) inside.current = false;
      });
    };
    grid.addEventListener("focusin", enter);
    grid.addEventListener("focusout", exit);
    return () => {
      grid.removeEventListener("focusin", enter);
      grid.removeEventListener("focusout", exit);
    };
  }, []);
  useLayoutEffect(() => {
    const grid = scroller.current;
    if (!grid) return;
    const root = grid.getRootNode() as ShadowRoot | Document;
    const nowhere = document.activeElement === document.body;
    const lost = inside.current && nowhere && !grid.contains(root.activeElement);
    if (!wanted.current && !lost) return;
    wanted.current = false;
    const cell = grid.querySelector<HTMLElement>("[data-column][tabindex='0'], .e-in[tabindex='0']");
    cell?.focus({ preventScroll: true });
    if (cell?.dataset.column) revealColumn(grid, cell);
  });
  return () => {
    wanted.current = true;
  };
}

function isSeen({ place, geometry, top }: ExamplesModel): boolean {
  const [g, { row }] = [geometry.peek(), place.peek()];
  const from = rowTop(row, g) - clampTop(top.peek(), g);
  return row < 0 || (from > -g.rowHeight && from < g.viewport);
}

function revealColumn(grid: HTMLElement, cell: HTMLElement): void {
  const left = cell.offsetLeft;
  if (left < grid.scrollLeft) grid.scrollLeft = left;
  else if (left + cell.offsetWidth > grid.scrollLeft + grid.clientWidth) {
    grid.scrollLeft = Math.min(left, left + cell.offsetWidth - grid.clientWidth);
  }
}

/** The size of the room, and the widths that the first rows ask for. */
function useMeasures(scroller: Scroller, model: ExamplesModel): void {
  useLayoutEffect(() => {
    const grid = scroller.current;
    if (!grid) return;
    const measure = (): void => {
      if (grid.clientWidth === 0) return;
      model.width.value = grid.clientWidth;
      model.barHeight.value = grid.offsetHeight - grid.clientHeight;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(grid);
    return () => observer.disconnect();
  }, []);
  const known = useRef("");
  useSignalEffect(() => {
    const key = `${model.store.meta.value.version} ${model.all.value.length}`;
    void model.rows.arrived.value;
    const rows = model.rows.sample();
    const grid = scroller.current;
    if (!grid || key === known.current || rows.length === 0) return;
    known.current = key;
    model.natural.value = naturalWidths(model.all.value, rows, model.store.meta.value, ruler(grid));
  });
}

/** Measures texts in the font of an element. */
function ruler(el: HTMLElement): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return (text) => 7 * text.length;
  const { fontSize, fontFamily } = getComputedStyle(el);
  pen.font = `${fontSize} ${fontFamily}`;
  return (text) => pen.measureText(text).width;
}

/** The scroll bar and the list follow each other. */
function useScroll(scroller: Scroller, model: ExamplesModel, g: Geometry): void {
  const expected = useRef(0);
  const now = useRef(g);
  now.current = g;
  useLayoutEffect(() => {
    const grid = scroller.current;
    if (!grid || !model.jumped) return;
    model.jumped = false;
    grid.scrollTop = toElement(clampTop(model.top.peek(), g), g);
    expected.current = grid.scrollTop;
  });
  useSignalEffect(() => {
    const geometry = model.geometry.value;
    const [first, end] = windowOf(clampTop(model.top.value, geometry), geometry);
    void model.rows.total.value;
    untracked(() => model.rows.want(first, end));
  });
  useEffect(() => {
    const grid = scroller.current;
    if (!grid) return;
    const scrolled = (): void => {
      if (Math.abs(grid.scrollTop - expected.current) < 1) return;
      expected.current = grid.scrollTop;
      model.top.value = toList(grid.scrollTop, now.current);
    };
    // In proportion, one turn of the wheel would skip thousands of rows.
    const wheeled = (event: WheelEvent): void => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!isScaled(now.current) || event.ctrlKey || event.shiftKey || sideways) return;
      const unit = [1, now.current.rowHeight, now.current.viewport][event.deltaMode] ?? 1;
      const top = clampTop(model.top.peek() + unit * event.deltaY, now.current);
      if (top === model.top.peek()) return;
      event.preventDefault();
      model.scrollTo(top);
    };
    grid.addEventListener("scroll", scrolled);
    grid.addEventListener("wheel", wheeled, { passive: false });
    return () => {
      grid.removeEventListener("scroll", scrolled);
      grid.removeEventListener("wheel", wheeled);
    };
  }, []);
}
