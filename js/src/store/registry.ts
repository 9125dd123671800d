/** What all outputs on a page share, whichever build of the code drew them: plain data and one event bus. */

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
