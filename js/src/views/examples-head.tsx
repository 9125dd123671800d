// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid the cells take the focus, not its rows
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are the grid's
/** The head of the grid: sorts on click or Enter; columns are dragged to another place or width. */

import { useRef } from "preact/hooks";
import { isNumeric, type Laid, MIN_WIDTH } from "../core/columns.ts";
import { visible } from "../core/highlight.ts";
import type { ExamplesModel } from "./examples-model.ts";

const DRAG = 6;
const STEP = 16;

interface Drag {
  key: string;
  start: number;
  to: number | null;
}

interface HeadProps {
  model: ExamplesModel;
  active: number | null;
  width: number;
  onSort: (column: Laid, index: number) => void;
}

/** The row of column heads. */
export function Head({ model, active, width, onSort }: HeadProps) {
  const row = useRef<HTMLDivElement>(null);
  const mark = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const columns = model.columns.value;
  const sort = model.sort.value;

  const down = (event: PointerEvent, key: string): void => {
    if (event.button === 0 && event.pointerType === "mouse")
      drag.current = { key, start: event.clientX, to: null };
  };
  const move = (event: PointerEvent): void => {
    const { current } = drag;
    if (!current || !row.current || !mark.current) return;
    if (current.to === null && Math.abs(event.clientX - current.start) < DRAG) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const x = event.clientX - row.current.getBoundingClientRect().left;
    current.to = columns.filter((c) => c.left + c.width / 2 < x).length;
    const edge = columns[current.to]?.left ?? width;
    mark.current.style.transform = `translateX(${Math.min(edge, width - 2)}px)`;
    mark.current.hidden = false;
  };
  const up = (): void => {
    const { current } = drag;
    if (mark.current) mark.current.hidden = true;
    if (current && current.to !== null) drop(model, columns, current.key, current.to);
    // The click that follows a drag must still find it.
    setTimeout(() => {
      drag.current = null;
    });
  };
  return (
    <div role="row" class="e-head" aria-rowindex={1} ref={row}>
      {columns.map((column, c) => (
        <div
          key={column.key}
          role="columnheader"
          class={`e-cell ${isNumeric(column) ? "number" : ""}`}
          aria-colindex={c + 1}
          aria-label={column.key === "row" ? "row number" : visible(column.name)}
          aria-sort={sort.column !== column.key ? "none" : sort.descending ? "descending" : "ascending"}
          tabIndex={c === active ? 0 : -1}
          data-column={c}
          title={column.private ? "Private: seen live only, never saved" : undefined}
          onPointerDown={(event) => down(event, column.key)}
          onPointerMove={move}
          onPointerUp={up}
          onPointerCancel={up}
          onClick={() => drag.current?.to == null && onSort(column, c)}
        >
          <span class="e-cut" dir="auto">
            {visible(column.name)}
          </span>
          <span class="e-sorted" aria-hidden="true">
            {sort.column === column.key ? (sort.descending ? "↓" : "↑") : ""}
          </span>
          <Edge model={model} column={column} active={c === active} />
        </div>
      ))}
      <div class="e-insert" ref={mark} hidden />
    </div>
  );
}

/** Put a column before the one shown at `to`, whatever is hidden between them. */
function drop(model: ExamplesModel, shown: readonly Laid[], key: string, to: number): void {
  const keys = model.all.value.map((column) => column.key).filter((k) => k !== key);
  const before = shown.slice(to).find((column) => column.key !== key);
  model.move(key, before ? keys.indexOf(before.key) : keys.length);
}

/** The right edge of a head: dragged, or moved with the arrow keys. */
function Edge({ model, column, active }: { model: ExamplesModel; column: Laid; active: boolean }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const move = (event: PointerEvent): void => {
    if (from.current) model.resize(column.key, from.current.width + event.clientX - from.current.x);
  };
  const key = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    model.resize(column.key, column.width + by);
  };
  return (
    <div
      class="e-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${visible(column.name)}`}
      aria-valuenow={column.width}
      aria-valuemin={MIN_WIDTH}
      aria-valuetext={`${column.width} pixels`}
      tabIndex={active ? 0 : -1}
      onKeyDown={key}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.preventDefault();
        from.current = { x: event.clientX, width: column.width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = null;
      }}
    />
  );
}
