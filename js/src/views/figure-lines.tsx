/** Lines over a number: pointed at, or led by arrow keys, they read out their values with their intervals. */

import { useId, useMemo, useState } from "preact/hooks";
import { type Plot, plotOf } from "../charts/axis.tsx";
import { useFigureWidth } from "../charts/figure-width.ts";
import { CurveYAxis, curvePlot } from "../charts/run-scale.tsx";
import {
  axisText,
  extent,
  type Line,
  type Lines,
  nearestLine,
  nearestPlace,
  places,
  placeText,
  usualPlace,
  valueText,
} from "../core/figure.ts";
import { Legend } from "./figure-legend.tsx";
import { Under, XNumbers } from "./figure-under.tsx";

/** So many lines are all read out at once; of more the one that is pointed at. */
export const FEW = 3;
const HINT = "Left and right: values. Up and down: lines. Enter: keep a line in front. Escape: let go.";

export interface Hand {
  place: number;
  line: number | null;
  kept: ReadonlySet<number>;
  point: (place: number, line: number | null) => void;
  keep: (line: number | null) => void;
}

export function LinesChart({ chart, title }: { chart: Lines; title: string }) {
  const start = useMemo(() => usualPlace(chart), [chart]);
  const [[place, line], point] = useState<[number, number | null]>([start, null]);
  const [kept, setKept] = useState<ReadonlySet<number>>(new Set());
  const hand: Hand = {
    place,
    line,
    kept,
    point: (at, one) => point([at, one]),
    keep: (one) => {
      const next = new Set(one === null ? [] : kept);
      if (one !== null && !next.delete(one)) next.add(one);
      setKept(next);
    },
  };
  return (
    <div class={chart.lines.length > FEW ? "with-legend many" : "with-legend"}>
      <Drawing chart={chart} hand={hand} title={title} start={start} />
      <Legend chart={chart} hand={hand} />
    </div>
  );
}

/** What is read out: all lines where they are few, else the one in front. */
function reading(chart: Lines, { place, line, kept }: Hand): string {
  const { lines } = chart;
  const front = line === null ? [...kept].slice(0, FEW) : [line];
  const shown =
    lines.length <= FEW ? lines.filter(({ y }) => y[place] != null) : front.map((i) => lines[i] as Line);
  const said = shown.map((one) => `${one.name} ${valueText(one, place)}`);
  return `${placeText(chart, place)}: ${said.join("; ") || "point at a line, or at its name"}`;
}

function Drawing({ chart, hand, title, start }: { chart: Lines; hand: Hand; title: string; start: number }) {
  const [ref, width] = useFigureWidth<HTMLDivElement>();
  const hint = useId();
  const shares = useMemo(() => places(chart), [chart]);
  const domain = useMemo(() => extent(chart), [chart]);
  const height = Math.round(Math.min(280, Math.max(180, width * 0.42)));
  const plot = useMemo(
    () =>
      chart.log[1]
        ? curvePlot(Math.max(120, width), height, [0, 1], domain, true)
        : plotOf(Math.max(120, width), height, [0, 1], domain),
    [chart, width, height, domain],
  );
  const last = chart.at.length - 1;
  const step = (by: number): void => hand.point(Math.min(last, Math.max(0, hand.place + by)), hand.line);
  const change = (by: number): void => {
    const n = chart.lines.length;
    hand.point(hand.place, hand.line === null ? (by > 0 ? 0 : n - 1) : (hand.line + by + n) % n);
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    PageDown: () => step(-10),
    PageUp: () => step(10),
    Home: () => step(-last),
    End: () => step(last),
    ArrowDown: () => change(1),
    ArrowUp: () => change(-1),
    Enter: () => hand.line !== null && hand.keep(hand.line),
    " ": () => hand.line !== null && hand.keep(hand.line),
    Escape: () => {
      hand.keep(null);
      hand.point(start, null);
    },
  };
  const pointed = (event: MouseEvent): [number, number | null] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [left, right] = [plot.x(0), plot.x(1)];
    const at = nearestPlace(shares, (event.clientX - box.left - left) / (right - left || 1));
    return [at, nearestLine(chart.lines, at, plot.y, event.clientY - box.top)];
  };
  return (
    <div class="drawing">
      <p class="side" aria-hidden="true">
        <bdi>{chart.y}</bdi>
      </p>
      {/* The slider reads the values out: its place is that on the x axis. */}
      <div
        class="plot"
        ref={ref}
        style={{ height: plot.height }}
        role="slider"
        tabIndex={0}
        aria-label={`${title}, by ${chart.x}`}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={hand.place}
        aria-valuetext={reading(chart, hand)}
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
        onPointerMove={(event) => hand.point(...pointed(event))}
        onPointerLeave={() => hand.point(start, null)}
        onClick={(event) => {
          const [at, line] = pointed(event);
          hand.point(at, line);
          if (chart.lines.length > FEW && line !== null) hand.keep(line);
        }}
      >
        {width > 0 && (
          <svg width={plot.width} height={plot.height} aria-hidden="true">
            <CurveYAxis plot={plot} log={chart.log[1]} few={5} />
            <XNumbers chart={chart} plot={plot} shares={shares} />
            <Under chart={chart} plot={plot} />
            <Drawn chart={chart} plot={plot} shares={shares} hand={hand} />
            <Cursor chart={chart} plot={plot} shares={shares} hand={hand} />
          </svg>
        )}
      </div>
      <p class="side x" aria-hidden="true">
        <bdi>{axisText(chart)}</bdi>
      </p>
      <p class="reading" aria-hidden="true">
        <bdi>{reading(chart, hand)}</bdi>
      </p>
      <p class="hint" id={hint}>
        {chart.lines.length > 1 ? HINT : "Left and right: values."}
      </p>
    </div>
  );
}

interface DrawnProps {
  chart: Lines;
  plot: Plot;
  shares: readonly number[];
  hand: Hand;
}

/** The lines; where one is in front or kept, the others are pale. */
function Drawn({ chart, plot, shares, hand }: DrawnProps) {
  const clip = useId();
  const drawn = useMemo(
    () => chart.lines.map((line) => pathsOf(line, plot, shares, chart.even)),
    [chart, plot, shares],
  );
  const chosen = hand.line !== null || hand.kept.size > 0;
  const many = chart.lines.length > FEW;
  // The first lies above the others, and what is in front above all.
  const order = chart.lines.map((_, i) => i).reverse();
  const front = (i: number): boolean => hand.line === i || hand.kept.has(i);
  order.sort((a, b) => Number(front(a)) - Number(front(b)));
  const [base, top] = plot.y.domain.map(plot.y) as [number, number];
  return (
    <g clip-path={`url(#${clip})`}>
      <clipPath id={clip}>
        <rect x={plot.x(0) - 6} width={plot.x(1) - plot.x(0) + 12} y={top - 6} height={base - top + 12} />
      </clipPath>
      {order.map((i) => {
        const { hue, dashed } = chart.lines[i] as Line;
        const paths = drawn[i] as Paths;
        const state = many && chosen ? (front(i) ? " front" : " pale") : "";
        return (
          <g key={i} class={`line hue-${hue}${state}${dashed ? " dashed" : ""}`}>
            {paths.band && <path class="band" d={paths.band} />}
            {paths.bars && <path class="bars" d={paths.bars} />}
            <path class="stroke" d={paths.line} />
            {paths.dots.map(([cx, cy]) => (
              <circle key={cx} cx={cx} cy={cy} r={2.75} />
            ))}
          </g>
        );
      })}
    </g>
  );
}

interface Paths {
  line: string;
  band: string;
  bars: string;
  dots: [number, number][];
}

/** A line and its intervals: an area, or bars where there are fewer than three or the places are no numbers. */
function pathsOf(
  { y, low, high, points }: Line,
  plot: Plot,
  shares: readonly number[],
  even: boolean,
): Paths {
  const found: Paths = { line: "", band: "", bars: "", dots: [] };
  const bottom = plot.y(plot.y.domain[0]);
  // What has no place on a log scale lies at its lower end.
  const at = (value: number): number => {
    const place = plot.y(value);
    return Number.isFinite(place) ? Math.min(place, bottom + 20) : bottom + 20;
  };
  const known = y.flatMap((value, i) => (value === null ? [] : [i]));
  let before = -2;
  for (const i of known) {
    const [px, py] = [plot.x(shares[i] as number), at(y[i] as number)];
    found.line += `${i === before + 1 ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    before = i;
    if (points) found.dots.push([px, py]);
  }
  const sure = known.filter((i) => low[i] != null && high[i] != null);
  const bars = even || sure.length < 3;
  const up = sure.map((i) => `${plot.x(shares[i] as number).toFixed(1)} ${at(high[i] as number).toFixed(1)}`);
  const down = sure.map(
    (i) => `${plot.x(shares[i] as number).toFixed(1)} ${at(low[i] as number).toFixed(1)}`,
  );
  if (bars) found.bars = sure.map((_, k) => `M${up[k]}L${down[k]}`).join("");
  else found.band = `M${up.join("L")}L${down.reverse().join("L")}z`;
  return found;
}

/** Where values are read: a line through the place, and a ring around each value that is read. */
function Cursor({ chart, plot, shares, hand }: DrawnProps) {
  const x = plot.x(shares[hand.place] as number);
  const [base, top] = plot.y.domain.map(plot.y) as [number, number];
  const all = chart.lines.length <= FEW;
  return (
    <g class="cursor">
      <line x1={x} x2={x} y1={base} y2={top} />
      {chart.lines.map(({ y, hue }, i) => {
        const value = y[hand.place];
        if (value == null || !(all || hand.line === i || hand.kept.has(i))) return null;
        const at = plot.y(value);
        return at >= top - 1 && <circle key={i} class={`hue-${hue}`} cx={x} cy={at} r={4.5} />;
      })}
    </g>
  );
}
