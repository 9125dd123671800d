/** The box that a matrix scrolls in, and what pointer, wheel and keys do there. */

import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Row } from "../charts/matrix.tsx";
import { Bands, Names, Outline, Rubber } from "../charts/matrix-overlay.tsx";
import { largestMiss } from "../core/matrix.ts";
import { extent, type Place, placeUnder } from "../core/matrix-layout.ts";
import { goTo, pressed } from "./confusion-keys.ts";
import { areaOf, type Model, margins, select, zoomBy } from "./confusion-model.ts";
import { TipBox } from "./confusion-tip.tsx";

export function Grid({ model, label }: { model: Model; label: string }) {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const box = useRef<HTMLDivElement>(null);
  const rows = matrix.rows.codes.length;
  const columns = matrix.columns.codes.length;
  const ends = margins(model).length;
  const pointer = usePointer(model, box);
  useZoomAnchor(model, box);
  useFound(model, box);
  const scrolls = layout.height > layout.boxHeight || layout.width > model.room.value.width;
  const style = { maxHeight: `${layout.boxHeight + (scrolls ? 14 : 0)}px`, maxWidth: "100%", ...sticky(model) };
  return (
    <div class="m-plot" data-state={model.state.value}>
      <div
        ref={box}
        class={`m-box${scrolls ? " scrolls" : ""}`}
        role="grid"
        aria-label={label}
        aria-rowcount={rows + 1 + ends}
        aria-colcount={columns + 1 + ends}
        aria-multiselectable="true"
        dir="ltr"
        style={style}
        {...pointer}
        onKeyDown={(event) => {
          if (!pressed(model, event)) return;
          event.preventDefault();
          model.keyed.value = event.key !== "Escape";
        }}
        onFocusIn={(event) => {
          if ((event.target as HTMLElement).matches(":focus-visible")) model.keyed.value = true;
        }}
        onFocusOut={(event) => {
          if (!box.current?.contains(event.relatedTarget as Node | null)) model.keyed.value = false;
        }}
      >
        <div class="m-sheet" style={sheet(model)}>
          <Bands model={model} />
          {Array.from({ length: rows + 1 + ends }, (_, i) => (
            <Row key={i - 1} model={model} row={i - 1} />
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

function sticky(model: Model): Record<string, string> {
  const { headHeight, headWidth } = model.layout.value;
  return { scrollPadding: `${headHeight}px 4px 4px ${headWidth}px` };
}

function sheet(model: Model): Record<string, string> {
  const { width, height, headWidth, headHeight, cellWidth, cellHeight, margins } = model.layout.value;
  const { rows, columns } = model.room.value;
  return {
    "--across": `${cellWidth * columns}px`,
    "--down": `${cellHeight * rows}px`,
    "--most": margins === "bars" ? String(largestMiss(model.matrix.value)) : "1",
    width: `${width}px`,
    height: `${height}px`,
    "--all": `${height}px`,
    "--w": `${cellWidth}px`,
    "--h": `${cellHeight}px`,
    "--head": `${headHeight}px`,
    "--name": `${headWidth}px`,
  };
}

/** Clicks select, drags select rectangles, pointing shows. */
function usePointer(model: Model, box: { current: HTMLDivElement | null }) {
  const start = useRef<Place | null>(null);
  const ignored = useRef(false);
  const at = (event: MouseEvent): Place => {
    const own = box.current as HTMLDivElement;
    const { left, top } = own.getBoundingClientRect();
    const { rows, columns, rates } = model.room.value;
    const point = { x: event.clientX - left, y: event.clientY - top, scrollX: own.scrollLeft, scrollY: own.scrollTop };
    return placeUnder(model.layout.value, { rows, columns, rates }, point);
  };
  const end = () => {
    start.current = null;
    model.dragged.value = null;
  };
  return useMemo(
    () => ({
      onPointerDown: (event: PointerEvent) => {
        ignored.current = false;
        // A finger scrolls; its tap is a click like any other.
        if (event.button === 0 && event.pointerType !== "touch") start.current = at(event);
      },
      onPointerMove: (event: PointerEvent) => {
        const here = at(event);
        const from = start.current;
        const moved = from && (model.dragged.value || from.row !== here.row || from.column !== here.column);
        if (!moved) {
          if (event.pointerType !== "touch") point(model, here);
          return;
        }
        if (!model.dragged.value) box.current?.setPointerCapture(event.pointerId);
        point(model, null);
        model.dragged.value = areaOf(model, from, here);
      },
      onPointerUp: (event: PointerEvent) => {
        const area = model.dragged.value;
        if (area) {
          ignored.current = true;
          select(model, area, event.shiftKey);
          goTo(model, at(event));
        }
        end();
      },
      onPointerCancel: end,
      onPointerLeave: () => point(model, null),
      onClick: (event: MouseEvent) => {
        if (ignored.current) return;
        const place = event.detail === 0 ? model.cursor.value : at(event);
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
    }),
    [model],
  );
}

function point(model: Model, place: Place | null): void {
  const now = model.hover.peek();
  if (now?.row !== place?.row || now?.column !== place?.column) model.hover.value = place;
}

/** What is in the middle, or under the pointer, stays where it is while the zoom changes. */
function useZoomAnchor(model: Model, box: { current: HTMLDivElement | null }): void {
  const layout = model.layout.value;
  const before = useRef(layout);
  useLayoutEffect(() => {
    const own = box.current;
    const old = before.current;
    before.current = layout;
    if (!own || old.cellWidth === layout.cellWidth) return;
    const { rows, columns } = model.room.value;
    const place = model.hover.value ?? model.cursor.value;
    const [x, width] = extent(layout, "column", place.column, columns);
    const [y, height] = extent(layout, "row", place.row, rows);
    const [oldX, oldWidth] = extent(old, "column", place.column, columns);
    const [oldY, oldHeight] = extent(old, "row", place.row, rows);
    const pointed = model.hover.value !== null;
    const onScreen = {
      x: pointed ? oldX + oldWidth / 2 - own.scrollLeft : own.clientWidth / 2,
      y: pointed ? oldY + oldHeight / 2 - own.scrollTop : own.clientHeight / 2,
    };
    own.scrollTo(x + width / 2 - onScreen.x, y + height / 2 - onScreen.y);
  }, [layout.cellWidth, layout.cellHeight]);
}

/** A class that was found comes into sight. */
function useFound(model: Model, box: { current: HTMLDivElement | null }): void {
  const found = model.found.value;
  useLayoutEffect(() => {
    const own = box.current;
    if (!own || !found) return;
    const layout = model.layout.value;
    const [x] = extent(layout, "column", Math.max(found.column, 0), model.room.value.columns);
    const [y] = extent(layout, "row", Math.max(found.row, 0), model.room.value.rows);
    own.scrollTo(x - (own.clientWidth + layout.headWidth) / 2, y - (own.clientHeight + layout.headHeight) / 2);
  }, [found]);
}
