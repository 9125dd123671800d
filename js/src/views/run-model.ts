/** What the parts of a pane share: how its runs are drawn, and what that makes of them. */

import { type ReadonlySignal, type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Buckets } from "../core/buckets.ts";
import { visible } from "../core/highlight.ts";
import type { RunMeta } from "../core/run.ts";
import type { Along, Span } from "../core/series.ts";
import type { RunStore } from "../store/run-store.ts";
import { type Drawn, draw } from "./run-drawn.ts";

export type { Drawn } from "./run-drawn.ts";

export const SMOOTHING = [0, 0.01, 0.02, 0.05, 0.1] as const;

export interface Model {
  store: RunStore;
  along: Signal<Along>;
  /** null: as the values want it. */
  log: Signal<boolean | null>;
  /** The share of a curve's points that a mean is over. */
  smoothing: Signal<number>;
  /** Whether the runs are shown up to where the shortest ends. */
  equal: Signal<boolean>;
  /** Whether all charts are shown, where there are many. */
  unfolded: Signal<boolean>;
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
  /** Whether the system takes the colours of the page away. */
  forced: Signal<boolean>;
  /** Colours by custom property, as they were when they were first asked for since the last change. */
  colors: Map<string, string>;
  /** Of the loss, in pixels; null: as the width wants it. */
  height: number | null;
  drawn: ReadonlySignal<Drawn>;
}

export function useModel(store: RunStore, options: Record<string, unknown>): Model {
  const along = useSignal<Along>((options.x as Along | undefined) ?? "step");
  const log = useSignal<boolean | null>((options.log as boolean | null | undefined) ?? null);
  const smoothing = useSignal<number>((options.smoothing as number | undefined) ?? 0.02);
  const equal = useSignal(Boolean(options.equal_budget));
  const unfolded = useSignal(false);
  const hidden = useSignal<ReadonlySet<number>>(new Set());
  const detail = useSignal(0);
  const zoom = useSignal<Span | null>(null);
  const finer = useSignal<ReadonlyMap<string, Buckets>>(new Map());
  const hover = useSignal<number | null>(null);
  const draft = useSignal<Span | null>(null);
  const look = useSignal(0);
  const forced = useSignal(false);
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
      forced: forced.value,
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
      unfolded,
      hidden,
      detail,
      zoom,
      finer,
      hover,
      draft,
      look,
      forced,
      colors: new Map(),
      height: (options.height as number | undefined) ?? null,
      drawn,
    }),
    [store],
  );
}

const MOST_CHARTS = 12;

type Groups = Drawn["groups"];

/** The charts that are shown, the one of the loss first, and those that are folded away. */
export function chartsOf({ drawn, unfolded }: Model): [shown: Groups, folded: Groups] {
  const some = drawn.value.groups.filter(({ series }) => series.length > 0);
  return [some.slice(0, unfolded.value ? some.length : MOST_CHARTS), some.slice(MOST_CHARTS)];
}

/** Which run, where there are several. */
export function whose({ store }: Model, run: RunMeta): string {
  return store.state.value.runs.length > 1 ? `${visible(run.name)}, ` : "";
}

/** A colour of the theme. To ask the page for it in each frame would lay the page out again each time. */
export function colorOf({ colors }: Model, el: Element, name: string): string {
  const known = colors.get(name);
  if (known !== undefined) return known;
  const found = getComputedStyle(el).getPropertyValue(name);
  colors.set(name, found);
  return found;
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
