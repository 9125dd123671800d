/** The script of an island: once it can be seen, and no live view shows the same, it draws itself. */

import { registry } from "../store/registry.ts";
import { arrive, arrived } from "./arrive.ts";
import { stored } from "./stored.ts";

/** Long enough for a live view that is on its way to draw first. */
const PATIENCE_MS = 700;

async function draw(root: HTMLElement): Promise<void> {
  if (registry().live.has(root.dataset.od as string)) {
    root.hidden = true;
    return;
  }
  const digest = root.dataset.digest as string;
  const front = arrived(digest) ?? arrive(digest, new TextDecoder().decode(await stored(root, "code")));
  await front.island(root);
}

/** Draw once the island is laid out and stays so: a live view that is on its way hides it. */
function watch(root: HTMLElement): void {
  const seen = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) ready();
  });
  const ready = (): void => {
    seen.disconnect();
    const patience = document.querySelector(".jp-Notebook, .lm-Widget") ? PATIENCE_MS : 0;
    setTimeout(() => {
      if (!laidOut(root)) watch(root);
      else draw(root).catch((error) => console.error("[offdiagonal]", error));
    }, patience);
  };
  if (laidOut(root)) ready();
  else seen.observe(root);
}

function laidOut(root: HTMLElement): boolean {
  return root.getClientRects().length > 0;
}

/** Hide the island while a live view shows the same. The page's bus outlives outputs: it must not hold them. */
function giveWay(root: HTMLElement): void {
  const { bus, live } = registry();
  const display = root.dataset.od as string;
  const held = new WeakRef(root);
  const look = (): void => {
    const island = held.deref();
    if (island) island.hidden = live.has(display);
    else bus.removeEventListener("live", look);
  };
  bus.addEventListener("live", look);
}

for (const root of document.querySelectorAll<HTMLElement>(".od-island:not([data-started])")) {
  root.dataset.started = "";
  giveWay(root);
  watch(root);
}
