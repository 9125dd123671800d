/** Mounts a figure of a saved output. */

import { render } from "preact";
import { jsx } from "preact/jsx-runtime";
import type { Figure } from "../core/figure.ts";
import base from "../style/base.css";
import figure from "../style/figure.css";
import findings from "../style/findings.css";
import { FigureView } from "../views/figure.tsx";
import { inPlace, keepDrawn } from "./lifeline.ts";
import { shadowed } from "./shadow.ts";
import { stored } from "./stored.ts";

/** Draw the figure in place of the island's static form. */
export function island(root: HTMLElement): Promise<void> {
  return keepDrawn(root, draw);
}

async function draw(root: HTMLElement): Promise<() => void> {
  const given: Figure = JSON.parse(new TextDecoder().decode(await stored(root, "data")));
  const el = document.createElement("div");
  root.append(el);
  const place = shadowed(el, `${base}\n${findings}\n${figure}`);
  render(jsx(FigureView, { figure: given }), place.root);
  const show = inPlace(root, el);
  return () => {
    place.remove();
    show();
  };
}
