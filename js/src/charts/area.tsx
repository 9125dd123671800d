/** A rectangle over two axes of bins: dragged, or its four sides moved with the keyboard. Snaps to edges. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Stop } from "../core/fine.ts";
import { useStops } from "./axis-brush.tsx";

/** One direction: where its edges are in pixels, and what an edge says. */
export interface Side {
  name: string;
  stops: readonly Stop[];
  pixel: (at: number) => number;
  /** Where a value lies, in bins. */
  place: (value: number) => number;
  text: (value: number) => string;
}

export type Ends = readonly [low: number, high: number];
/** Left, right, bottom and top, in pixels. */
type Box = readonly [number, number, number, number];

export type Area = readonly [x: Ends, y: Ends];

interface Props {
  x: Side;
  y: Side;
  area: Area | null;
  onArea: (area: Area | null) => void;
  onHover: (at: readonly [x: number, y: number] | null) => void;
}

const CLICK = 3;
const NAMES = ["x low", "x high", "y low", "y high"];

export function AreaBrush({ x, y, area, onArea, onHover }: Props) {
  const from = useRef<[number, number] | null>(null);
  const draft = useSignal<Area | null>(null);
  const { stop, on } = useStops(NAMES[0] as string);
  const sides = [x, y] as const;
  const shown = draft.value ?? area;
  const box = pixelsOf(sides, shown ?? (sides.map(allOf) as unknown as Area));
  const [left, right, bottom, top] = boundsOf(sides);
  const point = (event: PointerEvent): [number, number] => {
    const drawing = (event.currentTarget as SVGElement).ownerSVGElement as SVGSVGElement;
    const { left, top } = drawing.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const between = (a: [number, number], b: [number, number]): Area =>
    sides.map((side, i) => snapped(side, a[i] as number, b[i] as number)) as unknown as Area;
  const end = (event: PointerEvent) => {
    const start = from.current;
    from.current = null;
    const drawn = draft.value;
    draft.value = null;
    if (event.type !== "pointerup" || !start) return;
    // A click outside takes the rectangle away.
    onArea(drawn);
  };
  return (
    <g class="area" {...on}>
      <Hit
        box={[left, right, bottom, top]}
        onStart={(event) => {
          from.current = point(event);
        }}
        onMove={(event) => {
          const now = point(event);
          onHover(now);
          const start = from.current;
          if (!start || Math.hypot(now[0] - start[0], now[1] - start[1]) <= CLICK) return;
          draft.value = between(start, now);
        }}
        onEnd={end}
        onLeave={() => onHover(null)}
      />
      {shown && <rect class="band" x={box[0]} y={box[3]} width={box[1] - box[0]} height={box[2] - box[3]} />}
      {NAMES.map((name, i) => {
        const side = sides[i >> 1] as Side;
        const which = (i % 2) as 0 | 1;
        const ends = (shown?.[i >> 1] ?? allOf(side)) as Ends;
        return (
          <Handle
            key={name}
            name={`${which ? "highest" : "lowest"} ${side.name}`}
            stop={name}
            here={stop.value === name}
            side={side}
            ends={ends}
            which={which}
            across={i < 2}
            box={box}
            active={shown !== null}
            onEnds={(next) => {
              const all = (shown ?? sides.map(allOf)) as Area;
              onArea(next && ((i < 2 ? [next, all[1]] : [all[0], next]) as Area));
            }}
          />
        );
      })}
    </g>
  );
}

interface SpanProps {
  side: Side;
  top: number;
  base: number;
  span: Ends | null;
  onSpan: (span: Ends | null) => void;
  onHover: (at: number | null) => void;
}

/** The same over one axis. */
export function SpanBrush({ side, top, base, span, onSpan, onHover }: SpanProps) {
  const from = useRef<number | null>(null);
  const draft = useSignal<Ends | null>(null);
  const { stop, on } = useStops("low");
  const shown = draft.value ?? span;
  const ends = shown ?? allOf(side);
  const [left, right] = ends.map((value) => side.pixel(side.place(value))) as [number, number];
  const [first, last] = allOf(side).map((value) => side.pixel(side.place(value))) as [number, number];
  const point = (event: PointerEvent): number => {
    const drawing = (event.currentTarget as SVGElement).ownerSVGElement as SVGSVGElement;
    return event.clientX - drawing.getBoundingClientRect().left;
  };
  const end = (event: PointerEvent) => {
    const [start, drawn] = [from.current, draft.value];
    from.current = null;
    draft.value = null;
    if (event.type !== "pointerup" || start === null) return;
    const one = snapped(side, start, start);
    const same = span && one[0] === span[0] && one[1] === span[1];
    onSpan(drawn ?? (same ? null : one));
  };
  return (
    <g class="area" {...on}>
      <Hit
        box={[first, last, base, top]}
        onStart={(event) => {
          from.current = point(event);
        }}
        onMove={(event) => {
          const now = point(event);
          onHover(now);
          const start = from.current;
          if (start !== null && Math.abs(now - start) > CLICK) draft.value = snapped(side, start, now);
        }}
        onEnd={end}
        onLeave={() => onHover(null)}
      />
      {shown && <rect class="band" x={left} y={top} width={right - left} height={base - top} />}
      {([0, 1] as const).map((which) => (
        <Handle
          key={which}
          name={`${which ? "highest" : "lowest"} ${side.name}`}
          stop={which ? "high" : "low"}
          here={stop.value === (which ? "high" : "low")}
          side={side}
          ends={ends}
          which={which}
          across
          box={[left, right, base, top]}
          active={shown !== null}
          onEnds={onSpan}
        />
      ))}
    </g>
  );
}

interface HitProps {
  box: Box;
  onStart: (event: PointerEvent) => void;
  onMove: (event: PointerEvent) => void;
  onEnd: (event: PointerEvent) => void;
  onLeave: () => void;
}

/** What takes the pointer, and keeps it while it drags. */
function Hit({ box: [left, right, bottom, top], onStart, onMove, onEnd, onLeave }: HitProps) {
  return (
    <rect
      class="hit"
      x={left}
      y={top}
      width={right - left}
      height={bottom - top}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        onStart(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onMove}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      onPointerLeave={onLeave}
    />
  );
}

interface HandleProps {
  name: string;
  stop: string;
  here: boolean;
  side: Side;
  ends: Ends;
  which: 0 | 1;
  across: boolean;
  box: Box;
  active: boolean;
  onEnds: (ends: Ends | null) => void;
}

function Handle({ name, stop, here, side, ends, which, across, box, active, onEnds }: HandleProps) {
  const { stops } = side;
  const value = ends[which];
  const onKeyDown = (event: KeyboardEvent) => {
    // Up and down lead to the other handles.
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -4, PageUp: 4 };
    const step = { ...steps, "-": -1, "+": 1, Home: -stops.length, End: stops.length }[event.key];
    if (event.key === "Escape") onEnds(null);
    else if (step === undefined) return;
    else {
      const at = nearest(side, side.place(value)) + step;
      const [low, high] = which
        ? [nearest(side, side.place(ends[0])) + 1, stops.length - 1]
        : [0, nearest(side, side.place(ends[1])) - 1];
      const next = (stops[Math.min(high, Math.max(low, at))] as Stop).value;
      onEnds(which ? [ends[0], next] : [next, ends[1]]);
    }
    event.preventDefault();
  };
  const [left, right, bottom, top] = box;
  const at = across ? (which ? right : left) : which ? top : bottom;
  const line = across ? { x1: at, x2: at, y1: top, y2: bottom } : { x1: left, x2: right, y1: at, y2: at };
  return (
    <g
      class={`handle ${active ? "" : "idle"}`}
      role="slider"
      tabindex={here ? 0 : -1}
      data-stop={stop}
      aria-label={name}
      aria-orientation={across ? "horizontal" : "vertical"}
      aria-valuemin={(stops[0] as Stop).value}
      aria-valuemax={(stops.at(-1) as Stop).value}
      aria-valuenow={value}
      aria-valuetext={side.text(value)}
      onKeyDown={onKeyDown}
    >
      <line {...line} />
    </g>
  );
}

function allOf({ stops }: Side): Ends {
  return [(stops[0] as Stop).value, (stops.at(-1) as Stop).value];
}

function pixelsOf(sides: readonly [Side, Side], area: Area): Box {
  return sides.flatMap((side, i) =>
    (area[i] as Ends).map((value) => side.pixel(side.place(value))),
  ) as unknown as Box;
}

function boundsOf(sides: readonly [Side, Side]): Box {
  return sides.flatMap(({ stops, pixel }) => [
    pixel((stops[0] as Stop).at),
    pixel((stops.at(-1) as Stop).at),
  ]) as unknown as Box;
}

function nearest({ stops }: Side, at: number): number {
  let best = 0;
  stops.forEach((stop, i) => {
    if (Math.abs(stop.at - at) < Math.abs((stops[best] as Stop).at - at)) best = i;
  });
  return best;
}

/** The least interval between edges that holds two pixels. */
function snapped({ stops, pixel }: Side, a: number, b: number): Ends {
  const [first, last] = [stops[0] as Stop, stops.at(-1) as Stop];
  const back = pixel(last.at) < pixel(first.at);
  const inside = (value: number) => (back ? -value : value);
  const [low, high] = [inside(a), inside(b)].sort((p, q) => p - q) as [number, number];
  const places = stops.map(({ at }) => inside(pixel(at)));
  const from = places.findLastIndex((place) => place <= low + 0.5);
  const to = places.findIndex((place) => place >= high - 0.5);
  const begin = Math.max(0, Math.min(from, stops.length - 2));
  const end = to < 0 ? stops.length - 1 : Math.max(begin + 1, to);
  return [(stops[begin] as Stop).value, (stops[end] as Stop).value];
}
