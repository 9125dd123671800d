// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid the cells take the focus, not its rows
/** One example as a row of the grid, and how its values look. */

import { type Column, isImage, isNumeric, isSound, type Laid, shownValue } from "../core/columns.ts";
import { excerpt, type Piece, segments, visible } from "../core/highlight.ts";
import type { Meta } from "../core/types.ts";
import type { Row } from "../store/rows.ts";
import type { ExamplesModel } from "./examples-model.ts";

const CHARACTER = 6;

interface RowProps {
  model: ExamplesModel;
  index: number;
  top: number;
  needle: string;
  /** Index of the column whose cell can be focused, or null. */
  active: number | null;
}

/** A row; a grey one while it is on its way. */
export function ExampleRow({ model, index, top, needle, active }: RowProps) {
  void model.rows.arrived.value;
  const row = model.rows.at(index);
  const { open, rowHeight } = model.geometry.value;
  return (
    <div
      role="row"
      class="e-row"
      aria-rowindex={index + (open !== null && index > open ? 3 : 2)}
      aria-selected={index === open}
      aria-busy={row === null}
      data-row={index}
      style={{ top: `${top}px`, height: `${rowHeight}px` }}
    >
      {model.columns.value.map((column, c) => (
        <div
          key={column.key}
          role="gridcell"
          class={`e-cell ${isNumeric(column) ? "number" : ""}`}
          aria-colindex={c + 1}
          aria-expanded={c === 0 ? index === open : undefined}
          tabIndex={c === active ? 0 : -1}
          data-column={c}
        >
          {row ? (
            <Cell row={row} column={column} meta={model.store.meta.value} needle={needle} />
          ) : (
            <Skeleton first={c === 0} frozen={model.rows.frozen.value} />
          )}
        </div>
      ))}
    </div>
  );
}

function Skeleton({ first, frozen }: { first: boolean; frozen: boolean }) {
  if (!frozen) return <span class="e-bone" />;
  return first ? <span class="soft">not loaded</span> : null;
}

interface CellProps {
  row: Row;
  column: Laid;
  meta: Meta;
  needle: string;
}

function Cell({ row, column, meta, needle }: CellProps) {
  if (column.key === "label" || column.key === "prediction")
    return <Chip row={row} side={column.key} meta={meta} />;
  const shown = shownValue(row, column, meta);
  if (shown === null) return <Missing />;
  if (column.kind === "image" && isImage(shown)) return <Picture value={shown} row={row} />;
  if (column.kind === "probability")
    return <Probability value={row.confidence ?? 0} text={shown} wrong={isWrong(row, meta)} />;
  const searched = column.key === meta.text ? needle : "";
  const text = excerpt(shown, searched, Math.floor(column.width / CHARACTER));
  return (
    <span dir="auto" class={cellClass(column, meta)}>
      <Shown text={text} needle={searched} />
    </span>
  );
}

function cellClass(column: Column, meta: Meta): string {
  if (column.key === meta.text) return "e-cut e-text";
  return column.kind === "row" || isNumeric(column) ? "e-cut" : "e-cut soft";
}

/** An image of a row. */
export function Picture({ value, row }: { value: unknown; row: Row }) {
  return isImage(value) ? <img class="e-image" src={value} alt={`row ${row.row}`} /> : null;
}

/** The sound of a row; its player is the browser's own. */
export function Sound({ value, row }: { value: unknown; row: Row }) {
  // biome-ignore lint/a11y/useMediaCaption: an example has no captions; its label and text stand beside it
  return isSound(value) ? <audio class="e-audio" controls src={value} aria-label={`row ${row.row}`} /> : null;
}

/** A value that is not there. */
export function Missing() {
  return (
    <span class="soft">
      <span aria-hidden="true">—</span>
      <span class="hidden">missing</span>
    </span>
  );
}

/** Whether a row counts as an error. */
export function isWrong(row: Row, meta: Meta): boolean {
  return meta.model && row.label !== meta.missing && row.label !== row.prediction;
}

/** A class: grey, or where the prediction is wrong, warm and with a sign. */
export function Chip({ row, side, meta }: { row: Row; side: "label" | "prediction"; meta: Meta }) {
  const wrong = side === "prediction" && isWrong(row, meta);
  const text = visible(meta.classes[row[side]] ?? "");
  return (
    <span
      class={`e-class ${wrong ? "wrong" : ""} ${row[side] === meta.missing ? "none" : ""}`}
      dir="auto"
      title={text}
    >
      {wrong && (
        <>
          <i aria-hidden="true">≠ </i>
          <span class="hidden">wrong: </span>
        </>
      )}
      <bdi>{text}</bdi>
    </span>
  );
}

/** A number between 0 and 1 with its bar. */
export function Probability({ value, text, wrong }: { value: number; text: string; wrong: boolean }) {
  return (
    <span class="e-share">
      <span>{text}</span>
      <span class="e-track" aria-hidden="true">
        <span
          class={wrong ? "wrong" : ""}
          style={{ width: `${(100 * Math.max(0, Math.min(1, value))).toFixed(1)}%` }}
        />
      </span>
    </span>
  );
}

/** Text with its matches marked and its unseen characters named; what is copied is the text. */
export function Shown({ text, needle }: { text: string; needle: string }) {
  return (
    <>
      {segments(text, needle).map(({ mark, pieces }, i) =>
        mark ? <mark key={i}>{pieces.map(drawn)}</mark> : pieces.map(drawn),
      )}
    </>
  );
}

function drawn({ text, shown, quiet }: Piece, i: number) {
  if (shown === null) return text;
  // The name is drawn by the style sheet, so that the character itself is copied. It is made of hexadecimal digits.
  return (
    <span key={i} class={quiet ? "e-unseen soft" : "e-unseen"} data-shown={shown}>
      {text}
    </span>
  );
}
