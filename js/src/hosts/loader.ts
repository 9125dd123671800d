/** The script of an island: once it can be seen, and no live view shows the same, it draws itself. */

import { gunzip } from "../core/codec.ts";
import { registry } from "../store/registry.ts";
import { arrive, arrived } from "./arrive.ts";

/** Long enough for a live view that is on its way to draw first. */
const PATIENCE_MS = 700;

function stored(root: Element, name: string): Promise<ArrayBuffer> {
  return gunzip(root.querySelector(`script.od-${name}`)?.textContent?.trim() ?? "");
}

async function draw(root: HTMLElement): Promise<void> {
  if (registry().live.has(root.dataset.od as string)) {
    root.hidden = true;
    return;
  }
  const digest = root.dataset.digest as string;
  const front = arrived(digest) ?? arrive(digest, new TextDecoder().decode(await stored(root, "code")));
  front.island(root, await stored(root, "data"));
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

for (const root of document.querySelectorAll<HTMLElement>(".od-island:not([data-started])")) {
  root.dataset.started = "";
  registry().bus.addEventListener("live", () => {
    root.hidden = registry().live.has(root.dataset.od as string);
  });
  watch(root);
}
