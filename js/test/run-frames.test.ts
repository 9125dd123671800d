/** When what has come is shown, and who draws in which frame. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunsState } from "../src/core/run";
import { canBeSeen, Frames } from "../src/store/run-frames";

const FRAME = 16;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (call: () => void) => setTimeout(call, FRAME));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("what is asked for again before it is shown is shown once, as it came last", () => {
  const frames = new Frames();
  const shown: number[] = [];
  for (const k of [1, 2, 3]) frames.ask(frames, () => shown.push(k));
  vi.advanceTimersByTime(FRAME);
  expect(shown).toEqual([3]);
});

test("what nobody would see waits a quarter of a second, until something can be seen", () => {
  const frames = new Frames();
  const shown: number[] = [];
  const ask = (k: number, seen: boolean): void => frames.ask(frames, () => shown.push(k), seen);
  ask(1, true);
  vi.advanceTimersByTime(FRAME);
  ask(2, false);
  vi.advanceTimersByTime(150);
  expect(shown).toEqual([1]);
  ask(3, true);
  vi.advanceTimersByTime(2 * FRAME);
  expect(shown).toEqual([1, 3]);
  ask(4, false);
  vi.advanceTimersByTime(300);
  expect(shown).toEqual([1, 3, 4]);
});

test("after drawing the page has as long for other things", () => {
  const frames = new Frames();
  const times: number[] = [];
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const wait = (ms: number): void => {
    for (let k = 0; k < ms; k++) {
      clock++;
      vi.advanceTimersByTime(1);
    }
  };
  const draw = (): void => {
    times.push(clock);
    clock += 100;
  };
  frames.ask(frames, draw);
  wait(FRAME + 2);
  frames.ask(frames, draw);
  wait(400);
  expect(times).toHaveLength(2);
  expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(200);
});

test("charts that do not fit into a frame are drawn in the next ones, each as it was asked for last", () => {
  const frames = new Frames();
  const drawn: string[] = [];
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const [a, b, c] = [{}, {}, {}];
  const draw = (name: string) => (): void => {
    drawn.push(name);
    clock += 10;
  };
  frames.chart(a, draw("a"));
  frames.chart(b, draw("b"));
  frames.chart(c, draw("c"));
  frames.chart(b, draw("b again"));
  expect(drawn).toEqual(["a"]);
  frames.forgetChart(c);
  vi.advanceTimersByTime(3 * FRAME);
  expect(drawn).toEqual(["a", "b again"]);
});

test("what fails in one pane is told, and keeps no other from being shown", () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  const frames = new Frames();
  const shown: string[] = [];
  const fail = (): void => {
    throw new Error("no such column");
  };
  frames.ask({}, fail);
  frames.ask({}, () => shown.push("beside it"));
  vi.advanceTimersByTime(20 * FRAME);
  frames.ask({}, () => shown.push("later"));
  vi.advanceTimersByTime(20 * FRAME);
  expect(shown).toEqual(["beside it", "later"]);
  expect(told).toHaveBeenCalledTimes(1);
});

test("a chart that fails is told, and the others are drawn", () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  const frames = new Frames();
  const drawn: string[] = [];
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const draw = (name: string) => (): void => {
    clock += 10;
    if (name === "no") throw new Error("no such column");
    drawn.push(name);
  };
  for (const name of ["no", "no", "a", "no", "b"]) frames.chart({}, draw(name));
  vi.advanceTimersByTime(10 * FRAME);
  expect(drawn).toEqual(["a", "b"]);
  expect(told).toHaveBeenCalledTimes(3);
});

test("a few points of very many cannot be seen, all other news can", () => {
  const metric = { name: "loss", points: 1_000_000, bad: 0 };
  const run = { id: "a", status: "running", events: [], layers: {}, metrics: [metric] };
  const before = { findings: [], runs: [run] } as unknown as RunsState;
  const having = (part: object): RunsState =>
    ({ ...before, runs: [{ ...run, ...part }] }) as unknown as RunsState;
  const points = (n: number): object => ({ metrics: [{ ...metric, points: 1_000_000 + n }] });
  expect(canBeSeen(before, having(points(40)))).toBe(false);
  expect(canBeSeen(before, having(points(1000)))).toBe(true);
  expect(canBeSeen(before, having({ metrics: [{ ...metric, bad: 1 }] }))).toBe(true);
  expect(canBeSeen(before, having({ status: "stopped" }))).toBe(true);
  expect(canBeSeen(before, having({ events: [] }))).toBe(true);
  expect(canBeSeen(before, { ...before, findings: [] })).toBe(true);
});
