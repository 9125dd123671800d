/** Counts by bin, wrong ones below and right ones on top, as a list whose options are the bars. */

import { type Signal, useSignal } from "@preact/signals";
import { amount, compact, count, edge, percent } from "../core/format.ts";
import { type Plot, XAxis, YAxis } from "./axis.tsx";
import { Brush, type Span, useStops } from "./axis-brush.tsx";

/** A bar: rows by outcome. */
export interface Bin {
  low: number;
  high: number;
  wrong: number;
  right: number;
  unjudged: number;
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
}

export function Histogram({ plot, bins, size, title, errorsOnly, state, span, draft, hover, onSpan }: Props) {
  const { stop, on } = useStops("bars");
  const at = useSignal(bins.length - 1);
  const shown = draft.value ?? span;
  const active = Math.min(at.value, bins.length - 1);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what it holds
    <svg class="histogram" role="group" aria-label={title} width={plot.width} height={plot.height} {...on}>
      <YAxis plot={plot} title={errorsOnly ? "errors" : "examples"} text={compact} />
      <g
        role="listbox"
        aria-label={`${title}, by bin`}
        aria-orientation="horizontal"
        aria-multiselectable="true"
        data-state={state}
        onKeyDown={(event) => barKey(event, { bins, at: active, span, go: (i) => (at.value = i), onSpan })}
      >
        {bins.map((bin, i) => (
          <Bar
            key={bin.low}
            bin={bin}
            plot={plot}
            errorsOnly={errorsOnly}
            selected={shown !== null && bin.low >= shown[0] - 1e-9 && bin.high <= shown[1] + 1e-9}
            faded={shown !== null}
            here={i === active}
            stop={stop.value === "bars"}
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
      <XAxis plot={plot} title="probability of the predicted class" text={String} />
      <Brush
        plot={plot}
        bins={size}
        what="confidence"
        span={span}
        draft={draft}
        stop={stop}
        onSpan={onSpan}
        onHover={(value) => {
          hover.value = value === null ? null : bins.findLastIndex((bin) => bin.low <= value);
        }}
      />
    </svg>
  );
}

interface BarProps {
  bin: Bin;
  plot: Plot;
  errorsOnly: boolean;
  selected: boolean;
  faded: boolean;
  here: boolean;
  stop: boolean;
  onFocus: () => void;
  onBlur: () => void;
}

function Bar({ bin, plot, errorsOnly, selected, faded, here, stop, onFocus, onBlur }: BarProps) {
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
      aria-label={binText(bin)}
      tabIndex={here && stop ? 0 : -1}
      data-stop="bars"
      data-away={here ? undefined : ""}
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

/** `0.85 to 0.90: 212 examples, 31 wrong, 14.6 %`. */
export function binText({ low, high, wrong, right, unjudged }: Bin): string {
  const judged = wrong + right;
  const rate = judged >= 10 ? `, ${percent(wrong / judged)}` : "";
  return `${edge(low)} to ${edge(high)}: ${amount(judged + unjudged)}, ${count(wrong)} wrong${rate}`;
}

interface Keys {
  bins: Bin[];
  at: number;
  span: Span | null;
  go: (bin: number) => void;
  onSpan: (span: Span | null) => void;
}

/** Left and right go from bar to bar, with Shift the interval grows along; Enter and Space select, Escape clears. */
function barKey(event: KeyboardEvent, { bins, at, span, go, onSpan }: Keys): void {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -bins.length, End: bins.length };
  const step = steps[event.key];
  const bin = bins[at] as Bin;
  if (step !== undefined) {
    const next = Math.min(bins.length - 1, Math.max(0, at + step));
    const list = event.currentTarget as Element;
    go(next);
    (list.children[next] as SVGElement).focus();
    if (event.shiftKey) onSpan(grown(span, bin, bins[next] as Bin));
  } else if (event.key === "Enter" || event.key === " ") {
    onSpan(span && span[0] === bin.low && span[1] === bin.high ? null : [bin.low, bin.high]);
  } else if (event.key === "Escape") onSpan(null);
  else return;
  event.preventDefault();
}

/** From the far end of an interval that ends at the bar left, else from that bar, to the bar gone to. */
function grown(span: Span | null, from: Bin, to: Bin): Span {
  const anchor = !span ? from : span[0] === from.low ? { low: span[1], high: span[1] } : span[1] === from.high ? { low: span[0], high: span[0] } : from;
  return [Math.min(anchor.low, to.low), Math.max(anchor.high, to.high)];
}
