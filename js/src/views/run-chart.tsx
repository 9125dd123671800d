/** One chart of curves: the lines on a canvas, and over it what is read, pointed at and brushed. */

import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type Mark, type Plot, ticks, useWidth, XAxis } from "../charts/axis.tsx";
import { Band, useBrush, useStops } from "../charts/axis-brush.tsx";
import { begin, drawSeries } from "../charts/run-lines.ts";
import { CurveYAxis, curvePlot, labelRoom } from "../charts/run-scale.tsx";
import { visible } from "../core/highlight.ts";
import { type Group, isNorm } from "../core/metrics.ts";
import { brief, duration, figure, stepText } from "../core/run-format.ts";
import { extentY, type Series, type Span, valueAt, wantsLog } from "../core/series.ts";
import { frames } from "../store/run-frames.ts";
import { Labels } from "./run-labels.tsx";
import { colorOf, type Drawn, type Model } from "./run-model.ts";
import { placeText, sharesOf, stepsOf } from "./run-steps.ts";

interface Props {
  model: Model;
  group: Group;
  series: readonly Series[];
  /** The chart of the loss: the tallest, with the numbers below, and all that keys reach. */
  main: boolean;
  /** What is drawn between the lines and the brush. */
  children?: ((plot: Plot, stop: Signal<string>) => ComponentChildren) | undefined;
}

const SMALL = 54;
/** How finely keys move an end. */
const BINS = 200;

export function RunChart({ model, group, series, main, children }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { x, log, runs } = model.drawn.value;
  const several = runs.length > 1;
  const room = labelRoom(width);
  const height = main ? (model.height ?? Math.round(Math.min(260, Math.max(170, width * 0.32)))) : SMALL;
  const logY = main || group.loss ? log : isNorm(group.base) && wantsLog(series);
  const plot = curvePlot(Math.max(80, width - room), height, x, extentY(series, x, logY), logY);
  return (
    <div
      class={`run-chart ${main ? "main" : "small"}`}
      ref={ref}
      style={{ height: plot.height - (main ? 0 : 14) }}
    >
      {width > 0 && (
        <>
          <svg class="under" width={plot.width} height={plot.height} aria-hidden="true">
            <CurveYAxis plot={plot} log={logY} few={main ? 6 : 2} />
          </svg>
          <Lines model={model} plot={plot} series={series} />
          <Over model={model} plot={plot} group={group} series={series} main={main}>
            {children}
          </Over>
          <Labels
            plot={plot}
            series={labelled(series, several)}
            room={room}
            title={main ? null : group.title}
            several={several}
          />
        </>
      )}
    </div>
  );
}

/** Of several runs one line each has its name at its end: that of the validation where there is one. */
function labelled(series: readonly Series[], several: boolean): readonly Series[] {
  if (!several) return series;
  const strong = (run: number): boolean => series.some((one) => one.run === run && one.part === "validation");
  return series.filter(({ run, part }) => (part === "validation") === strong(run));
}

/** The canvas; it is drawn again where the lines or colours change, not where the pointer moves or nobody looks. */
export function Lines({ model, plot, series }: { model: Model; plot: Plot; series: readonly Series[] }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const away = useAway(ref);
  const drawn = useRef(false);
  void model.look.value;
  void away.value;
  useLayoutEffect(() => {
    const canvas = ref.current;
    // Once in any case: a page is printed whole.
    if (!canvas || (drawn.current && away.value)) return;
    frames.chart(canvas, () => {
      const context = begin(canvas, plot);
      if (!context) return;
      drawn.current = true;
      const pale = series.length > 3 ? 0.14 : 0.3;
      for (const one of series) drawSeries(context, plot, one, colorOf(model, canvas, one.color), pale);
      context.restore();
    });
  });
  useEffect(() => {
    const canvas = ref.current;
    return () => {
      if (canvas) frames.forgetChart(canvas);
    };
  }, []);
  return <canvas ref={ref} style={{ width: plot.width, height: plot.height }} />;
}

/** Whether an element is scrolled far out of what is seen. */
function useAway(ref: RefObject<Element>): ReadonlySignal<boolean> {
  const away = useSignal(false);
  useEffect(() => {
    const el = ref.current;
    if (!el) return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        away.value = !seen?.isIntersecting;
      },
      { rootMargin: "300px" },
    );
    observer.observe(el);
    return () => observer.disconnect();
  }, []);
  return away;
}

interface OverProps extends Props {
  plot: Plot;
}

function Over({ model, plot, group, series, main, children }: OverProps) {
  const { x } = model.drawn.value;
  const { stop, on } = useStops("low");
  const even = curvePlot(plot.width, plot.height - 24, [0, 1], [0, 1], false);
  const brush = useBrush({
    plot: even,
    bins: BINS,
    span: sharesOf(model, model.store.range.value),
    draft: model.draft,
    onSpan: (span) => model.store.brush(span && stepsOf(model, span)),
    onHover: (share) => {
      model.hover.value = share === null ? null : x[0] + share * (x[1] - x[0]);
    },
  });
  const { onClick: _, ...pointer } = brush.on;
  const said = text(group, series, model.drawn.value);
  return (
    <svg
      class={brush.near ? "over near" : "over"}
      width={plot.width}
      height={plot.height}
      role={main ? "group" : "img"}
      aria-label={said}
      {...pointer}
      {...(main ? on : {})}
      onDblClick={() => {
        const { range } = model.store;
        model.zoom.value = model.zoom.value ? null : range.value;
      }}
    >
      {main && <XAxis plot={plot} marks={marks(model.drawn.value, plot)} />}
      {children?.(plot, stop)}
      <Cross model={model} plot={plot} />
      {main ? (
        <Band brush={brush} what="step" stop={stop} say={(share) => placeText(model, share)} />
      ) : (
        <Shade plot={even} span={brush.shown} />
      )}
    </svg>
  );
}

/** The brush where it has no handles. */
function Shade({ plot: { x, y }, span }: { plot: Plot; span: Span | null }) {
  return (
    <g class="brush">
      {span && (
        <rect class="band" x={x(span[0])} width={x(span[1]) - x(span[0])} y={y(1)} height={y(0) - y(1)} />
      )}
    </g>
  );
}

function Cross({ model, plot: { x, y } }: { model: Model; plot: Plot }) {
  const at = model.hover.value;
  if (at === null) return null;
  const [base, top] = y.domain.map(y) as [number, number];
  return <line class="cross" x1={x(at)} x2={x(at)} y1={base} y2={top} />;
}

/** Numbers below a chart of steps, epochs or seconds. */
export function marks({ x, along }: Drawn, plot: Plot): Mark[] {
  for (const about of plot.width > 420 ? [6, 4, 3, 2, 1] : [3, 2, 1]) {
    const found = ticks(...x, about).map(
      (tick): Mark => [tick, along === "time" ? duration(tick) : stepText(tick)],
    );
    if (found.every((mark, i) => !i || apart(found[i - 1] as Mark, mark, plot))) return found;
  }
  return [];
}

/** Of a letter of an axis, in pixels. */
const LETTER = 6.4;

/** Whether two numbers below a chart say two things and have room beside each other. */
function apart([before, left]: Mark, [at, right]: Mark, { x }: Plot): boolean {
  return left !== right && x(at) - x(before) > (LETTER * (left.length + right.length)) / 2 + LETTER;
}

/** What the chart shows, for who does not see it. */
function text(group: Group, series: readonly Series[], { x, along }: Drawn): string {
  const lines = series.map((one) => {
    const [start, end] = [valueAt(one, x[0]) ?? one.smooth[0], valueAt(one, x[1])];
    return `${visible(brief(one.label))} from ${figure(start)} to ${figure(end)}`;
  });
  return `${visible(brief(group.title))} by ${along}: ${lines.join("; ")}`;
}
