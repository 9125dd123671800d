/** What a page is told of training runs: as `display/run_*.py` says it. */

import type { Finding } from "./figure.ts";
import type { Clause } from "./types.ts";

export type Status = "running" | "stopping" | "finished" | "stopped" | "crashed" | "lost";

export interface MetricMeta {
  name: string;
  /** How many values were logged, those that are not finite too. */
  points: number;
  first: number | null;
  last: number | null;
  /** The last that is finite. */
  last_value: number | null;
  best: { value: number; step: number } | null;
  /** How many of them are NaN or infinite. */
  bad: number;
}

export interface RunEvent {
  kind: string;
  metric: string | null;
  step: number;
  end: number | null;
  text: string;
}

export interface LayersMeta {
  names: string[];
  kinds: string[];
  shapes: number[][];
  stats: string[];
}

export type LayerKind = "parameters" | "activations";

export interface ExamplesMeta {
  n: number;
  steps: number[];
  learned_late: number | null;
  forgotten: number | null;
  never: number | null;
  /** Whether predictions are logged: then labels say which are right. */
  predicted: boolean;
}

export interface RunMeta {
  id: string;
  name: string;
  status: Status;
  /** Seconds since 1970. */
  started: number;
  config: Record<string, unknown>;
  metrics: MetricMeta[];
  events: RunEvent[];
  steps_per_epoch: number | null;
  layers: Record<LayerKind, LayersMeta | null>;
  examples: ExamplesMeta | null;
  error: string | null;
}

export interface RunFinding extends Finding {
  run: number;
  kind: string;
  steps: [low: number, high: number] | null;
}

/** An Evaluation that holds the examples of a run: as `display/run_examples.py` says it. */
export interface Joined {
  variable: string;
  fingerprint: string;
  /** Examples that the training told apart, and what selects them alone. */
  kinds: { name: string; n: number; clauses: Clause[] }[];
  /** The clauses where nothing is selected. */
  none: Clause[];
  /** The kind whose examples are selected, and no others. */
  selected: string | null;
  /** What says which are right: their losses only where no predictions are logged. */
  by: "prediction" | "loss";
}

export interface RunsState {
  fingerprint: string;
  variable: string;
  created: number;
  /** Of a saved output: of how many points it holds how many. */
  saved: { points: number; kept: number /** When, where a run went on. */; at: string } | null;
  runs: RunMeta[];
  findings: RunFinding[];
  joined?: Joined | null;
  /** Names of selected examples whose loss stands beside the whole's. */
  parts: string[];
  differences: { settings: [name: string, values: unknown[]][]; warning: string | null };
}

/** What has come to a run since the last message. */
export interface RunTail {
  index: number;
  status: Status;
  /** `from`: how many values of it were told before. */
  metrics: { name: string; from: number }[];
  events: RunEvent[] | null;
  layers: RunMeta["layers"] | null;
}

export interface TailHeader {
  runs: RunTail[];
  findings: RunFinding[] | null;
}
