/** What the names of metrics mean: which are drawn together, and what they are called. */

import type { RunMeta } from "./run.ts";

const PART = /^(train(?:ing)?|val(?:id(?:ation)?)?|eval|dev|test|holdout)(?:_\d+)?(?:[_\-/. :]+)(.+)$/i;
const LOSS =
  /(^|[_./ -])(loss|losses|nll|nlpd|log_?loss|mlogloss|cross_?entropy|deviance|perplexity|ppl|rmse|mse|mae|l1|l2|error|merror|objective)([_./ -]|\d|$)/i;
const RATE = /^(.*[_./ -])?(lr|learning_rate)([_./ -].*)?$/i;
const NORM = /(^|[_./ -])(grad|gradient)([_./ -]|$)/i;
const SHARE = /(^|[_./ -])(acc|accuracy|f1|auc|precision|recall)([_./ -]|$)/i;

const RISING =
  /(^|[_./ -])(acc|accuracy|f1|f\d|auc|auroc|precision|recall|r2|r_squared|score|bleu|rouge\w*|map|ap|iou|dice|kappa|mcc|ndcg|hits|reward|return|top\d*|exact_match)([_./@ -]|\d|$)/i;
const NEITHER =
  /(^|[_./ -])(lr|learning_rate|epoch|grad_norm|gradient_norm|momentum|weight_decay|time|tokens|memory)([_./ -]|$)/i;

/** Which way a metric is better, as `training/metrics.py` says; null where neither is. */
export function better(name: string): "lower" | "higher" | null {
  if (NEITHER.test(name)) return null;
  return RISING.test(name) ? "higher" : "lower";
}

export interface Named {
  /** The part of the data: "train", "validation", "test"; the metric alone is of what it trains on. */
  part: string;
  /** What it measures. */
  base: string;
}

/** `val_loss` is the loss of the validation. */
export function named(metric: string): Named {
  const found = PART.exec(metric);
  if (!found) return { part: "train", base: metric };
  const part = (found[1] as string).toLowerCase();
  const base = found[2] as string;
  if (part.startsWith("train")) return { part: "train", base };
  return { part: part === "test" || part === "holdout" ? "test" : "validation", base };
}

export interface Group {
  base: string;
  title: string;
  /** Whether less is better. */
  loss: boolean;
  /** The metrics in the order in which they came. */
  names: string[];
}

/**
 * All metrics of some runs as charts: the losses first, then shares, the learning rate, the gradient, others; or
 * those that are asked for, in their order.
 */
export function groupsOf(runs: readonly RunMeta[], asked?: readonly string[] | null): Group[] {
  const groups = new Map<string, Group>();
  const all = runs.flatMap(({ metrics }) => metrics.map(({ name }) => name));
  for (const name of asked ?? all) {
    if (all.includes(name)) {
      const { base } = named(name);
      const group = groups.get(base) ?? { base, title: titleOf(base), loss: LOSS.test(base), names: [] };
      if (!group.names.includes(name)) group.names.push(name);
      groups.set(base, group);
    }
  }
  // The epoch is an axis.
  if (groups.size > 1 && !asked?.includes("epoch")) groups.delete("epoch");
  if (asked) return [...groups.values()];
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

/** Whether it is a learning rate, whose steps a mean would hide. */
export function isRate(base: string): boolean {
  return RATE.test(base);
}

/** Whether it is the size of a gradient, which spans powers of ten. */
export function isNorm(base: string): boolean {
  return NORM.test(base);
}

function rank({ base, loss }: Group): number {
  if (base.toLowerCase() === "loss") return 0;
  if (loss) return 1;
  if (SHARE.test(base)) return 2;
  if (isRate(base)) return 3;
  return isNorm(base) ? 4 : 5;
}

/** `grad_norm` is the gradient norm. */
export function titleOf(base: string): string {
  if (/^(lr|learning_rate)$/i.test(base)) return "learning rate";
  if (/^(grad|gradient)_norm$/i.test(base)) return "gradient norm";
  if (/^acc$/i.test(base)) return "accuracy";
  return base.replace(/_/g, " ");
}

/** `validation loss`: a metric in words. */
export function inWords(metric: string): string {
  const { part, base } = named(metric);
  const plain = metric === base && !LOSS.test(base) && !SHARE.test(base);
  return plain ? titleOf(base) : `${part} ${titleOf(base)}`;
}

/** The loss by which a run is told: that of the validation, else the first. */
export function headline(run: RunMeta): string | null {
  const [group] = groupsOf([run]);
  if (!group) return null;
  return (
    group.names.find((name) => named(name).part === "validation" && has(run, name)) ??
    group.names.find((name) => has(run, name)) ??
    null
  );
}

function has(run: RunMeta, name: string): boolean {
  return run.metrics.some((metric) => metric.name === name);
}
