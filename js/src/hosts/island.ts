/** Mounts the views of a saved output. */

import { unpack } from "../core/codec.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { storeOf } from "../store/stores.ts";
import { families } from "./families.ts";
import { inPlace, keepDrawn } from "./lifeline.ts";
import { mount } from "./mount.tsx";
import { stored } from "./stored.ts";

/** Draw the island's views in place of its static form. */
export function island(root: HTMLElement): Promise<void> {
  return keepDrawn(root, draw);
}

async function draw(root: HTMLElement): Promise<() => void> {
  const { header, tiles } = unpack<Snapshot>(await stored(root, "data"));
  const store = storeOf(root.dataset.digest as string, header.meta, tiles, header.saved.tier);
  const first = store.saved.value === null && store.status.value === "saved";
  store.attachSnapshot(header, tiles);
  if (first && header.clauses.length) store.clauses.value = header.clauses;
  const options = { ...JSON.parse(root.dataset.options ?? "{}"), ...header.options };
  const el = document.createElement("div");
  root.append(el);
  const extra = await families(
    (root.dataset.families ?? "").split(" ").filter((digest) => digest),
    async (digest) => new TextDecoder().decode(await stored(root, "code", digest)),
  );
  const unmount = mount(el, store, (root.dataset.views ?? "").split(" "), options, extra);
  const show = inPlace(root, el);
  return () => {
    unmount();
    show();
  };
}
