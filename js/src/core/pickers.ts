/** Pickers: words that each put one outcome and one interval of the confidence in force. */

import { type CellClause, clauseOf, holds, withClause } from "./selection.ts";
import { OUTCOME } from "./tiles.ts";
import type { Clause, Meta, Rectangle } from "./types.ts";
import { CONFIDENCE_BINS } from "./types.ts";

export interface Picker {
  words: string;
  /** What it does, in a sentence. */
  title: string;
  outcome: CellClause["outcome"];
  confidence: [low: number, high: number] | null;
}

const HIGH = 0.9;
const NEAR = 0.6;
const TAIL = 0.1;
const SIZE = CONFIDENCE_BINS + 1;

/** The pickers of an Evaluation; `whole` are the counts of all rows by outcome and confidence, null without them. */
export function pickersOf(meta: Meta, whole: Float64Array | null): Picker[] {
  if (!meta.model) return [];
  const bins = (outcomes: number[]): Float64Array => {
    const sum = new Float64Array(CONFIDENCE_BINS);
    for (const o of outcomes)
      for (let b = 0; b < sum.length; b++) sum[b] = (sum[b] ?? 0) + (whole?.[o * SIZE + b] ?? 0);
    return sum;
  };
  const errors = bins([OUTCOME.error]);
  const right = bins([OUTCOME.correct]);
  const all = bins([OUTCOME.error, OUTCOME.correct, OUTCOME.unjudged]);
  const two = meta.classes.length - (meta.missing === null ? 0 : 1) === 2;
  const high = any(errors, HIGH, 1) ? HIGH : quantile(errors, 0.75, Math.floor, HIGH);
  const low = two && any(right, 0, NEAR) ? NEAR : quantile(right, TAIL, Math.ceil, NEAR);
  const near = two ? NEAR : quantile(all, TAIL, Math.ceil, NEAR);
  return [
    { words: "All errors", title: "Examples whose prediction is wrong", outcome: "error", confidence: null },
    {
      words: "High-confidence errors",
      title: `Wrong, with a confidence of ${high} or more: look for wrong labels here`,
      outcome: "error",
      confidence: [high, 1],
    },
    {
      words: "Low-confidence correct",
      title: `Right, with a confidence below ${low}: right, but only just`,
      outcome: "correct",
      confidence: [0, low],
    },
    {
      words: "Near the boundary",
      title: two
        ? `Right or wrong, with a confidence of 0.5 to ${near}: between the two classes`
        : `Right or wrong, with the lowest confidence: the tenth of all examples below ${near}`,
      outcome: null,
      confidence: [two ? 0.5 : 0, near],
    },
  ];
}

function any(bins: Float64Array, low: number, high: number): boolean {
  return bins.slice(Math.round(low * CONFIDENCE_BINS), Math.round(high * CONFIDENCE_BINS)).some((n) => n > 0);
}

/** Edge of the bin where a share of the counts is reached; `otherwise` where there are none. */
function quantile(
  bins: Float64Array,
  share: number,
  round: (edge: number) => number,
  otherwise: number,
): number {
  const total = bins.reduce((sum, n) => sum + n, 0);
  if (total === 0) return otherwise;
  let sum = 0;
  const bin = bins.findIndex((n) => {
    sum += n;
    return sum >= share * total;
  });
  return round(bin + 0.5) / CONFIDENCE_BINS;
}

/** Whether exactly this picker is in force. */
export function isPicked(picker: Picker, clauses: readonly Clause[]): boolean {
  const cell = clauseOf(clauses, "cell") as CellClause | null;
  const confidence = clauseOf(clauses, "confidence");
  const interval = confidence?.field === "confidence" ? [confidence.low, confidence.high] : null;
  const same = JSON.stringify(interval) === JSON.stringify(picker.confidence);
  return same && (cell?.outcome ?? null) === picker.outcome;
}

/** The clauses with a picker put in force, or taken back. Cells that were chosen stay where they can hold such rows. */
export function pick(picker: Picker, clauses: readonly Clause[], meta: Meta): Clause[] {
  const on = !isPicked(picker, clauses);
  const cell = clauseOf(clauses, "cell") as CellClause | null;
  const outcome = on ? picker.outcome : null;
  const any = (cell?.any ?? []).some((r) => canHold(r, outcome, meta)) ? (cell?.any ?? []) : [];
  const next = withClause(clauses, "cell", any.length || outcome ? { field: "cell", any, outcome } : null);
  if (!on || !picker.confidence) return withClause(next, "confidence", null);
  const [low, high] = picker.confidence;
  return withClause(next, "confidence", { field: "confidence", low, high });
}

function canHold(rectangle: Rectangle, outcome: CellClause["outcome"], meta: Meta): boolean {
  if (outcome === null) return true;
  const codes = meta.classes.map((_, code) => code);
  const labels = (rectangle.label ?? codes).filter((code) => code !== meta.missing);
  const predictions = rectangle.prediction ?? codes;
  return labels.some((label) =>
    outcome === "correct" ? holds(rectangle, label, label) : predictions.some((other) => other !== label),
  );
}
