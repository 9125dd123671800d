import { computed, effect, signal } from "@preact/signals";
import { expect, test } from "vitest";
import { NO_GROUPS, scoreEffect, sliceEffects } from "../src/core/effects";
import type { Clause, Meta } from "../src/core/types";
import { effecting, type KeptEffects } from "../src/store/grouped";
import type { Answer, Message } from "../src/store/peer";
import { metaOf } from "./kernel";

const CLAUSE: Clause = { field: "c0", codes: [1], intervals: [] };

/** A source whose kernel answers when it is told to. */
function world(meta: Partial<Meta> = {}) {
  const asked: {
    question: Message;
    answer: (effects: (number | null)[] | null) => void;
    fail: () => void;
  }[] = [];
  const source = {
    meta: signal<Meta>({ ...metaOf({}), groups: true, ...meta }),
    status: signal("live"),
    effectsSaved: signal<KeptEffects[]>([]),
    ask: (question: Message) =>
      new Promise<Answer | null>((answer, fail) => {
        asked.push({
          question,
          answer: (found) =>
            answer(found && { message: { type: "effects", effects: { accuracy: found } }, buffers: [] }),
          fail: () => fail(new Error("interrupted")),
        });
      }),
  };
  const clauses = signal<Clause[]>([]);
  const found = effecting(
    source,
    computed(() => clauses.value),
    "scores",
    null,
  );
  const seen: (number | null)[] = [];
  effect(() => {
    seen.push(found.value && scoreEffect(found.value, "accuracy"));
  });
  return { source, clauses, asked, seen, last: () => seen.at(-1) };
}

const settled = () => new Promise((done) => setTimeout(done));

test("without groups nobody is asked, and intervals are as they are", () => {
  const { asked, last } = world({ groups: false });
  expect(asked).toEqual([]);
  expect(last()).toBe(1);
  expect(sliceEffects(NO_GROUPS, "c0", 0)).toEqual([1, 1]);
});

test("of a new selection nothing is known until the kernel has answered", async () => {
  const { clauses, asked, last } = world();
  asked[0]?.answer([2]);
  await settled();
  expect(last()).toBe(2);
  clauses.value = [CLAUSE];
  expect(last()).toBeNull();
  asked[1]?.answer([3]);
  await settled();
  expect(last()).toBe(3);
});

test("an answer to an older selection is not taken for one to the newest, which is asked next", async () => {
  const { clauses, asked, last } = world();
  clauses.value = [CLAUSE];
  asked[0]?.answer([2]);
  await settled();
  expect(last()).toBeNull();
  expect(asked[1]?.question.clauses).toEqual([CLAUSE]);
});

test("when the cell ran again the same selection is asked anew", async () => {
  const { source, asked, last } = world();
  asked[0]?.answer([2]);
  await settled();
  source.meta.value = { ...source.meta.value, created: source.meta.value.created + 1 };
  expect(last()).toBeNull();
  expect(asked.length).toBe(2);
});

test("what failed hides nothing that was saved, and is asked again when a kernel is back", async () => {
  const { source, asked, last } = world();
  const kept = {
    clauses: [],
    of: "scores",
    label: null,
    effects: { accuracy: [4] },
    meta: source.meta.value,
  };
  source.effectsSaved.value = [kept];
  expect(last()).toBe(4);
  asked[0]?.fail();
  await settled();
  expect(last()).toBe(4);
  source.status.value = "lost";
  source.status.value = "live";
  await settled();
  asked[1]?.answer([5]);
  await settled();
  expect(last()).toBe(5);
});

test("infinite is no interval", async () => {
  const { asked, last } = world();
  asked[0]?.answer([null]);
  await settled();
  expect(last()).toBe(Infinity);
  expect(
    sliceEffects(
      {
        c0: [
          [1.5, null],
          [2, 3],
        ],
      },
      "c0",
      1,
    ),
  ).toEqual([Infinity, 3]);
});
