/** What heads and ends a board: what is selected, what can be done with it, what stands in the way, what is saved. */

import { useComputed, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Switch } from "../charts/axis-switch.tsx";
import { selectionCode } from "../core/code.ts";
import { amount, clauseText, count, kilobytes } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { Clause, Field } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { splitCode } from "./header-measures.tsx";

export { Header } from "./header-measures.tsx";

/** The selection as chips, and Clear, Undo, Copy as Python. */
export function Showing({ store, quiet }: { store: Store; quiet: boolean }) {
  const meta = store.meta.value;
  const clauses = store.chosen.value;
  const selected = store.selected.value;
  const box = useRef<HTMLDivElement>(null);
  const silent = useSilence(box);
  // What is announced has to stand there before: then only the words of it change.
  const hidden = quiet && clauses.length === 0 && !meta.split;
  const all = amount(store.total.value);
  // What was pressed goes away or has no more use: the focus goes on to what is left, or into the view.
  const press = (index: number, act: () => void) => () => {
    act();
    requestAnimationFrame(() => {
      const root = box.current?.getRootNode() as ShadowRoot;
      if (root.activeElement && !root.activeElement.matches(":disabled")) return;
      const left = [...root.querySelectorAll<HTMLElement>(".showing :is(.chip, .actions button:enabled)")];
      const stop = root.querySelector<HTMLElement>("[tabindex='0']");
      (left[Math.min(index, left.length - 1)] ?? stop)?.focus();
    });
  };
  return (
    <div class={hidden ? "hidden" : "showing"} ref={box}>
      {meta.split && <Splits store={store} split={meta.split.key} />}
      <span class="soft">Showing</span>
      {clauses.map((clause, i) => (
        <Chip
          key={clause.field}
          text={visible(clauseText(clause, meta))}
          onRemove={press(i, () => store.drop(clause.field))}
        />
      ))}
      <span role="status" aria-live={silent ? "off" : "polite"} data-state={selected.state}>
        {clauses.length === 0 ? (
          <span class="soft">all {all}</span>
        ) : (
          <>
            <span class="strong">{count(selected.values[0] ?? 0)}</span> <span class="soft">of {all}</span>
            {selected.state === "stale" && <span class="hidden"> before; not counted in what was saved</span>}
          </>
        )}
        {store.waiting.value && <span class="soft e-late"> · waiting for the kernel</span>}
      </span>
      {!hidden && (
        <span class="actions">
          <button
            type="button"
            class="word"
            disabled={clauses.length === 0}
            onClick={press(0, () => store.clear())}
          >
            Clear
          </button>
          <button
            type="button"
            class="word"
            disabled={!store.canUndo.value}
            onClick={press(0, () => store.undo())}
          >
            Undo
          </button>
          <Copy
            code={selectionCode(store.clauses.value, meta)}
            masked={clauses.some((clause) => clause.field === "rows")}
          />
        </span>
      )}
    </div>
  );
}

/** The element that the last view to be used is drawn in: that one says what changed, so that it is said once. */
let speaker: Element | null = null;

/** Whether another view of the page says what changes. */
function useSilence(box: RefObject<HTMLElement>): boolean {
  const hostOf = () => (box.current?.getRootNode() as ShadowRoot | undefined)?.host;
  useEffect(() => {
    const host = hostOf();
    const use = () => {
      speaker = host ?? null;
    };
    for (const type of ["focusin", "pointerdown"]) host?.addEventListener(type, use);
    return () => {
      for (const type of ["focusin", "pointerdown"]) host?.removeEventListener(type, use);
    };
  }, []);
  return speaker?.isConnected === true && speaker !== hostOf();
}

/** One split at a time, or all of them; the rest of the selection stays. */
function Splits({ store, split }: { store: Store; split: string }) {
  const field = store.meta.value.fields.find(({ key }) => key === split) as Field;
  const counts = store.whole([split], split);
  const code = splitCode(store.split.value);
  const names = field.levels.map(
    ({ text }, i) => [visible(text), `${amount(counts[i] ?? 0)} of split ${text}`] as const,
  );
  const all = ["all", `${amount(store.meta.value.n)} of all splits`] as const;
  return (
    <span class="splits">
      <bdi class="soft">{visible(field.name)}</bdi>
      <Switch
        label={`Split, column ${field.name}`}
        options={[...names, all]}
        chosen={code === undefined ? names.length : (code ?? -1)}
        onChoose={(i) => {
          if (i === names.length) store.drop(split);
          else store.where({ field: split as `c${number}`, codes: [i], intervals: [] });
        }}
      />
    </span>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    onRemove();
  };
  return (
    <button
      type="button"
      class="chip"
      title={text}
      aria-label={`${text}, remove`}
      onClick={onRemove}
      onKeyDown={onKeyDown}
    >
      <bdi>{text}</bdi> ×
    </button>
  );
}

/** To the clipboard; where a page may not write there, as text to copy by hand. */
function Copy({ code, masked }: { code: string; masked: boolean }) {
  const said = useSignal("");
  const byHand = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
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
      <button ref={button} type="button" class="word" onClick={copy}>
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
            if (event.key === "Escape") button.current?.focus();
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
  const clauses = store.chosen.value;
  const lines: string[] = [];
  if (store.earlier.value) lines.push(`Earlier run of ${visible(meta.name)}: re-run this cell.`);
  if (store.status.value === "lost") {
    lines.push(
      "The kernel is gone: counts still work, and the saved examples; run its notebook again for all of them.",
    );
  }
  if (store.error.value) lines.push(store.error.value);
  if (store.selected.value.state === "stale")
    lines.push(`${staleText(clauses)} What is greyed is the last exact number.`);
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
  if (clauses.some((clause) => clause.field === "text"))
    return "Run its notebook to count what a search finds.";
  if (clauses.length < 2) return "Run its notebook to count this selection.";
  return `Run its notebook to combine these ${NUMBERS[clauses.length] ?? clauses.length}.`;
}

const ANSWERS: Record<string, string> = {
  pairs: "Answers any cell with one slice and one bin; run its notebook for more",
  marginals: "Answers one selection at a time; run its notebook to combine several",
  cells: "Answers few selections; run its notebook for the others",
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
          Saved here: counts
          {rows > 0
            ? `, and ${count(rows)} of ${amount(meta.n)} (${kilobytes(bytes.value)})`
            : "; no examples"}
        </span>
      )}
      {!live && saved && ANSWERS[saved.tier] && <span>{ANSWERS[saved.tier]}</span>}
      {!live && saved && saved.left_out > 0 && (
        <span>The selection was saved without {amount(saved.left_out, "clause")}, seen live only</span>
      )}
    </div>
  );
}

/** As the limit on what is saved counts them. */
function bytesOf(rows: unknown): number {
  return rows ? new TextEncoder().encode(JSON.stringify(rows)).length : 0;
}
