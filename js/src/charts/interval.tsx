/** A difference and its interval on an axis around none. In percent of the width, so nothing has to be measured. */

import { excludesNone } from "../core/slicing.ts";
import type { Measure } from "../core/types.ts";
import { ticks } from "./axis.tsx";

export type Domain = [low: number, high: number];

/** Dot and interval; a filled dot where the interval leaves out none. The numbers stand beside it as text. */
export function Interval({ measure, domain }: { measure: Measure; domain: Domain }) {
  const { value, low, high } = measure;
  const zero = share(0, domain);
  const side = (value ?? 0) < 0 ? "better" : "worse";
  return (
    <svg class={`interval ${side}`} aria-hidden="true" height="20">
      <line class="zero" x1={zero} x2={zero} y1="0" y2="100%" />
      {value !== null && low !== null && high !== null && (
        <>
          <line class="reach" x1={share(low, domain)} x2={share(high, domain)} y1="10" y2="10" />
          <Cut at="0%" dx={5} shown={low < domain[0]} />
          <Cut at="100%" dx={-5} shown={high > domain[1]} />
          <circle
            class={excludesNone(measure) ? "filled" : "hollow"}
            cx={share(value, domain)}
            cy="10"
            r="4.5"
          />
        </>
      )}
    </svg>
  );
}

/** An arrow head: the interval goes on. */
function Cut({ at, dx, shown }: { at: string; dx: number; shown: boolean }) {
  if (!shown) return null;
  return (
    <svg x={at} y="10" class="cut" aria-hidden="true">
      <path d={`M${dx},-3.5L${dx / 5},0L${dx},3.5`} />
    </svg>
  );
}

interface AxisProps {
  domain: Domain;
  room: number;
  write: (tick: number) => string;
}

/** The numbers under the differences. */
export function IntervalAxis({ domain, room, write }: AxisProps) {
  const all = ticks(domain[0], domain[1], Math.max(2, Math.min(5, room / 60)));
  const shown = all.filter((tick) => tick === 0 || inside(tick, domain));
  return (
    <span class="interval-axis" aria-hidden="true">
      {shown.map((tick) => (
        <span key={tick} class={tick === 0 ? "origin" : ""} style={{ left: share(tick, domain) }}>
          {write(tick)}
        </span>
      ))}
    </span>
  );
}

function inside(tick: number, [low, high]: Domain): boolean {
  const room = 0.06 * (high - low);
  return tick > low + room && tick < high - room;
}

function share(value: number, [low, high]: Domain): string {
  // Where no difference is known there is nothing to reach to.
  if (low === high) return "50%";
  return `${(100 * Math.min(1, Math.max(0, (value - low) / (high - low)))).toFixed(2)}%`;
}
