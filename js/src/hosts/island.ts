/** Mounts the views of a saved output. */

import { unpack } from "../core/codec.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { storeOf } from "../store/stores.ts";
import { families } from "./families.ts";
import { mount } from "./mount.tsx";
import { stored } from "./stored.ts";

/** How many islands stay drawn though they were taken out of the page: most of those come back. */
const MOST_AWAY = 20;
const away = new Set<() => void>();

/**
 * Draw the island's views in place of its static form. A host takes outputs out of the page when they are scrolled
 * away, and puts them back; those of earlier runs it forgets, and then nothing of ours may hold them.
 */
export async function island(root: HTMLElement): Promise<void> {
  let drawn: Promise<() => void> | null = draw(root);
  const erase = (): void => {
    drawn?.then((unmount) => unmount());
    drawn = null;
  };
  const leave = (): void => {
    away.add(erase);
    if (away.size <= MOST_AWAY) return;
    const [oldest] = away;
    away.delete(oldest as () => void);
    oldest?.();
  };
  const enter = (): void => {
    away.delete(erase);
    drawn ??= draw(root);
  };
  await drawn;
  root.append(lifeline(enter, leave));
  if (!root.isConnected) leave();
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
  const stills = [...root.querySelectorAll<HTMLElement>(":scope > .od-static")];
  for (const still of stills) still.hidden = true;
  return () => {
    unmount();
    el.remove();
    for (const still of stills) still.hidden = false;
  };
}

/** An element that tells when it is put into a page, and when it is taken out. */
function lifeline(enter: () => void, leave: () => void): HTMLElement {
  if (!customElements.get("od-lifeline")) {
    customElements.define(
      "od-lifeline",
      class extends HTMLElement {
        connectedCallback(): void {
          this.dispatchEvent(new Event("enter"));
        }
        disconnectedCallback(): void {
          this.dispatchEvent(new Event("leave"));
        }
      },
    );
  }
  const element = document.createElement("od-lifeline");
  element.hidden = true;
  element.addEventListener("enter", enter);
  element.addEventListener("leave", leave);
  return element;
}
