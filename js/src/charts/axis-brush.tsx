/** An interval on an x axis: dragged, clicked, or moved by two handles with the keyboard. Snaps to bins. */

import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { edge } from "../core/format.ts";
import type { Plot } from "./axis.tsx";

export type Span = readonly [low: number, high: number];

interface Options {
  plot: Plot;
  /** How many bins there are from 0 to 1. */
  bins: number;
  span: Span | null;
  /** The interval while it is being dragged. */
  draft: Signal<Span | null>;
  onSpan: (span: Span | null) => void;
  onHover: (value: number | null) => void;
}

const CLICK = 3;
const GRIP = 12;

interface Drag {
  from: number;
  value: number;
  moved: boolean;
}

/** An interval that is dragged or clicked over a whole drawing. */
export interface Brushing extends Options {
  shown: Span | null;
  /** Whether the pointer is at one of its ends. */
  near: boolean;
  /** Put an interval in force; all of the axis is none. */
  commit: (span: Span | null) => void;
  /** Select the bin of a value, or nothing if it is selected. */
  pick: (value: number) => void;
  /** For the drawing. */
  on: Record<string, (event: PointerEvent) => void>;
}

export function useBrush(options: Options): Brushing {
  const { plot, bins, span, draft, onSpan, onHover } = options;
  const drag = useRef<Drag | null>(null);
  const dragged = useRef(false);
  const near = useSignal(false);
  const [low, high] = plot.x.domain;
  const wanted = draft.value ?? span;
  const shown = wanted && ([Math.max(low, wanted[0]), Math.max(low, wanted[1])] as const);
  const snap = (a: number, b: number): Span => [
    Math.max(low, Math.floor(Math.min(a, b) * bins + 1e-9) / bins),
    Math.min(high, Math.ceil(Math.max(a, b) * bins - 1e-9) / bins),
  ];
  const commit = (next: Span | null) => {
    draft.value = null;
    onSpan(next && next[0] <= low && next[1] >= high ? null : next);
  };
  const pick = (value: number) => {
    // A drag ends with a click of its own.
    const was = dragged.current;
    dragged.current = false;
    if (was) return;
    const bin = Math.min(bins - 1, Math.floor(value * bins + 1e-9));
    const [from, to] = [bin / bins, (bin + 1) / bins];
    commit(span?.[0] === from && span[1] === to ? null : [from, to]);
  };
  const end = (event: PointerEvent) => {
    if (drag.current?.moved && event.type === "pointerup") commit(draft.value);
    drag.current = null;
    draft.value = null;
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now || (!now.moved && Math.abs(event.clientX - now.from) <= CLICK)) return;
    // Only now, so that a click still reaches what is under the pointer.
    if (!now.moved) (event.currentTarget as Element).setPointerCapture(event.pointerId);
    now.moved = true;
    dragged.current = true;
    draft.value = snap(now.value, valueAt(event, plot));
  };
  const on = {
    onPointerDown: (event: PointerEvent) => {
      dragged.current = false;
      if (event.button !== 0) return;
      const value = valueAt(event, plot);
      drag.current = {
        from: event.clientX,
        value: shown ? otherEnd(shown, value, plot) : value,
        moved: false,
      };
    },
    onPointerMove: (event: PointerEvent) => {
      const value = valueAt(event, plot);
      onHover(value);
      near.value = shown !== null && otherEnd(shown, value, plot) !== value;
      move(event);
    },
    onPointerUp: end,
    onPointerCancel: end,
    // A quick drag leaves the drawing before it has moved in it.
    onPointerLeave: (event: PointerEvent) => {
      move(event);
      onHover(null);
    },
    onClick: (event: PointerEvent) => pick(valueAt(event, plot)),
  };
  return { ...options, shown, near: near.value, commit, pick, on };
}

/** The band over a drawing, and its two handles. */
interface BandProps {
  brush: Brushing;
  what: string;
  stop: Signal<string>;
  /** How an end is said. */
  say?: ((end: number) => string) | undefined;
}

export function Band({ brush, what, stop, say = edge }: BandProps) {
  const { plot, bins, shown, commit } = brush;
  const { x, y } = plot;
  const [top, base] = [y(y.domain[1]), y(y.domain[0])];
  return (
    <g class="brush">
      {shown && (
        <rect class="band" x={x(shown[0])} width={x(shown[1]) - x(shown[0])} y={top} height={base - top} />
      )}
      {([0, 1] as const).map((end) => (
        <Handle
          key={end}
          name={`${end ? "highest" : "lowest"} ${what}`}
          end={end}
          span={shown ?? x.domain}
          plot={plot}
          bins={bins}
          stop={stop}
          say={say}
          active={shown !== null}
          onSpan={commit}
        />
      ))}
    </g>
  );
}

interface HandleProps {
  name: string;
  end: 0 | 1;
  span: Span;
  plot: Plot;
  bins: number;
  stop: Signal<string>;
  say: (end: number) => string;
  active: boolean;
  onSpan: (span: Span | null) => void;
}

function Handle({ name, end, span, plot, bins, stop, say, active, onSpan }: HandleProps) {
  const { x, y } = plot;
  const [low, high] = x.domain;
  const at = Math.round(x(span[end]));
  const [top, base] = [y(y.domain[1]), y(y.domain[0])];
  const key = end ? "high" : "low";
  const bounds: Span = end ? [span[0] + 1 / bins, high] : [low, span[1] - 1 / bins];
  const onKeyDown = (event: KeyboardEvent) => {
    const to = target(event.key, span[end], bounds, bins);
    if (to !== null) onSpan(end ? [span[0], to] : [to, span[1]]);
    else if (event.key === "Escape") onSpan(null);
    else return;
    event.preventDefault();
  };
  return (
    <g
      class={`handle ${active ? "" : "idle"}`}
      role="slider"
      tabindex={stop.value === key ? 0 : -1}
      data-stop={key}
      aria-label={name}
      aria-orientation="horizontal"
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={span[end]}
      aria-valuetext={say(span[end])}
      onKeyDown={onKeyDown}
    >
      <rect class="hit" x={at - GRIP / 2} width={GRIP} y={top} height={base - top} />
      <line x1={at} x2={at} y1={top} y2={base} />
      <rect class="grip" x={at - 2.5} width={5} y={(top + base) / 2 - 9} height={18} rx={2.5} />
    </g>
  );
}

/** Where a key takes a handle, or null for a key that is not of a handle. */
function target(key: string, value: number, [low, high]: Span, bins: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageUp: 4,
    PageDown: -4,
    Home: -bins,
    End: bins,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const from = step < 0 ? Math.ceil(value * bins - 1e-9) : Math.floor(value * bins + 1e-9);
  return Math.min(high, Math.max(low, (from + step) / bins));
}

/** A drag that begins at a handle moves it, so its other end stays; any other begins where it begins. */
function otherEnd(span: Span, value: number, { x }: Plot): number {
  const [low, high] = span.map((end) => Math.abs(x(end) - x(value))) as [number, number];
  if (Math.min(low, high) > GRIP / 2) return value;
  return low < high ? span[1] : span[0];
}

function valueAt(event: PointerEvent, { x }: Plot): number {
  const [low, high] = x.domain;
  const { left } = (event.currentTarget as Element).getBoundingClientRect();
  const share = (event.clientX - left - x(low)) / (x(high) - x(low));
  return Math.min(high, Math.max(low, low + share * (high - low)));
}

/** One tab stop for several things: up and down go from one to the next, left and right are theirs. */
export function useStops(first: string) {
  const stop = useSignal(first);
  const onFocusIn = (event: FocusEvent) => {
    const name = (event.target as SVGElement).dataset.stop;
    if (name) stop.value = name;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const all = [
      ...(event.currentTarget as Element).querySelectorAll<SVGElement>("[data-stop]:not([data-away])"),
    ];
    const here = all.findIndex((el) => el.dataset.stop === stop.value);
    const step = event.key === "ArrowDown" ? 1 : -1;
    all[(here + step + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  return { stop, on: { onFocusIn, onKeyDown } };
}
