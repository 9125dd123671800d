/** Layers over the steps: a line each, faint to strong; a click on a name opens its curve. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Plot, useWidth, XAxis } from "../charts/axis.tsx";
import { columnsOf, drawHeat, type Heat } from "../charts/run-heat.ts";
import { begin } from "../charts/run-lines.ts";
import { curvePlot, labelRoom } from "../charts/run-scale.tsx";
import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import {
  cutName,
  isShare,
  ordered,
  scaleText,
  shadingOf,
  sharedName,
  statText,
  statTitle,
} from "../core/layers.ts";
import type { LayerKind, LayersMeta, RunMeta } from "../core/run.ts";
import { stepText } from "../core/run-format.ts";
import { marks } from "./run-chart.tsx";
import { LayerCurve } from "./run-layer-curve.tsx";
import { colorOf, type Model } from "./run-model.ts";
import { sharesOf } from "./run-steps.ts";

/** As high as what is clicked has to be. */
const LINE = 24;

interface Props {
  model: Model;
  place: number;
  /** The places of all runs that have layers. */
  watched: readonly number[];
}

export function Layers({ model, place, watched }: Props) {
  void model.store.version.value;
  const { runs } = model.drawn.value;
  const run = runs[place] as RunMeta;
  const choices = (["activations", "parameters"] as const).flatMap((kind) =>
    ordered(run.layers[kind]?.stats ?? []).map((stat) => ({ kind, stat })),
  );
  const first = choices.find(({ stat }) => stat === "update_ratio") ?? choices[0];
  const chosen = useSignal<string | null>(null);
  const now = choices.find(({ kind, stat }) => `${kind} ${stat}` === chosen.value) ?? first;
  const open = useSignal<number | null>(null);
  if (!now) return null;
  const columns = model.store.layers(place, now.kind);
  const meta = run.layers[now.kind];
  const values = columns?.stats.get(now.stat);
  if (!columns || !meta || !values) return null;
  const shared = sharedName(meta.names);
  const [start, end] = shared;
  const heat: Heat = {
    steps: columns.steps,
    values,
    layers: meta.names.length,
    shading: shadingOf(now.stat, values),
    at: model.drawn.value.ruler.at,
  };
  return (
    <section class="layers" aria-label="Layers">
      <h3 class="title">
        <b>Layers</b>{" "}
        <span>
          · {amount(meta.names.length, now.kind === "parameters" ? "tensor" : "module")}
          {(start || end) && (
            <>
              {" "}
              <bdi>{visible(`${start}*${end}`)}</bdi>
            </>
          )}
        </span>{" "}
        {runs.length > 1 && (
          <select
            aria-label="The run whose layers are shown"
            value={place}
            onChange={(event) => {
              model.detail.value = Number(event.currentTarget.value);
            }}
          >
            {watched.map((one) => (
              <option key={one} value={one}>
                {visible(runs[one]?.name ?? "")}
              </option>
            ))}
          </select>
        )}{" "}
        <select
          aria-label="What is shown of the layers"
          value={`${now.kind} ${now.stat}`}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
            open.value = null;
          }}
        >
          {(["parameters", "activations"] as const).map((kind) => (
            <Stats key={kind} kind={kind} stats={run.layers[kind]?.stats ?? []} />
          ))}
        </select>
      </h3>
      <HeatMap model={model} heat={heat} meta={meta} stat={now.stat} open={open} shared={shared} />
      <p class="scale soft">
        {isShare(now.stat) ? "" : `${statTitle(now.stat)}: `}
        {scaleText(now.stat, heat.shading, values.some(Number.isNaN))}
      </p>
      {open.value !== null && open.value < meta.names.length && (
        <LayerCurve
          model={model}
          heat={heat}
          layer={open.value}
          name={meta.names[open.value] ?? ""}
          stat={now.stat}
        />
      )}
    </section>
  );
}

function Stats({ kind, stats }: { kind: LayerKind; stats: readonly string[] }) {
  if (!stats.length) return null;
  return (
    <optgroup label={kind === "parameters" ? "weights" : "outputs"}>
      {ordered(stats).map((stat) => (
        <option key={stat} value={`${kind} ${stat}`}>
          {statTitle(stat)}
        </option>
      ))}
    </optgroup>
  );
}

interface MapProps {
  model: Model;
  heat: Heat;
  meta: LayersMeta;
  stat: string;
  open: { value: number | null };
  /** What all names begin and end with. */
  shared: readonly [start: string, end: string];
}

/** Letters of a name in a pixel of width, at least. */
const LETTERS = 1 / 6.6;

function HeatMap({ model, heat, meta, stat, open, shared }: MapProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [start, end] = shared;
  const layer = useSignal(0);
  const column = useSignal<number | null>(null);
  const line = LINE;
  const room = labelRoom(width);
  const drawn = model.drawn.value;
  const { x } = drawn;
  const plot = curvePlot(Math.max(80, width - room), heat.layers * line, x, [0, 1], false);
  const last = heat.steps.length - 1;
  const at = Math.min(column.value ?? last, last);
  const value = heat.values[at * heat.layers + layer.value] as number;
  const said = `${meta.names[layer.value] ?? ""}, step ${stepText(heat.steps[at] ?? 0)}: ${statText(stat, value)}`;
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const px = event.clientX - box.left;
    const found = columnsOf(heat, plot).findIndex(([from, to]) => px >= from && px < to);
    column.value = found < 0 ? null : found;
    layer.value = Math.min(heat.layers - 1, Math.max(0, Math.floor((event.clientY - box.top) / line)));
  };
  return (
    <>
      <div class="heat" ref={ref}>
        <div class="boxes" style={{ width: plot.width, height: heat.layers * line }}>
          <Boxes model={model} heat={heat} plot={plot} line={line} />
          <svg
            class="over"
            width={plot.width}
            height={heat.layers * line}
            aria-hidden="true"
            onPointerMove={point}
            onPointerLeave={() => {
              column.value = null;
            }}
          >
            <Framed model={model} plot={plot} height={heat.layers * line} />
          </svg>
        </div>
        <Names
          names={meta.names}
          short={meta.names.map((name) =>
            cutName(name.slice(start.length, name.length - end.length), Math.floor((room - 8) * LETTERS)),
          )}
          line={line}
          layer={layer}
          column={column}
          last={last}
          open={open}
          said={said}
        />
      </div>
      <svg class="below" width={plot.width} height={18} aria-hidden="true">
        <XAxis
          plot={{ ...plot, y: Object.assign(() => 0, { domain: [0, 1] as const }) }}
          marks={marks(drawn, plot)}
        />
      </svg>
      <p class="reading">{column.value === null ? "\u00a0" : visible(said)}</p>
    </>
  );
}

/** The names are the lines' buttons: one tab stop, up and down go from one to the next, left and right along it. */
function Names({
  names,
  short,
  line,
  layer,
  column,
  last,
  open,
  said,
}: {
  names: readonly string[];
  short: readonly string[];
  line: number;
  layer: { value: number };
  column: { value: number | null };
  last: number;
  open: { value: number | null };
  said: string;
}) {
  const ref = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const [down, right] = by as [number, number];
    const next = Math.min(names.length - 1, Math.max(0, layer.value + down));
    layer.value = next;
    column.value = Math.min(last, Math.max(0, (column.value ?? last) + right));
    ref.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <ul class="names" ref={ref} onKeyDown={onKeyDown}>
      {names.map((name, i) => (
        <li key={name} style={{ height: line }}>
          <button
            type="button"
            tabindex={i === layer.value ? 0 : -1}
            aria-expanded={open.value === i}
            aria-label={i === layer.value ? visible(said) : visible(name)}
            title={visible(name)}
            onFocus={() => {
              layer.value = i;
            }}
            onClick={() => {
              open.value = open.value === i ? null : i;
            }}
          >
            <bdi>{visible(short[i] ?? name)}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The steps that are brushed, as a frame: a band would change the shades. */
function Framed({ model, plot: { x }, height }: { model: Model; plot: Plot; height: number }) {
  const span = model.draft.value ?? sharesOf(model, model.store.range.value);
  if (!span) return null;
  const [left, right] = x.domain.map(x) as [number, number];
  const at = (share: number): number => left + share * (right - left);
  return <rect class="frame" x={at(span[0])} width={at(span[1]) - at(span[0])} y={0.5} height={height - 2} />;
}

function Boxes({ model, heat, plot, line }: { model: Model; heat: Heat; plot: Plot; line: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const colors = model.look.value;
  const { values, steps, shading } = heat;
  const { width, x } = plot;
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (!canvas || width < 1) return;
    const own = { ...plot, height: heat.layers * line };
    const context = begin(canvas, own, true);
    if (!context) return;
    const channel = (name: string): number[] =>
      (colorOf(model, canvas, name).match(/[\d.]+/g) ?? []).map(Number);
    drawHeat(context, plot, heat, line, [channel("--run-faint"), channel("--run-strong")]);
    context.restore();
  }, [values, steps, shading.low, shading.high, width, x.domain[0], x.domain[1], colors, line]);
  return <canvas ref={ref} style={{ width, height: heat.layers * line }} />;
}
