/** Rows to take away: to the clipboard, or as a CSV file. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { rowsAsText } from "../core/csv.ts";
import { count } from "../core/format.ts";
import type { ExamplesModel } from "./examples-model.ts";

type Format = "csv" | "text";

/** *Copy rows* and *CSV*; asks about private columns where there are any. */
export function Take({ model }: { model: ExamplesModel }) {
  const asking = useSignal<Format | null>(null);
  const busy = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const { store } = model;
  const secret = store.status.value === "live" ? store.meta.value.columns.filter((c) => c.private).length : 0;
  const take = async (format: Format, withPrivate: boolean): Promise<void> => {
    asking.value = null;
    busy.value = true;
    try {
      model.said.value = await taken(model, format, withPrivate);
    } catch (error) {
      model.said.value = (error as Error).message;
    }
    busy.value = false;
  };
  const start = (format: Format) => () => {
    if (busy.value) return;
    if (secret > 0) asking.value = format;
    else void take(format, false);
  };
  useEffect(() => first.current?.focus(), [asking.value]);
  if (asking.value !== null) {
    const format = asking.value;
    return (
      // biome-ignore lint/a11y/useSemanticElements: a question in a line
      <span
        role="group"
        class="e-words e-ask"
        aria-label="Private columns"
        onKeyDown={(event) => {
          if (event.key === "Escape") asking.value = null;
        }}
      >
        Include the {secret === 1 ? "private column" : `${count(secret)} private columns`}?
        <button ref={first} type="button" class="word" onClick={() => void take(format, false)}>
          No
        </button>
        <button type="button" class="word" onClick={() => void take(format, true)}>
          Yes
        </button>
        <button
          type="button"
          class="word"
          onClick={() => {
            asking.value = null;
          }}
        >
          Cancel
        </button>
      </span>
    );
  }
  return (
    <>
      <button type="button" class="word" onClick={start("text")}>
        Copy rows
      </button>
      <button type="button" class="word" title="Safe to open in a spreadsheet" onClick={start("csv")}>
        CSV
      </button>
    </>
  );
}

/** Take the rows in view; the answer says what was done. */
async function taken(model: ExamplesModel, format: Format, withPrivate: boolean): Promise<string> {
  const { store, rows } = model;
  const meta = store.meta.value;
  const live = await store.export(store.clauses.value, model.sort.value, format, withPrivate);
  const own = live ? [] : await rows.all();
  const {
    text,
    rows: n,
    total,
  } = live ?? { text: rowsAsText(own, meta, format), rows: own.length, total: own.length };
  const what =
    live && n < total
      ? `the first ${count(n)} of ${count(total)} rows`
      : `${count(n)} ${kind(model)}row${n === 1 ? "" : "s"}`;
  const rest = n < total ? "; for all of them: selection.frame() in Python" : "";
  if (format === "text") {
    const done = await copied(text);
    return done ? `${what} copied${rest}` : "the page may not write to the clipboard: take the CSV";
  }
  const name = `${fileName(meta.name)}.csv`;
  download(text, name);
  return `${what} written to ${name}${rest}`;
}

function kind(model: ExamplesModel): string {
  return { live: "", saved: "saved ", lost: "seen " }[model.store.status.value];
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** For pages that are not let near the clipboard. */
function copiedBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** The byte order mark tells spreadsheets that it is UTF-8. */
function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function fileName(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...words, "examples"].join("-").slice(0, 80);
}
