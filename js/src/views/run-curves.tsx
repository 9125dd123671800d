/** The chart of the loss, and a small one of each other kind of metric under it. */

import { type Signal, useSignal } from "@preact/signals";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { brief } from "../core/run-format.ts";
import { notAbove } from "../core/series.ts";
import { RunChart } from "./run-chart.tsx";
import { EventList, Marks } from "./run-events.tsx";
import { chartsOf, type Model } from "./run-model.ts";
import { readings, whereText } from "./run-steps.ts";

export function Curves({ model }: { model: Model }) {
  const { shown } = model.drawn.value;
  const told = useSignal<string | null>(null);
  const [[first, ...others], folded] = chartsOf(model);
  if (!first)
    return (
      <p class="soft empty">
        {shown.length
          ? "Nothing is logged yet: the curves begin with the first run.log(step, loss=...)."
          : "All runs are hidden: a click on a name above shows its curves."}
      </p>
    );
  return (
    <section class="curves" aria-label="Curves">
      <h3 class="title">
        <b>{heading(first.group.title)}</b> <span>· {how(model)}</span>
      </h3>
      <RunChart model={model} group={first.group} series={first.series} main>
        {(plot, stop) => <Marks model={model} plot={plot} stop={stop} told={told} />}
      </RunChart>
      {others.map(({ group, series }) => (
        <RunChart key={group.base} model={model} group={group} series={series} main={false} />
      ))}
      {folded.length > 0 && (
        <button
          type="button"
          class="word more"
          aria-expanded={model.unfolded.value}
          onClick={() => {
            model.unfolded.value = !model.unfolded.value;
          }}
        >
          {model.unfolded.value ? "Fewer charts" : amount(metricsIn(folded), "more metric")}
        </button>
      )}
      <Reading model={model} event={told} />
      <EventList model={model} />
    </section>
  );
}

function metricsIn(charts: ReturnType<typeof chartsOf>[1]): number {
  return charts.reduce((sum, { group }) => sum + group.names.length, 0);
}

function heading(title: string): string {
  return visible(title.charAt(0).toUpperCase() + title.slice(1));
}

/** What the lines are, in a few words. */
function how({ drawn, forced }: Model): string {
  const { groups, log, runs } = drawn.value;
  const series = groups[0]?.series ?? [];
  const window = Math.max(0, ...series.map((one) => one.window));
  const lost = log ? notAbove(series) : 0;
  return [
    window > 1 ? `raw pale, mean of ${count(window)} points strong` : "every point as it was logged",
    runs.length > 1 &&
      new Set(series.map(({ part }) => part)).size > 1 &&
      (forced.value ? "train thin and dashed" : "validation solid, train dashed"),
    lost > 0 && `${count(lost)} at or below 0 are not on a log scale`,
    "drag to select steps",
  ]
    .filter(Boolean)
    .join("; ");
}

/** What all curves come to where the pointer is. */
function Reading({ model, event }: { model: Model; event: Signal<string | null> }) {
  const at = model.hover.value;
  if (event.value !== null) return <p class="reading">{event.value}</p>;
  const { runs } = model.drawn.value;
  const [groups] = chartsOf(model);
  if (at === null) return <p class="reading">&nbsp;</p>;
  const told = runs.length > 1 ? groups.slice(0, 1) : groups;
  const said = told.flatMap(({ group, series }) => {
    const values = readings(series, at);
    if (!values.length) return [];
    return series.length === 1 ? values : `${brief(group.title)}: ${values.join(", ")}`;
  });
  return (
    <p class="reading">
      <b>{whereText(model, at)}</b> {visible(said.join(" · "))}
    </p>
  );
}
