/** Everything that may happen to a page and its kernel, in every order of six steps: in the end both agree. */

import { effect } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Clause } from "../src/core/types";
import { registry } from "../src/store/registry";
import { Store } from "../src/store/store";
import { Kernel, metaOf, settled } from "./kernel";

const TILES = [
  {
    dims: ["label", "prediction"],
    codes: [Uint8Array.of(0, 1), Uint8Array.of(0, 1)],
    n: Uint8Array.of(5, 3),
  },
];
const DEPTH = 6;

/** What may happen; false where nothing can: the orders that go on from there are those of fewer steps. */
type Steps = Record<string, (world: World) => unknown>;

interface World {
  kernel: Kernel;
  tabs: Store[];
  /** A clause that was not selected before. Only a kernel can count it. */
  next: () => Clause;
  leave: (() => void)[];
}

function world(tabs: number): World {
  let n = 0;
  registry().bus = new EventTarget(); // no store of an earlier order hears this one
  const kernel = new Kernel();
  kernel.held = [];
  kernel.count = ([clause]) => [clause?.field === "text" ? Number(clause.contains) : 0];
  const stores = Array.from({ length: tabs }, () => new Store(metaOf(), TILES, "groups"));
  const leave = stores.map((store) => kernel.attach(store));
  return { kernel, tabs: stores, next: () => ({ field: "text", contains: `${++n}` }), leave };
}

/** Until nothing is on its way. */
async function rest({ kernel }: World): Promise<void> {
  for (let i = 0; i < 50; i++) {
    await kernel.run();
    while (kernel.held?.length) kernel.hear();
    await settled();
    if (kernel.quiet) return;
  }
  throw new Error("never at rest");
}

/** Where the page and the kernel differ at the end, in words; nothing where they agree. */
async function differ(end: World): Promise<string> {
  const { kernel, tabs } = end;
  const looks = tabs.map((store) => effect(() => void store.count([]).value));
  await rest(end);
  const wrong = tabs.flatMap((store, i) => {
    const { values, state } = store.count([]).value;
    const [clause] = kernel.clauses;
    const wanted = clause?.field === "text" ? Number(clause.contains) : 8;
    return [
      JSON.stringify(store.clauses.value) === JSON.stringify(kernel.clauses)
        ? ""
        : `tab ${i} selects other rows`,
      store.canUndo.value === kernel.past.length > 0 ? "" : `tab ${i} undoes otherwise`,
      state === "exact" && values[0] === wanted
        ? ""
        : `tab ${i} counts ${values[0]}, ${state}, not ${wanted}`,
      store.error.value ?? "",
      store.waiting.value ? `tab ${i} waits` : "",
    ];
  });
  kernel.where(end.next());
  await rest(end);
  for (const store of tabs)
    if (JSON.stringify(store.clauses.value) !== JSON.stringify(kernel.clauses))
      wrong.push("Python is not heard");
  for (const stop of looks) stop();
  return wrong.filter(Boolean).join("; ");
}

/** Every order of six steps; what went wrong, with the order that led there. */
async function everyOrder(
  steps: Steps,
  tabs = 1,
  last: (world: World) => void = () => {},
): Promise<string[]> {
  const names = Object.keys(steps);
  const wrong: string[] = [];
  for (let code = 0; code < names.length ** DEPTH; ) {
    const now = world(tabs);
    const order: string[] = [];
    let further = names.length ** DEPTH;
    while (order.length < DEPTH) {
      further /= names.length;
      const name = names[Math.floor(code / further) % names.length] as string;
      order.push(name);
      if ((await steps[name]?.(now)) === false) break;
    }
    code += further;
    if (order.length === DEPTH) {
      last(now);
      const difference = await differ(now);
      if (difference) wrong.push(`${order.join(" ")}: ${difference}`);
      if (wrong.length > 5) break;
    }
    for (const leave of now.leave) leave();
  }
  return wrong;
}

const first = ({ tabs }: World): Store => tabs[0] as Store;
const CLICK: Steps = { click: (now) => first(now).select([now.next()]) };
const UNDO: Steps = { undo: (now) => first(now).canUndo.value && first(now).undo() };
const PYTHON: Steps = { python: ({ kernel, next }) => kernel.where(next()) };
const READ: Steps = { read: ({ kernel }) => kernel.unread > 0 && kernel.run(1) };
const HEAR: Steps = {
  hear: async ({ kernel }) => {
    if (!kernel.held?.length) return false;
    kernel.hear();
    await settled();
  },
};
const BREAK: Steps = { break: ({ kernel }) => !kernel.quiet && kernel.drop() };
const BACK: Steps = { back: ({ kernel }) => kernel.back() };
const back = ({ kernel }: World): void => {
  kernel.drop();
  kernel.back();
};

describe("in every order of six steps", { timeout: 120_000 }, () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
    registry().stores.clear();
  });

  test("clicks, undo and Python on a slow connection to a busy kernel", async () => {
    expect(await everyOrder({ ...CLICK, ...UNDO, ...PYTHON, ...READ, ...HEAR })).toEqual([]);
  });

  test("a connection that breaks and comes back", async () => {
    expect(await everyOrder({ ...CLICK, ...PYTHON, ...READ, ...HEAR, ...BREAK }, 1, back)).toEqual([]);
    expect(await everyOrder({ ...CLICK, ...UNDO, ...READ, ...BREAK, ...BACK }, 1, back)).toEqual([]);
  });

  test("two tabs", async () => {
    const other: Steps = { other: ({ tabs, next }) => tabs[1]?.select([next()]) };
    const undo: Steps = { undo: ({ tabs }) => tabs[1]?.canUndo.value && tabs[1].undo() };
    expect(await everyOrder({ ...CLICK, ...other, ...undo, ...READ, ...HEAR }, 2)).toEqual([]);
  });

  test("a second view of a page that is closed", async () => {
    const open: Steps = { open: (now) => void now.leave.push(now.kernel.attach(first(now))) };
    const close: Steps = { close: ({ leave }) => leave.length > 1 && leave.pop()?.() };
    expect(await everyOrder({ ...CLICK, ...open, ...close, ...READ, ...HEAR })).toEqual([]);
  });
});
