/** How the rows in view spread over the values of a column, beside all rows, the rest, or a pinned selection. */

import { useSignal } from "@preact/signals";
import { Switch } from "../charts/axis-switch.tsx";
import { type Dim, dimsOf } from "../core/distribution.ts";
import { amount, clauseText } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { Clause, Meta } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { type Against, againstOf, type Mode } from "./against.ts";
import { ofSplit } from "./answer.ts";
import { Fine, type SavedFine } from "./distribution-fine.tsx";
import { Parts } from "./distribution-parts.tsx";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;

export function Distribution({ store, options }: ViewProps) {
  const dims = dimsOf(store.meta.value);
  const chosen = useSignal(typeof options.column === "string" ? options.column : null);
  const dim = chosen.value === null ? dims[0] : dims.find((one) => one.key === chosen.value);
  const against = againstOf(store, options);
  return (
    <section class="distribution" aria-label="Distribution">
      <div class="head">
        <h3 class="title">
          <b>Distribution</b> <span>of</span>{" "}
          <select
            aria-label="Column"
            value={dim?.key ?? ""}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
            }}
          >
            {!dim && <option value="">not saved</option>}
            {dims.map((one) => (
              <option key={one.key} value={one.key}>
                {visible(one.name)}
              </option>
            ))}
          </select>
        </h3>
        {dim && <Choice store={store} against={against} />}
      </div>
      {dim ? (
        <>
          <Pinned store={store} against={against} dim={dim} />
          {dim.field && dim.field.kind !== "category" && (
            <Fine
              key={`fine ${dim.key}`}
              store={store}
              field={dim.field}
              against={against}
              saved={savedOf(options, dim.key)}
              ofSplit={ofSplit(store, options)}
            />
          )}
          <Parts
            key={dim.key}
            store={store}
            dim={dim}
            against={against}
            height={typeof options.height === "number" ? options.height : HEIGHT}
          />
        </>
      ) : (
        <p class="soft">The distribution of a private column is seen live only. Choose another.</p>
      )}
    </section>
  );
}

function savedOf(options: Record<string, unknown>, key: string): SavedFine[] {
  return (options.fine as Record<string, SavedFine[]> | undefined)?.[key] ?? [];
}

const MODES: readonly (readonly [mode: Mode, text: string, title: string])[] = [
  ["all", "All", "Compare with all examples"],
  ["rest", "Rest", "Compare with the examples that are not in view"],
  ["pin", "Pinned", "Compare with the pinned selection"],
];

/** What to compare with, and Pin. */
function Choice({ store, against }: { store: Store; against: Against }) {
  const modes = MODES.filter(([mode]) => mode !== "pin" || against.pin.value !== null);
  const nothing = store.chosen.value.length === 0;
  return (
    <span class="choice">
      <span class="soft">beside</span>
      <Switch
        label="Compare with"
        options={modes.map(([, text, title]) => [text, title] as const)}
        chosen={modes.findIndex(([mode]) => mode === against.mode.value)}
        onChoose={(i) => {
          against.mode.value = (modes[i] as (typeof MODES)[number])[0];
        }}
      />
      <button
        type="button"
        class="word"
        aria-disabled={nothing}
        title={
          nothing
            ? "Select something first: a pinned selection is what later ones are compared with"
            : "Keep the selection, and compare what you select next with it"
        }
        onClick={() => !nothing && against.keep()}
      >
        Pin
      </button>
    </span>
  );
}

/** The pinned selection, as chips, with how many examples it has. */
function Pinned({ store, against, dim }: { store: Store; against: Against; dim: Dim }) {
  if (against.missing.value) return <p class="foot">{against.missing.value}</p>;
  const pin = against.pin.value;
  if (pin === null || against.mode.value !== "pin") return null;
  const { values, state } = against.pinned(dim.key, dim.own).value;
  const meta = store.meta.value;
  return (
    <p class="pinned">
      <span class="soft">Pinned</span>
      {pin.map((clause) => (
        <Kept key={clause.field} clause={clause} meta={meta} out={clause.field === dim.own} />
      ))}
      {state === "exact" && <span class="soft">{amount(values.reduce((a, b) => a + b, 0))}</span>}
      <button type="button" class="word" onClick={() => against.drop()}>
        Unpin
      </button>
    </p>
  );
}

function Kept({ clause, meta, out }: { clause: Clause; meta: Meta; out: boolean }) {
  const text = visible(clauseText(clause, meta));
  const why = `${text}: left out here, as a column is drawn without the clause on itself`;
  return (
    <span class={`kept ${out ? "left-out" : ""}`} title={out ? why : text}>
      <bdi>{text}</bdi>
    </span>
  );
}
