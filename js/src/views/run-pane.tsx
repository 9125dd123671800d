/** Training runs as one output: what they came to, their curves, their layers, and what was found. */

import { useEffect, useRef } from "preact/hooks";
import { useWidth } from "../charts/axis.tsx";
import { amount, count } from "../core/format.ts";
import type { RunStore } from "../store/run-store.ts";
import { Curves } from "./run-curves.tsx";
import { Findings } from "./run-findings.tsx";
import { Controls, Head, Showing } from "./run-head.tsx";
import { Layers } from "./run-layers.tsx";
import { Legend } from "./run-legend.tsx";
import { type Model, useModel } from "./run-model.ts";
import { Side } from "./run-side.tsx";

interface Props {
  store: RunStore;
  views: string[];
  options: Record<string, unknown>;
}

export function Pane({ store, views, options }: Props) {
  const model = useModel(store, options);
  const [column, width] = useWidth<HTMLDivElement>();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => (ref.current ? followColors(ref.current, model) : undefined), [model]);
  const curves = views.includes("curves");
  return (
    <div class="runs" ref={ref} style={{ "--drawn": width }}>
      <div class="top">
        <Head model={model} />
        {curves && <Controls model={model} />}
      </div>
      {curves && <Legend model={model} />}
      <Showing model={model} />
      {curves ? (
        <div class="body">
          <div class="main-column" ref={column}>
            <Curves model={model} />
            <AllLayers model={model} />
          </div>
          <Side model={model} />
        </div>
      ) : (
        views.includes("layers") && (
          <div ref={column}>
            <AllLayers model={model} alone />
          </div>
        )
      )}
      {(views.includes("findings") || (curves && store.state.value.findings.length > 0)) && (
        <Findings model={model} />
      )}
      <Footer model={model} curves={curves} />
    </div>
  );
}

/** The layers of one of the runs, and the choice which. */
function AllLayers({ model, alone = false }: { model: Model; alone?: boolean }) {
  const { runs } = model.drawn.value;
  const { detail } = model;
  const watched = runs.flatMap(({ layers }, place) =>
    layers.parameters || layers.activations ? [place] : [],
  );
  const [first] = watched;
  if (first === undefined) {
    if (!alone) return null;
    return <p class="soft empty">No layers are logged: run.watch(model) or run.log_layers(...) does it.</p>;
  }
  if (!watched.includes(detail.value)) detail.value = first;
  return <Layers key={detail.value} model={model} place={detail.value} watched={watched} />;
}

/** What the output is drawn from. */
function Footer({ model: { store }, curves }: { model: Model; curves: boolean }) {
  const source = store.source.value;
  const { saved } = store.state.value;
  const text =
    source === "gone"
      ? "The kernel is gone: this stands as it last came."
      : source === "saved" && saved?.points && curves
        ? store.thinned > 1
          ? `Saved: ${count(saved.kept)} buckets of ${count(saved.points)} points, with the lowest and highest of each.`
          : `Saved: all ${amount(saved.points, "point")}.`
        : "";
  return text ? <p class="footer">{text}</p> : null;
}

/** A canvas keeps the colours that it was drawn with: draw again when the theme changes. */
function followColors(el: HTMLElement, { look, forced, colors }: Model): () => void {
  const host = (el.getRootNode() as ShadowRoot).host;
  const system = matchMedia("(forced-colors: active)");
  const again = (): void => {
    colors.clear();
    forced.value = system.matches;
    look.value++;
  };
  forced.value = system.matches;
  const observer = new MutationObserver(again);
  if (host) observer.observe(host, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
  system.addEventListener("change", again);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", again);
  };
}
