/** The rows in view over two numbers: one by one where they are few, else counted in bins of both. */

import { useSignal } from "@preact/signals";
import { type Area, AreaBrush, type Side } from "../charts/area.tsx";
import { useWidth } from "../charts/axis.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { Axes, Cells, Dots, leftOf, pixelsOf } from "../charts/pairs.tsx";
import { type FineAxis, numberText, placeOf, spanClause, spanOf, stopsOf, unpacked } from "../core/fine.ts";
import { amount, count, interval, percent } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { wilson } from "../core/intervals.ts";
import { type Cell, coarseCells, fineCells, huesOf, type Points, pointsOf } from "../core/pairs.ts";
import { withClause } from "../core/selection.ts";
import type { Field } from "../core/types.ts";
import type { CountState, Store } from "../store/store.ts";
import { ofSplit, useAnswer } from "./answer.ts";
import type { ViewProps } from "./view.ts";

const HEIGHT = 360;

/** What is drawn: of which rows, and how sure that is. */
interface Drawn {
  axes: readonly [FineAxis, FineAxis];
  cells: Cell[];
  points: Points | null;
  missing: number;
  state: CountState;
  /** Whether the bins are those of the slices. */
  coarse: boolean;
}

interface SavedPairs {
  axes: [FineAxis, FineAxis];
  missing: number;
  cells: [number[], number[]];
}

export function Scatter({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const keys = [String(options.x), String(options.y)] as const;
  const fields = keys.map((key) => meta.fields.find((field) => field.key === key) ?? null);
  const known = keys.every((key, i) => (key === "confidence" ? meta.confidence : fields[i]));
  const logs = [useSignal<boolean | null>(null), useSignal<boolean | null>(null)] as const;
  const clauses = store.clauses.value.filter(({ field }) => !keys.includes(field));
  const live = store.status.value === "live";
  const asked = useAnswer(
    store,
    live && known
      ? { type: "pairs", x: keys[0], y: keys[1], log_x: logs[0].value, log_y: logs[1].value, clauses }
      : null,
  );
  const names = fields.map((field) => (field ? visible(field.name) : "confidence"));
  const drawn = known
    ? drawnOf(
        store,
        keys,
        fields,
        options.pairs as SavedPairs | undefined,
        asked,
        clauses.length === store.split.value.length && ofSplit(store, options),
      )
    : null;
  return (
    <section class="scatter" aria-label="Scatter">
      <div class="head">
        <h3 class="title">
          <b>{known ? names[1] : "Scatter"}</b>{" "}
          {known && (
            <span>
              by {names[0]} <span class="roomy">· drag a rectangle to select</span>
            </span>
          )}
        </h3>
        {live && drawn && (
          <span class="choice">
            {drawn.axes.map(
              (axis, i) =>
                axis.decades && (
                  <button
                    key={keys[i]}
                    type="button"
                    class="word"
                    aria-pressed={axis.log}
                    title={`${names[i]} on a logarithmic axis`}
                    onClick={() => {
                      (logs[i] as (typeof logs)[0]).value = !axis.log;
                    }}
                  >
                    log {i ? "y" : "x"}
                  </button>
                ),
            )}
          </span>
        )}
      </div>
      {!known && <p class="soft">A scatter of a private column is seen live only.</p>}
      {known && !drawn && (
        <p class="soft">
          {asked.error ?? (live ? "Waiting for the kernel." : "Nothing was saved of this scatter.")}
        </p>
      )}
      {drawn && (
        <Picture
          store={store}
          keys={keys}
          fields={fields}
          names={names}
          drawn={drawn}
          height={typeof options.height === "number" ? options.height - 80 : HEIGHT}
        />
      )}
    </section>
  );
}

function drawnOf(
  store: Store,
  keys: readonly [string, string],
  fields: readonly (Field | null)[],
  saved: SavedPairs | undefined,
  asked: ReturnType<typeof useAnswer>,
  whole: boolean,
): Drawn | null {
  const hue = store.meta.value.model ? "outcome" : "label";
  const without = keys as unknown as string[];
  const both = fields.every((field) => field !== null);
  const tiled = both ? store.count([...keys, hue], ...without).value : null;
  if (asked.answer) {
    const { message, buffers } = asked.answer;
    const pairs = message as unknown as SavedPairs;
    if (!pairs.axes) return null;
    const points = buffers.length ? pointsOf(buffers) : null;
    return {
      ...pairs,
      cells: fineCells(pairs.axes, cellsOf(pairs)),
      points,
      state: asked.state,
      coarse: false,
    };
  }
  if (!saved) return null;
  if (whole || tiled?.state !== "exact") {
    const cells = fineCells(saved.axes, cellsOf(saved));
    return { ...saved, cells, points: null, state: whole ? "exact" : "stale", coarse: true };
  }
  const counted = coarseCells(saved.axes, fields as [Field, Field], tiled.values, store.meta.value);
  return { axes: saved.axes, ...counted, points: null, state: "exact", coarse: true };
}

function cellsOf({ axes, cells }: SavedPairs): Float64Array {
  return unpacked(
    cells,
    axes.reduce((n, { edges }) => n * (edges.length - 1), 3),
  );
}

interface PictureProps {
  store: Store;
  keys: readonly [string, string];
  fields: readonly (Field | null)[];
  names: string[];
  drawn: Drawn;
  height: number;
}

function Picture({ store, keys, fields, names, drawn, height }: PictureProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const hover = useSignal<Cell | null>(null);
  const { axes, cells, points, coarse, state } = drawn;
  const texts = fields.map((field) => (value: number) => numberText(value, field?.kind ?? null));
  const left = leftOf(axes[1], texts[1] as (value: number) => string);
  const pixels = pixelsOf(axes, left, width, height);
  const sides = axes.map(
    (axis, i): Side => ({
      name: names[i] as string,
      stops: stopsOf(axis, fields[i] ?? null, coarse),
      pixel: pixels[i] as (at: number) => number,
      place: (value) => placeOf(axis, value),
      text: texts[i] as (value: number) => string,
    }),
  ) as [Side, Side];
  const spans = keys.map((key, i) => spanOf(fields[i] ?? null, store.clause(key)));
  const ends = sides.map(({ stops }) => [stops[0]?.value ?? 0, stops.at(-1)?.value ?? 0] as const);
  const area = spans.some((span) => span)
    ? (spans.map((span, i) => span ?? ends[i]) as unknown as Area)
    : null;
  const select = (next: Area | null) => {
    const clauses = keys.reduce((all, key, i) => {
      const span = next?.[i];
      return withClause(all, key, span ? spanClause(key, axes[i] as FineAxis, span[0], span[1]) : null);
    }, store.clauses.value);
    store.select(clauses);
  };
  const onHover = (at: readonly [number, number] | null) => {
    hover.value =
      at &&
      (cells.find(({ x, y }) =>
        [x, y].every(([low, high], i) => {
          const [a, b] = [low, high].map(pixels[i] as (at: number) => number) as [number, number];
          return (at[i] as number) >= Math.min(a, b) && (at[i] as number) < Math.max(a, b);
        }),
      ) ??
        null);
  };
  const hues = huesOf(store.meta.value);
  return (
    <>
      <div ref={box} class="chart" style={{ minHeight: `${height}px` }}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: there is no fieldset in a drawing
          <svg role="group" aria-label={`${names[1]} by ${names[0]}`} width={width} height={height}>
            <Axes sides={sides} axes={axes} left={left} width={width} height={height} />
            <g class="cells" data-state={state}>
              {points ? (
                <Dots axes={axes} points={points} pixels={pixels} />
              ) : (
                <Cells cells={cells} pixels={pixels} />
              )}
            </g>
            <AreaBrush x={sides[0]} y={sides[1]} area={area} onArea={select} onHover={onHover} />
          </svg>
        )}
        <p class="side x" aria-hidden="true" style={{ paddingInlineStart: `${left}px` }}>
          <bdi>{names[0]}</bdi>
        </p>
      </div>
      <StaleNote state={state} />
      <Reading drawn={drawn} hues={hues} names={names} fields={fields} cell={hover.value} />
    </>
  );
}

interface ReadingProps {
  drawn: Drawn;
  hues: readonly [string, string, string];
  names: string[];
  fields: readonly (Field | null)[];
  cell: Cell | null;
}

function Reading({
  drawn: { cells, points, missing, coarse, state, axes },
  hues,
  names,
  fields,
  cell,
}: ReadingProps) {
  if (cell) return <p class="reading">{cellText(cell, hues, names, fields)}</p>;
  const n = cells.reduce((sum, { n }) => sum + n, 0);
  const marked = cells.reduce((sum, { marked }) => sum + marked, 0);
  const bins = axes.map(({ edges }) => edges.length - 1);
  const how = points
    ? "each one a dot"
    : `counted in ${cells.length && cells[0]?.slices ? "the bins of the slices" : `${bins[0]} × ${bins[1]} bins`}`;
  return (
    <p class="reading" data-state={state}>
      {amount(n)}, {how}
      {hues[0] && (
        <>
          {": "}
          <span class="key wrong" /> {count(marked)} {visible(hues[0])}
          {points ? "" : ", by their share of a bin"}; <span class="key right" /> {visible(hues[1])}
        </>
      )}
      {!points && ", darker where there are more"}.
      {missing > 0 && ` ${count(missing)} lack one of the two numbers.`}
      {coarse && " Saved are counts in bins; single examples, and finer rectangles, are live only."}
    </p>
  );
}

function cellText(
  cell: Cell,
  hues: ReadingProps["hues"],
  names: string[],
  fields: ReadingProps["fields"],
): string {
  const places = cell.ends.map(
    (ends, i) => `${names[i]} ${ends.map((end) => numberText(end, fields[i]?.kind ?? null)).join(" to ")}`,
  );
  const rate = wilson(cell.marked, cell.known);
  const share = rate.value === null ? "" : `, ${percent(rate.value)} ${interval(rate)}`;
  const of = hues[0] && `, ${count(cell.marked)} ${visible(hues[0])}${share}`;
  return `${places.join(", ")}: ${amount(cell.n)}${of}`;
}
