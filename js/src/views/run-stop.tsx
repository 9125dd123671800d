/** Asks a training to end, and says what becomes of that. */

import { visible } from "../core/highlight.ts";
import type { RunStore } from "../store/run-store.ts";

export function Stop({ store, run }: { store: RunStore; run: number }) {
  const { runs } = store.state.value;
  const { name, status } = runs[run] ?? { name: "", status: "finished" };
  if (store.source.value !== "live" || (status !== "running" && status !== "stopping")) return null;
  const asked = store.stops.value.get(run);
  const stopping = status === "stopping" || asked === "stopping";
  return (
    <span class="stop">
      <button
        type="button"
        class="word"
        aria-disabled={asked !== undefined || stopping}
        onClick={() => asked === undefined && !stopping && store.stop(run)}
      >
        {runs.length > 1 ? `Stop ${visible(name)}` : "Stop"}
      </button>
      <span role="status" class="soft">
        {stopping
          ? "stops at its next log"
          : asked === "busy"
            ? "the kernel is busy with this cell; interrupt the kernel, or train in a thread: run.start(train)"
            : ""}
      </span>
    </span>
  );
}
