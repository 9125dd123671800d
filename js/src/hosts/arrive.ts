/** Brings the code of the views onto the page: the first copy that arrives is the one that all outputs use. */

import { run } from "../store/inline.ts";
import type { Model } from "../store/peer.ts";
import { registry } from "../store/registry.ts";

/** What `main.ts` exports. */
export interface Front {
  live: (context: { model: Model; el: HTMLElement }) => () => void;
  island: (root: HTMLElement) => Promise<void>;
}

/** The copy of the code that the page has, or null. */
export function arrived(digest: string): Front | null {
  return (registry().code.get(digest) as Front | undefined) ?? null;
}

/** Run the code, unless a copy of it ran before. An inline script runs wherever a notebook runs scripts at all. */
export function arrive(digest: string, source: string): Front {
  const before = arrived(digest);
  if (before) return before;
  run(source);
  const page = globalThis as unknown as { __offdiagonal?: Front | undefined };
  const front = page.__offdiagonal;
  if (!front) throw new Error("this page does not run scripts");
  page.__offdiagonal = undefined;
  const { code, bus } = registry();
  code.set(digest, front);
  bus.dispatchEvent(new Event("code"));
  return front;
}
