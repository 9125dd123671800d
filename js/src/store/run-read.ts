/** What the page is told of runs, as it keeps it. */

import type { Column } from "../core/blob.ts";
import { Buckets } from "../core/buckets.ts";
import { better } from "../core/metrics.ts";
import type { LayerKind, MetricMeta, RunMeta } from "../core/run.ts";

const KINDS: LayerKind[] = ["parameters", "activations"];

/** Numbers of each layer over the steps: of each statistic as many lines of a column as there are layers. */
export interface LayerColumns {
  steps: Float64Array;
  stats: Map<string, Float32Array>;
}

/** The mean loss of some examples, checkpoint by checkpoint. */
export interface Part {
  name: string;
  curve: Buckets;
}

/** A metric to which values have come. */
export function longer(
  name: string,
  known: MetricMeta | undefined,
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
): MetricMeta {
  const first = steps[0] ?? 0;
  const made = { name, points: 0, first, last: first, last_value: null, best: null, bad: 0, ...known };
  const way = better(name);
  for (let i = 0; i < steps.length; i++) {
    const [step, value] = [steps[i] as number, values[i] as number];
    made.points++;
    made.last = step;
    if (!Number.isFinite(value)) {
      made.bad++;
      continue;
    }
    made.last_value = value;
    const best = made.best?.value;
    if (way && (best === undefined || (way === "lower" ? value < best : value > best)))
      made.best = { value, step };
  }
  return made;
}

export function partsOf(names: readonly string[], arrays: Map<string, Column>): Part[] {
  return names.map((name, k) => {
    const curve = new Buckets();
    const steps = arrays.get(`part/${k}/step`) ?? [];
    curve.append(steps, arrays.get(`part/${k}/value`) ?? [], new Float32Array(steps.length));
    return { name, curve };
  });
}

export function layersOf(
  layers: RunMeta["layers"],
  arrays: Map<string, Column>,
  prefix: string,
): Map<LayerKind, LayerColumns> {
  const made = new Map<LayerKind, LayerColumns>();
  for (const kind of KINDS) {
    const steps = arrays.get(`${prefix}${kind}/step`) as Float64Array | undefined;
    if (!layers[kind] || !steps) continue;
    const stats = layers[kind].stats.map(
      (stat) => [stat, arrays.get(`${prefix}${kind}/${stat}`) as Float32Array] as const,
    );
    made.set(kind, { steps, stats: new Map(stats) });
  }
  return made;
}
