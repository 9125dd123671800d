/** Mounts runs of a saved output. */

import { RunStore } from "../store/run-store.ts";
import { inPlace, keepDrawn } from "./lifeline.ts";
import { mountRuns } from "./run-mount.tsx";
import { stored } from "./stored.ts";

/** Draw the runs in place of the island's static form. */
export function island(root: HTMLElement): Promise<void> {
  return keepDrawn(root, draw);
}

async function draw(root: HTMLElement): Promise<() => void> {
  const store = new RunStore(await stored(root, "data"));
  const el = document.createElement("div");
  root.append(el);
  const views = (root.dataset.views ?? "").split(" ");
  const unmount = mountRuns(el, store, views, JSON.parse(root.dataset.options ?? "{}"));
  const show = inPlace(root, el);
  return () => {
    unmount();
    show();
  };
}
