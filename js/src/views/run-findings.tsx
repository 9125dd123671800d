/** What the curves say: title, evidence and what to try; a click on the steps of a finding selects them. */

import { visible } from "../core/highlight.ts";
import type { RunFinding } from "../core/run.ts";
import { stepText } from "../core/run-format.ts";
import type { Model } from "./run-model.ts";

export function Findings({ model }: { model: Model }) {
  const { findings, runs } = model.store.state.value;
  return (
    <section class="findings" aria-label="Findings">
      <h3 class="title">
        <b>Findings</b> <span>· what the curves say</span>
      </h3>
      {findings.length === 0 && <p class="soft">Nothing wrong was found in what is logged.</p>}
      {findings.map((finding) => (
        <One key={`${finding.run} ${finding.kind} ${finding.title}`} model={model} finding={finding}>
          {runs.length > 1 ? (runs[finding.run]?.name ?? "") : ""}
        </One>
      ))}
    </section>
  );
}

function One({ model, finding, children }: { model: Model; finding: RunFinding; children: string }) {
  const { title, certainty, evidence, try_next, rules_out, confirm_by, causes, theory, steps } = finding;
  const more: [head: string, text: string][] = [
    ["Usual causes", causes.join("; ")],
    ["Rules out", rules_out.join("; ")],
    ["Confirm by", confirm_by],
    ["Theory", theory],
  ];
  const told = more.filter(([, text]) => text);
  return (
    <div class={certainty === "hypothesis" ? "finding open" : "finding"}>
      <bdi>
        {children && <span class="soft">{visible(children)}: </span>}
        <b>{sentence(title)}</b> <span class="soft">{certainty}.</span> {sentence(evidence)}{" "}
        <span class="soft">{visible(try_next.map(sentence).join(" "))}</span>
      </bdi>{" "}
      {steps && <Steps model={model} steps={steps} />}
      {told.length > 0 && (
        <details>
          <summary>Why</summary>
          {told.map(([head, text]) => (
            <p key={head}>
              <span class="soft">{head}:</span> <bdi>{sentence(text)}</bdi>
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

function Steps({ model, steps }: { model: Model; steps: readonly [number, number] }) {
  const { store } = model;
  const range = store.range.value;
  const shown = range?.[0] === steps[0] && range[1] === steps[1];
  return (
    <button type="button" aria-pressed={shown} onClick={() => store.brush(shown ? null : steps)}>
      {steps[0] === steps[1]
        ? `Step ${stepText(steps[0])}`
        : `Steps ${stepText(steps[0])} to ${stepText(steps[1])}`}
    </button>
  );
}

/** With a capital and one full stop. */
function sentence(text: string): string {
  const given = visible(text.trim());
  const plain = given.charAt(0).toUpperCase() + given.slice(1);
  return !plain || /[.!?:]$/.test(plain) ? plain : `${plain}.`;
}
