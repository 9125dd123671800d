/** What is drawn of runs: which curves, in which colours and dashes, over which part of the axis. */

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

export const COLORS = 6;
/** Of runs that colours do not tell apart, by their place. */
const DASHES: readonly (readonly number[])[] = [[], [9, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4]];
const TRAIN_DASH = [5, 3];

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

export interface How {
  along: Along;
  log: boolean | null;
  smoothing: number;
  equal: boolean;
  hidden: ReadonlySet<number>;
  zoom: Span | null;
  finer: ReadonlyMap<string, Buckets>;
  metrics: readonly string[] | undefined;
  /** Whether the system takes the colours of the page away. */
  forced: boolean;
}

export function draw(store: RunStore, how: How): Drawn {
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
      dash: dashOf({ run, part, several, others, forced: how.forced }),
      dots: part !== "train" && !several,
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
            dots: true,
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

interface Line {
  run: number;
  part: string;
  several: boolean;
  /** Whether its chart has lines of other parts of the data. */
  others: boolean;
  forced: boolean;
}

/** How a line is dashed: where several have one colour, that tells them apart. */
export function dashOf({ run, part, several, others, forced }: Line): readonly number[] {
  if (part === "test") return DASHES[2] as readonly number[];
  if (several && forced && !(others && part === "train"))
    return DASHES[run % DASHES.length] as readonly number[];
  if (others && part === "train" && (several || forced)) return TRAIN_DASH;
  return several && run >= COLORS ? (DASHES[1] as readonly number[]) : [];
}
