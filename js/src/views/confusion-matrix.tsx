// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out cells
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid the cells take the focus, not its rows
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: every role given here has a column
/** The rows of a matrix as an ARIA grid. Cells that hold nothing are drawn only where the keyboard is. */

import type { ComponentChild, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { interval, percent } from "../core/format.ts";
import { basisOf, countAt, isFew, kindOf, rateOf, type Side, shareOf, totalAt } from "../core/matrix.ts";
import { extent, fontScale } from "../core/matrix-layout.ts";
import {
  cellName,
  cellTexts,
  countTexts,
  rateName,
  rateWord,
  rounded,
  sideName,
  totalName,
} from "../core/matrix-text.ts";
import { breakable, textWidth } from "./confusion-measure.tsx";
import { isPaired, type Model, margins } from "./confusion-model.ts";

/** A share of errors that is drawn in the fullest hue. */
const FULL = 0.5;

/** One row of the grid: -1 is that of the heads, those after the last are margins. */
export function Row({ model, row }: { model: Model; row: number }) {
  const matrix = model.matrix.value;
  const layout = model.layout.value;
  const cursor = model.cursor.value;
  const active = cursor.row === row ? cursor.column : null;
  // What had the focus stays one drawing longer: were it gone before the focus moves, the focus would leave the grid.
  const left = useRef<number | null>(null);
  const before = left.current;
  left.current = active;
  const size = matrix.rows.codes.length;
  const kind = row < 0 ? "heads" : row < size ? "body" : "foot";
  // Of the selection only what this row shows: most clicks leave most rows as they are.
  const width = matrix.columns.codes.length;
  const mask = kind === "body" && model.mask.value?.subarray(row * width, (row + 1) * width).join("");
  const marked = row < 0 ? model.marked.value.columns.join() : model.marked.value.rows[row];
  const named = model.named.value.has(row);
  const items = useMemo(
    () => ({ heads: headItems, body: bodyItems, foot: footItems })[kind](model, row, active, before),
    [matrix, layout, model.mode.value, mask, marked, named, active, before],
  );
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (active === null || !model.focusing) return;
    model.focusing = false;
    const target = element.current?.querySelector<HTMLElement>('[tabindex="0"]');
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <div
      ref={element}
      role="row"
      class={`m-row ${kind}`}
      aria-rowindex={row + 2}
      style={{ height: extent(layout.y, row)[1] }}
    >
      {items}
    </div>
  );
}

interface Item {
  role: "gridcell" | "columnheader" | "rowheader";
  kind: string;
  column: number;
  name?: string | undefined;
  content: ComponentChild;
  /** How full the hue of a cell is. */
  hue?: number;
  [attribute: `data-${string}`]: string;
  "aria-selected"?: boolean;
}

/** One element of the grid; those without a name of their own take no focus. */
function item(
  model: Model,
  active: number | null,
  { role, kind, column, name, content, hue, ...rest }: Item,
): VNode {
  return (
    <div
      key={column}
      role={role}
      class={kind}
      aria-colindex={column + 2}
      aria-label={name}
      aria-describedby={column === active ? model.id : undefined}
      tabIndex={name === undefined ? undefined : column === active ? 0 : -1}
      style={{ gridColumn: column + 2, "--s": hue }}
      {...rest}
    >
      {content}
    </div>
  );
}

function title(text: ComponentChild, shown: boolean): VNode {
  return <bdi class={shown ? "" : "hidden"}>{text}</bdi>;
}

function headItems(model: Model, _row: number, active: number | null): VNode[] {
  const matrix = model.matrix.value;
  const { heads, margins: form } = model.layout.value;
  const corner = (
    <>
      <bdi>{matrix.rows.name}</bdi> <span aria-hidden="true">↓</span>
      <span class="m-axis" aria-hidden="true">
        <bdi>{matrix.columns.name}</bdi> →
      </span>
    </>
  );
  const names = matrix.columns.texts.map((text, column) =>
    item(model, active, {
      role: "columnheader",
      kind: `m-head ${heads}${model.marked.value.columns[column] ? " on" : ""}`,
      column,
      name: sideName(matrix, "columns", column),
      content: title(heads === "flat" ? breakable(text) : text, heads !== "none"),
    }),
  );
  const ends = margins(model).map((margin, i) =>
    item(model, active, {
      role: "columnheader",
      kind: `m-end ${margin} ${form}`,
      column: names.length + i,
      content: marginWord(model, margin, "rows"),
    }),
  );
  return [
    item(model, active, { role: "columnheader", kind: `m-corner ${heads}`, column: -1, content: corner }),
    ...names,
    ...ends,
  ];
}

function bodyItems(model: Model, row: number, active: number | null, before: number | null): VNode[] {
  const matrix = model.matrix.value;
  const width = matrix.columns.codes.length;
  const head = item(model, active, {
    role: "rowheader",
    kind: `m-name${model.marked.value.rows[row] ? " on" : ""}`,
    column: -1,
    name: sideName(matrix, "rows", row),
    content: title(matrix.rows.texts[row], model.named.value.has(row)),
  });
  const items = [head];
  for (let column = 0; column < width; column++) {
    const drawn = countAt(matrix, row, column) || column === active || column === before;
    if (drawn) items.push(cell(model, row, column, active));
  }
  margins(model).forEach((margin, i) => {
    items.push(marginItem(model, "rows", row, margin, width + i, active));
  });
  return items;
}

function footItems(model: Model, row: number, active: number | null): VNode[] {
  const matrix = model.matrix.value;
  const margin = margins(model)[row - matrix.rows.codes.length] ?? "rate";
  const word = marginWord(model, margin, "columns");
  const head = item(model, active, { role: "rowheader", kind: "m-name", column: -1, content: word });
  const items = matrix.columns.texts.map((_, at) => marginItem(model, "columns", at, margin, at, active));
  const column = items.length;
  if (margin === "total") {
    items.push(
      item(model, active, {
        role: "gridcell",
        kind: "m-margin",
        column,
        content: countTexts(matrix.total)[0],
      }),
    );
  }
  return [head, ...items];
}

function cell(model: Model, row: number, column: number, active: number | null): VNode {
  const matrix = model.matrix.value;
  const { cellWidth, numbers } = model.layout.value;
  const mode = model.mode.value;
  const n = countAt(matrix, row, column);
  const text =
    numbers &&
    n > 0 &&
    fitting(model, cellTexts(matrix, mode, row, column), cellWidth / fontScale(cellWidth));
  return item(model, active, {
    role: "gridcell",
    kind: row === column && isPaired(model) ? "m-cell m-same" : "m-cell",
    column,
    name: cellName(matrix, mode, row, column),
    content: text,
    hue: n && hue(model, row, column),
    "data-kind": n ? kindOf(matrix, row, column) : "none",
    "aria-selected": model.mask.value?.[row * matrix.columns.codes.length + column] === 1,
  });
}

/** How full the hue of a cell is, 0 to 100: by its share; for errors its square root, because most are small. */
function hue(model: Model, row: number, column: number): number {
  const matrix = model.matrix.value;
  const share = shareOf(matrix, row, column, basisOf(matrix, model.mode.value));
  if (isFew(share)) return 15;
  const value = share.value ?? 0;
  return Math.round(
    100 * (kindOf(matrix, row, column) === "error" ? Math.sqrt(Math.min(1, value / FULL)) : value),
  );
}

function marginWord(model: Model, margin: "total" | "rate", side: Side): string {
  if (margin === "total") return "total";
  const word = rateWord(model.matrix.value, side);
  return model.layout.value.margins === "bars" ? `1 − ${word}` : word;
}

function marginItem(
  model: Model,
  side: Side,
  at: number,
  margin: "total" | "rate",
  column: number,
  active: number | null,
): VNode {
  const named = margin === "total" ? totalName : rateName;
  return item(model, active, {
    role: "gridcell",
    kind: `m-margin ${margin}`,
    column,
    name: named(model.matrix.value, side, at),
    content: (margin === "total" ? totalText : rateContent)(model, side, at),
  });
}

function totalText(model: Model, side: Side, at: number): string | undefined {
  const texts = countTexts(totalAt(model.matrix.value, side, at));
  const { cellWidth } = model.layout.value;
  return side === "rows" ? texts[0] : fitting(model, texts, cellWidth / fontScale(cellWidth) - 1);
}

/** The first text that fits into so many pixels. */
function fitting(model: Model, texts: string[], width: number): string | undefined {
  return texts.find((text) => textWidth(text, model.font.value) <= width);
}

function rateContent(model: Model, side: Side, at: number): ComponentChild {
  const { margins: form, x, cellWidth } = model.layout.value;
  const rate = rateOf(model.matrix.value, side, at);
  if (rate.value === null) return form !== "bars" && "—";
  if (form === "bars") return <span class="m-bar" style={{ "--miss": 1 - rate.value }} />;
  const room = side === "rows" ? extent(x, x.length - 3)[1] : cellWidth;
  const text = fitting(model, [percent(rate.value), rounded(rate.value)], room - 6);
  return form === "numbers" ? text : [text, " ", <span class="m-limits">{interval(rate)}</span>];
}
