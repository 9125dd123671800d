/** Several runs: what each came to, in what they differ, and which are drawn. */

import { visible } from "../core/highlight.ts";
import { headline, inWords } from "../core/metrics.ts";
import type { RunMeta } from "../core/run.ts";
import { figure, stepText } from "../core/run-format.ts";
import { valueAt } from "../core/series.ts";
import { COLORS, dashOf } from "./run-drawn.ts";
import { statusText } from "./run-head.tsx";
import { Swatch } from "./run-labels.tsx";
import type { Model } from "./run-model.ts";

export function Legend({ model }: { model: Model }) {
  const { store, hidden, equal } = model;
  const { runs, differences } = store.state.value;
  if (runs.length < 2) return null;
  const metric = runs.map(headline).find((name) => name !== null);
  const toggle = (place: number): void => {
    const next = new Set(hidden.value);
    if (!next.delete(place)) next.add(place);
    hidden.value = next;
  };
  return (
    <section class="legend" aria-label="Runs">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">run, a click hides it</th>
              {differences.settings.map(([name]) => (
                <th key={name} scope="col">
                  <bdi>{visible(name)}</bdi>
                </th>
              ))}
              <th scope="col">{equal.value ? "at step" : "step"}</th>
              {metric && <th scope="col">{visible(inWords(metric))}</th>}
              {metric && <th scope="col">best, at step</th>}
            </tr>
          </thead>
          <tbody>
            {runs.map((run, i) => (
              <tr key={run.id} class={hidden.value.has(i) ? "off" : ""}>
                <th scope="row">
                  <button
                    type="button"
                    class="run"
                    aria-pressed={!hidden.value.has(i)}
                    onClick={() => toggle(i)}
                  >
                    <Swatch
                      color={`--run-${i % COLORS}`}
                      dash={dashOf({
                        run: i,
                        part: "",
                        several: true,
                        others: false,
                        forced: model.forced.value,
                      })}
                      strong
                      width={22}
                    />
                    <bdi>{visible(run.name)}</bdi>
                  </button>{" "}
                  {run.status !== "finished" && (
                    <span class={`status ${run.status}`}>{statusText(run, store)}</span>
                  )}
                </th>
                {differences.settings.map(([name, values]) => (
                  <td key={name}>{setting(values[i])}</td>
                ))}
                <Came model={model} run={run} place={i} metric={metric ?? null} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {differences.warning && <p class="warning">{visible(differences.warning)}</p>}
    </section>
  );
}

/** How far a run came and what to: in all, or within the budget that all have. */
function Came({
  model,
  run,
  place,
  metric,
}: {
  model: Model;
  run: RunMeta;
  place: number;
  metric: string | null;
}) {
  const { groups, ruler, whole } = model.drawn.value;
  const meta = run.metrics.find(({ name }) => name === metric);
  const ends = run.metrics.flatMap(({ last }) => (last === null ? [] : [last]));
  const series = groups
    .flatMap((group) => group.series)
    .find((one) => one.run === place && one.metric === metric);
  const equal = model.equal.value && series;
  const value = equal ? valueAt(series, whole[1]) : meta?.last_value;
  const step = equal ? ruler.step(whole[1]) : ends.length ? Math.max(...ends) : null;
  return (
    <>
      <td>{step === null ? "—" : stepText(Math.round(step))}</td>
      {metric && <td>{figure(value)}</td>}
      {metric && <td>{meta?.best ? `${figure(meta.best.value)} at ${stepText(meta.best.step)}` : "—"}</td>}
    </>
  );
}

function setting(value: unknown): string {
  if (value === null || value === undefined) return "—";
  return typeof value === "number" ? figure(value) : visible(String(value));
}
