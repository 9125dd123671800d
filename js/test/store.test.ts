import { effect } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Clause } from "../src/core/types";
import { registry } from "../src/store/registry";
import { IDLE_MS, Store } from "../src/store/store";
import { storeOf } from "../src/store/stores";
import { Kernel, metaOf, settled } from "./kernel";

const TILES = [
  {
    dims: ["label", "prediction"],
    codes: [Uint8Array.of(0, 0, 1), Uint8Array.of(0, 1, 1)],
    n: Uint8Array.of(5, 2, 3),
  },
];
const cell = (label: number, prediction: number): Clause => ({
  field: "cell",
  any: [{ label: [label], prediction: [prediction] }],
  outcome: null,
});
const [A, B, C] = [cell(0, 0), cell(0, 1), cell(1, 1)];
const text = (contains: string): Clause => ({ field: "text", contains });
const made = (more = {}): Store => new Store(metaOf(more), TILES, "groups");

/** A store with a kernel that it has spoken with. */
function live(): [Store, Kernel] {
  const [store, kernel] = [made(), new Kernel()];
  kernel.attach(store);
  return [store, kernel];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  registry().stores.clear();
});

describe("a page and its kernel", () => {
  test("select for each other", async () => {
    const [store, kernel] = live();
    store.select([A]);
    await kernel.run();
    expect(kernel.clauses).toEqual([A]);
    kernel.where(B);
    expect(store.clauses.value).toEqual([B]);
    expect(kernel.got("select")).toHaveLength(1);
  });

  test("an echo of an older click does not take the newer one back", async () => {
    const [store, kernel] = live();
    const seen: Clause[][] = [];
    effect(() => void seen.push(store.clauses.value));
    for (const clause of [A, B, C, A]) store.select([clause]);
    for (let i = 0; i < 4; i++) await kernel.run(1);
    expect(seen).toEqual([[], [A], [B], [C], [A]]);
    expect(kernel.clauses).toEqual([A]);
  });

  test("what Python selects before it comes to a click does not undo the click", async () => {
    const [store, kernel] = live();
    store.select([A]);
    kernel.where(B);
    expect(store.clauses.value).toEqual([A]);
    await kernel.run();
    expect([store.clauses.value, kernel.clauses]).toEqual([[A], [A]]);
    kernel.where(C);
    expect(store.clauses.value).toEqual([C]);
  });

  test("a click that changes nothing in the kernel is answered all the same", async () => {
    const [store, kernel] = live();
    store.select([A]);
    kernel.where(A);
    await kernel.run();
    kernel.where(B);
    expect(store.clauses.value).toEqual([B]);
  });

  test("a click that was made before the kernel joined holds, if nothing was selected there since", async () => {
    const [store, kernel] = [made(), new Kernel()];
    kernel.where(B);
    store.select([A]);
    kernel.age = 60;
    kernel.attach(store);
    expect(store.clauses.value).toEqual([A]);
    await kernel.run();
    expect(kernel.clauses).toEqual([A]);
    store.undo();
    await kernel.run();
    expect([store.clauses.value, kernel.clauses, kernel.past]).toEqual([[B], [B], [[]]]);
    const late = new Kernel("e2");
    late.where(C);
    store.select([A]);
    late.attach(store);
    expect(store.clauses.value).toEqual([C]);
  });

  test("what was saved yields to a kernel, however old its selection is", () => {
    const [store, kernel] = [made(), new Kernel()];
    store.clauses.value = [A];
    kernel.age = 60;
    kernel.attach(store);
    expect(store.clauses.value).toEqual([]);
  });

  test("two views of one page hear everything twice and act once", async () => {
    const [store, kernel] = live();
    const leave = kernel.attach(store);
    store.select([A]);
    store.select([B]);
    await kernel.run();
    expect(kernel.got("select")).toHaveLength(2);
    expect(store.clauses.value).toEqual([B]);
    leave();
    kernel.where(C);
    expect(store.clauses.value).toEqual([C]);
    expect(store.status.value).toBe("live");
  });

  test("what the kernel refuses is taken back and said, until a change succeeds", async () => {
    const [store, kernel] = live();
    kernel.refuses = (clauses) => clauses.some((clause) => clause.field === "text");
    kernel.where(A);
    store.select([text("x")]);
    await kernel.run();
    expect(store.clauses.value).toEqual([A]);
    expect(store.error.value).toBe("not known");
    store.select([B]);
    expect(store.error.value).toBeNull();
    await kernel.run();
    expect(store.clauses.value).toEqual([B]);
  });

  test("a second Evaluation of the same content follows, and may not take back what it does not know", async () => {
    const [store, kernel] = live();
    const other = new Kernel("e0");
    other.attach(store);
    const mask: Clause = { field: "rows", id: "a", count: 3 };
    other.refuses = (clauses) => clauses.some((clause) => clause.field === "rows");
    kernel.where(A);
    await other.run();
    expect(other.clauses).toEqual([A]);
    kernel.where(mask);
    await other.run();
    expect([store.clauses.value, kernel.clauses, other.clauses]).toEqual([[mask], [mask], [A]]);
    expect(store.error.value).toBeNull();
    other.where(B);
    await kernel.run();
    expect([store.clauses.value, kernel.clauses]).toEqual([[B], [B]]);
    store.undo();
    await kernel.run();
    await other.run();
    expect([store.clauses.value, kernel.clauses, other.clauses]).toEqual([[mask], [mask], [B]]);
  });
});

describe("undo", () => {
  test("without a kernel goes back over what was selected here", () => {
    const store = made();
    expect(store.canUndo.value).toBe(false);
    for (const clause of [A, B, C]) store.select([clause]);
    store.undo();
    store.undo();
    expect(store.clauses.value).toEqual([A]);
    store.undo();
    expect(store.clauses.value).toEqual([]);
    expect(store.canUndo.value).toBe(false);
    store.undo();
    expect(store.clauses.value).toEqual([]);
  });

  test("in Python is undo on the page: there is one history", async () => {
    const [store, kernel] = live();
    kernel.where(A);
    kernel.where(B);
    kernel.undo();
    expect(store.clauses.value).toEqual([A]);
    store.undo();
    await kernel.run();
    expect([store.clauses.value, kernel.clauses]).toEqual([[], []]);
    expect(store.canUndo.value).toBe(false);
  });

  test("on the page is at once, also while the kernel is busy, and moves Python by as many steps", async () => {
    const [store, kernel] = live();
    for (const clause of [A, B, C]) store.select([clause]);
    store.undo();
    store.undo();
    expect(store.clauses.value).toEqual([A]);
    for (let i = 0; i < 5; i++) {
      await kernel.run(1);
      expect(store.clauses.value).toEqual([A]);
    }
    expect([kernel.clauses, kernel.past]).toEqual([[A], [[]]]);
    expect(kernel.got("undo")).toHaveLength(2);
    kernel.undo();
    expect(store.clauses.value).toEqual([]);
    expect(store.canUndo.value).toBe(false);
  });

  test("goes back over what Python did before the page was there", async () => {
    const kernel = new Kernel();
    kernel.where(A);
    kernel.where(B);
    const store = made();
    kernel.attach(store);
    expect(store.clauses.value).toEqual([B]);
    store.select([C]);
    await kernel.run();
    for (const expected of [[B], [A], []]) {
      expect(store.canUndo.value).toBe(true);
      store.undo();
      await kernel.run();
      expect([store.clauses.value, kernel.clauses]).toEqual([expected, expected]);
    }
    expect(store.canUndo.value).toBe(false);
  });

  test("is Python's where both selected at the same time", async () => {
    const [store, kernel] = live();
    kernel.where(C);
    store.select([A]);
    kernel.undo();
    kernel.where(B);
    await kernel.run();
    expect(kernel.past).toEqual([[], [B]]);
    store.undo();
    await kernel.run();
    expect([store.clauses.value, kernel.clauses]).toEqual([[B], [B]]);
    store.undo();
    await kernel.run();
    expect([store.clauses.value, store.canUndo.value]).toEqual([[], false]);
  });

  test("goes on with what the page knows when the kernel is lost", async () => {
    const kernel = new Kernel();
    kernel.where(A);
    const store = made();
    const leave = kernel.attach(store);
    kernel.where(B);
    store.select([C]);
    await kernel.run();
    leave();
    expect(store.status.value).toBe("lost");
    store.undo();
    store.undo();
    expect(store.clauses.value).toEqual([A]);
    expect(store.canUndo.value).toBe(false);
  });

  test("is bounded, here as in Python", async () => {
    const [store, kernel] = live();
    for (let i = 0; i < 250; i++) store.select([text(`${i}`)]);
    await kernel.run(1000);
    for (let i = 0; i < 250; i++) store.undo();
    expect(store.canUndo.value).toBe(false);
    await kernel.run(1000);
    expect(store.clauses.value).toEqual([text("49")]);
    expect(kernel.clauses).toEqual([text("49")]);
  });
});

describe("counts", () => {
  /** A view that looks at a count. */
  function look(store: Store, by: string[] = []): { seen: () => [number[], string]; end: () => void } {
    let last: [number[], string] = [[], ""];
    const end = effect(() => {
      const { values, state } = store.count(by).value;
      last = [[...values], state];
    });
    return { seen: () => last, end };
  }

  test("are added up on the page where they can be, else asked of the kernel", async () => {
    const [store, kernel] = live();
    const view = look(store);
    store.select([A]);
    expect(view.seen()).toEqual([[5], "exact"]);
    expect(kernel.got("count")).toEqual([]);
    store.select([text("x")]);
    expect(view.seen()).toEqual([[5], "waiting"]);
    await kernel.run();
    expect(view.seen()).toEqual([[7], "exact"]);
    view.end();
  });

  test("wait as long as the kernel is busy, and then are those of the last question", async () => {
    const [store, kernel] = live();
    kernel.count = ([clause]) => [clause?.field === "text" ? clause.contains.length : 0];
    const view = look(store);
    for (const word of ["a", "bb", "ccc"]) store.select([text(word)]);
    vi.advanceTimersByTime(3_600_000);
    await settled();
    expect([store.error.value, store.waiting.value]).toEqual([null, true]);
    const states: unknown[] = [];
    const end = effect(() => void states.push([...store.count([]).value.values]));
    await kernel.run();
    expect(view.seen()).toEqual([[3], "exact"]);
    expect(states).toEqual([[10], [3]]);
    expect(store.waiting.value).toBe(false);
    view.end();
    end();
  });

  test("that fail are said, until the next one succeeds", async () => {
    const [store, kernel] = live();
    const view = look(store);
    kernel.count = () => "no memory";
    store.select([text("x")]);
    await kernel.run();
    expect(store.error.value).toBe("no memory");
    kernel.count = () => [2];
    store.select([text("y")]);
    await kernel.run();
    expect([store.error.value, view.seen()]).toEqual([null, [[2], "exact"]]);
    view.end();
  });

  test("are asked again through another view when the first one closes", async () => {
    const [store, kernel] = [made(), new Kernel()];
    const leave = kernel.attach(store);
    kernel.attach(store);
    const view = look(store);
    store.select([text("x")]);
    leave();
    await settled();
    await kernel.run();
    expect(view.seen()).toEqual([[7], "exact"]);
    expect([store.status.value, store.error.value]).toEqual(["live", null]);
    view.end();
  });

  test("are stale without a kernel, and no error", async () => {
    const [store, kernel] = live();
    const view = look(store);
    store.select([text("x")]);
    for (const model of kernel.models) model.gone = true;
    store.select([text("y")]);
    await settled();
    expect([store.status.value, store.error.value, store.waiting.value]).toEqual(["lost", null, false]);
    expect(view.seen()).toEqual([[10], "stale"]);
    const again = new Kernel("e2");
    again.where(text("z"));
    again.attach(store);
    await again.run();
    expect(view.seen()).toEqual([[7], "exact"]);
    view.end();
  });

  test("nobody looks at any more are not asked for", async () => {
    const [store, kernel] = live();
    const view = look(store);
    view.end();
    store.select([text("x")]);
    await kernel.run();
    expect(kernel.got("count")).toEqual([]);
    const again = look(store);
    await kernel.run();
    expect(again.seen()).toEqual([[7], "exact"]);
    expect(kernel.got("count")).toHaveLength(1);
    again.end();
  });
});

describe("outputs of another build of the code", () => {
  test("are told of a click, and tell their kernel once", async () => {
    const [[one, first], [two, second]] = [live(), live()];
    one.select([A]);
    expect(two.clauses.value).toEqual([A]);
    for (let i = 0; i < 5; i++) {
      await first.run();
      await second.run();
    }
    expect([first.got("select").length, second.got("select").length]).toEqual([1, 1]);
    expect([first.clauses, second.clauses]).toEqual([[A], [A]]);
    one.undo();
    for (let i = 0; i < 5; i++) {
      await first.run();
      await second.run();
    }
    expect([two.clauses.value, second.clauses]).toEqual([[], []]);
    expect(second.heard).toHaveLength(2);
  });

  test("of other content are left alone", () => {
    const [one, two] = [made(), made({ fingerprint: "f2" })];
    one.select([A]);
    expect(two.clauses.value).toEqual([]);
  });
});

describe("the stores of a page", () => {
  const stored = (more: object): Store => storeOf("d", metaOf(more), TILES, "groups");

  test("are one for each Evaluation", () => {
    expect(stored({})).toBe(stored({ created: 2 }));
    expect(stored({})).not.toBe(stored({ fingerprint: "f2" }));
  });

  test("say which run of a name is an earlier one, also when that one runs again", () => {
    const a = stored({ fingerprint: "a", created: 1 });
    const b = stored({ fingerprint: "b", created: 2 });
    const c = stored({ fingerprint: "c", created: 3, name: "other" });
    const earlier = () => [a, b, c].map((store) => store.earlier.value);
    expect(earlier()).toEqual([true, false, false]);
    a.attachSnapshot(
      {
        meta: metaOf({ fingerprint: "a", created: 3 }),
        rows: [],
        row_codes: {},
        clauses: [],
        saved: { rows: 0, text_chars: 0, tier: "groups", left_out: 0 },
      },
      TILES,
    );
    expect(earlier()).toEqual([false, true, false]);
  });

  test("keep what another output counted of a single class as long as the predictions are the same", () => {
    const ofClass = { dims: ["p0"], codes: [Uint8Array.of(0)], n: Uint8Array.of(10) };
    const other = [{ ...TILES[0], n: Uint8Array.of(4, 3, 3) }] as typeof TILES;
    const saved = { rows: 0, text_chars: 0, tier: "groups", left_out: 0 };
    const snapshot = (created: number) => {
      return { meta: metaOf({ created }), rows: [], row_codes: {}, clauses: [], saved };
    };
    const store = stored({ created: 1 });
    const dims = () => store.tiles.value.map((tile) => tile.dims.join());
    store.attachSnapshot(snapshot(1), [...TILES, ofClass]);
    expect(dims()).toEqual(["label,prediction", "p0"]);
    store.attachSnapshot(snapshot(2), TILES);
    expect(dims()).toEqual(["label,prediction", "p0"]);
    store.attachSnapshot(snapshot(3), other);
    expect(dims()).toEqual(["label,prediction"]);
  });

  test("without a name from the user accuse nobody", () => {
    const a = stored({ fingerprint: "a", created: 1, named: false });
    const b = stored({ fingerprint: "b", created: 2, named: false });
    expect([a.earlier.value, b.earlier.value]).toEqual([false, false]);
    const c = stored({ fingerprint: "c", created: 3 });
    expect([a.earlier.value, b.earlier.value, c.earlier.value]).toEqual([false, false, false]);
  });

  test("are closed when their last view has been gone for a while", () => {
    const a = stored({ fingerprint: "a", created: 1 });
    const b = stored({ fingerprint: "b", created: 2 });
    const [one, two] = [b.enter(), b.enter()];
    one();
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(registry().stores.size).toBe(2);
    two();
    const three = b.enter();
    vi.advanceTimersByTime(2 * IDLE_MS);
    expect(registry().stores.size).toBe(2);
    three();
    vi.advanceTimersByTime(IDLE_MS / 2);
    expect(registry().stores.size).toBe(2);
    vi.advanceTimersByTime(IDLE_MS);
    expect([...registry().stores.values()]).toEqual([a]);
    expect(a.earlier.value).toBe(false);
    expect(stored({ fingerprint: "b", created: 2 })).not.toBe(b);
  });
});
