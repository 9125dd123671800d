/** The examples in view: any number of rows, most confident errors first. */

import { untracked, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { Counted } from "../store/store.ts";
import { Grid } from "./examples-grid.tsx";
import { ExamplesModel, interest } from "./examples-model.ts";
import { Search, Tools } from "./examples-tools.tsx";
import type { ViewProps } from "./view.ts";

export function Examples({ store, options }: ViewProps) {
  const model = useMemo(() => new ExamplesModel(store, options.height), [store, options.height]);
  useSignalEffect(() => {
    void [store.clauses.value, store.status.value, store.meta.value, model.sort.value];
    untracked(() => model.refresh());
  });
  useEffect(() => () => model.rows.close(), [model]);
  return (
    <section class="examples" aria-label="Examples">
      <div class="e-top">
        <Title model={model} />
        <Search store={store} />
      </div>
      <Tools model={model} />
      <Grid model={model} />
      <Under model={model} />
    </section>
  );
}

function Title({ model }: { model: ExamplesModel }) {
  const waiting = model.rows.stale.value || model.rows.total.value === null;
  return (
    <h3 class="title">
      <b>Examples</b>
      <span>
        {" "}
        · {howMany(model)} · <span aria-live="polite">{orderText(model)}</span>
      </span>
      {waiting && model.store.status.value === "live" && (
        <span class="e-late"> · waiting for the kernel</span>
      )}
    </h3>
  );
}

function howMany({ store, rows }: ExamplesModel): string {
  const selected = store.selected.value;
  const total = rows.total.value;
  if (store.status.value === "live") return inRows(exact(selected) ?? total ?? 0);
  if (rows.frozen.value) return `${count(rows.seen)} of ${inRows(total ?? 0)}, seen before the kernel ended`;
  const kind = store.status.value === "lost" && !store.savedRows ? "seen" : "saved";
  const n = exact(selected);
  if (n === null) return `${count(total ?? 0)} ${kind} match`;
  return n === total ? inRows(n) : `${count(total ?? 0)} of ${count(n)} ${kind}`;
}

function exact(counted: Counted): number | null {
  return counted.state === "exact" ? (counted.values[0] ?? 0) : null;
}

function inRows(n: number): string {
  return `${count(n)} ${n === 1 ? "row" : "rows"}`;
}

function orderText(model: ExamplesModel): string {
  const { column, descending } = model.sort.value;
  const sorted = model.all.value.find((c) => c.key === column);
  if (!sorted) return interest(model.store);
  const name = sorted.key === "row" ? "row number" : visible(sorted.name);
  return `by ${name}, ${descending ? "descending" : "ascending"}`;
}

/** What to say below the rows: why there are none, what went wrong, what was done. */
function Under({ model }: { model: ExamplesModel }) {
  const { rows } = model;
  const none = rows.total.value === 0 && !rows.stale.value ? whyNone(model) : null;
  return (
    <div class="e-under">
      {none && (
        <p class="soft" style={{ minHeight: `${model.least()}px` }}>
          {none}
        </p>
      )}
      {rows.failure.value !== null && (
        <p>
          Rows could not be fetched: {rows.failure.value}.{" "}
          <button type="button" class="word" onClick={() => rows.retry()}>
            Try again
          </button>
        </p>
      )}
      <p role="status" class="soft e-small">
        {model.said.value}
      </p>
    </div>
  );
}

function whyNone({ store }: ExamplesModel): string {
  if (store.meta.value.n === 0) return "The table has no rows.";
  const n = exact(store.selected.value);
  if (n === 0) return "No example satisfies all of the selection: remove one of its chips, or press Undo.";
  if (store.status.value === "live") return "No example satisfies all of the selection.";
  if (store.status.value === "lost")
    return "None of these was seen before the kernel ended: run the cell again.";
  if (!store.savedRows?.rows.length) return "This was saved without examples: run its notebook to read them.";
  const which =
    n === null
      ? "No saved example matches"
      : n === 1
        ? "This example is not saved"
        : `None of these ${count(n)} examples is saved`;
  return `${which}: run its notebook to read them.`;
}
