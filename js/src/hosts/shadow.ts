/** A place for views in a shadow root: no host's style reaches them, and theirs reaches no host. */

import { render } from "preact";
import { followTheme } from "./theme.ts";

/** Make it; `remove` takes away what was drawn, and the place. */
export function shadowed(el: HTMLElement, style: string): { root: HTMLElement; remove: () => void } {
  const host = document.createElement("div");
  host.className = "od-host";
  // JupyterLab takes keys in the capture phase: this attribute is its documented way to leave them to us.
  host.dataset.lmSuppressShortcuts = "true";
  for (const type of ["keydown", "keyup", "keypress"])
    host.addEventListener(type, (event) => event.stopPropagation());
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = document.createElement("style");
  sheet.textContent = style;
  const root = document.createElement("div");
  root.className = "od";
  shadow.append(sheet, root);
  el.append(host);
  const unfollow = followTheme(host);
  return {
    root,
    remove: () => {
      unfollow();
      render(null, root);
      host.remove();
    },
  };
}
