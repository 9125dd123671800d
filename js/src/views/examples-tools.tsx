/** What stands above the grid: pickers, search, columns, and the rows to take away. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { visible } from "../core/highlight.ts";
import { isPicked, pick, pickersOf } from "../core/pickers.ts";
import type { Store } from "../store/store.ts";
import { Columns } from "./examples-columns.tsx";
import type { ExamplesModel } from "./examples-model.ts";
import { Take } from "./examples-take.tsx";

const PAUSE_MS = 200;
const MOST_CHARS = 10_000;

/** The words above the grid, and the list of columns where it is asked for. */
export function Tools({ model }: { model: ExamplesModel }) {
  const columns = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    columns.value = false;
    button.current?.focus();
  };
  return (
    <>
      <div class="e-tools">
        <Pickers store={model.store} />
        <span class="e-words">
          <button
            ref={button}
            type="button"
            class="word"
            aria-expanded={columns.value}
            onClick={() => {
              columns.value = !columns.value;
            }}
          >
            Columns
          </button>
          <Take model={model} />
        </span>
      </div>
      {columns.value && <Columns model={model} onClose={close} />}
    </>
  );
}

function Pickers({ store }: { store: Store }) {
  const meta = store.meta.value;
  const clauses = store.clauses.value;
  const why = meta.confidence ? null : `Off: ${meta.why_no_confidence ?? "there are no probabilities"}`;
  const pickers = pickersOf(meta, meta.confidence ? store.whole(["outcome", "confidence"]) : null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: words in a line, not a form
    <div role="group" aria-label="Pick examples" class="e-words">
      {pickers.map((picker) => {
        const off = why !== null && (picker.confidence !== null || picker.outcome === null);
        return (
          <button
            type="button"
            class="word"
            key={picker.words}
            aria-pressed={!off && isPicked(picker, clauses)}
            aria-disabled={off}
            title={off ? (why ?? "") : picker.title}
            onClick={() => !off && store.select(pick(picker, clauses, meta))}
          >
            {picker.words}
          </button>
        );
      })}
      {why && pickers.length > 0 && <span class="soft e-small">{why}</span>}
    </div>
  );
}

/** Search in the text; absent where there is none. */
export function Search({ store }: { store: Store }) {
  const meta = store.meta.value;
  const column = meta.columns.find((c) => c.key === meta.text);
  const clause = store.clause("text");
  const wanted = clause?.field === "text" ? clause.contains : "";
  const typed = useSignal(wanted);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (timer.current === null) typed.value = wanted;
  }, [wanted]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  if (!column) return null;
  const put = (text: string): void => {
    clearTimeout(timer.current ?? undefined);
    timer.current = null;
    if (text === "") store.drop("text");
    else store.where({ field: "text", contains: text });
  };
  const type = (event: InputEvent & { currentTarget: HTMLInputElement }): void => {
    const text = event.currentTarget.value;
    typed.value = text;
    clearTimeout(timer.current ?? undefined);
    if (!event.isComposing) timer.current = setTimeout(() => put(text), PAUSE_MS);
  };
  const clear = (): void => {
    typed.value = "";
    put("");
    input.current?.focus();
  };
  return (
    <span class="e-search">
      <input
        ref={input}
        type="text"
        inputMode="search"
        aria-label={`Search in ${visible(column.name)}`}
        placeholder={`Search in ${visible(column.name).slice(0, 40)}`}
        maxLength={MOST_CHARS}
        spellcheck={false}
        autocomplete="off"
        dir="auto"
        value={typed.value}
        onInput={type}
        onCompositionEnd={(event) => put(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") put(typed.value);
          else if (event.key === "Escape" && typed.value !== "") clear();
        }}
      />
      {typed.value !== "" && (
        <button type="button" aria-label="Clear the search" onClick={clear}>
          ✕
        </button>
      )}
    </span>
  );
}
