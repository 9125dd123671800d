/** What the grid of examples does between drawings: it keeps the focus, measures its room, and follows its scroll bar. */

import { untracked, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { naturalWidths } from "../core/columns.ts";
import { clampTop, type Geometry, isScaled, rowTop, toElement, toList, windowOf } from "../core/grid.ts";
import type { ExamplesModel } from "./examples-model.ts";

/** The element that scrolls. */
export type Scroller = { current: HTMLDivElement | null };

/** Keeps the focus in the grid while rows come and go; the returned function moves it to the active cell. */
export function useFocus(scroller: Scroller, model: ExamplesModel): () => void {
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
export function useMeasures(scroller: Scroller, model: ExamplesModel): void {
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
export function useScroll(scroller: Scroller, model: ExamplesModel, g: Geometry): void {
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
