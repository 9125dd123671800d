/** A column of numbers in many bins: bars of the rows in view, and a line of those they are compared with. */

import { type Signal, useSignal } from "@preact/signals";
import { type Ends, type Side, SpanBrush } from "../charts/area.tsx";
import { ticks, useWidth } from "../charts/axis.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { sum } from "../core/distribution.ts";
import {
  type FineAxis,
  lastOf,
  numberText,
  placeOf,
  spanClause,
  spanOf,
  stopsOf,
  ticksOf,
} from "../core/fine.ts";
import { amount, interval, percent } from "../core/format.ts";
import { wilson } from "../core/intervals.ts";
import type { Clause, Field } from "../core/types.ts";
import type { CountState, Store } from "../store/store.ts";
import type { Against } from "./against.ts";
import { useAnswer } from "./answer.ts";

const [LEFT, RIGHT, TOP, HEIGHT, FOOT] = [44, 8, 6, 104, 18];

export interface SavedFine extends FineAxis {
  counts: number[];
}

interface Props {
  store: Store;
  field: Field;
  against: Against;
  saved: SavedFine[];
  /** Whether what was saved is of the split in force. */
  ofSplit: boolean;
}

/** Rows of one side: how many from where to where, in fine bins. */
interface Bar {
  from: number;
  to: number;
  n: number;
  /** The same as numbers. */
  ends: readonly [number, number];
}

export function Fine({ store, field, against, saved, ofSplit }: Props) {
  const log = useSignal<boolean | null>(null);
  const live = store.status.value === "live";
  const own = field.key;
  const pinned = against.mode.value === "pin";
  const here = without(store.clauses.value, own);
  const ask = (clauses: Clause[] | null) =>
    useAnswer(store, clauses && live ? { type: "histogram", column: own, log: log.value, clauses } : null);
  const [first, whole, second] = [
    ask(here),
    ask(without(store.split.value, own)),
    ask(pinned ? without(against.within.value, own) : null),
  ];
  const counted = store.count([own], own).value;
  const told = first.answer?.message as unknown as { axis: FineAxis | null; counts: number[] } | undefined;
  const kept = saved.find((one) => one.log === (log.value ?? saved[0]?.log)) ?? saved[0];
  const axis = told ? told.axis : kept;
  if (!axis) return null;
  const all = (told ? countsOf(whole.answer) : ofSplit && kept?.counts) || null;
  const unfiltered = all !== null && sum(counted.values) === store.total.value;
  const coarse = !told && !unfiltered;
  const bars = told
    ? fineBars(axis, told.counts)
    : unfiltered
      ? fineBars(axis, all ?? [])
      : coarseBars(axis, field, counted.values);
  const other = otherOf(against.mode.value, all, told?.counts ?? null, countsOf(second.answer), unfiltered);
  const state: CountState = told ? first.state : coarse ? counted.state : "exact";
  const drawn = { axis, bars, other, state, coarse, asked: told !== undefined };
  return <Histogram store={store} field={field} mode={against.mode.value} drawn={drawn} log={log} />;
}

interface Drawn {
  axis: FineAxis;
  bars: Bar[];
  /** Counts of the rows that are compared with. */
  other: number[] | null;
  state: CountState;
  /** Whether the bars are the bins of the slices. */
  coarse: boolean;
  /** Whether a kernel counted. */
  asked: boolean;
}

interface HistogramProps {
  store: Store;
  field: Field;
  mode: string;
  drawn: Drawn;
  log: Signal<boolean | null>;
}

function Histogram({ store, field, mode, drawn, log }: HistogramProps) {
  const { axis, bars, other, state, coarse, asked } = drawn;
  const own = field.key;
  const [box, width] = useWidth<HTMLDivElement>();
  const hover = useSignal<number | null>(null);
  const bins = axis.edges.length - 1;
  const shares = bars.map(({ from, to, n }) => n / Math.max(1, total(bars)) / (to - from));
  // Both are of one axis, but for a moment after it was switched.
  const others = other?.length === bins ? other.map((n) => n / Math.max(1, sum(other))) : undefined;
  const top = Math.max(0.01, ...shares, ...(others ?? []));
  const x = (at: number) => LEFT + (at / bins) * (width - LEFT - RIGHT);
  const y = (share: number) => TOP + HEIGHT * (1 - share / top);
  const text = (value: number) => numberText(value, field.kind);
  const side: Side = {
    name: field.name,
    stops: stopsOf(axis, field, !asked),
    pixel: x,
    place: (value) => placeOf(axis, value),
    text,
  };
  const span = spanOf(field, store.clause(own));
  const select = (next: Ends | null) => {
    const clause = next && spanClause(own, axis, next[0], next[1]);
    if (clause) store.where(clause);
    else store.drop(own);
  };
  const pointed =
    hover.value === null
      ? null
      : bars.find(({ from, to }) => x(from) <= (hover.value ?? 0) && (hover.value ?? 0) < x(to));
  return (
    <div class="fine">
      {axis.decades && (
        <Switch
          label="Axis"
          options={[["even"], ["log", "Each bin grows by the same factor"]]}
          chosen={axis.log ? 1 : 0}
          onChoose={(i) => {
            log.value = i === 1;
          }}
        />
      )}
      <div ref={box} class="chart" style={{ minHeight: `${TOP + HEIGHT + FOOT}px` }}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: there is no fieldset in a drawing
          <svg
            role="group"
            aria-label={`Histogram of ${field.name}`}
            width={width}
            height={TOP + HEIGHT + FOOT}
          >
            <svg class="axis" aria-hidden="true">
              {ticks(0, top, 2).map((share) => (
                <g key={share}>
                  <line x1={LEFT} x2={width - RIGHT} y1={y(share)} y2={y(share)} />
                  <text x={LEFT - 5} y={y(share) + 3.5} text-anchor="end">
                    {`${Number((100 * share).toFixed(1))} %`}
                  </text>
                </g>
              ))}
              {ticksOf(axis, width > 500 ? 8 : 4).map(({ value, at }) => (
                <text
                  key={at}
                  x={x(at)}
                  y={TOP + HEIGHT + 13}
                  text-anchor={at === lastOf(axis) ? "end" : "middle"}
                >
                  {text(value)}
                </text>
              ))}
            </svg>
            <g data-state={state}>
              {bars.map(({ from, to, n }, i) => (
                <rect
                  key={from}
                  class={n > 0 ? "bar" : "bar none"}
                  x={x(from)}
                  width={Math.max(1, x(to) - x(from) - 1)}
                  y={y(shares[i] as number)}
                  height={TOP + HEIGHT - y(shares[i] as number)}
                />
              ))}
            </g>
            {others && <path class="line" d={steps(others, x, y)} />}
            <SpanBrush
              side={side}
              top={TOP}
              base={TOP + HEIGHT}
              span={span}
              onSpan={select}
              onHover={(at) => {
                hover.value = at;
              }}
            />
          </svg>
        )}
      </div>
      <p class="foot reading" data-state={state}>
        {pointed ? (
          barText(pointed, total(bars), text)
        ) : (
          <Said bars={bins} coarse={coarse} others={others !== undefined} mode={mode} live={asked} />
        )}
      </p>
    </div>
  );
}

function Said({
  bars,
  coarse,
  others,
  mode,
  live,
}: {
  bars: number;
  coarse: boolean;
  others: boolean;
  mode: string;
  live: boolean;
}) {
  const line = others && `; line: ${mode === "all" ? "all" : mode === "rest" ? "the rest" : "the pinned"}`;
  const how = coarse
    ? "Bars: in the bins of the slices, which is what was saved of a selection"
    : `In ${bars} bins`;
  return (
    <>
      {how}
      {line}. Drag to select{!live && " whole bins of the slices"}.
    </>
  );
}

function without(clauses: Clause[], own: string): Clause[] {
  return clauses.filter(({ field }) => field !== own);
}

function countsOf(answer: { message: object } | null): number[] | null {
  return answer ? ((answer.message as { counts: number[] }).counts ?? null) : null;
}

/** The counts of what is compared with, in fine bins; null where they are not known, or there is nothing to compare. */
function otherOf(
  mode: string,
  all: number[] | null,
  here: number[] | null,
  second: number[] | null,
  unfiltered: boolean,
): number[] | null {
  if (mode === "pin") return second && all && second.length === all.length ? second : null;
  if (!all || unfiltered) return null;
  if (mode === "all") return all;
  return here && here.length === all.length ? all.map((n, i) => n - (here[i] ?? 0)) : null;
}

function fineBars({ edges }: FineAxis, counts: readonly number[]): Bar[] {
  return counts.map((n, i) => ({
    from: i,
    to: i + 1,
    n,
    ends: [edges[i] as number, edges[i + 1] as number],
  }));
}

function coarseBars(axis: FineAxis, field: Field, values: ArrayLike<number>): Bar[] {
  return field.levels.flatMap(({ low, high }, code) => {
    if (low === null || high === null) return [];
    const [from, to] = [placeOf(axis, low), placeOf(axis, high)];
    return to > from ? [{ from, to, n: values[code] ?? 0, ends: [low, high] }] : [];
  });
}

function total(bars: readonly Bar[]): number {
  return bars.reduce((all, { n }) => all + n, 0);
}

function steps(shares: readonly number[], x: (at: number) => number, y: (share: number) => number): string {
  return shares
    .map((share, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(share).toFixed(1)}H${x(i + 1).toFixed(1)}`)
    .join("");
}

/** `20 to 30: 123 examples, 6.1 % [5.1, 7.2]`. */
function barText({ n, ends }: Bar, all: number, text: (value: number) => string): string {
  const share = wilson(n, all);
  return `${ends.map(text).join(" to ")}: ${amount(n)}, ${percent(share.value)} ${interval(share)}`;
}
