/** An interval on an x axis: dragged, clicked, or moved by two handles with the keyboard. Snaps to bins. */

import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { edge } from "../core/format.ts";
import type { Plot } from "./axis.tsx";

export type Span = readonly [low: number, high: number];

interface Props {
  plot: Plot;
  /** How many bins there are from 0 to 1. */
  bins: number;
  /** What the axis shows, for the names of the handles. */
  what: string;
  span: Span | null;
  draft: Signal<Span | null>;
  stop: Signal<string>;
  onSpan: (span: Span | null) => void;
  onHover?: (value: number | null) => void;
}

const CLICK = 3;
const GRIP = 12;

interface Drag {
  from: number;
  value: number;
  moved: boolean;
}

/** Lies over a chart; what is beneath gets no pointer. */
export function Brush(props: Props) {
  const { plot, bins, what, span, draft, stop, onSpan, onHover } = props;
  const drag = useRef<Drag | null>(null);
  const near = useSignal(false);
  const { x, y } = plot;
  const [low, high] = x.domain;
  const [top, base] = [y(y.domain[1]), y(y.domain[0])];
  const shown = draft.value ?? span;
  const snap = (a: number, b: number): Span => [
    Math.max(low, Math.floor(Math.min(a, b) * bins + 1e-9) / bins),
    Math.min(high, Math.ceil(Math.max(a, b) * bins - 1e-9) / bins),
  ];
  const commit = (next: Span | null) => {
    draft.value = null;
    onSpan(next && next[0] <= low && next[1] >= high ? null : next);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const value = valueAt(event, plot);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    drag.current = { from: event.clientX, value: shown ? otherEnd(shown, value, plot) : value, moved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const value = valueAt(event, plot);
    onHover?.(value);
    near.value = shown !== null && otherEnd(shown, value, plot) !== value;
    const now = drag.current;
    if (!now) return;
    now.moved ||= Math.abs(event.clientX - now.from) > CLICK;
    if (now.moved) draft.value = snap(now.value, value);
  };
  const onPointerUp = (event: PointerEvent) => {
    const now = drag.current;
    drag.current = null;
    if (!now) return;
    if (now.moved) return commit(draft.value);
    const bin = Math.min(bins - 1, Math.floor(valueAt(event, plot) * bins));
    const clicked: Span = [bin / bins, (bin + 1) / bins];
    commit(span && span[0] === clicked[0] && span[1] === clicked[1] ? null : clicked);
  };
  const leave = () => {
    if (!drag.current) onHover?.(null);
  };
  const cancel = () => {
    drag.current = null;
    draft.value = null;
  };
  const handle = (end: 0 | 1) => (
    <Handle
      key={end}
      name={`${end ? "highest" : "lowest"} ${what}`}
      end={end}
      span={shown ?? [low, high]}
      plot={plot}
      bins={bins}
      stop={stop}
      active={shown !== null}
      onSpan={commit}
    />
  );
  return (
    <g class="brush">
      {shown && <rect class="band" x={x(shown[0])} width={x(shown[1]) - x(shown[0])} y={top} height={base - top} />}
      {handle(0)}
      {handle(1)}
      <rect
        class={near.value ? "catch near" : "catch"}
        x={x(low) - GRIP / 2}
        width={x(high) - x(low) + GRIP}
        y={top}
        height={base - top}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={cancel}
        onPointerLeave={leave}
      />
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
  active: boolean;
  onSpan: (span: Span | null) => void;
}

function Handle({ name, end, span, plot, bins, stop, active, onSpan }: HandleProps) {
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
      tabIndex={stop.value === key ? 0 : -1}
      data-stop={key}
      aria-label={name}
      aria-orientation="horizontal"
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={span[end]}
      aria-valuetext={edge(span[end])}
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
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: 4, PageDown: -4, Home: -bins, End: bins };
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
  const svg = (event.currentTarget as SVGElement).ownerSVGElement as SVGSVGElement;
  const [low, high] = x.domain;
  const share = (event.clientX - svg.getBoundingClientRect().left - x(low)) / (x(high) - x(low));
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
    const all = [...(event.currentTarget as Element).querySelectorAll<SVGElement>("[data-stop]:not([data-away])")];
    const here = all.findIndex((el) => el.dataset.stop === stop.value);
    const step = event.key === "ArrowDown" ? 1 : -1;
    all[(here + step + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  return { stop, on: { onFocusIn, onKeyDown } };
}
