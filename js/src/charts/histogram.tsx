/** Counts by bin, wrong ones below and right ones on top, as a list whose options are the bars. */

import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { amount, count, edge, interval, percent } from "../core/format.ts";
import { wilson } from "../core/intervals.ts";
import { type Mark, type Plot, XAxis, YAxis } from "./axis.tsx";
import { Band, type Span, useBrush, useStops } from "./axis-brush.tsx";

/** A bar: rows by outcome. */
export interface Bin {
  low: number;
  high: number;
  wrong: number;
  right: number;
  unjudged: number;
}

/** What stands for the numbers of an axis that runs from 0 to 1. */
export interface Words {
  what: string;
  bin(bin: Bin): string;
  end(value: number): string;
  marks: readonly Mark[];
}

interface Props {
  plot: Plot;
  bins: Bin[];
  /** How many bins there are from 0 to 1. */
  size: number;
  title: string;
  errorsOnly: boolean;
  state: string;
  span: Span | null;
  draft: Signal<Span | null>;
  hover: Signal<number | null>;
  onSpan: (span: Span | null) => void;
  /** Default: those of a confidence. */
  words?: Words;
}

export function Histogram(props: Props) {
  const { plot, bins, size, title, errorsOnly, state, span, draft, hover, onSpan, words } = props;
  const { stop, on } = useStops("bars");
  const at = useSignal(bins.length - 1);
  const anchor = useRef(bins.length - 1);
  const onHover = (value: number | null) => {
    hover.value = value === null ? null : bins.findLastIndex((bin) => bin.low <= value);
  };
  const brush = useBrush({ plot, bins: size, span, draft, onSpan, onHover });
  const { shown } = brush;
  const active = Math.min(at.value, bins.length - 1);
  const go = (i: number) => {
    at.value = i;
  };
  return (
    <div {...on}>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no fieldset in a drawing */}
      <svg
        class={`histogram ${brush.near ? "near" : ""}`}
        role="group"
        aria-label={title}
        width={plot.width}
        height={plot.height}
        {...brush.on}
      >
        <YAxis plot={plot} />
        <g
          role="listbox"
          aria-label={`${title}, by bin`}
          aria-orientation="horizontal"
          aria-multiselectable="true"
          data-state={state}
          onKeyDown={(event) => barKey(event, { ...brush, bins, at: active, anchor, go })}
        >
          {bins.map((bin, i) => (
            <Bar
              key={bin.low}
              bin={bin}
              name={(words?.bin ?? binText)(bin)}
              plot={plot}
              errorsOnly={errorsOnly}
              selected={shown !== null && bin.low >= shown[0] - 1e-9 && bin.high <= shown[1] + 1e-9}
              faded={shown !== null}
              here={i === active}
              stop={stop.value === "bars"}
              onPick={() => {
                anchor.current = i;
                brush.pick(bin.low);
              }}
              onFocus={() => {
                at.value = i;
                hover.value = i;
              }}
              onBlur={() => {
                hover.value = null;
              }}
            />
          ))}
        </g>
        <XAxis plot={plot} marks={words?.marks} />
        <Band brush={brush} what={words?.what ?? "confidence"} stop={stop} say={words?.end} />
      </svg>
    </div>
  );
}

interface BarProps {
  bin: Bin;
  name: string;
  plot: Plot;
  errorsOnly: boolean;
  selected: boolean;
  faded: boolean;
  here: boolean;
  stop: boolean;
  onPick: () => void;
  onFocus: () => void;
  onBlur: () => void;
}

function Bar({
  bin,
  name,
  plot,
  errorsOnly,
  selected,
  faded,
  here,
  stop,
  onPick,
  onFocus,
  onBlur,
}: BarProps) {
  const { x, y } = plot;
  const left = Math.round(x(bin.low));
  const width = Math.max(1, Math.round(x(bin.high)) - left - 1);
  const base = y(0);
  const wrong = tall(bin.wrong, plot);
  const right = errorsOnly ? 0 : tall(bin.right, plot);
  const rest = errorsOnly ? 0 : tall(bin.unjudged, plot);
  const part = (kind: string, above: number, height: number) =>
    height > 0 && <rect class={kind} x={left} width={width} y={base - above - height} height={height} />;
  return (
    <g
      class={`bar ${faded && !selected ? "out" : ""}`}
      role="option"
      aria-selected={selected}
      aria-label={name}
      tabindex={here && stop ? 0 : -1}
      data-stop="bars"
      data-away={here ? undefined : ""}
      onClick={(event) => {
        event.stopPropagation();
        onPick();
      }}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      <rect class="hit" x={left} width={width} y={y(y.domain[1])} height={base - y(y.domain[1])} />
      {part("wrong", 0, wrong)}
      {part("right", wrong, right)}
      {part("unjudged", wrong + right, rest)}
    </g>
  );
}

/** In whole pixels, and never invisible. */
function tall(n: number, { y }: Plot): number {
  return n === 0 ? 0 : Math.max(1, Math.round(y(0) - y(n)));
}

/** `0.85 to 0.90: 212 examples, 31 wrong, 14.6 % [10.5, 20.0]`. */
export function binText(bin: Bin): string {
  const { low, high, wrong, right, unjudged } = bin;
  const rate = rateText(bin);
  const n = amount(wrong + right + unjudged);
  return `${edge(low)} to ${edge(high)}: ${n}, ${count(wrong)} wrong${rate && `, ${rate}`}`;
}

/** `14.6 % [10.5, 20.0]`: the error rate; nothing where there are too few rows for one. */
export function rateText({ wrong, right }: Bin): string {
  const rate = wilson(wrong, wrong + right);
  return rate.value === null ? "" : `${percent(rate.value)} ${interval(rate)}`;
}

interface Keys {
  bins: Bin[];
  at: number;
  /** Where an interval that grows with Shift began. */
  anchor: { current: number };
  go: (bin: number) => void;
  pick: (value: number) => void;
  commit: (span: Span | null) => void;
}

/** Left and right go from bar to bar, with Shift the interval grows along; Enter and Space select, Escape clears. */
function barKey(event: KeyboardEvent, { bins, at, anchor, go, pick, commit }: Keys): void {
  const end = bins.length;
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -end, End: end }[event.key];
  if (step !== undefined) {
    const next = Math.min(end - 1, Math.max(0, at + step));
    go(next);
    ((event.currentTarget as Element).children[next] as SVGElement).focus();
    if (!event.shiftKey) anchor.current = next;
    else {
      const [from, to] = [anchor.current, next].sort((a, b) => a - b) as [number, number];
      commit([(bins[from] as Bin).low, (bins[to] as Bin).high]);
    }
  } else if (event.key === "Enter" || event.key === " ") {
    anchor.current = at;
    pick((bins[at] as Bin).low);
  } else if (event.key === "Escape") commit(null);
  else return;
  event.preventDefault();
}
