/** Draws the views of training runs into an element. */

import { render } from "preact";
import type { RunStore } from "../store/run-store.ts";
import base from "../style/base.css";
import findings from "../style/findings.css";
import run from "../style/run.css";
import chart from "../style/run-chart.css";
import layers from "../style/run-layers.css";
import side from "../style/run-side.css";
import { Pane } from "../views/run-pane.tsx";
import { shadowed } from "./shadow.ts";

/** Draw; the returned function takes everything away. */
export function mountRuns(
  el: HTMLElement,
  store: RunStore,
  views: string[],
  options: Record<string, unknown>,
): () => void {
  const { root, remove } = shadowed(el, [base, findings, run, chart, side, layers].join("\n"));
  render(<Pane store={store} views={views} options={options} />, root);
  return () => {
    remove();
    store.close();
  };
}
