/** What only the kernel knows: the answer to the last question, and whether it is to this one. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { sameClauses } from "../core/selection.ts";
import type { Clause } from "../core/types.ts";
import { keyOf } from "../store/counting.ts";
import type { Answer, Message } from "../store/peer.ts";
import type { CountState, Store } from "../store/store.ts";

export interface Answered {
  answer: Answer | null;
  state: CountState;
  /** Why there is none. */
  error: string | null;
}

/** `question` null asks nothing. */
export function useAnswer(store: Store, question: Message | null): Answered {
  const live = store.status.value === "live";
  const key = question && keyOf(store.meta.value, question);
  const last = useSignal<{ key: string; answer: Answer | null; error: string | null } | null>(null);
  useEffect(() => {
    if (!question || !key || !live) return;
    let wanted = true;
    const take = (answer: Answer | null, error: string | null): void => {
      if (wanted) last.value = { key, answer: answer ?? last.peek()?.answer ?? null, error };
    };
    store
      .ask(question)
      .then((answer) => take(answer, null))
      .catch((error: Error) => take(null, error.message));
    return () => {
      wanted = false;
    };
  }, [key, live]);
  const now = last.value;
  const state = now?.key === key ? "exact" : live ? "waiting" : "stale";
  return { answer: now?.answer ?? null, state, error: now?.error ?? null };
}

/** Whether what a view has saved of all rows is of those of the split in force. */
export function ofSplit(store: Store, options: Record<string, unknown>): boolean {
  return sameClauses((options.split ?? []) as Clause[], store.split.value);
}
