// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out cells
/** The box that a matrix scrolls in, and what pointer, wheel and keys do there. */

import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Bands, Names, Outline, Rubber } from "../charts/matrix-overlay.tsx";
import { largestMiss } from "../core/matrix.ts";
import { extent, fontScale, type Layout, type Place, placeUnder } from "../core/matrix-layout.ts";
import { goTo, pressed } from "./confusion-keys.ts";
import { Row } from "./confusion-matrix.tsx";
import { areaOf, type Model, select, zoomBy } from "./confusion-model.ts";
import { TipBox } from "./confusion-tip.tsx";

type Box = RefObject<HTMLDivElement>;

/** A scroll bar, where it takes room. */
const SCROLL_BAR = 14;

export function Grid({ model, label }: { model: Model; label: string }) {
  const layout = model.layout.value;
  const box = useRef<HTMLDivElement>(null);
  const handlers = useMemo(() => handlersOf(model, box), [model]);
  useZoomAnchor(model, box);
  useFound(model, box);
  const [rows, columns] = [layout.y.length - 1, layout.x.length - 1];
  const [across, down] = [layout.x[columns] as number, layout.y[rows] as number];
  const scrolls = down > layout.boxHeight || across > model.room.value.width;
  return (
    <div class="m-plot" data-state={model.state.value}>
      <div
        ref={box}
        class={`m-box${scrolls ? " scrolls" : ""}`}
        role="grid"
        aria-label={label}
        aria-rowcount={rows}
        aria-colcount={columns}
        aria-multiselectable="true"
        dir="ltr"
        style={{
          maxHeight: layout.boxHeight + (scrolls ? SCROLL_BAR : 0),
          scrollPadding: `${layout.y[1]}px 4px 4px ${layout.x[1]}px`,
        }}
        {...handlers}
      >
        <div class="m-sheet" style={{ width: across, height: down, ...variables(model, layout) }}>
          <Bands model={model} />
          {layout.y.slice(1).map((_, i) => (
            <Row key={i} model={model} row={i - 1} />
          ))}
          <div class="m-backdrop" aria-hidden="true" />
          <Names model={model} />
          <Outline model={model} />
          <Rubber model={model} />
        </div>
      </div>
      <TipBox model={model} box={box} />
    </div>
  );
}

/** What the style sheet needs to know of the layout. */
function variables(
  model: Model,
  { x, y, cellWidth, cellHeight, margins }: Layout,
): Record<string, string | number> {
  const { rows, columns } = model.room.value;
  return {
    "--columns": x
      .slice(1)
      .map((edge, i) => `${edge - (x[i] as number)}px`)
      .join(" "),
    "--all": `${y.at(-1)}px`,
    "--w": `${cellWidth}px`,
    "--h": `${cellHeight}px`,
    "--name": `${x[1]}px`,
    "--head": `${y[1]}px`,
    "--across": `${cellWidth * columns}px`,
    "--down": `${cellHeight * rows}px`,
    "--font": `${12 * fontScale(cellWidth)}px`,
    "--gap": cellHeight < 4 ? 0 : "1px",
    "--least": `${Math.max(7, Math.round(40 - 2 * cellHeight))}%`,
    "--most": margins === "bars" ? largestMiss(model.matrix.value) : 1,
  };
}

/** Clicks select, drags select rectangles, pointing shows; a finger scrolls, and its tap is a click like any other. */
function handlersOf(model: Model, box: Box) {
  let start: Place | null = null;
  let dragged = false;
  const at = ({ clientX, clientY }: MouseEvent): Place => {
    const { scrollLeft, scrollTop } = box.current as HTMLDivElement;
    const { left, top } = (box.current as HTMLDivElement).getBoundingClientRect();
    return placeUnder(model.layout.value, clientX - left, clientY - top, scrollLeft, scrollTop);
  };
  const point = (place: Place | null) => {
    const now = model.hover.value;
    if (now?.row !== place?.row || now?.column !== place?.column) model.hover.value = place;
  };
  const end = () => {
    start = model.dragged.value = null;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      dragged = false;
      if (event.button === 0 && event.pointerType !== "touch") start = at(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType === "touch") return;
      const here = at(event);
      if (!start || (!dragged && start.row === here.row && start.column === here.column)) return point(here);
      if (!dragged) box.current?.setPointerCapture(event.pointerId);
      dragged = true;
      point(null);
      model.dragged.value = areaOf(model, start, here);
    },
    onPointerUp: (event: PointerEvent) => {
      const area = model.dragged.value;
      if (area) {
        goTo(model, at(event));
        select(model, area, event.shiftKey);
      }
      end();
    },
    onPointerCancel: end,
    onPointerLeave: () => point(null),
    onClick: (event: MouseEvent) => {
      if (dragged) return;
      // A click that no pointer made is one on an element.
      const place = event.detail ? at(event) : placeOf(event.target);
      const area = areaOf(model, place, place);
      if (!area) return;
      goTo(model, place);
      model.anchor = null;
      select(model, area, event.shiftKey || event.ctrlKey || event.metaKey);
    },
    onWheel: (event: WheelEvent) => {
      if (!event.ctrlKey || !model.layout.value.zooms) return;
      event.preventDefault();
      zoomBy(model, event.deltaY < 0 ? 1.25 : 0.8);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Escape" && start) {
        end();
        return;
      }
      if (!pressed(model, event)) return;
      event.preventDefault();
      point(null);
      model.keyed.value = true;
    },
    onFocusIn: (event: FocusEvent) => {
      const { row, column } = placeOf(event.target);
      if (row !== model.cursor.value.row || column !== model.cursor.value.column)
        model.cursor.value = { row, column };
      if ((event.target as HTMLElement).matches(":focus-visible")) model.keyed.value = true;
    },
    onFocusOut: (event: FocusEvent) => {
      if (!box.current?.contains(event.relatedTarget as Node | null)) model.keyed.value = false;
    },
  };
}

function placeOf(target: EventTarget | null): Place {
  const cell = (target as Element).closest("[aria-colindex]");
  const index = (element: Element | null | undefined, name: string) =>
    Number(element?.getAttribute(name)) - 2;
  return { row: index(cell?.parentElement, "aria-rowindex"), column: index(cell, "aria-colindex") };
}

/** What is pointed at stays where it is while the zoom changes; else where the keyboard is comes to the middle. */
function useZoomAnchor(model: Model, box: Box): void {
  const layout = model.layout.value;
  const before = useRef(layout);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = layout;
    if (!box.current || old.cellWidth === layout.cellWidth) return;
    const pointed = model.hover.value;
    const { scrollLeft, scrollTop } = box.current;
    const on = pointed && {
      x: middle(old.x, pointed.column) - scrollLeft,
      y: middle(old.y, pointed.row) - scrollTop,
    };
    show(box.current, layout, pointed ?? model.cursor.value, on);
  }, [layout]);
}

/** A class that was found comes to the middle. */
function useFound(model: Model, box: Box): void {
  const found = model.found.value;
  useLayoutEffect(() => {
    if (box.current && found) show(box.current, model.layout.value, model.cursor.value, null);
  }, [found]);
}

/** Scroll so that a place is at a point of the box, by default in the middle of what the heads leave free. */
function show(box: HTMLElement, { x, y }: Layout, place: Place, on: { x: number; y: number } | null): void {
  const left = on?.x ?? (box.clientWidth + (x[1] ?? 0)) / 2;
  const top = on?.y ?? (box.clientHeight + (y[1] ?? 0)) / 2;
  box.scrollTo(middle(x, place.column) - left, middle(y, place.row) - top);
}

function middle(edges: number[], at: number): number {
  const [start, length] = extent(edges, at);
  return start + length / 2;
}
