/** What groups of rows do to the intervals of a selection: saved with an output, else asked of the kernel. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Effects, NO_GROUPS } from "../core/effects.ts";
import { sameClauses } from "../core/selection.ts";
import type { Clause, Meta } from "../core/types.ts";
import { keyOf } from "./counting.ts";
import type { Answer, Message } from "./peer.ts";

/** What a snapshot holds of one selection. */
export interface SavedEffects {
  clauses: Clause[];
  of: string;
  label: number | null;
  /** The dims of a matrix. */
  sides?: string[];
  effects: Effects;
}

/** The same, and of which description it is: slices may hold other rows in a later one. */
export interface KeptEffects extends SavedEffects {
  meta: Meta;
}

/** What is known of the rows: the parts of a store. */
export interface Grouped {
  meta: ReadonlySignal<Meta>;
  status: ReadonlySignal<string>;
  effectsSaved: ReadonlySignal<KeptEffects[]>;
  ask(question: Message): Promise<Answer | null>;
}

/** The effects on the numbers of a kind; null as long as nobody knows them. A kernel is asked while somebody looks. */
export function effecting(
  source: Grouped,
  clauses: ReadonlySignal<Clause[]>,
  of: string,
  label: number | null,
  sides: readonly string[] = [],
): ReadonlySignal<Effects | null> {
  const key = computed(() => keyOf(source.meta.value, clauses.value));
  const answered = signal<{ key: string; effects: Effects } | null>(null);
  let stop = (): void => {};
  const found = computed((): Effects | null => {
    if (!source.meta.value.groups) return NO_GROUPS;
    if (answered.value?.key === key.value) return answered.value.effects;
    const { created, version } = source.meta.value;
    const saved = source.effectsSaved.value.find(
      (one) =>
        one.of === of &&
        one.label === label &&
        (one.sides ?? []).join() === sides.join() &&
        one.meta.created === created &&
        one.meta.version === version &&
        sameClauses(one.clauses, clauses.value),
    );
    return saved?.effects ?? null;
  });
  let asked: string | null = null;
  const request = async (): Promise<void> => {
    const question = key.value;
    if (!source.meta.value.groups || source.status.value !== "live") return;
    if (asked !== null || answered.peek()?.key === question) return;
    asked = question;
    const answer = await source
      .ask({ type: "effects", of, label, sides, clauses: clauses.peek() })
      .catch(() => null);
    asked = null;
    if (question !== key.peek()) await request();
    else if (answer) answered.value = { key: question, effects: answer.message.effects as Effects };
  };
  return computed(() => found.value, {
    watched: () => {
      stop = effect(() => void request());
    },
    unwatched: () => stop(),
  });
}
