/** Mounts the views of a saved output. */

import { unpack } from "../core/codec.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { storeOf } from "../store/stores.ts";
import { mount } from "./mount.tsx";

/** Draw the island's views in place of its static form. */
export function island(root: HTMLElement, data: ArrayBuffer): void {
  const { header, tiles } = unpack<Snapshot>(data);
  const store = storeOf(root.dataset.digest as string, header.meta, tiles, header.saved.tier);
  const first = store.saved.value === null && store.status.value === "saved";
  store.attachSnapshot(header, tiles);
  if (first && header.clauses.length) store.select(header.clauses);
  const options = JSON.parse(root.dataset.options ?? "{}") as Record<string, unknown>;
  const el = document.createElement("div");
  root.append(el);
  mount(el, store, (root.dataset.views ?? "").split(" "), options);
  for (const still of root.querySelectorAll<HTMLElement>(":scope > .od-static")) still.hidden = true;
}
