/** How good the model is: its measures for all rows, and under each the same for those selected. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { amount, count, interval, percent, ratio, ratioInterval } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { accuracy, f1, macroF1, precision, recall } from "../core/measures.ts";
import type { Clause, Measure, Meta } from "../core/types.ts";
import type { CountState, Store } from "../store/store.ts";
import type { ViewProps } from "./view.ts";

export interface Named {
  name: string;
  /** The class that it is about, if it is about one. */
  of?: string;
  measure: Measure;
  /** Why it has no value, or no interval. */
  why: string;
}

const MATRIX = ["label", "prediction"] as const;
const TOO_FEW = "fewer than 10 judged examples";

export function Header({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const filtered = store.clauses.value.length > 0;
  const whole = useComputed(() => measuresOf(store.wholes(MATRIX), store.meta.value));
  const counted = store.sums(MATRIX);
  const selected = filtered ? measuresOf(counted.values, meta) : null;
  const classes = meta.classes.length - (meta.missing === null ? 0 : 1);
  return (
    <div class="header">
      <div class="measures">
        <div class="measure who">
          <h2 class="name" title={meta.name}>
            <bdi>{visible(meta.name)}</bdi>
          </h2>
          {selected && <span class="chosen">selected</span>}
        </div>
        {whole.value.map((named, i) => (
          <MeasureBlock
            key={named.name}
            named={named}
            selected={selected?.[i]?.measure ?? null}
            state={counted.state}
          />
        ))}
        {meta.auc && <Auc store={store} filtered={filtered} />}
        <div class="measure size">
          <span class="soft">
            {amount(meta.n)} · {amount(classes, "class", "classes")}
            {meta.weighted && " · weighted"}
            {meta.positive !== null && (
              <>
                {" · positive: "}
                <bdi>{visible(meta.classes[meta.positive] ?? "")}</bdi>
              </>
            )}
          </span>
        </div>
      </div>
      <Notes notes={meta.notes.filter((_, i) => !(options.strip && meta.said.includes(i)))} />
    </div>
  );
}

function measuresOf(matrix: Float64Array[], meta: Meta): Named[] {
  const { missing, positive } = meta;
  const named: Named[] = [{ name: "accuracy", measure: accuracy(matrix, missing), why: TOO_FEW }];
  if (positive !== null) {
    const of = visible(meta.classes[positive] ?? "");
    const why = "fewer than 10 examples to judge by";
    named.push({ name: "precision", of, measure: precision(matrix, positive, missing), why });
    named.push({ name: "recall", of, measure: recall(matrix, positive, missing), why });
    named.push({ name: "F1", of, measure: f1(matrix, positive, missing), why });
  } else if (meta.classes.length - (missing === null ? 0 : 1) > 2) {
    const measure = macroF1(matrix, missing);
    const why =
      measure.value === null ? TOO_FEW : "no interval: some class has fewer than 10 labelled examples";
    named.push({ name: "macro F1", measure, why });
  }
  return named;
}

interface BlockProps {
  named: Named;
  selected: Measure | null;
  state: CountState;
  write?: Write;
}

/** How a measure is written: its value and its interval. */
type Write = readonly [value: (measure: Measure) => string, interval: (measure: Measure) => string];

const SHARE: Write = [({ value }) => percent(value), interval];
export const AREA: Write = [({ value }) => ratio(value), ratioInterval];

/** A measure of the whole, and under it the same of the selection. */
export function MeasureBlock({ named, selected, state, write = SHARE }: BlockProps) {
  const { name, of, measure, why } = named;
  return (
    <dl class="measure">
      <dt title={of && `${name} of ${of}`}>
        {name}
        {of && <span class="hidden"> of {of}</span>}
      </dt>
      <Value measure={measure} why={why} write={write} kind="whole" state="exact" />
      {selected && <Value measure={selected} why={why} write={write} kind="chosen" state={state} />}
    </dl>
  );
}

interface ValueProps {
  measure: Measure;
  why: string;
  write: Write;
  kind: "whole" | "chosen";
  state: CountState;
}

function Value({ measure, why, write: [value, limits], kind, state }: ValueProps) {
  const known = measure.low !== null;
  return (
    <dd class={kind} title={known ? `${measure.method}, n ${count(measure.n)}` : why}>
      {kind === "chosen" && <span class="of hidden">selected </span>}
      <span class="value" data-state={state}>
        {value(measure)}
      </span>{" "}
      <span class="limits" data-state={state}>
        {limits(measure)} <span class="n">n {count(measure.n)}</span>
      </span>
    </dd>
  );
}

/** The area under the ROC curve needs every score: of a selection the kernel knows it. */
function Auc({ store, filtered }: { store: Store; filtered: boolean }) {
  const [value, low, high, n] = store.meta.value.auc ?? [0, null, null, 0];
  const selected = useSignal<{ of: Clause[]; measure: Measure | null } | null>(null);
  useSignalEffect(() => {
    const of = store.clauses.value;
    void store.meta.value;
    if (of.length === 0 || store.status.value !== "live") return;
    const take = (known: Record<string, Measure> | null) => {
      if (of === store.clauses.peek()) selected.value = { of, measure: known?.AUC ?? null };
    };
    store.scores(of).then(take, () => take(null));
  });
  const known = selected.value?.of === store.clauses.value ? selected.value.measure : null;
  const why =
    store.status.value === "live"
      ? "one class only, or too few examples"
      : "needs every score: run its notebook";
  const nothing = { value: null, low: null, high: null, n: store.selected.value.values[0] ?? 0, method: "" };
  const named = { name: "AUC", measure: { value, low, high, n, method: "DeLong" }, why };
  return (
    <MeasureBlock named={named} selected={filtered ? (known ?? nothing) : null} state="exact" write={AREA} />
  );
}

/** What was assumed or found odd: one note as it is, several behind their number. */
export function Notes({ notes }: { notes: readonly string[] }) {
  const open = useSignal(false);
  if (notes.length === 0) return null;
  if (notes.length === 1) return <p class="notes">Note: {notes[0]}.</p>;
  return (
    <div class="notes">
      <button
        type="button"
        class="disclose"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {notes.length} notes
      </button>
      {open.value && (
        <ul>
          {notes.map((note) => (
            <li key={note}>
              <bdi>{note}.</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
