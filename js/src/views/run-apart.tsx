/** Examples that were learned late, never, or forgotten: how many, and a click that shows them. */

import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { Joined, RunMeta } from "../core/run.ts";
import { type Model, whose } from "./run-model.ts";

const MEANT: Record<string, string> = {
  "learned late": "right for good only in the second half of the looks",
  "never learned": "right at no look",
  forgotten: "right once, wrong at the last look",
};

export function Apart({ model, run }: { model: Model; run: RunMeta }) {
  const { examples } = run;
  const joined = model.store.examples.joined.value;
  if (!examples) return null;
  return (
    <section class="apart" aria-label="Examples">
      <h3 class="title">
        <b>Examples</b>{" "}
        <span>
          · {whose(model, run)}
          {count(examples.n)}, {amount(examples.steps.length, "look")}
        </span>
      </h3>
      {joined ? <Shown model={model} joined={joined} /> : <Counted run={run} />}
    </section>
  );
}

const BY_LOSS = "By their loss, for no predictions are logged: right below ln 2. ";

/** Those of an Evaluation. */
function Shown({ model: { store }, joined }: { model: Model; joined: Joined }) {
  const { kinds, selected, variable, by } = joined;
  const ready = store.source.value === "live" || store.examples.near.value;
  if (!kinds.length)
    return (
      <p class="soft">
        {by === "loss" && BY_LOSS}None was learned late, never or forgotten
        {by === "loss" ? "." : `, by the labels of ${visible(variable)}.`}
      </p>
    );
  return (
    <>
      <table>
        <tbody>
          {kinds.map(({ name, n }) => (
            <tr key={name}>
              <th scope="row">
                <button
                  type="button"
                  class="kind"
                  aria-pressed={name === selected}
                  aria-disabled={!ready}
                  title={MEANT[name]}
                  onClick={() => ready && store.showExamples(name === selected ? null : name)}
                >
                  {name}
                </button>
              </th>
              <td>{count(n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft note">
        {by === "loss" && BY_LOSS}
        {ready
          ? `A click shows them in the views of ${visible(variable)}.`
          : `No view of ${visible(variable)} is on this page: run the notebook to see them.`}
      </p>
    </>
  );
}

/** What is known without an Evaluation, whose labels say which predictions are right. */
function Counted({ run: { examples } }: { run: RunMeta }) {
  if (!examples) return null;
  const rows: [name: string, n: number | null][] = [
    ["learned late", examples.learned_late],
    ["never learned", examples.never],
    ["forgotten", examples.forgotten],
  ];
  const known = rows.filter(([, n]) => n !== null);
  return (
    <>
      {known.length > 0 && (
        <table>
          <tbody>
            {known.map(([name, n]) => (
              <tr key={name} title={MEANT[name]}>
                <th scope="row">{name}</th>
                <td>{count(n ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="soft note">
        {known.length > 0
          ? BY_LOSS
          : examples.predicted && examples.steps.length > 2
            ? "Labels say which predictions are right, and so which are learned late or forgotten. "
            : "Three looks at losses or predictions tell which are learned late or forgotten. "}
        <code>od.Evaluation(table, run=run)</code> {examples.predicted ? "has the labels." : "shows them."}
      </p>
    </>
  );
}
