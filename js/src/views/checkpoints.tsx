/** Whose predictions a saved output shows: those it was saved with, or those of a checkpoint of the training. */

import { useEffect } from "preact/hooks";
import { amount, count } from "../core/format.ts";
import { checkpointsOf, type Kept } from "../store/checkpoints.ts";
import type { ViewProps } from "./view.ts";

export function Checkpoint({ store, options }: ViewProps) {
  const kept = options.checkpoints as Kept | undefined;
  const checkpoints = checkpointsOf(store);
  useEffect(() => kept && checkpoints.join(kept), [kept, checkpoints]);
  if (!kept || store.status.value === "live") return null;
  const { steps, of, shown, standing } = kept;
  if (!steps.length)
    return <p class="checkpoint soft">None of {amount(of, "checkpoint")} found room here.</p>;
  const place = checkpoints.place.value;
  return (
    <p class="checkpoint">
      <label>
        Predictions{" "}
        <select
          value={place ?? ""}
          onChange={({ currentTarget: { value } }) =>
            checkpoints.show(kept, value === "" ? null : (steps[Number(value)] as number))
          }
        >
          <option value="">{shown === null ? "as given" : `of step ${count(shown)}, as saved`}</option>
          {steps.map((step, i) => (
            <option key={step} value={i}>
              of step {count(step)}
            </option>
          ))}
        </select>
      </label>{" "}
      <span class="soft">
        {steps.length < of
          ? `${count(steps.length)} of ${amount(of, "checkpoint")} are saved`
          : `all ${amount(of, "checkpoint")} are saved`}
        ; steps brushed in the run's curves choose one
      </span>{" "}
      <span role="status">
        {place !== null && standing.length > 0 && `${list(standing)} stay as they were saved.`}
      </span>
    </p>
  );
}

/** `Measures and findings`. */
function list(names: readonly string[]): string {
  const text = names.join(" and ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
