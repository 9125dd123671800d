/** Tells the islands of a page that a live view shows what they do. */

import { registry } from "../store/registry.ts";

export function announce(el: HTMLElement, display: string): void {
  el.classList.add("od-live");
  el.dataset.od = display;
  const { live, bus } = registry();
  live.add(display);
  bus.dispatchEvent(new Event("live"));
}

/** What ipywidgets fires when a model's kernel restarts, and when the model is closed; of a shutdown only sending tells. */
export const ENDS = ["comm_live_update", "comm:close", "destroy"];

/** JupyterLab asks for the state of all widgets when a connection is there again, and `asked` has then changed. */
export const RETURN = "change:asked";
