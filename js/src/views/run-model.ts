/** What the parts of a pane share: how its runs are drawn, and what that makes of them. */

import { type ReadonlySignal, type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Buckets } from "../core/buckets.ts";
import { type Group, groupsOf, inWords, isRate, named } from "../core/metrics.ts";
import type { RunMeta } from "../core/run.ts";
import {
  type Along,
  extentX,
  type Ruler,
  rulerOf,
  type Series,
  type Span,
  smoothOf,
  wantsLog,
  windowOf,
} from "../core/series.ts";
import type { RunStore } from "../store/run-store.ts";

export const SMOOTHING = [0, 0.01, 0.02, 0.05, 0.1] as const;
const COLORS = 6;

export interface Model {
  store: RunStore;
  along: Signal<Along>;
  /** null: as the values want it. */
  log: Signal<boolean | null>;
  /** The share of a curve's points that a mean is over. */
  smoothing: Signal<number>;
  /** Whether the runs are shown up to where the shortest ends. */
  equal: Signal<boolean>;
  /** Places of runs that are not drawn. */
  hidden: Signal<ReadonlySet<number>>;
  /** The place of the run whose layers and examples are told. */
  detail: Signal<number>;
  /** The steps that fill the width; null: all. */
  zoom: Signal<Span | null>;
  /** Curves of the zoomed steps in finer pieces, by run and metric. */
  finer: Signal<ReadonlyMap<string, Buckets>>;
  /** Where the pointer is, on the x axis. */
  hover: Signal<number | null>;
  /** What is being dragged, in shares of the width. */
  draft: Signal<Span | null>;
  /** Counts changes of colours and of the theme. */
  look: Signal<number>;
  /** Colours by custom property, as they were when they were first asked for since the last change. */
  colors: Map<string, string>;
  /** Of the loss, in pixels; null: as the width wants it. */
  height: number | null;
  drawn: ReadonlySignal<Drawn>;
}

/** What the charts draw. */
export interface Drawn {
  runs: readonly RunMeta[];
  /** Places of the runs that are shown. */
  shown: readonly number[];
  groups: readonly { group: Group; series: readonly Series[] }[];
  /** All there is along the x axis, and the part of it that is shown. */
  whole: Span;
  x: Span;
  ruler: Ruler;
  log: boolean;
  along: Along;
}

export function useModel(store: RunStore, options: Record<string, unknown>): Model {
  const along = useSignal<Along>((options.x as Along | undefined) ?? "step");
  const log = useSignal<boolean | null>((options.log as boolean | null | undefined) ?? null);
  const smoothing = useSignal<number>((options.smoothing as number | undefined) ?? 0.02);
  const equal = useSignal(Boolean(options.equal_budget));
  const hidden = useSignal<ReadonlySet<number>>(new Set());
  const detail = useSignal(0);
  const zoom = useSignal<Span | null>(null);
  const finer = useSignal<ReadonlyMap<string, Buckets>>(new Map());
  const hover = useSignal<number | null>(null);
  const draft = useSignal<Span | null>(null);
  const look = useSignal(0);
  const drawn = useComputed(() => {
    void store.version.value;
    return draw(store, {
      along: along.value,
      log: log.value,
      smoothing: smoothing.value,
      equal: equal.value,
      hidden: hidden.value,
      zoom: zoom.value,
      finer: finer.value,
      metrics: options.metrics as string[] | undefined,
    });
  });
  useFiner(store, zoom, finer, drawn);
  return useMemo(
    () => ({
      store,
      along,
      log,
      smoothing,
      equal,
      hidden,
      detail,
      zoom,
      finer,
      hover,
      draft,
      look,
      colors: new Map(),
      height: (options.height as number | undefined) ?? null,
      drawn,
    }),
    [store],
  );
}

/** A colour of the theme. To ask the page for it in each frame would lay the page out again each time. */
export function colorOf({ colors }: Model, el: Element, name: string): string {
  const known = colors.get(name);
  if (known !== undefined) return known;
  const found = getComputedStyle(el).getPropertyValue(name);
  colors.set(name, found);
  return found;
}

interface How {
  along: Along;
  log: boolean | null;
  smoothing: number;
  equal: boolean;
  hidden: ReadonlySet<number>;
  zoom: Span | null;
  finer: ReadonlyMap<string, Buckets>;
  metrics: readonly string[] | undefined;
}

function draw(store: RunStore, how: How): Drawn {
  const { runs } = store.state.value;
  const shown = runs.map((_, i) => i).filter((i) => !how.hidden.has(i));
  const lead = shown[0] ?? 0;
  const rulers = runs.map((run, i) => rulerFor(store, run, i, how.along));
  const parts = partSeries(store, rulers[lead] as Ruler);
  const groups = groupsOf(runs, how.metrics).map((group, i) => ({
    group,
    series: [
      ...shown.flatMap((run) => seriesOf(store, group, run, rulers[run] as Ruler, how)),
      ...(i === 0 && group.loss ? parts : []),
    ],
  }));
  const all = groups.flatMap(({ series }) => series);
  const ruler = rulers[lead] ?? { xs: ({ step }) => step, at: (step) => step, step: (x) => x };
  const whole = budget(all, runs, rulers, how.equal) ?? [0, 1];
  const x: Span = how.zoom ? [ruler.at(how.zoom[0]), ruler.at(how.zoom[1])] : whole;
  const log = how.log ?? wantsLog(groups[0]?.series ?? []);
  return { runs, shown, groups, whole, x: widened(x), ruler, log, along: how.along };
}

function rulerFor(store: RunStore, run: RunMeta, i: number, along: Along): Ruler {
  return rulerOf(along, run, store.curve(i, "epoch"), longest(store, run, i));
}

/** The curve that tells best which step was at what time. */
function longest(store: RunStore, run: RunMeta, i: number): Buckets | null {
  let found: Buckets | null = null;
  for (const { name } of run.metrics) {
    const curve = store.curve(i, name);
    if (curve && (!found || curve.points > found.points)) found = curve;
  }
  return found;
}

function seriesOf(store: RunStore, group: Group, run: number, ruler: Ruler, how: How): Series[] {
  const { runs } = store.state.value;
  const several = runs.length > 1;
  return group.names.flatMap((metric) => {
    const curve = how.finer.get(`${run} ${metric}`) ?? store.curve(run, metric);
    if (!curve?.size) return [];
    const { part } = named(metric);
    const xs = ruler.xs(curve);
    const shown: Span | null = how.zoom && [ruler.at(how.zoom[0]), ruler.at(how.zoom[1])];
    const window = isRate(group.base) ? 1 : windowOf(curve, xs, shown, how.smoothing);
    const others = group.names.length > 1;
    const name = runs[run]?.name ?? "";
    const made: Series = {
      run,
      metric,
      part,
      label: several
        ? others && part === "train"
          ? `${name}, train`
          : name
        : others
          ? part
          : inWords(metric),
      color: several ? `--run-${run % COLORS}` : `--run-${part}`,
      dash:
        part === "test"
          ? [2, 3]
          : several && others && part === "train"
            ? [5, 3]
            : run >= COLORS
              ? [8, 3]
              : [],
      words: several ? `${name}, ${inWords(metric)}` : inWords(metric),
      strong: part === "validation" || !others,
      curve,
      xs,
      smooth: smoothOf(curve, window),
      window,
    };
    return [made];
  });
}

/** The losses of selected examples, dashed beside the whole's. */
function partSeries(store: RunStore, ruler: Ruler | undefined): Series[] {
  return store.parts.value.flatMap(({ name, curve }, k): Series[] =>
    ruler && curve.size
      ? [
          {
            run: -1,
            metric: name,
            part: "selection",
            label: name,
            words: `${name}, loss`,
            color: "--run-part",
            dash: k ? [2, 3] : [6, 4],
            strong: true,
            curve,
            xs: ruler.xs(curve),
            smooth: curve.mean,
            window: 1,
          },
        ]
      : [],
  );
}

/** All that there is along the x axis, or as much of it as each run has. A last bucket begins before the last step. */
function budget(
  all: readonly Series[],
  runs: readonly RunMeta[],
  rulers: readonly Ruler[],
  equal: boolean,
): Span | null {
  const whole = extentX(all);
  if (!whole) return null;
  const own = all.filter(({ run }) => run >= 0);
  const ends = [...new Set(own.map(({ run }) => run))].map((run) => {
    const lasts = own.flatMap((one) => {
      const last = runs[run]?.metrics.find(({ name }) => one.run === run && name === one.metric)?.last;
      return last == null ? [] : [rulers[run]?.at(last) ?? 0];
    });
    return Math.max(...lasts);
  });
  return [whole[0], equal ? Math.min(...ends) : Math.max(whole[1], ...ends)];
}

/** A domain has some width. */
function widened([low, high]: Span): Span {
  return high > low ? [low, high] : [low, low + 1];
}

/** Ask for the curves of the zoomed steps, where those on the page are of several points a bucket. */
function useFiner(
  store: RunStore,
  zoom: Signal<Span | null>,
  finer: Signal<ReadonlyMap<string, Buckets>>,
  drawn: ReadonlySignal<Drawn>,
): void {
  const steps = zoom.value;
  const source = store.source.value;
  useEffect(() => {
    finer.value = new Map();
    if (!steps || source !== "live") return;
    let over = false;
    for (const { run, metric, curve } of drawn.peek().groups.flatMap(({ series }) => series)) {
      if (curve.per === 1) continue;
      store.finer(run, metric, steps).then(
        (found) => {
          if (found && !over) finer.value = new Map([...finer.value, [`${run} ${metric}`, found]]);
        },
        () => {}, // the coarser curve stands
      );
    }
    return () => {
      over = true;
    };
  }, [steps?.[0], steps?.[1], source]);
}
