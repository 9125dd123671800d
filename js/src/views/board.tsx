/** Several views of one Evaluation as one output. */

import { Confidence } from "./confidence.tsx";
import { Confusion } from "./confusion.tsx";
import { Examples } from "./examples.tsx";
import { Banner, Footer, Header, Showing } from "./header.tsx";
import { Slices } from "./slices.tsx";
import type { View, ViewProps } from "./view.ts";

const VIEWS = {
  confusion: Confusion,
  slices: Slices,
  confidence: Confidence,
  examples: Examples,
} as const;

interface Props extends ViewProps {
  views: string[];
  /** Views of families. */
  more: Record<string, View>;
}

/** The views in their places: matrix, slices and the two curves side by side where there is room, examples below. */
export function Board({ store, views, options, more }: Props) {
  const { model, loss } = store.meta.value;
  // What a family has in place of a view of the board is for examples that are not right or wrong.
  const own = model && !loss;
  const all: Record<string, View> = own ? { ...more, ...VIEWS } : { ...VIEWS, ...more };
  // Of more classes than a grid has room for the family has a list of pairs.
  if (more.pairs && !options.rows) all.confusion = more.pairs;
  const Head = (own ? more.totals : more.header) || Header;
  const shown = views.filter((name) => name !== "header" && all[name]);
  const charts = shown.filter((name) => name !== "examples" && name !== "findings");
  const side: string[] = charts.filter(
    (name) => name === "confidence" || name === "calibration" || name === "losses",
  );
  const main = charts.filter((name) => !side.includes(name));
  const draw = (name: string) => {
    const View = all[name] as View;
    return <View key={name} store={store} options={options} />;
  };
  const alone = shown.length === 1 && !views.includes("header");
  const strip = views.includes("findings");
  const Note = more.note;
  const blocks = main.length + Math.min(side.length, 1);
  return (
    <div class={`board blocks-${blocks}`}>
      <div class="whole">
        <Banner store={store} />
        {views.includes("header") && <Head store={store} options={{ ...options, strip }} />}
        <Showing store={store} quiet={alone} />
      </div>
      {main.map(draw)}
      {side.length > 0 && <div class="stack">{side.map(draw)}</div>}
      {views.includes("examples") && <div class="whole">{draw("examples")}</div>}
      {strip && (alone || store.meta.value.findings.length > 0) && (
        <div class="whole">{draw("findings")}</div>
      )}
      <div class="whole">
        {Note && <Note store={store} options={options} />}
        <Footer store={store} />
      </div>
    </div>
  );
}
