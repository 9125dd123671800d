/** Training runs as one output: what they came to, their curves, their layers, and what was found. */

import { useEffect, useRef } from "preact/hooks";
import type { RunStore } from "../store/run-store.ts";
import { Curves } from "./run-curves.tsx";
import { Controls, Head, Showing } from "./run-head.tsx";
import { type Model, useModel } from "./run-model.ts";

interface Props {
  store: RunStore;
  views: string[];
  options: Record<string, unknown>;
}

export function Pane({ store, views, options }: Props) {
  const model = useModel(store, options);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => (ref.current ? followColors(ref.current, model) : undefined), [model]);
  const curves = views.includes("curves");
  return (
    <div class="runs" ref={ref}>
      {curves && (
        <div class="top">
          <Head model={model} />
          <Controls model={model} />
        </div>
      )}
      <Showing model={model} />
      {curves && <Curves model={model} />}
    </div>
  );
}

/** A canvas keeps the colours that it was drawn with: draw again when the theme changes. */
function followColors(el: HTMLElement, { look }: Model): () => void {
  const host = (el.getRootNode() as ShadowRoot).host;
  const again = (): void => {
    look.value++;
  };
  const observer = new MutationObserver(again);
  if (host) observer.observe(host, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
  const forced = matchMedia("(forced-colors: active)");
  forced.addEventListener("change", again);
  return () => {
    observer.disconnect();
    forced.removeEventListener("change", again);
  };
}
