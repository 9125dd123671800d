/** Draws views into an element: in a shadow root, so that no host's style reaches them and theirs reaches no host. */

import { render } from "preact";
import type { Store } from "../store/store.ts";
import base from "../style/base.css";
import confidence from "../style/confidence.css";
import confusion from "../style/confusion.css";
import examples from "../style/examples.css";
import header from "../style/header.css";
import slices from "../style/slices.css";
import { Board } from "../views/board.tsx";
import type { Family } from "./families.ts";
import { followTheme } from "./theme.ts";

const STYLE = [base, header, confusion, slices, confidence, examples].join("\n");

/** Draw; the returned function takes everything away. */
export function mount(
  el: HTMLElement,
  store: Store,
  views: string[],
  options: Record<string, unknown>,
  families: Family[],
): () => void {
  const host = document.createElement("div");
  host.className = "od-host";
  // JupyterLab takes keys in the capture phase: this attribute is its documented way to leave them to us.
  host.dataset.lmSuppressShortcuts = "true";
  for (const type of ["keydown", "keyup", "keypress"])
    host.addEventListener(type, (event) => event.stopPropagation());
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = document.createElement("style");
  sheet.textContent = [STYLE, ...families.map((family) => family.style)].join("\n");
  const root = document.createElement("div");
  root.className = "od";
  shadow.append(sheet, root);
  el.append(host);
  const unfollow = followTheme(host);
  const leave = store.enter();
  const more = Object.assign({}, ...families.map((family) => family.views));
  render(<Board store={store} views={views} options={options} more={more} />, root);
  return () => {
    unfollow();
    render(null, root);
    leave();
    host.remove();
  };
}
