/** Draws a chart with Vega into an element: nothing is loaded, no text is markup, expressions are interpreted. */

import {
  type Chart,
  type ChartTable,
  isUtc,
  type Picked,
  rowsOf,
  type Spec,
  withValues,
} from "../core/chart.ts";
import { holding, tame } from "./chart-hold.ts";
import type { Embed, VegaView } from "./chart-parts.ts";

export interface Look {
  width: number;
  height: number | null;
  config: Spec;
}

/** A chart that is drawn. */
export interface Drawn {
  el: HTMLElement;
  /** Draw the rows whose bits are set, of each of its data sources; null for all. */
  rows: (bits: readonly (Uint8Array | null)[]) => Promise<void>;
  fit: (width: number) => void;
  end: () => void;
}

export interface Heard {
  /** A parameter selects something else. */
  picked: (name: string, picked: Picked[]) => void;
  /** What the pointer is over, as text; null for nothing. */
  over: (event: MouseEvent, value: unknown) => void;
}

const GONE = "charts load nothing";
const PICTURE = /^data:image\/(png|jpeg|gif|webp);/i;
const MOST_WIDTH = 680;
const BAR = 56;
/** Room for the axis and a legend. */
const BESIDE = 200;

/** Vega's way out: pictures that the chart itself holds are drawn, all else is refused. */
const loader = {
  options: {},
  load: refused,
  http: refused,
  file: refused,
  sanitize: (uri: string, { context }: { context?: string } = {}) =>
    context === "image" && PICTURE.test(uri) ? Promise.resolve({ href: uri }) : refused(),
};

function refused(): Promise<never> {
  return Promise.reject(new Error(GONE));
}

/** Draw all rows, then hold the scales; `values` are those of the parameters. */
export async function draw(
  embed: Embed,
  chart: Chart,
  look: Look,
  values: ReadonlyMap<string, unknown>,
  heard: Heard,
): Promise<Drawn> {
  const el = document.createElement("div");
  const utc = isUtc(chart.spec);
  // With its rows from the start: where a drag is, Vega-Lite finds by the scales of the first drawing.
  const rows = chart.drawn.map(({ name, table }) => [
    name,
    rowsOf(chart.tables[table] as ChartTable, null, utc),
  ]);
  const spec = sized(withValues(chart.spec, values), chart, look);
  spec.datasets = { ...((spec.datasets as Spec | undefined) ?? {}), ...Object.fromEntries(rows) };
  let hold = (_: VegaView): void => {};
  const { view, finalize } = await embed(
    el,
    { description: chart.about, ...spec },
    {
      mode: "vega-lite",
      renderer: "canvas", // as SVG a colour of the data may be an address, and browsers load that
      ast: true,
      actions: false,
      defaultStyle: false,
      logLevel: 1,
      config: look.config,
      loader,
      tooltip: (_: unknown, event: MouseEvent, __: unknown, value: unknown) => heard.over(event, value),
      patch: (compiled: Spec) => {
        tame(compiled);
        hold = holding(compiled, columnsOf(chart));
        return compiled;
      },
    },
  );
  hold(view);
  const put = async (bits: readonly (Uint8Array | null)[]): Promise<void> => {
    chart.drawn.forEach(({ name, table }, i) => {
      view.data(name, rowsOf(chart.tables[table] as ChartTable, bits[i] ?? null, utc));
    });
    await view.resize().runAsync();
  };
  for (const { name } of chart.links)
    view.addDataListener(`${name}_store`, (_, rows) => heard.picked(name, rows as Picked[]));
  return {
    el,
    rows: put,
    fit: (width) => {
      const now = fitted(chart, { ...look, width });
      if (now !== null) void view.width(now).resize().runAsync();
    },
    end: finalize,
  };
}

function columnsOf({ tables }: Chart): Set<string> {
  return new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)));
}

const MANY = ["hconcat", "vconcat", "concat", "facet", "repeat"];

function isOne(spec: Spec): boolean {
  const encoding = (spec.encoding ?? {}) as Spec;
  return !MANY.some((key) => key in spec) && !["row", "column", "facet"].some((key) => key in encoding);
}

/** The width of a chart that leaves it open; null where it does not. */
function fitted({ spec, tables }: Chart, { width }: Look): number | null {
  if (!isOne(spec) || (spec.width !== undefined && spec.width !== "container")) return null;
  const x = ((spec.encoding ?? {}) as Record<string, Spec>).x;
  const discrete = x && (x.type === "nominal" || x.type === "ordinal") && !x.bin && !x.timeUnit;
  const column = tables.flatMap(({ columns }) => columns).find(({ name }) => name === x?.field);
  const bars = discrete && column ? new Set(column.values).size * BAR + BESIDE : MOST_WIDTH;
  return Math.min(width, MOST_WIDTH, Math.max(220, bars));
}

function sized(spec: Spec, chart: Chart, look: Look): Spec {
  const width = fitted(chart, look);
  const one = isOne(spec);
  return {
    ...spec,
    ...(width !== null && { width, autosize: { type: "fit-x", contains: "padding" } }),
    ...(one && look.height !== null && spec.height === undefined && { height: look.height }),
  };
}
