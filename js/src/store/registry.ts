/** What all outputs on a page share, whichever build of the code drew them: plain data and one event bus. */

import type { Clause } from "../core/types.ts";

export interface Registry {
  /** Modules by digest, so that the code is loaded once a page. */
  code: Map<string, unknown>;
  /** Digests that a live view asked its kernel for. */
  asked: Set<string>;
  /** Stores by digest and fingerprint. */
  stores: Map<string, unknown>;
  /** Ids of the displays that a live view shows. */
  live: Set<string>;
  bus: EventTarget;
}

/** What was selected of an Evaluation, and in which store. */
export interface Selected {
  fingerprint: string;
  clauses: Clause[];
  from: string;
}

const KEY = Symbol.for("offdiagonal");

/** The page's registry; the stub and the loader make the same one. */
export function registry(): Registry {
  const page = globalThis as unknown as Record<symbol, Registry | undefined>;
  page[KEY] ??= {
    code: new Map(),
    asked: new Set(),
    stores: new Map(),
    live: new Set(),
    bus: new EventTarget(),
  };
  return page[KEY];
}

/** Outputs drawn by another build of the code have a store of their own: the page's bus keeps both in step. */
export function tellPage(detail: Selected): void {
  registry().bus.dispatchEvent(new CustomEvent("select", { detail }));
}

/** Hear what other stores select; the returned function ends it. */
export function hearPage(take: (selected: Selected) => void): () => void {
  const { bus } = registry();
  const listener = (event: Event): void => take((event as CustomEvent<Selected>).detail);
  bus.addEventListener("select", listener);
  return () => bus.removeEventListener("select", listener);
}
