/** Several views of one Evaluation as one output. */

import { Calibration } from "./calibration.tsx";
import { Confidence } from "./confidence.tsx";
import { Confusion } from "./confusion.tsx";
import { Examples } from "./examples.tsx";
import { Banner, Footer, Header, Showing } from "./header.tsx";
import { Slices } from "./slices.tsx";
import type { ViewProps } from "./view.ts";

const VIEWS = {
  confusion: Confusion,
  slices: Slices,
  confidence: Confidence,
  calibration: Calibration,
  examples: Examples,
} as const;

type Name = keyof typeof VIEWS;

/** The views in their places: matrix, slices and the two curves side by side where there is room, examples below. */
export function Board({ store, views, options }: ViewProps & { views: string[] }) {
  const shown = (Object.keys(VIEWS) as Name[]).filter((name) => views.includes(name));
  const charts = shown.filter((name) => name !== "examples");
  const side: Name[] = charts.filter((name) => name === "confidence" || name === "calibration");
  const main = charts.filter((name) => name === "confusion" || name === "slices");
  const draw = (name: Name) => {
    const View = VIEWS[name];
    return <View key={name} store={store} options={options} />;
  };
  const alone = shown.length === 1 && !views.includes("header");
  const blocks = main.length + Math.min(side.length, 1);
  return (
    <div class={`board blocks-${blocks}`}>
      <div class="whole">
        <Banner store={store} />
        {views.includes("header") && <Header store={store} />}
        <Showing store={store} quiet={alone} />
      </div>
      {main.map(draw)}
      {side.length > 0 && <div class="stack">{side.map(draw)}</div>}
      {views.includes("examples") && <div class="whole">{draw("examples")}</div>}
      <div class="whole">
        <Footer store={store} />
      </div>
    </div>
  );
}
