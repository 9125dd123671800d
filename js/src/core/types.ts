/** The plain data that the kernel, a saved notebook and the views share; twin of `table/meta.py`. */

export interface Level {
  text: string;
  python: string;
  low: number | null;
  high: number | null;
}

export interface Field {
  key: string;
  name: string;
  python: string;
  kind: "category" | "number" | "time";
  levels: Level[];
  role: string | null;
  private: boolean;
  maximum: number | null;
}

export interface SliceField {
  key: string;
  name: string;
  private: boolean;
  /** Whether a training told its rows apart, by when they were right. */
  run?: boolean;
}

export interface GridColumn {
  key: string;
  name: string;
  kind: "image" | "audio" | "text" | "number" | "category" | "time" | "probability" | "label";
  role: string | null;
  private: boolean;
}

/** Something found wrong; the clauses in `where` tell its examples, none of them all. */
export interface Finding {
  kind: string;
  level: string;
  certainty: string;
  title: string;
  evidence: string;
  try_next: string;
  more: [head: string, text: string][];
  where: Clause[];
  private: boolean;
}

/** What says how wrong a row is, where that is no class. */
export interface Loss {
  /** What is averaged: `absolute error`, or the name of a loss. */
  name: string;
  /** The column of the histogram: the residual of a regression, or the loss itself. */
  key: string;
  /** The columns of a regression's label and prediction. */
  label: string | null;
  prediction: string | null;
  /** Measures of all rows that counts do not give. */
  scores: Known[];
}

/** The column that tells the splits, of which one is shown at a time. */
export interface Split {
  key: string;
  /** Code of the split that is shown first; null for all. */
  start: number | null;
  /** As those of all rows, of each split. */
  auc: (Area | null)[];
  scores: Known[][];
}

export type Area = [value: number, low: number | null, high: number | null, n: number];
export type Known = [
  name: string,
  value: number,
  low: number | null,
  high: number | null,
  n: number,
  method: string,
];

export interface Meta {
  evaluation: string;
  fingerprint: string;
  created: number;
  version: number;
  name: string;
  /** Whether the user gave the name. */
  named: boolean;
  variable: string;
  n: number;
  /** Whether there are predictions. */
  model: boolean;
  classes: string[];
  /** Of many classes only those that are not their name as a string. */
  class_python: Record<number, string>;
  missing: number | null;
  positive: number | null;
  order: number[];
  fields: Field[];
  slices: SliceField[];
  confidence: boolean;
  why_no_confidence: string | null;
  score: string | null;
  text: string | null;
  columns: GridColumn[];
  /** Area under the ROC curve of all rows: value, low, high, n. */
  auc: Area | null;
  notes: string[];
  /** Macro F1 of all rows, of many classes. */
  macro: Area | null;
  findings: Finding[];
  /** What was looked for. */
  checks: string[];
  /** Places of the notes that a finding says better. */
  said: number[];
  /** What is averaged in place of errors counted. */
  loss: Loss | null;
  /** Whether rows have weights: rates and means are then weighted. */
  weighted: boolean;
  split: Split | null;
  /** Whether rows come in groups that fare alike: what that does to intervals, the rows alone tell. */
  groups: boolean;
}

/** A number with its interval; `low` and `high` are null where no interval exists. */
export interface Measure {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  method: string;
}

/** Rows of the matrix are labels, columns predictions. */
export interface Rectangle {
  label: number[] | null;
  prediction: number[] | null;
}

export type Clause =
  | { field: "cell"; any: Rectangle[]; outcome: null | "error" | "correct" }
  | { field: "slice"; names: string[] }
  | { field: "confidence"; low: number; high: number }
  | { field: "text"; contains: string }
  | { field: "rows"; id: string; count: number }
  | { field: `c${number}`; codes: number[]; intervals: [number, number][] };

export const CONFIDENCE_BINS = 200;
