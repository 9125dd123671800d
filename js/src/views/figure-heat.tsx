/** Grids of numbers from pale to dark: pointed at, or led by arrow keys, a square reads out its number. */

import { useId, useMemo, useState } from "preact/hooks";
import { useFigureWidth } from "../charts/figure-width.ts";
import { type Heat, shades } from "../core/figure.ts";
import { figure } from "../core/run-format.ts";

const LETTER = 7;
const [LEAST, MOST] = [2, 26];
const BELOW = 28;
const NAME = 14;
/** Names above the columns stand upright: there is as much room as a square is wide. */
const SLANT = -90;

export function HeatChart({ chart, title }: { chart: Heat; title: string }) {
  const [grid, show] = useState(0);
  const [at, point] = useState<readonly [row: number, column: number] | null>(null);
  const hint = useId();
  const name = useId();
  const { rows, columns, grids, axes, below } = chart;
  const [row, column] = at ?? [0, 0];
  const move = (down: number, right: number): void => {
    const clamped = (value: number, n: number): number => Math.min(n - 1, Math.max(0, value));
    point(at ? [clamped(row + down, rows.length), clamped(column + right, columns.length)] : [row, column]);
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(0, -1),
    ArrowRight: () => move(0, 1),
    ArrowUp: () => move(-1, 0),
    ArrowDown: () => move(1, 0),
    Home: () => move(0, -columns.length),
    End: () => move(0, columns.length),
    PageUp: () => move(-10, 0),
    PageDown: () => move(10, 0),
    Escape: () => {
      point(null);
    },
  };
  const value = grids[grid]?.values[row * columns.length + column] ?? 0;
  const effect = below.values[column];
  const said = `${axes[0]} “${rows[row]}” ${axes[1]} “${columns[column]}”: ${figure(value)}${
    effect == null ? "" : `; ${below.name} ${figure(effect)}`
  }`;
  return (
    <div class="heat">
      {grids.length > 1 && (
        <p class="choice">
          <label for={name}>Shown: </label>
          <select
            id={name}
            value={grid}
            onChange={(event) => {
              show(Number(event.currentTarget.value));
            }}
          >
            {grids.map((one, i) => (
              <option key={i} value={i}>
                {one.name}
              </option>
            ))}
          </select>
        </p>
      )}
      <p class="side" aria-hidden="true">
        row: {axes[0]}, column: {axes[1]}; darker is more
      </p>
      <Squares
        chart={chart}
        grid={grid}
        at={at}
        point={point}
        slider={{
          label: `${title}, ${grids[grid]?.name ?? ""}`,
          hint,
          said,
          onKeyDown: (event) => {
            const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
            if (!act) return;
            event.preventDefault();
            act();
          },
        }}
      />
      {below.values.length > 0 && (
        <p class="side under">
          bars: {below.name}, at most {figure(Math.max(...below.values.map((one) => one ?? 0)))}
        </p>
      )}
      <p class="reading" aria-hidden="true">
        <bdi>{at ? said : "Point at a square to read its number."}</bdi>
      </p>
      <p class="hint" id={hint}>
        Arrow keys, Home, End, Page Up, Page Down: squares. Escape: none.
      </p>
    </div>
  );
}

interface Props {
  chart: Heat;
  grid: number;
  at: readonly [number, number] | null;
  point: (at: readonly [number, number] | null) => void;
  slider: {
    label: string;
    hint: string;
    said: string;
    onKeyDown: (event: KeyboardEvent) => void;
  };
}

function Squares({ chart, grid, at, point, slider }: Props) {
  const [ref, width] = useFigureWidth<HTMLDivElement>();
  const { rows, columns, grids, below } = chart;
  const left = Math.min(
    width * 0.3,
    10 + LETTER * Math.max(3, ...rows.map((name) => Math.min(14, name.length))),
  );
  const fits = Math.floor(left / LETTER) - 1;
  const top = 12 + LETTER * Math.max(2, ...columns.map((name) => Math.min(12, name.length)));
  const side = Math.max(LEAST, Math.min(MOST, (width - left - 8) / columns.length));
  const tall = below.values.length ? BELOW + 8 : 0;
  const height = top + side * rows.length + tall + 2;
  const most = useMemo(
    () => Math.max(...grids.flatMap(({ values }) => values.reduce((a, b) => Math.max(a, b), 0))),
    [grids],
  );
  const drawn = useMemo(
    () => shades(grids[grid]?.values ?? [], columns.length, most, side, side),
    [grids, grid, columns.length, most, side],
  );
  const pointed = (event: PointerEvent): readonly [number, number] | null => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - left) / side);
    const row = Math.floor((event.clientY - box.top - top) / side);
    const inside = column >= 0 && column < columns.length && row >= 0 && row < rows.length;
    return inside ? [row, column] : null;
  };
  return (
    <div
      class="plot squares"
      ref={ref}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={slider.label}
      aria-describedby={slider.hint}
      aria-valuemin={0}
      aria-valuemax={rows.length * columns.length - 1}
      aria-valuenow={at ? at[0] * columns.length + at[1] : 0}
      aria-valuetext={slider.said}
      onKeyDown={slider.onKeyDown}
      onPointerMove={(event) => point(pointed(event))}
      onPointerDown={(event) => point(pointed(event))}
      onPointerLeave={() => point(null)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          <Names
            names={rows}
            size={side}
            fits={fits}
            chosen={at?.[0]}
            place={(i) => [left - 6, top + side * (i + 0.5) + 3.5, 0]}
          />
          <Names
            names={columns}
            size={side}
            fits={12}
            chosen={at?.[1]}
            place={(i) => [left + side * (i + 0.5) + 3.5, top - 5, SLANT]}
          />
          <g transform={`translate(${left} ${top})`}>
            <rect class="ground" width={side * columns.length} height={side * rows.length} />
            {drawn.map(([share, path]) => (
              <path key={share} class="shade" fill-opacity={share} d={path} />
            ))}
            {at && (
              <>
                <rect class="across" y={side * at[0]} width={side * columns.length} height={side} />
                <rect class="across" x={side * at[1]} width={side} height={side * rows.length} />
                <rect class="here" x={side * at[1]} y={side * at[0]} width={side} height={side} />
              </>
            )}
          </g>
          {tall > 0 && <Below values={below.values} side={side} x={left} y={top + side * rows.length + 4} />}
        </svg>
      )}
    </div>
  );
}

interface NamesProps {
  names: readonly string[];
  size: number;
  fits: number;
  chosen: number | undefined;
  place: (i: number) => [x: number, y: number, slant: number];
}

/** The names of rows or columns; where squares are small, some of them, and the chosen one. */
function Names({ names, size, fits, chosen, place }: NamesProps) {
  const every = Math.ceil(NAME / size);
  return (
    <g class="axis">
      {names.map((name, i) => {
        const near = chosen !== undefined && Math.abs(i - chosen) < every;
        if (i !== chosen && (i % every || near)) return null;
        const [x, y, slant] = place(i);
        const text = name;
        return (
          <text
            key={i}
            class={i === chosen ? "chosen" : ""}
            x={x}
            y={y}
            text-anchor={slant ? "start" : "end"}
            {...(slant ? { transform: `rotate(${slant} ${x} ${y})` } : {})}
          >
            {text.length > fits ? `${text.slice(0, fits - 1)}…` : text}
          </text>
        );
      })}
    </g>
  );
}

/** A bar below each column. */
function Below({
  values,
  side,
  x,
  y,
}: {
  values: Heat["below"]["values"];
  side: number;
  x: number;
  y: number;
}) {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return (
    <g class="below">
      <line x1={x} x2={x + side * values.length} y1={y + 0.5} y2={y + 0.5} />
      {values.map(
        (value, i) =>
          value !== null &&
          most > 0 && (
            <rect
              key={i}
              x={x + side * i + 0.5}
              y={y}
              width={Math.max(1, side - 1)}
              height={(BELOW * value) / most}
            />
          ),
      )}
    </g>
  );
}
