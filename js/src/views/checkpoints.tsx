/** Whose predictions a saved output shows: those it was saved with, or those of a checkpoint of the training. */

import { useLayoutEffect } from "preact/hooks";
import { amount, count } from "../core/format.ts";
import { stepText } from "../core/run-format.ts";
import { checkpointsOf, type Kept } from "../store/checkpoints.ts";
import type { ViewProps } from "./view.ts";

export function Checkpoint({ store, options }: ViewProps) {
  const kept = options.checkpoints as Kept | undefined;
  const checkpoints = checkpointsOf(store);
  useLayoutEffect(() => kept && checkpoints.join(kept), [kept, checkpoints]);
  if (!kept || store.status.value === "live") return null;
  // All outputs of an Evaluation show one checkpoint: each offers those of the output that says which.
  const source = checkpoints.source.value;
  const { steps, of, shown } = source ?? kept;
  if (!steps.length)
    return <p class="checkpoint soft">None of {amount(of, "checkpoint")} found room here.</p>;
  const step = checkpoints.step.value;
  return (
    <p class="checkpoint">
      <label>
        Predictions{" "}
        <select
          value={step === null ? "" : steps.indexOf(step)}
          disabled={!source}
          onChange={({ currentTarget: { value } }) =>
            checkpoints.show(value === "" ? null : (steps[Number(value)] as number))
          }
        >
          <option value="">{shown === null ? "as given" : `of step ${stepText(shown)}, as saved`}</option>
          {steps.map((own, i) => (
            <option key={own} value={i}>
              of step {stepText(own)}
            </option>
          ))}
        </select>
      </label>{" "}
      <span class="soft">
        {steps.length < of
          ? `${count(steps.length)} of ${amount(of, "checkpoint")} are saved`
          : `all ${amount(of, "checkpoint")} are saved`}
        {source
          ? "; steps brushed in the run's curves choose one"
          : ", of an earlier state than the numbers shown"}
      </span>{" "}
      <span role="status">
        {step !== null && kept.standing.length > 0 && `${list(kept.standing)} stay as they were saved.`}
      </span>
    </p>
  );
}

/** `Measures and findings`. */
function list(names: readonly string[]): string {
  const text = names.join(" and ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
