/** Draws the views of an Evaluation into an element. */

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
import { shadowed } from "./shadow.ts";

const STYLE = [base, header, confusion, slices, confidence, examples].join("\n");

/** Draw; the returned function takes everything away. */
export function mount(
  el: HTMLElement,
  store: Store,
  views: string[],
  options: Record<string, unknown>,
  families: Family[],
): () => void {
  const { root, remove } = shadowed(el, [STYLE, ...families.map((family) => family.style)].join("\n"));
  const leave = store.enter();
  const more = Object.assign({}, ...families.map((family) => family.views));
  render(<Board store={store} views={views} options={options} more={more} />, root);
  return () => {
    remove();
    leave();
  };
}
