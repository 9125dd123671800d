/** Between steps and shares of a chart's width. */

import { brief, duration, figure, stepText } from "../core/run-format.ts";
import { type Series, type Span, valueAt } from "../core/series.ts";
import type { Steps } from "../store/run-store.ts";
import type { Model } from "./run-model.ts";

const within = (share: number): number => Math.min(1, Math.max(0, share));

/** Where brushed steps are; null where all of them are outside, and where they are all that is shown. */
export function sharesOf(model: Model, steps: Steps | null): Span | null {
  if (!steps) return null;
  const { x, ruler } = model.drawn.value;
  const [low, high] = steps.map((step) => (ruler.at(step) - x[0]) / (x[1] - x[0])) as [number, number];
  return high < 0 || low > 1 || (low <= 0 && high >= 1) ? null : [within(low), within(high)];
}

/** The steps of a part of the width. */
export function stepsOf(model: Model, [low, high]: Span): Steps {
  const [from, to] = [stepAt(model, low), stepAt(model, high)];
  return [Math.floor(from), Math.max(Math.ceil(to), Math.floor(from) + 1)];
}

function stepAt(model: Model, share: number): number {
  const { x, ruler } = model.drawn.value;
  return ruler.step(x[0] + share * (x[1] - x[0]));
}

/** `step 820: train 0.24, validation 0.29`. */
export function placeText(model: Model, share: number): string {
  const { x, groups } = model.drawn.value;
  const step = stepAt(model, share);
  const at = x[0] + share * (x[1] - x[0]);
  return `step ${stepText(Math.round(step))}: ${readings(groups[0]?.series ?? [], at).join(", ")}`;
}

/** What some series come to at a place. */
export function readings(series: readonly Series[], at: number): string[] {
  return series.flatMap((one) => {
    const value = valueAt(one, at);
    return value === null ? [] : [`${brief(one.label)} ${figure(value)}`];
  });
}

/** A place on the x axis in words: its step, and what the axis says where that is something else. */
export function whereText(model: Model, at: number): string {
  const { along, ruler } = model.drawn.value;
  const step = `step ${stepText(Math.round(ruler.step(at)))}`;
  if (along === "step") return step;
  return along === "time" ? `${duration(at)} · ${step}` : `epoch ${figure(at)} · ${step}`;
}
