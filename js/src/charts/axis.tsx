/** What charts share: their size on the page, their scales, ticks and titles. Drawn 1:1, never scaled. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { compact, count } from "../core/format.ts";

/** Where a chart is drawn, in pixels, and what its sides mean. */
export interface Plot {
  width: number;
  height: number;
  x: Scale;
  y: Scale;
}

export type Scale = ((value: number) => number) & { domain: readonly [number, number] };

/** Room for the numbers of the y axis: the same in all charts, so that charts above each other line up. */
const GUTTER = 34;
const END = 6;
const HEAD = 6;
const FOOT = 18;

/** A linear scale. */
function linear(domain: readonly [number, number], from: number, to: number): Scale {
  const [low, high] = domain;
  return Object.assign((value: number) => from + ((value - low) / (high - low || 1)) * (to - from), {
    domain,
  });
}

/** A plot of that width whose data stand on so many pixels. */
export function plotOf(width: number, height: number, x: [number, number], y: [number, number]): Plot {
  return {
    width,
    height: height + HEAD + FOOT,
    x: linear(x, GUTTER, width - END),
    y: linear(y, height + HEAD, HEAD),
  };
}

/** About so many round numbers between two others: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Divided where the step is a fraction: 3 / 10 is 0.3, and 3 * 0.1 is not.
  const at = (i: number) => (step < 1 ? i / Math.round(1 / step) : i * step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => at(first + i));
}

/** Width of an element in pixels, kept in step; 0 while it is not shown. */
export function useWidth<E extends Element>(): [RefObject<E>, number] {
  const ref = useRef<E>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const el = ref.current;
    if (!el) return;
    const measure = () => {
      width.value = Math.floor(el.getBoundingClientRect().width);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    measure();
    return () => observer.disconnect();
  }, [width]);
  return [ref, width.value];
}

/** What the sides of a chart are, above and below it: as text of the page, which can wrap. */
export function Titled({ x, y, children }: { x: string; y: string; children: ComponentChildren }) {
  return (
    <>
      <p class="side" aria-hidden="true">
        <bdi>{y}</bdi>
      </p>
      {children}
      <p class="side x" aria-hidden="true">
        <bdi>{x}</bdi>
      </p>
    </>
  );
}

/** A place on an axis, and what is written there. */
export type Mark = readonly [at: number, text: string];

/** Numbers below: round ones, or those that are given. */
export function XAxis({ plot: { x, y, width }, marks }: { plot: Plot; marks?: readonly Mark[] | undefined }) {
  const shown = marks ?? ticks(...x.domain, width > 260 ? 5 : 3).map((tick): Mark => [tick, String(tick)]);
  return (
    <svg class="axis" aria-hidden="true">
      {shown.map(([at, text]) => (
        <text key={at} x={x(at)} y={y(y.domain[0]) + 14} text-anchor="middle">
          {text}
        </text>
      ))}
    </svg>
  );
}

/** Few quiet lines with numbers at their left. */
export function YAxis({ plot: { x, y }, few = 2 }: { plot: Plot; few?: number }) {
  const [left, right] = x.domain.map(x) as [number, number];
  return (
    <svg class="axis" aria-hidden="true">
      {ticks(...y.domain, few).map((tick) => {
        const at = Math.round(y(tick)) + 0.5;
        return (
          <g key={tick}>
            <line x1={left} x2={right} y1={at} y2={at} />
            <text x={left - 5} y={at + 3.5} text-anchor="end">
              {tick < 10_000 ? count(tick) : compact(tick)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
