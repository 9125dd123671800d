/** What a run is called and came to, and how its curves are drawn. */

import { visible } from "../core/highlight.ts";
import { headline, inWords } from "../core/metrics.ts";
import type { RunMeta } from "../core/run.ts";
import { duration, figure, stepText } from "../core/run-format.ts";
import type { Along } from "../core/series.ts";
import type { RunStore } from "../store/run-store.ts";
import { type Model, SMOOTHING } from "./run-model.ts";
import { Stop } from "./run-stop.tsx";

export function Head({ model }: { model: Model }) {
  const { store } = model;
  void store.version.value;
  const { runs } = store.state.value;
  const [run] = runs;
  if (!run) return <p class="soft">There is no run.</p>;
  if (runs.length > 1) {
    const running = runs.filter(({ status }) => status === "running" || status === "stopping").length;
    return (
      <div class="head">
        <h2>{runs.length} runs</h2>
        {running > 0 && (
          <span class="soft">
            {running} running{whenSaved(store)}
          </span>
        )}
      </div>
    );
  }
  const epoch = epochOf(store, run);
  const facts = [
    whole(run) !== null && `step ${stepText(whole(run) as number)}`,
    timeOf(store, run),
    lossText(run),
  ];
  return (
    <div class="head">
      <h2>
        <bdi>{visible(run.name)}</bdi>
      </h2>
      {epoch !== null && <span class="epoch">epoch {epoch}</span>}
      <span class={`status ${run.status}`}>{statusText(run, store)}</span>
      <span class="soft">{facts.filter(Boolean).join(" · ")}</span>
    </div>
  );
}

/** A saved output does not know what became of a run since. */
function whenSaved({ state }: RunStore): string {
  const at = state.value.saved?.at;
  return at ? ` when saved, ${at}` : "";
}

/** How a run stands. */
export function statusText({ status, error }: RunMeta, store: RunStore): string {
  switch (status) {
    case "running":
      return status + whenSaved(store);
    case "stopping":
      return whenSaved(store) ? `asked to stop${whenSaved(store)}` : "stops at its next log";
    case "crashed":
      return error ? `crashed: ${visible(error)}` : "crashed";
    case "lost":
      return "lost: its process is gone";
    default:
      return status;
  }
}

/** The last step at which anything was logged. */
function whole(run: RunMeta): number | null {
  const ends = run.metrics.flatMap(({ last }) => (last === null ? [] : [last]));
  return ends.length ? Math.max(...ends) : null;
}

function epochOf(store: RunStore, run: RunMeta): string | null {
  const curve = store.curve(0, "epoch");
  const last = run.metrics.find(({ name }) => name === "epoch")?.last_value;
  if (curve && last != null) return figure(Number.isInteger(last) ? last : Number(last.toFixed(1)));
  const at = whole(run);
  return run.steps_per_epoch && at !== null ? figure(Math.floor(at / run.steps_per_epoch)) : null;
}

export function timeOf(store: RunStore, run: RunMeta, place = 0): string {
  const ends = run.metrics.map(({ name }) => {
    const curve = store.curve(place, name);
    return curve?.size ? (curve.time[curve.size - 1] as number) : 0;
  });
  return ends.length ? duration(Math.max(...ends)) : "";
}

/** `validation loss 0.34, best 0.26 at step 520`. */
export function lossText(run: RunMeta): string {
  const name = headline(run);
  const metric = run.metrics.find((one) => one.name === name);
  if (!metric) return "";
  const best = metric.best && `, best ${figure(metric.best.value)} at step ${stepText(metric.best.step)}`;
  return `${visible(inWords(metric.name))} ${figure(metric.last_value)}${best ?? ""}`;
}

const ALONG: Record<Along, string> = { step: "Steps", epoch: "Epochs", time: "Time" };

export function Controls({ model }: { model: Model }) {
  const { store, along, log, smoothing, equal, drawn } = model;
  const { runs } = store.state.value;
  const epochs = runs.every((run, i) => run.steps_per_epoch || store.curve(i, "epoch"));
  const logged = drawn.value.log;
  const stops = runs.map((run, i) => <Stop key={run.id} store={store} run={i} />);
  // What draws nothing has nothing to choose.
  if (!drawn.value.groups.some(({ series }) => series.length)) return <div class="controls">{stops}</div>;
  return (
    <div class="controls">
      {stops}
      <select
        aria-label="What the curves are along"
        value={along.value}
        onChange={(event) => {
          along.value = event.currentTarget.value as Along;
        }}
      >
        {(["step", ...(epochs ? (["epoch"] as const) : []), "time"] as const).map((one) => (
          <option key={one} value={one}>
            {ALONG[one]}
          </option>
        ))}
      </select>
      <select
        aria-label="Smoothing"
        title="The strong line is the mean of so many neighbouring points; the raw one stays behind it"
        value={smoothing.value}
        onChange={(event) => {
          smoothing.value = Number(event.currentTarget.value);
        }}
      >
        {SMOOTHING.map((share) => (
          <option key={share} value={share}>
            {share ? `Smoothed over ${100 * share} %` : "Not smoothed"}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="word"
        aria-pressed={logged}
        onClick={() => {
          log.value = !logged;
        }}
      >
        Log scale
      </button>
      {runs.length > 1 && (
        <button
          type="button"
          class="word"
          aria-pressed={equal.value}
          title="Show all runs only up to where the shortest ends"
          onClick={() => {
            equal.value = !equal.value;
          }}
        >
          Equal budget
        </button>
      )}
    </div>
  );
}

/** What is brushed and zoomed. */
export function Showing({ model }: { model: Model }) {
  const { store, zoom } = model;
  const range = store.range.value;
  const zoomed = zoom.value;
  if (!range && !zoomed) return null;
  const one = store.thinned;
  return (
    <div class="showing">
      {range && (
        <button type="button" class="chip" onClick={() => store.brush(null)} title="Select all steps">
          steps {stepText(range[0])} to {stepText(range[1])} ✕
        </button>
      )}
      {range && (zoomed?.[0] !== range[0] || zoomed[1] !== range[1]) && (
        <button
          type="button"
          class="word"
          onClick={() => {
            zoom.value = range;
          }}
        >
          Zoom to them
        </button>
      )}
      {zoomed && (
        <button
          type="button"
          class="word"
          onClick={() => {
            zoom.value = null;
          }}
        >
          Show all steps
        </button>
      )}
      {zoomed && one > 1 && <span class="soft">saved at 1 point in {stepText(one)}</span>}
    </div>
  );
}
