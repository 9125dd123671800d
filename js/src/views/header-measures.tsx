/** How good the model is: its measures for all rows, and under each the same for those selected. */

import { useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { type Effects, scoreEffect } from "../core/effects.ts";
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
const GROUPS = "no interval: of one group, or what groups do to it needs every row: run its notebook";
const TOO_FEW = "fewer than 10 judged examples";

export function Header({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const filtered = store.chosen.value.length > 0;
  const whole = useComputed(() =>
    measuresOf(store.wholes(MATRIX), store.meta.value, store.effects("scores", null, true).value),
  );
  const effects = store.effects("scores").value;
  const counted = store.sums(MATRIX);
  const selected = filtered ? measuresOf(counted.values, meta, effects) : null;
  const classes = meta.classes.length - (meta.missing === null ? 0 : 1);
  return (
    <Head
      store={store}
      options={options}
      selected={selected !== null}
      size={
        <>
          {amount(store.total.value)} · {amount(classes, "class", "classes")}
          {meta.weighted && " · weighted"}
          {meta.positive !== null && (
            <>
              {" · positive: "}
              <bdi>{visible(meta.classes[meta.positive] ?? "")}</bdi>
            </>
          )}
        </>
      }
    >
      {whole.value.map((named, i) => (
        <MeasureBlock
          key={named.name}
          named={named}
          selected={selected?.[i]?.measure ?? null}
          state={counted.state}
        />
      ))}
      {meta.auc && <Auc store={store} />}
    </Head>
  );
}

interface HeadProps {
  store: Store;
  options?: Record<string, unknown>;
  /** Whether the measures of a selection stand under those of all rows. */
  selected: boolean;
  /** How many examples there are, and of what. */
  size: ComponentChildren;
  children: ComponentChildren;
}

/** What heads any table: its name, measures, its size, and the notes that no finding in the board says better. */
export function Head({ store, options, selected, size, children }: HeadProps) {
  const { name, notes, said } = store.meta.value;
  return (
    <div class="header">
      <div class="measures">
        <div class="measure who">
          <h2 class="name" title={name}>
            <bdi>{visible(name)}</bdi>
          </h2>
          {selected && <span class="chosen">selected</span>}
        </div>
        {children}
        <div class="measure size">
          <span class="soft">{size}</span>
        </div>
      </div>
      <Notes notes={notes.filter((_, i) => !(options?.strip && said.includes(i)))} />
    </div>
  );
}

function measuresOf(matrix: Float64Array[], meta: Meta, effects: Effects | null): Named[] {
  const effect = (name: string) => scoreEffect(effects, name);
  const { missing, positive } = meta;
  const named: Named[] = [
    { name: "accuracy", measure: accuracy(matrix, missing, effect("accuracy")), why: TOO_FEW },
  ];
  if (positive !== null) {
    const of = visible(meta.classes[positive] ?? "");
    const why = "fewer than 10 examples to judge by";
    named.push({
      name: "precision",
      of,
      measure: precision(matrix, positive, missing, effect("precision")),
      why,
    });
    named.push({ name: "recall", of, measure: recall(matrix, positive, missing, effect("recall")), why });
    named.push({ name: "F1", of, measure: f1(matrix, positive, missing, effect("F1")), why });
  } else if (meta.classes.length - (missing === null ? 0 : 1) > 2) {
    const measure = macroF1(matrix, missing, effect("macro F1"));
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
  if (measure.value !== null && measure.method.includes("by groups")) why = GROUPS;
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
function Auc({ store }: { store: Store }) {
  const filtered = store.chosen.value.length > 0;
  const split = useKnown(store, store.split.value);
  const selected = useKnown(store, store.clauses.value);
  const meta = store.meta.value;
  const one = splitCode(store.split.value);
  const area = one === undefined ? meta.auc : one === null ? null : (meta.split?.auc[one] ?? null);
  const live = store.status.value === "live";
  const why = live ? "one class only, or too few examples" : "needs every score: run its notebook";
  const nothing = (n: number): Measure => ({ value: null, low: null, high: null, n, method: "" });
  const [value, low, high, n] = area ?? [];
  const whole = area
    ? { value: value ?? null, low: low ?? null, high: high ?? null, n: n ?? 0, method: "DeLong" }
    : (split?.AUC ?? nothing(store.total.value));
  const own = selected?.AUC ?? nothing(store.selected.value.values[0] ?? 0);
  const named = { name: "AUC", measure: whole, why };
  return <MeasureBlock named={named} selected={filtered ? own : null} state="exact" write={AREA} />;
}

/** The one split among clauses: undefined where all rows are shown, null where several splits are. */
export function splitCode([clause]: readonly Clause[]): number | null | undefined {
  if (!clause) return undefined;
  return "codes" in clause && clause.codes.length === 1 ? (clause.codes[0] as number) : null;
}

/** Measures of some rows that need every row, from the kernel; null without one, and until it has answered. */
export function useKnown(store: Store, clauses: Clause[]): Record<string, Measure> | null {
  const found = useSignal<{ key: string; known: Record<string, Measure> | null } | null>(null);
  const live = store.status.value === "live";
  const key = JSON.stringify([clauses, store.meta.value.version]);
  useEffect(() => {
    if (clauses.length === 0 || !live) return;
    let alive = true;
    const take = (known: Record<string, Measure> | null) => {
      if (alive) found.value = { key, known };
    };
    store.scores(clauses).then(take, () => take(null));
    return () => {
      alive = false;
    };
  }, [key, live]);
  return found.value?.key === key ? found.value.known : null;
}

/** What was assumed or found odd: one note as it is, several behind their number. */
function Notes({ notes }: { notes: readonly string[] }) {
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
