/** The stores of a page: one for each Evaluation and build of the code, as long as an output of it is drawn. */

import { effect, untracked } from "@preact/signals";
import type { Tile } from "../core/tiles.ts";
import type { Meta } from "../core/types.ts";
import { registry } from "./registry.ts";
import { Store } from "./store.ts";

/** The page's store of an Evaluation, where an output of it is drawn already. */
export function knownStore(digest: string, fingerprint: string): Store | null {
  return (registry().stores.get(`${digest} ${fingerprint}`) as Store | undefined) ?? null;
}

/** The page's store of an Evaluation, made when its first output is drawn. */
export function storeOf(digest: string, meta: Meta, tiles: Tile[], tier: string): Store {
  const known = knownStore(digest, meta.fingerprint);
  if (known) return known;
  const store = new Store(meta, tiles, tier);
  const { stores, bus } = registry();
  const key = `${digest} ${meta.fingerprint}`;
  const say = (): boolean => bus.dispatchEvent(new Event("stores"));
  const mark = (): void => {
    store.earlier.value = isEarlier(store, [...stores.values()] as Store[]);
  };
  stores.set(key, store);
  bus.addEventListener("stores", mark);
  const stop = effect(() => {
    void store.meta.value;
    untracked(say);
  });
  store.onClose(() => {
    stop();
    bus.removeEventListener("stores", mark);
    stores.delete(key);
    say();
  });
  return store;
}

/** Whether a later Evaluation of the same name is on the page; a name that the user did not give says nothing. */
function isEarlier(store: Store, stores: readonly Store[]): boolean {
  const own = store.meta.value;
  return stores.some((other) => {
    const { name, named, created, fingerprint } = other.meta.value;
    const same = named && own.named && name === own.name && fingerprint !== own.fingerprint;
    return same && created > own.created;
  });
}
