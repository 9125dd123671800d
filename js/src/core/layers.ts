/** What the numbers of layers are called, and how dark each is in a heat map. */

import { percent } from "./format.ts";
import { figure, powerText } from "./run-format.ts";

interface Told {
  title: string;
  /** What the scale says beside its ends. */
  healthy?: string;
}

const TITLES: Record<string, Told> = {
  update_ratio: { title: "size of the updates: update ÷ weight", healthy: "healthy is about 10⁻³" },
  gradient_rms: { title: "size of the gradients" },
  weight_rms: { title: "size of the weights" },
  weight_mean: { title: "mean of the weights" },
  weight_std: { title: "spread of the weights" },
  activation_mean: { title: "mean of the outputs" },
  activation_std: { title: "spread of the outputs", healthy: "healthy is about 1 in every layer" },
  activation_max: { title: "largest output" },
  zero_share: { title: "share of outputs that are nought" },
  dead_share: { title: "share of units that never fire", healthy: "healthy is near 0" },
  saturated_share: { title: "share of saturated outputs", healthy: "healthy is near 0" },
  constant_share: { title: "share of units that never change", healthy: "healthy is near 0" },
  output_gradient_rms: { title: "size of the gradients at the outputs" },
  not_finite_share: { title: "share of outputs that are NaN or infinite", healthy: "healthy is 0" },
};

/** Known of the targets alone, which are no layer. */
const OF_TARGETS = ["lowest", "highest"];
/** The statistics that say most come first. */
const ORDER = Object.keys(TITLES);

export function ordered(stats: readonly string[]): string[] {
  const place = (stat: string): number => (ORDER.indexOf(stat) + ORDER.length + 1) % (ORDER.length + 1);
  return stats.filter((stat) => !OF_TARGETS.includes(stat)).sort((a, b) => place(a) - place(b));
}

export function statTitle(stat: string): string {
  return TITLES[stat]?.title ?? stat.replace(/_/g, " ");
}

export function isShare(stat: string): boolean {
  return stat.endsWith("_share");
}

/** A value of a statistic. */
export function statText(stat: string, value: number): string {
  if (Number.isNaN(value)) return "not known";
  return isShare(stat) ? percent(value) : figure(value);
}

/** From pale to dark: shares from nought to all, sizes over powers of ten, what may be below nought evenly. */
export interface Shading {
  kind: "share" | "log" | "even";
  low: number;
  high: number;
}

export function shadingOf(stat: string, values: Float32Array): Shading {
  if (isShare(stat)) return { kind: "share", low: 0, high: 1 };
  let [low, high, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (value > 0) least = Math.min(least, value);
  }
  if (low > high) return { kind: "even", low: 0, high: 1 };
  if (low < 0) return { kind: "even", low, high };
  if (high <= 0) return { kind: "even", low: 0, high: 1 };
  // What is far smaller than all others is as pale as a scale of twelve powers of ten can show.
  const bottom = 10 ** Math.floor(Math.log10(Math.max(least, high / 1e12)) + 1e-6);
  const top = 10 ** Math.ceil(Math.log10(high) - 1e-6);
  return { kind: "log", low: bottom, high: top > bottom ? top : bottom * 10 };
}

/** From 0 to 1; NaN where nothing is known. */
export function shade({ kind, low, high }: Shading, value: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  const place =
    kind === "log"
      ? value > 0
        ? Math.log(value / low) / Math.log(high / low)
        : 0
      : (value - low) / (high - low || 1);
  return Math.min(1, Math.max(0, place));
}

/** What the shades mean, in words. */
export function scaleText(stat: string, { kind, low, high }: Shading, unknown = false): string {
  const [from, to] =
    kind === "share"
      ? ["0 %", "100 %"]
      : kind === "log"
        ? [powerText(Math.round(Math.log10(low))), powerText(Math.round(Math.log10(high)))]
        : [figure(low), figure(high)];
  return [
    `${from} (faint) to ${to} (strong)${kind === "log" ? ", logarithmic" : ""}`,
    TITLES[stat]?.healthy,
    unknown && "a thin line where not known",
  ]
    .filter(Boolean)
    .join("; ");
}

/** What the names of all layers begin and end with, at dots; nothing where there are few. */
export function sharedName(names: readonly string[]): [start: string, end: string] {
  if (names.length < 3) return ["", ""];
  const parts = names.map((name) => name.split("."));
  const [first = []] = parts;
  const most = Math.min(...parts.map(({ length }) => length)) - 1;
  const same = (at: (name: string[]) => string | undefined): boolean =>
    parts.every((name) => at(name) === at(first));
  let [start, end] = [0, 0];
  while (start < most && same((name) => name[start])) start++;
  while (start + end < most && same((name) => name[name.length - 1 - end])) end++;
  const joined = (some: string[]): string => some.map((part) => `${part}.`).join("");
  const tail = first.slice(first.length - end);
  return [joined(first.slice(0, start)), tail.map((part) => `.${part}`).join("")];
}

/** A name in so many letters: it is its ends that tell layers apart. */
export function cutName(name: string, letters: number): string {
  const all = [...name];
  if (all.length <= letters) return name;
  const head = Math.max(1, Math.floor((letters - 1) * 0.45));
  return `${all.slice(0, head).join("")}…${all.slice(all.length - Math.max(1, letters - 1 - head)).join("")}`;
}

/** Units of a layer that gave nought for every example of a batch. */
export interface DeadUnits {
  name: string;
  share: number;
}

/**
 * The layers with such units, at the last step at which each was looked at, the worst first; and the last of these
 * steps. What stands in brackets is no layer but what goes into the model.
 */
export function deadUnits(
  names: readonly string[],
  kinds: readonly string[],
  steps: Float64Array,
  share: Float32Array,
): { dead: DeadUnits[]; looked: number; step: number } {
  const width = names.length;
  const dead: DeadUnits[] = [];
  let [looked, step] = [0, Number.NEGATIVE_INFINITY];
  for (const [layer, name] of names.entries()) {
    if (name.startsWith("(")) continue;
    let row = steps.length - 1;
    while (row >= 0 && Number.isNaN(share[row * width + layer])) row--;
    if (row < 0) continue;
    looked++;
    step = Math.max(step, steps[row] as number);
    const found = share[row * width + layer] as number;
    if (found > 0) dead.push({ name: [name, kinds[layer]].filter((part) => part).join(" · "), share: found });
  }
  return { dead: dead.sort((a, b) => b.share - a.share), looked, step };
}
