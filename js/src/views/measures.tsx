/** Measures by name, of scikit-learn and of the user: of all rows, of the selection against the rest, of each slice. */

import { useSignal } from "@preact/signals";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import {
  duration,
  labelOf,
  type Measured,
  measuredRows,
  type Named,
  type Result,
  type SavedMeasures,
  textsOf,
  wordsOf,
} from "../core/measuring.ts";
import { type SliceSort, sortRows } from "../core/slicing.ts";
import type { Store } from "../store/store.ts";
import { type Asked, useAsked } from "./measures-asked.ts";
import { Dot, isSelected, nothing, toggle } from "./slices.tsx";
import { Grid } from "./slices-grid.tsx";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;

export function Measures({ store, options }: ViewProps) {
  const measures = (options.measures ?? []) as Named[];
  const saved = options.saved as SavedMeasures | undefined;
  const chosen = useSignal(typeof options.chosen === "number" ? options.chosen : null);
  const ids = measures.map(({ id }) => id);
  const asked = useAsked(store, ids, null, saved);
  const filtered = store.chosen.value.length > 0;
  const one = measures.find(({ id }) => id === chosen.value);
  return (
    <section class="measuring" aria-label="Measures">
      <h3 class="title">
        <b>Measures</b>{" "}
        <span>· 95 % interval{filtered ? ", difference: the selected less the rest" : ""}</span>
      </h3>
      {measures.length === 0 ? (
        <p class="soft">
          None were asked for: {store.meta.value.variable}.measures("kappa", your_function) shows some.
        </p>
      ) : (
        <table aria-label="Measures" class={filtered ? "filtered" : ""}>
          <thead>
            <tr>
              {["measure", "all rows", ...(filtered ? ["selected", "difference"] : [])].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {measures.map((measure) => (
              <Row
                key={measure.id}
                measure={measure}
                asked={asked}
                filtered={filtered}
                chosen={chosen.value === measure.id}
                onChoose={() => {
                  chosen.value = chosen.value === measure.id ? null : measure.id;
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      <Status asked={asked} store={store} />
      {one && <Slices key={one.id} store={store} measure={one} saved={saved} options={options} />}
      {measures.length > 0 && !one && <p class="foot">Choose a measure to see it for each slice.</p>}
    </section>
  );
}

interface RowProps {
  measure: Named;
  asked: Asked;
  filtered: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Row({ measure, asked, filtered, chosen, onChoose }: RowProps) {
  const { results, state } = asked;
  const all = results.get(labelOf("all", measure.id));
  const selected = results.get(labelOf("selected", measure.id));
  const { share, name } = measure;
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">
        <button
          type="button"
          class="word"
          aria-pressed={chosen}
          onClick={onChoose}
          title="Show it for each slice"
        >
          <bdi>{visible(name)}</bdi>
        </button>
        {measure.better < 0 && <span class="soft less"> less is better</span>}
      </th>
      <Cell found={all?.value} share={share} state={asked.whole} />
      {filtered && (
        <>
          <Cell found={selected?.value} share={share} state={state} />
          <Difference found={selected} measure={measure} state={state} />
        </>
      )}
    </tr>
  );
}

function Cell({ found, share, state }: { found: Measured | undefined; share: boolean; state: string }) {
  if (!found) return <td class="soft">…</td>;
  const [value, limits] = textsOf(found, share);
  return (
    <td data-state={state} title={found.value === null ? "" : found.method}>
      <span class={found.value === null ? "soft" : "strong"}>{value}</span>{" "}
      {found.value !== null && <span class="soft">{limits}</span>}{" "}
      {found.value !== null && <span class="soft n">n {count(found.n)}</span>}{" "}
      {found.pending && <span class="soft">interval not drawn yet</span>}
      {found.why && (
        <span class={found.failed ? "failed" : "soft"}>
          <bdi>{visible(found.why)}</bdi>
        </span>
      )}
    </td>
  );
}

function Difference({ found, measure, state }: { found: Result | undefined; measure: Named; state: string }) {
  const difference = found?.difference;
  if (!difference) return <td class="soft">…</td>;
  // The cell beside it says why there is no value.
  if (difference.value === null)
    return <td class="soft">{found.value.value === null ? "—" : visible(difference.why ?? "")}</td>;
  const [value, ...limits] = wordsOf(measure).difference(difference).split(" ");
  return (
    <td data-state={state} title={difference.method}>
      <span class={measure.better * difference.value < 0 && isClear(difference) ? "worse" : ""}>
        {value}
        {measure.share ? " pt" : ""}
      </span>{" "}
      <span class="soft">{limits.join(" ")}</span>
    </td>
  );
}

function isClear({ low, high }: Measured): boolean {
  return low !== null && high !== null && low * high > 0;
}

/** How far the kernel has come, and what it needs to go on. */
function Status({ asked, store }: { asked: Asked; store: Store }) {
  const { progress, stopped, slow, state, error } = asked;
  if (error) return <p class="foot failed">{visible(error)}</p>;
  if (state === "stale")
    return <p class="foot">Not saved for this selection: run its notebook to measure it.</p>;
  const unsaved =
    store.status.value !== "live" && [...asked.results.values()].some(({ value }) => value.pending);
  if (unsaved)
    return <p class="foot">Intervals that take long are not saved: run its notebook to draw them.</p>;
  if (!progress || progress.next === progress.steps) return null;
  const { next, steps, drawn, of, held } = progress;
  const tasks = steps / 2;
  if (held !== null)
    return (
      <p class="foot">
        {amount(steps - next, "interval")} not drawn: {count(of)} resamples of the rows each, about{" "}
        {duration(held)} in all. <Word text="Draw them" onClick={() => (slow.value = true)} />
      </p>
    );
  const done = next < tasks ? `measured ${next} of ${tasks}` : `interval ${next - tasks + 1} of ${tasks}`;
  return (
    <p class="foot">
      <span role="status">
        {stopped.value ? "Stopped" : "At work"}: {done}
        {drawn > 0 && `, ${count(drawn)} of ${count(of)} resamples`}.
      </span>{" "}
      <Word text={stopped.value ? "Go on" : "Stop"} onClick={() => (stopped.value = !stopped.value)} />
    </p>
  );
}

function Word({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" class="word small" onClick={onClick}>
      {text}
    </button>
  );
}

interface SlicesProps extends ViewProps {
  measure: Named;
  saved: SavedMeasures | undefined;
}

function Slices({ store, measure, saved, options }: SlicesProps) {
  const { name, better } = measure;
  const sort = useSignal<SliceSort>({ column: "difference", descending: better <= 0 });
  const asked = useAsked(store, [measure.id], measure.id, saved);
  const meta = store.meta.value;
  const rows = measuredRows(store.sliced.value, asked.results, asked.state);
  const unsaved = asked.results.size === 0 && store.status.value !== "live";
  return (
    <div class={`slices ${better > 0 ? "more" : better < 0 ? "less" : "either"}`}>
      <h4 class="title">
        <b>
          <bdi>{visible(name)}</bdi> by slice
        </b>{" "}
        <span>· and its difference to the rest{rows.length ? ` · ${count(rows.length)} looked at` : ""}</span>
      </h4>
      {rows.length === 0 ? (
        <p class="soft">{nothing(meta.variable)}</p>
      ) : unsaved ? (
        <p class="soft">Not saved for each slice: run its notebook to measure them.</p>
      ) : (
        <>
          <Grid
            groups={[{ title: null, rows: sortRows(rows, sort.value) }]}
            words={wordsOf(measure)}
            sort={sort}
            height={typeof options.height === "number" ? options.height : HEIGHT}
            isSelected={(row) => isSelected(store, row)}
            onToggle={(row, add) => toggle(store, row, add)}
            onClear={(row) => store.drop(row.field ? row.key : "slice")}
          />
          <Status asked={asked} store={store} />
          <p class="foot">
            <Dot filled /> the interval leaves out 0, as 1 in 20 does by chance alone; <Dot filled={false} />{" "}
            it does not. These are {amount(rows.length, "look")}, not confirmed findings.
            {better === 0 && " Whether more is better is not known."}
          </p>
        </>
      )}
    </div>
  );
}
