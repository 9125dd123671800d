/** Events along an axis: those that would stand on each other are one mark. */

import type { RunEvent } from "./run.ts";

export interface Placed extends RunEvent {
  run: number;
  /** Where it begins and, of what lasts, ends on the x axis. */
  at: number;
  to: number | null;
}

export interface Mark {
  /** In pixels. */
  at: number;
  events: Placed[];
}

/** Pixels that two marks are apart at least. */
const APART = 24;

/** Marks of events that are sorted by step. */
export function mergedMarks(events: readonly Placed[], x: (value: number) => number): Mark[] {
  const marks: Mark[] = [];
  for (const event of events) {
    const at = x(event.at);
    const last = marks[marks.length - 1];
    if (last && at - last.at < APART) last.events.push(event);
    else marks.push({ at, events: [event] });
  }
  return marks;
}
