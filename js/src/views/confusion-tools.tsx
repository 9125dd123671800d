/** What stands over and under a matrix: its title, its switches, the field to find a class, the legend. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Switch } from "../charts/axis-switch.tsx";
import { count } from "../core/format.ts";
import { MIN_N } from "../core/intervals.ts";
import { basisOf, findTexts, type Mode, outcomesOf } from "../core/matrix.ts";
import { LARGEST } from "../core/matrix-layout.ts";
import { pickOutcome } from "../core/matrix-selection.ts";
import { rateName, sideName, totalName } from "../core/matrix-text.ts";
import { isPaired, MANY, type Model, zoomBy } from "./confusion-model.ts";

const MODES: Record<Mode, string> = { counts: "Counts", rows: "Row %", columns: "Column %" };

export function Title({ model }: { model: Model }) {
  const { rows, columns, labels } = model.matrix.value;
  const order = model.store.meta.value.order;
  const sorted = labels && order.some((code, i) => code !== i);
  return (
    <h3 class="title">
      <b>{labels ? "Confusion" : "Matrix"}</b>{" "}
      <span>
        · row = <bdi>{rows.name}</bdi>, column = <bdi>{columns.name}</bdi> ·{" "}
        {MODES[model.mode.value].toLowerCase()}
        {sorted ? " · similar classes side by side" : ""}
      </span>
    </h3>
  );
}

export function Tools({ model }: { model: Model }) {
  const layout = model.layout.value;
  const { rows, columns } = model.matrix.value;
  const many = Math.max(rows.codes.length, columns.codes.length) > MANY;
  const modes = Object.keys(MODES) as Mode[];
  return (
    <div class="m-tools">
      <Switch
        label="What the cells show"
        options={modes.map((mode) => [MODES[mode]])}
        chosen={modes.indexOf(model.mode.value)}
        onChoose={(i) => {
          model.mode.value = modes[i] as Mode;
        }}
      />
      {layout.zooms && <Zoom model={model} />}
      {many && <Find model={model} />}
    </div>
  );
}

function Zoom({ model }: { model: Model }) {
  const fits = model.zoom.value <= 1;
  const largest = model.layout.value.cellHeight >= LARGEST;
  const steps = [
    ["Zoom in", 1.6, largest],
    ["Zoom out", 1 / 1.6, fits],
    ["Fit", 0, fits],
  ] as const;
  return (
    <fieldset class="switch" aria-label="Size of the matrix">
      {steps.map(([text, factor, disabled]) => (
        <button
          key={text}
          type="button"
          class="word"
          disabled={disabled}
          onClick={() => zoomBy(model, factor)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}

/** Enter finds a class and outlines its row and its column; Enter again finds the next that holds these words. */
function Find({ model }: { model: Model }) {
  const id = useId();
  const words = useSignal("");
  const said = useSignal("");
  const { rows, columns } = model.matrix.value;
  const texts = [...new Set([...rows.texts, ...columns.texts])];
  const clear = () => {
    model.found.value = null;
    said.value = "";
  };
  const find = () => {
    const hits = findTexts(texts, words.value).map((i) => texts[i] as string);
    if (hits.length === 0) {
      model.found.value = null;
      said.value = words.value.trim() ? `No class contains “${words.value.trim()}”` : "";
      return;
    }
    const text = hits[(hits.indexOf(model.found.value?.text ?? "") + 1) % hits.length] as string;
    const found = { row: rows.texts.indexOf(text), column: columns.texts.indexOf(text), text };
    model.found.value = found;
    model.cursor.value = { row: Math.max(found.row, 0), column: Math.max(found.column, 0) };
    said.value = describe(model, found, hits.indexOf(text), hits.length);
  };
  return (
    <div class="m-find">
      <input
        type="search"
        aria-label="Find a class"
        placeholder="Find a class"
        list={id}
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
          if (!words.value) clear();
          // One was chosen from the list.
          if ((event as InputEvent).inputType === "insertReplacementText") find();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") find();
          if (event.key === "Escape") {
            words.value = "";
            clear();
          }
        }}
      />
      <datalist id={id}>
        {texts.map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
      <span role="status" class="m-said soft" dir="auto">
        {said.value}
      </span>
    </div>
  );
}

function describe(model: Model, found: { row: number; column: number }, at: number, hits: number): string {
  const matrix = model.matrix.value;
  const [side, place] =
    found.row >= 0 ? (["rows", found.row] as const) : (["columns", found.column] as const);
  const one = matrix.labels
    ? `${sideName(matrix, side, place)}: ${rateName(matrix, side, place)}`
    : totalName(matrix, side, place);
  return hits > 1 ? `${at + 1} of ${hits} found: ${one}` : one;
}

/** What the hues mean, in words; the words select all cells of their hue. */
export function Legend({ model }: { model: Model }) {
  const matrix = model.matrix.value;
  const basis = basisOf(matrix, model.mode.value);
  if (!matrix.labels) {
    return (
      <p class="m-legend soft">
        <span>
          <Swatch kind="plain" /> darker: a larger share of the {basis === "rows" ? "row" : "column"}
          {isPaired(model) && "; outlined: label and prediction in one bin"}
        </span>
      </p>
    );
  }
  const outcomes = outcomesOf(matrix);
  const totals = basis === "rows" ? matrix.rowTotals : matrix.columnTotals;
  const few = model.mode.value !== "counts" && totals.some((n) => n > 0 && n < MIN_N);
  const of = basis === matrix.labels ? "label" : "prediction";
  return (
    <p class="m-legend soft" data-state={model.state.value}>
      <span>
        <Outcome model={model} outcome="error" text={`Errors ${count(outcomes.error)}`} /> darker: a larger
        share of the {of}
      </span>
      <span>
        <Outcome model={model} outcome="correct" text={`Right ${count(outcomes.correct)}`} /> on the diagonal
      </span>
      {outcomes.unjudged > 0 && (
        <span>
          <Swatch kind="unjudged" /> {count(outcomes.unjudged)} without a label: not judged
        </span>
      )}
      {few && <span>3/7: too few for a rate</span>}
    </p>
  );
}

function Outcome({ model, outcome, text }: { model: Model; outcome: "error" | "correct"; text: string }) {
  const { store } = model;
  const clause = store.clauses.value.find((c) => c.field === "cell");
  const pressed = clause?.field === "cell" && clause.outcome === outcome;
  return (
    <button
      type="button"
      class="m-outcome"
      aria-pressed={pressed}
      onClick={() => store.select(pickOutcome(store.clauses.value, outcome))}
    >
      <Swatch kind={outcome} /> {text}
    </button>
  );
}

function Swatch({ kind }: { kind: string }) {
  const steps = kind === "error" ? [20, 60, 100] : kind === "unjudged" ? [0] : [40, 100];
  return (
    <span class="m-swatch" aria-hidden="true">
      {steps.map((step) => (
        <span key={step} data-kind={kind} style={{ "--s": step }} />
      ))}
    </span>
  );
}
