/** The slices as a grid: one tab stop, arrows, Enter and Space select, Shift with them adds, Escape clears. */

import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useWidth } from "../charts/axis.tsx";
import { IntervalAxis } from "../charts/interval.tsx";
import { count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { reach, type SliceRow, type SliceSort, type SortColumn, type Words } from "../core/slicing.ts";
import { Row } from "./slices-row.tsx";

export interface Group {
  title: string | null;
  rows: SliceRow[];
}

interface Props {
  groups: Group[];
  words: Words;
  sort: Signal<SliceSort>;
  height: number;
  isSelected: (row: SliceRow) => boolean;
  onToggle: (row: SliceRow, add: boolean) => void;
  onClear: (row: SliceRow) => void;
}

/** Which cell has the tab stop; the row `head` is that of the column heads. */
interface Place {
  row: string;
  column: number;
}

const COLUMNS: [SortColumn, string][] = [
  ["name", "slice"],
  ["n", "n"],
  ["rate", ""],
  ["difference", "difference"],
];
const FIRST = 100;
const PAGE = 8;

export function Grid({ groups, words, sort, height, isSelected, onToggle, onClear }: Props) {
  const all = useSignal(false);
  const place = useSignal<Place>({ row: "", column: 0 });
  const grid = useRef<HTMLTableElement>(null);
  const [pictures, room] = useWidth<HTMLTableCellElement>();
  const wanted = useRef(false);
  const total = groups.reduce((n, group) => n + group.rows.length, 0);
  const shown = all.value ? groups : firstOf(groups, FIRST);
  const rows = shown.flatMap((group) => group.rows);
  const at =
    rows.some((row) => row.id === place.value.row) || place.value.row === "head"
      ? place.value.row
      : rows[0]?.id;
  const domain = reach(
    groups.flatMap((group) => group.rows),
    words.least,
  );

  // A row that goes to another place in the order is taken out for a moment, and loses the focus by that.
  const had = hasFocus(grid.current);
  useLayoutEffect(() => {
    if (!wanted.current && !(had && !hasFocus(grid.current))) return;
    wanted.current = false;
    grid.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  });
  const order = rows.map((row) => row.id).join();
  useLayoutEffect(() => keepInView(grid.current), [order]);
  const go = (next: Place) => {
    wanted.current = true;
    place.value = { ...next };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const here = rows.find((row) => row.id === at);
    const next = moved(event, { row: at ?? "head", column: place.value.column }, rows);
    if (next) go(next);
    else if (event.key === "Escape" && here) onClear(here);
    else if (event.key === "Enter" || event.key === " ") {
      if (here) onToggle(here, event.shiftKey);
      else resort(sort, COLUMNS[place.value.column]?.[0] ?? "name");
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div class="scroll" style={{ maxHeight: `${height}px` }}>
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is worked cell by cell
          role="grid"
          aria-label="Slices"
          style={{ "--n": `${Math.max(2, ...rows.map((row) => count(row.n).length))}ch` }}
          aria-rowcount={total + 1}
          aria-multiselectable="true"
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr aria-rowindex={1}>
              {COLUMNS.map(([column, title], i) => (
                <th
                  key={column}
                  ref={i === 3 ? pictures : null}
                  scope="col"
                  class={column}
                  tabIndex={at === "head" && place.value.column === i ? 0 : -1}
                  aria-sort={sorted(sort.value, column)}
                  onClick={() => resort(sort, column)}
                  onFocus={() => {
                    place.value = { row: "head", column: i };
                  }}
                >
                  {column === "difference" ? <Difference /> : title || words.head}
                  <Arrow sort={sort.value} column={column} />
                  {column === "difference" && <IntervalAxis domain={domain} room={room} write={words.tick} />}
                </th>
              ))}
            </tr>
          </thead>
          {shown.map((group) => (
            <tbody key={group.title} aria-label={group.title ?? "all slices"}>
              {group.title !== null && (
                // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it has focus; its rows say the column's name
                <tr class="group" aria-hidden="true">
                  <td colSpan={4}>
                    <bdi>{visible(group.title)}</bdi>
                  </td>
                </tr>
              )}
              {group.rows.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  words={words}
                  index={rows.indexOf(row) + 2}
                  domain={domain}
                  short={group.title !== null}
                  stop={row.id === at ? place.value.column : null}
                  selected={isSelected(row)}
                  onToggle={onToggle}
                  onFocus={(column) => {
                    place.value = { row: row.id, column };
                  }}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {rows.length < total && (
        <button
          type="button"
          class="word"
          onClick={() => {
            all.value = true;
          }}
        >
          Show all {total}
        </button>
      )}
    </>
  );
}

function hasFocus(table: HTMLTableElement | null): boolean {
  return Boolean(table?.querySelector(":focus"));
}

/** Scroll the list, and nothing around it, to the row that has the focus. */
function keepInView(table: HTMLTableElement | null): void {
  const row = table?.querySelector(":focus")?.closest("tbody tr");
  const [box, head] = [table?.parentElement, table?.tHead];
  if (!row || !box || !head) return;
  const [at, room] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
  const above = room.top + head.offsetHeight - at.top;
  box.scrollTop -= above > 0 ? above : Math.min(0, room.bottom - at.bottom);
}

function Difference() {
  return (
    <>
      <span class="wide">difference to the rest</span>
      <span class="narrow">vs rest</span>
    </>
  );
}

function Arrow({ sort, column }: { sort: SliceSort; column: SortColumn }) {
  if (sort.column !== column) return null;
  return <span aria-hidden="true">{sort.descending ? " ↓" : " ↑"}</span>;
}

function sorted(sort: SliceSort, column: SortColumn): "ascending" | "descending" | "none" {
  return sort.column !== column ? "none" : sort.descending ? "descending" : "ascending";
}

function resort(sort: Signal<SliceSort>, column: SortColumn): void {
  const same = sort.value.column === column;
  sort.value = { column, descending: same ? !sort.value.descending : column !== "name" };
}

function firstOf(groups: readonly Group[], most: number): Group[] {
  let left = most;
  return groups.flatMap((group) => {
    const rows = group.rows.slice(0, Math.max(0, left));
    left -= rows.length;
    return rows.length ? [{ ...group, rows }] : [];
  });
}

/** Where a key leads, or null for a key that leads nowhere. */
function moved(event: KeyboardEvent, { row, column }: Place, rows: readonly SliceRow[]): Place | null {
  const last = rows.length - 1;
  const here = row === "head" ? -1 : rows.findIndex((other) => other.id === row);
  const far = event.ctrlKey || event.metaKey;
  const to = (index: number, next = column): Place => {
    const bounded = Math.max(-1, Math.min(last, index));
    return { row: bounded < 0 ? "head" : (rows[bounded]?.id ?? "head"), column: next };
  };
  switch (event.key) {
    case "ArrowUp":
      return to(here - 1);
    case "ArrowDown":
      return to(here + 1);
    case "ArrowLeft":
      return to(here, Math.max(0, column - 1));
    case "ArrowRight":
      return to(here, Math.min(COLUMNS.length - 1, column + 1));
    case "Home":
      return to(far ? 0 : here, 0);
    case "End":
      return to(far ? last : here, COLUMNS.length - 1);
    case "PageUp":
      return to(Math.max(0, here - PAGE));
    case "PageDown":
      return to(here + PAGE);
    default:
      return null;
  }
}
