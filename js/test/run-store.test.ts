/** Runs of a page: the state, what comes behind it, and what is said to the kernel. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunsState, TailHeader } from "../src/core/run";
import { type Answer, type Message, type Model, Peer } from "../src/store/peer";
import { Frames } from "../src/store/run-frames";
import { RunStore } from "../src/store/run-store";
import { packed } from "./runs";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (call: () => void) => setTimeout(call, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function state(points = 3, status = "running"): ArrayBuffer {
  const steps = Array.from({ length: points }, (_, i) => i);
  const header = {
    fingerprint: "f",
    variable: "run",
    created: 0,
    saved: null,
    parts: ["slice: label 8"],
    findings: [],
    differences: { settings: [], warning: null },
    runs: [
      {
        id: "a",
        name: "first",
        status,
        started: 0,
        config: {},
        metrics: [
          {
            name: "loss",
            points,
            first: 0,
            last: points - 1,
            last_value: 1,
            best: { value: 1, step: 0 },
            bad: 0,
          },
        ],
        events: [],
        steps_per_epoch: null,
        layers: { parameters: null, activations: null },
        examples: null,
        error: null,
      },
    ],
  } as unknown as RunsState;
  return packed(header, {
    "0/0/step": ["f8", steps],
    "0/0/mean": ["f4", steps.map(() => 1)],
    "0/0/time": ["f4", steps],
    "part/0/step": ["f8", [0, 2]],
    "part/0/value": ["f4", [2, 1]],
  });
}

function tail(from: number, values: number[], more: Partial<TailHeader["runs"][0]> = {}): Answer {
  const metrics = [{ name: "loss", from }];
  const header = {
    runs: [{ index: 0, status: "running", metrics, events: null, layers: null, ...more }],
    findings: null,
  };
  const steps = values.map((_, i) => from + i);
  return answer(
    "tail",
    packed(header, { "0/0/step": ["f8", steps], "0/0/value": ["f4", values], "0/0/time": ["f4", steps] }),
  );
}

function answer(type: string, buffer?: ArrayBuffer, more: object = {}): Answer {
  return { message: { type, ...more }, buffers: buffer ? [new DataView(buffer)] : [] };
}

/** A kernel that answers when a test says so. */
class Kernel implements Model {
  heard: Message[] = [];
  #listeners = new Set<(content: Message, buffers: DataView[]) => void>();
  get(): unknown {
    return undefined;
  }
  send(content: unknown): void {
    this.heard.push(content as Message);
  }
  on(_: string, listener: (...args: never[]) => void): void {
    this.#listeners.add(listener as never);
  }
  off(_: string, listener: (...args: never[]) => void): void {
    this.#listeners.delete(listener as never);
  }
  say({ message, buffers }: Answer): void {
    for (const listener of this.#listeners) listener(message, buffers);
  }
  types(): string[] {
    return this.heard.map(({ type }) => type);
  }
}

function live(): { store: RunStore; kernel: Kernel } {
  const store = new RunStore(state(), new Frames());
  const kernel = new Kernel();
  store.attach(
    new Peer(
      kernel,
      (said) => store.told(said),
      () => store.lost(),
    ),
  );
  return { store, kernel };
}

describe("tails", () => {
  test("come behind the curve, once a frame for who draws", () => {
    const { store, kernel } = live();
    kernel.say(tail(3, [0.5, 2]));
    kernel.say(tail(5, [Number.NaN, 0.25]));
    expect(store.version.value).toBe(0);
    vi.advanceTimersByTime(20);
    expect(store.version.value).toBe(1);
    expect(store.curve(0, "loss")?.points).toBe(6);
    expect(store.state.value.runs[0]?.metrics[0]).toEqual({
      name: "loss",
      points: 7,
      first: 0,
      last: 6,
      last_value: 0.25,
      best: { value: 0.25, step: 6 },
      bad: 1,
    });
  });

  test("a new metric begins at nought", () => {
    const { store, kernel } = live();
    kernel.say(tail(0, [0.1, 0.9], { metrics: [{ name: "val_accuracy", from: 0 }] }));
    expect(store.curve(0, "val_accuracy")?.size).toBe(2);
    vi.advanceTimersByTime(20);
    expect(store.state.value.runs[0]?.metrics[1]?.best).toEqual({ value: expect.closeTo(0.9, 5), step: 1 });
  });

  test("one that does not fit asks for all, which stands in place of what was there", async () => {
    const { store, kernel } = live();
    kernel.say(tail(5, [0.5]));
    expect(store.curve(0, "loss")?.points).toBe(3);
    const [hello] = kernel.heard;
    expect(hello?.type).toBe("hello");
    kernel.say(answer("runs", state(9), { request: hello?.request, steps: [2, 4] }));
    await vi.advanceTimersByTimeAsync(20);
    expect(store.curve(0, "loss")?.points).toBe(9);
    expect(store.range.value).toEqual([2, 4]);
    kernel.say(tail(9, [0.5]));
    expect(store.curve(0, "loss")?.points).toBe(10);
  });

  test("the one that ends a run asks for what is known only then", () => {
    const { kernel } = live();
    kernel.say(tail(3, [0.5], { status: "finished" }));
    expect(kernel.types()).toEqual(["hello"]);
    kernel.say(tail(4, [0.5], { status: "finished" }));
    expect(kernel.types()).toEqual(["hello"]);
  });
});

describe("steps", () => {
  test("brushed here are told to the kernel and to the page's other outputs of the same runs", () => {
    const { store, kernel } = live();
    const other = new RunStore(state(), new Frames());
    store.brush([1, 2]);
    expect(other.range.value).toEqual([1, 2]);
    expect(kernel.heard).toEqual([{ type: "steps", range: [1, 2] }]);
    kernel.say(answer("steps", undefined, { range: null }));
    expect(store.range.value).toBeNull();
    other.close();
    store.brush([0, 1]);
    expect(other.range.value).toEqual([1, 2]);
  });
});

describe("stop", () => {
  test("is said to be busy when nobody answers for two seconds, and stopping when somebody does", async () => {
    const { store, kernel } = live();
    store.stop(0);
    expect(store.stops.value.get(0)).toBe("asked");
    await vi.advanceTimersByTimeAsync(2100);
    expect(store.stops.value.get(0)).toBe("busy");
    kernel.say(answer("stopping", undefined, { run: 0, request: kernel.heard[0]?.request }));
    await vi.advanceTimersByTimeAsync(1);
    expect(store.stops.value.get(0)).toBe("stopping");
  });

  test("a saved output asks nobody", () => {
    const store = new RunStore(state(), new Frames());
    store.stop(0);
    expect(store.stops.value.size).toBe(0);
    expect(store.source.value).toBe("saved");
  });
});

test("the loss of selected examples comes with the state, and anew when others are selected", () => {
  const { store, kernel } = live();
  expect(store.parts.value.map(({ name, curve }) => [name, curve.size])).toEqual([["slice: label 8", 2]]);
  kernel.say(answer("parts", packed({ parts: [] }, {})));
  expect(store.parts.value).toEqual([]);
});

test("examples are gone where the kernel says so, and not where an answer was interrupted or failed", async () => {
  const { store, kernel } = live();
  const joined = { variable: "ev", fingerprint: "g", kinds: [], none: [], selected: null, by: "prediction" };
  kernel.say(answer("examples", undefined, { joined }));
  for (const code of ["interrupted", "internal", "message"]) {
    store.showExamples("late");
    const { request } = kernel.heard.at(-1) as Message;
    kernel.say(answer("error", undefined, { request, code, text: "no answer" }));
    await vi.advanceTimersByTimeAsync(1);
    expect(store.examples.joined.value).toEqual(code === "message" ? null : joined);
  }
});
