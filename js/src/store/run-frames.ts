/**
 * When what has come is shown. Drawing takes at most half of the page's time: after it the page has as long for what
 * else there is to do. What would move a line by less than an eye sees waits a while; many charts take turns.
 */

import type { RunMeta, RunsState } from "../core/run.ts";

interface Asked {
  show: () => void;
  /** When it is time to show it. */
  due: number;
}

/** How long what nobody would see waits, since the same was shown last, in milliseconds. */
const UNSEEN = 250;
/** The script in one frame after which further charts wait for the next: to paint it takes about as long again. */
const SHARE = 3;
/** The longest that a page waits after drawing: a machine that slept has drawn nothing. */
const LONGEST = 400;

export class Frames {
  #asked = new Map<object, Asked>();
  #shown = new WeakMap<object, number>();
  #charts = new Map<object, () => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  /** Whether something is shown and not yet painted. */
  #busy = false;
  #free = 0;
  #spent = 0;
  #turn = 0;

  /** Show something in a frame soon, in place of what was asked for before; `seen`: whether it can be seen. */
  ask(key: object, show: () => void, seen = true): void {
    const due = seen ? 0 : (this.#shown.get(key) ?? Number.NEGATIVE_INFINITY) + UNSEEN;
    this.#asked.set(key, { show, due: Math.min(due, this.#asked.get(key)?.due ?? due) });
    if (!this.#busy && !this.#frame) this.#plan();
  }

  forget(key: object): void {
    this.#asked.delete(key);
  }

  /** Draw a chart now, or, where others have used up this frame, in one of the next. */
  chart(key: object, draw: () => void): void {
    this.#charts.delete(key);
    if (this.#spent < SHARE && !this.#charts.size) this.#draw(draw);
    else this.#charts.set(key, draw);
    this.#turn ||= requestAnimationFrame(() => this.#next());
  }

  forgetChart(key: object): void {
    this.#charts.delete(key);
  }

  #draw(draw: () => void): void {
    const began = performance.now();
    guarded(draw);
    this.#spent += performance.now() - began;
  }

  #next(): void {
    this.#spent = this.#turn = 0;
    for (const [key, draw] of this.#charts) {
      if (this.#spent >= SHARE) break;
      this.#charts.delete(key);
      this.#draw(draw);
    }
    if (this.#charts.size) this.#turn = requestAnimationFrame(() => this.#next());
    else this.#spent = 0;
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#asked.size) return;
    const due = Math.min(...[...this.#asked.values()].map((one) => one.due));
    const wait = Math.max(this.#free, due) - performance.now();
    const frame = (): void => {
      this.#frame = requestAnimationFrame(() => this.#show());
    };
    if (wait <= 0) frame();
    else this.#timer = setTimeout(frame, wait);
  }

  #show(): void {
    this.#frame = 0;
    const began = performance.now();
    this.#busy = true;
    // To work out what is new takes its own frame: the charts of it are drawn in those that follow.
    this.#spent = SHARE;
    for (const [key, { show, due }] of this.#asked) {
      if (due > began) continue;
      this.#asked.delete(key);
      this.#shown.set(key, began);
      guarded(show);
    }
    this.#settle(began);
  }

  /** A timer of this frame comes after its paint. */
  #settle(began: number): void {
    setTimeout(() => {
      if (this.#charts.size) {
        requestAnimationFrame(() => this.#settle(began));
        return;
      }
      const now = performance.now();
      this.#spent = 0;
      this.#free = now + Math.min(LONGEST, now - began);
      this.#busy = false;
      this.#plan();
    }, 0);
  }
}

/** What fails in one pane is told, and keeps no other from being drawn. */
function guarded(draw: () => void): void {
  try {
    draw();
  } catch (error) {
    console.error("[offdiagonal]", error);
  }
}

/** Of all panes of a page: they share its time. */
export const frames = new Frames();

/** A share of its points that moves a line by half a pixel, on a chart that is a thousand wide. */
const HALF_PIXEL = 1 / 2000;

/** Whether a reader could see what has come to some runs: any news but a few points of very many. */
export function canBeSeen(before: RunsState, after: RunsState): boolean {
  if (before.findings !== after.findings || before.runs.length !== after.runs.length) return true;
  return after.runs.some((run, i) => {
    const old = before.runs[i] as RunMeta;
    if (old.id !== run.id || old.status !== run.status) return true;
    if (old.events !== run.events || old.layers !== run.layers || old.metrics.length !== run.metrics.length)
      return true;
    return run.metrics.some(
      ({ points, bad }, j) =>
        bad !== old.metrics[j]?.bad || points - (old.metrics[j]?.points ?? 0) > HALF_PIXEL * points,
    );
  });
}
