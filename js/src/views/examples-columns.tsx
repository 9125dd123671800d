/** The columns as a list: shown or not, to the left or right, narrower or wider; what dragging does, without dragging. */

import type { Laid } from "../core/columns.ts";
import { visible } from "../core/highlight.ts";
import type { ExamplesModel } from "./examples-model.ts";

const STEP = 32;

/** A list with a line for each column. */
export function Columns({ model, onClose }: { model: ExamplesModel; onClose: () => void }) {
  const columns = model.all.value;
  const laid = new Map(model.columns.value.map((column) => [column.key, column]));
  const shown = columns.length - model.hidden.value.size;
  const close = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  return (
    <fieldset class="e-columns" onKeyDown={close}>
      <legend class="hidden">Columns</legend>
      <ul>
        {columns.map((column, i) => (
          <li key={column.key}>
            <label>
              <input
                type="checkbox"
                checked={laid.has(column.key)}
                disabled={laid.has(column.key) && shown === 1}
                onChange={(event) => model.hide(column.key, !event.currentTarget.checked)}
              />
              <bdi>{column.key === "row" ? "row number" : visible(column.name)}</bdi>
              {column.private && <span class="soft e-small"> private</span>}
            </label>
            <span class="e-words">
              <Step words="left" of={column.name} off={i === 0} act={() => model.move(column.key, i - 1)} />
              <Step
                words="right"
                of={column.name}
                off={i === columns.length - 1}
                act={() => model.move(column.key, i + 1)}
              />
              <Widths model={model} column={laid.get(column.key)} />
            </span>
          </li>
        ))}
      </ul>
      <p>
        <button type="button" class="word" onClick={() => model.reset()}>
          As at first
        </button>{" "}
        <button type="button" class="word" onClick={onClose}>
          Done
        </button>
      </p>
    </fieldset>
  );
}

function Widths({ model, column }: { model: ExamplesModel; column: Laid | undefined }) {
  const by = (step: number) => () => column && model.resize(column.key, column.width + step);
  const name = column?.name ?? "";
  return (
    <>
      <Step words="narrower" of={name} off={!column} act={by(-STEP)} />
      <Step words="wider" of={name} off={!column} act={by(STEP)} />
    </>
  );
}

function Step({ words, of, off, act }: { words: string; of: string; off: boolean; act: () => void }) {
  return (
    <button
      type="button"
      class="e-step"
      aria-disabled={off}
      aria-label={`${words}: ${visible(of)}`}
      onClick={() => !off && act()}
    >
      {words}
    </button>
  );
}
