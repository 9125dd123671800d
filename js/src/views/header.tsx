/** What heads a board: the measures, what is selected, and what can be done with it. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { selectionCode } from "../core/code.ts";
import { amount, clauseText, count, interval, kilobytes, percent, ratio, ratioInterval } from "../core/format.ts";
import { accuracy, f1, macroF1, precision, recall } from "../core/measures.ts";
import type { Clause, Measure, Meta } from "../core/types.ts";
import type { CountState, Store } from "../store/store.ts";

interface Named {
  name: string;
  measure: Measure;
  /** Of one class in many the mean has an interval only if each has ten rows. */
  why: string;
}

const MATRIX = ["label", "prediction"] as const;
const TOO_FEW = "fewer than 10 judged examples";

export function Header({ store }: { store: Store }) {
  const meta = store.meta.value;
  const filtered = store.clauses.value.length > 0;
  const whole = useComputed(() => measuresOf(store.whole(MATRIX), store.meta.value));
  const counted = store.count(MATRIX).value;
  const selected = filtered ? measuresOf(counted.values, meta) : null;
  const classes = meta.classes.length - (meta.missing === null ? 0 : 1);
  return (
    <div class="header">
      <div class="measures">
        <div class="measure title">
          <h2 class="name" title={meta.name}>
            <bdi>{meta.name}</bdi>
          </h2>
          {selected && <span class="chosen">selected</span>}
        </div>
        {whole.value.map((named, i) => (
          <MeasureBlock key={named.name} named={named} selected={selected?.[i]?.measure ?? null} state={counted.state} />
        ))}
        {meta.auc && <Auc store={store} filtered={filtered} />}
        <div class="measure size">
          <span class="soft">
            {amount(meta.n)} · {amount(classes, "class", "classes")}
          </span>
        </div>
      </div>
      <Notes notes={meta.notes} />
    </div>
  );
}

function measuresOf(matrix: Float64Array, meta: Meta): Named[] {
  const { missing, positive } = meta;
  const named = [{ name: "accuracy", measure: accuracy(matrix, missing), why: TOO_FEW }];
  if (positive !== null) {
    const of = meta.classes[positive] ?? "";
    const why = "fewer than 10 examples to judge by";
    named.push({ name: `precision of ${of}`, measure: precision(matrix, positive, missing), why });
    named.push({ name: `recall of ${of}`, measure: recall(matrix, positive, missing), why });
    named.push({ name: `F1 of ${of}`, measure: f1(matrix, positive, missing), why });
  } else if (meta.classes.length - (missing === null ? 0 : 1) > 2) {
    const measure = macroF1(matrix, missing);
    const why = measure.value === null ? TOO_FEW : "no interval: some class has fewer than 10 labelled examples";
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
type Write = readonly [value: (value: number | null) => string, interval: (measure: Measure) => string];

const SHARE: Write = [percent, interval];
const AREA: Write = [ratio, ratioInterval];

/** A measure of the whole, and under it the same of the selection. */
function MeasureBlock({ named, selected, state, write = SHARE }: BlockProps) {
  const { name, measure, why } = named;
  return (
    <dl class="measure">
      <dt title={name}>
        <bdi>{name}</bdi>
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
    <dd class={kind} data-state={state} title={known ? `${measure.method}, n ${count(measure.n)}` : why}>
      {kind === "chosen" && <span class="hidden">of the selection: </span>}
      <span class="value">{value(measure.value)}</span>
      <span class="limits">
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
    if (of.length === 0 || store.status.value !== "live") return;
    const take = (measure: Measure | null) => {
      if (of === store.clauses.peek()) selected.value = { of, measure };
    };
    store.auc(of).then(take, () => take(null));
  });
  const known = selected.value?.of === store.clauses.value ? selected.value.measure : null;
  const why = store.status.value === "live" ? "one class only, or too few examples" : "needs every score: run the notebook";
  const nothing = { value: null, low: null, high: null, n: store.selected.value.values[0] ?? 0, method: "" };
  const named = { name: "AUC", measure: { value, low, high, n, method: "DeLong" }, why };
  return <MeasureBlock named={named} selected={filtered ? (known ?? nothing) : null} state="exact" write={AREA} />;
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

/** The selection as chips, and Clear, Undo, Copy as Python. */
export function Showing({ store, quiet }: { store: Store; quiet: boolean }) {
  const meta = store.meta.value;
  const clauses = store.clauses.value;
  const selected = store.selected.value;
  const box = useRef<HTMLDivElement>(null);
  if (quiet && clauses.length === 0) return null;
  const remove = (index: number, field: string) => {
    store.drop(field);
    requestAnimationFrame(() => {
      const left = box.current?.querySelectorAll<HTMLElement>(".chip, .actions button:enabled");
      left?.[Math.min(index, left.length - 1)]?.focus();
    });
  };
  return (
    <div class="showing" ref={box}>
      <span class="soft">Showing</span>
      {clauses.map((clause, i) => (
        <Chip key={clause.field} text={clauseText(clause, meta)} onRemove={() => remove(i, clause.field)} />
      ))}
      <span role="status" data-state={selected.state}>
        {clauses.length === 0 ? (
          <span class="soft">all {amount(meta.n)}</span>
        ) : (
          <>
            <span class="strong">{count(selected.values[0] ?? 0)}</span> <span class="soft">of {amount(meta.n)}</span>
          </>
        )}
      </span>
      <span class="actions">
        <button type="button" class="word" disabled={clauses.length === 0} onClick={() => store.clear()}>
          Clear
        </button>
        <button type="button" class="word" disabled={!store.canUndo.value} onClick={() => store.undo()}>
          Undo
        </button>
        <Copy code={selectionCode(clauses, meta)} masked={clauses.some((clause) => clause.field === "rows")} />
      </span>
    </div>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    onRemove();
  };
  return (
    <button type="button" class="chip" title={text} onClick={onRemove} onKeyDown={onKeyDown}>
      <bdi>{text}</bdi> <span aria-hidden="true">×</span>
      <span class="hidden">, remove</span>
    </button>
  );
}

/** To the clipboard; where a page may not write there, as text to copy by hand. */
function Copy({ code, masked }: { code: string; masked: boolean }) {
  const said = useSignal("");
  const byHand = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (byHand.value) field.current?.select();
  }, [byHand.value]);
  useEffect(() => {
    if (!said.value) return;
    const timer = setTimeout(() => {
      said.value = "";
    }, 2500);
    return () => clearTimeout(timer);
  }, [said.value]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      said.value = masked ? "Copied; mask is yours" : "Copied";
    } catch {
      byHand.value = true;
    }
  };
  return (
    <>
      <button type="button" class="word" onClick={copy}>
        {said.value || "Copy as Python"}
      </button>
      <span role="status" class="hidden">
        {said.value}
      </span>
      {byHand.value && (
        <input
          ref={field}
          class="by-hand"
          readOnly
          value={code}
          aria-label="The selection as Python, to copy"
          onBlur={() => {
            byHand.value = false;
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") byHand.value = false;
          }}
        />
      )}
    </>
  );
}

const NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** What stands in the way of reading the views as they are. */
export function Banner({ store }: { store: Store }) {
  const meta = store.meta.value;
  const clauses = store.clauses.value;
  const lines: string[] = [];
  if (store.earlier.value) lines.push(`Earlier run of ${meta.name}: re-run this cell.`);
  if (store.status.value === "lost") {
    lines.push("The kernel is gone: counts still work, and the saved examples; run the notebook again for all of them.");
  }
  if (store.error.value) lines.push(store.error.value);
  if (store.selected.value.state === "stale") lines.push(`${staleText(clauses)} What is greyed is the last exact number.`);
  return (
    <div role="alert">
      {lines.map((line) => (
        <p class="banner" key={line}>
          <bdi>{line}</bdi>
        </p>
      ))}
    </div>
  );
}

function staleText(clauses: readonly Clause[]): string {
  if (clauses.some((clause) => clause.field === "text")) return "Run the notebook to count what a search finds.";
  if (clauses.length < 2) return "Run the notebook to count this selection.";
  return `Run the notebook to combine these ${NUMBERS[clauses.length] ?? clauses.length}.`;
}

const ANSWERS: Record<string, string> = {
  pairs: "Answers any cell with one slice and one bin; run the notebook for more",
  marginals: "Answers one selection at a time; run the notebook to combine several",
};

/** What is saved, and what the saved form cannot answer. */
export function Footer({ store }: { store: Store }) {
  const meta = store.meta.value;
  const saved = store.saved.value;
  const live = store.status.value === "live";
  const bytes = useComputed(() => (store.saved.value ? bytesOf(store.savedRows?.rows) : 0));
  const rows = !saved ? 0 : saved.rows;
  return (
    <div class="footer">
      {live && <span>Live: every row is one click away</span>}
      {saved && (
        <span>
          Saved with the notebook: counts
          {rows > 0 ? `, and ${count(rows)} of ${amount(meta.n)} (${kilobytes(bytes.value)})` : "; no examples"}
        </span>
      )}
      {!live && saved && ANSWERS[saved.tier] && <span>{ANSWERS[saved.tier]}</span>}
    </div>
  );
}

/** As the limit on what is saved counts them. */
function bytesOf(rows: unknown): number {
  return rows ? new TextEncoder().encode(JSON.stringify(rows)).length : 0;
}
