/** Beside the curves: what the brushed steps did to each metric, units that never fire, examples apart. */

import { amount, percent } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { deadUnits } from "../core/layers.ts";
import type { RunMeta } from "../core/run.ts";
import { figure, stepText } from "../core/run-format.ts";
import { valueAt } from "../core/series.ts";
import { Apart } from "./run-apart.tsx";
import { chartsOf, type Model, whose } from "./run-model.ts";

export function Side({ model }: { model: Model }) {
  const { runs } = model.drawn.value;
  const place = model.detail.value;
  const run = runs[place];
  return (
    <div class="side-panel">
      <Brushed model={model} />
      {run && <Units model={model} run={run} place={place} />}
      {run && <Apart model={model} run={run} />}
    </div>
  );
}

/** Of each metric its value where the brushed steps begin and end. */
function Brushed({ model }: { model: Model }) {
  const { ruler, whole, runs } = model.drawn.value;
  const [groups] = chartsOf(model);
  const range = model.store.range.value;
  const [from, to] = range ? [ruler.at(range[0]), ruler.at(range[1])] : whole;
  const steps = range ?? [ruler.step(whole[0]), ruler.step(whole[1])];
  // Of several runs the loss alone: each has a line in the legend.
  const told = runs.length > 1 ? groups.slice(0, 1) : groups;
  const rows = told.flatMap(({ series }) => series);
  if (!rows.length) return null;
  const smooth = rows.some(({ window }) => window > 1);
  return (
    <section aria-label="Start and end of the steps">
      <h3 class="title">
        <b>
          Steps {stepText(Math.round(steps[0]))} to {stepText(Math.round(steps[1]))}
        </b>{" "}
        <span>
          · {range ? "brushed" : "all"}
          {smooth ? ", smoothed" : ""}
        </span>
      </h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">start</th>
              <th scope="col">end</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={`${one.run} ${one.metric}`}>
                <th scope="row">
                  <bdi class="metric" title={visible(one.words)}>
                    {visible(one.words)}
                  </bdi>
                </th>
                <td>{figure(valueAt(one, from) ?? one.smooth[0])}</td>
                <td>{figure(valueAt(one, to))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const MOST_UNITS = 6;

/** Layers with units that gave nought for every example of the last batch that was looked at. */
function Units({ model, run, place }: { model: Model; run: RunMeta; place: number }) {
  void model.store.version.value;
  const layers = model.store.layers(place, "activations");
  const values = layers?.stats.get("dead_share");
  const meta = run.layers.activations;
  if (!layers || !values || !meta) return null;
  const { dead, looked, step } = deadUnits(meta.names, meta.kinds, layers.steps, values);
  if (!looked) return null;
  return (
    <section aria-label="Units that never fire">
      <h3 class="title">
        <b>Units that never fire</b>{" "}
        <span>
          · {whose(model, run)}step {stepText(step)}
        </span>
      </h3>
      {dead.length === 0 && <p class="soft">None, in {amount(looked, "layer")}.</p>}
      <ul class="units">
        {dead.slice(0, MOST_UNITS).map(({ name, share }) => (
          <li key={name} class={share >= 0.4 ? "many" : ""}>
            <bdi title={visible(name)}>{visible(name)}</bdi>
            <span class="value">{percent(share)}</span>
            <span class="track">
              <span class="bar" style={{ width: `${100 * share}%` }} />
            </span>
          </li>
        ))}
      </ul>
      {dead.length > MOST_UNITS && (
        <p class="soft">
          {amount(dead.length - MOST_UNITS, "more layer")} with at most{" "}
          {percent(dead[MOST_UNITS]?.share ?? 0)}.
        </p>
      )}
    </section>
  );
}
