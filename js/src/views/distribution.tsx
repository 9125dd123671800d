/** How the rows in view spread over the values of a column: a bar for each, and a line where all rows stand. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { StaleNote } from "../charts/axis-note.tsx";
import { chosenOf, type Dim, dimsOf, type Part, partName, partsOf, toggled } from "../core/distribution.ts";
import { count, interval, percent } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { Store } from "../store/store.ts";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;

export function Distribution({ store, options }: ViewProps) {
  const dims = dimsOf(store.meta.value);
  const chosen = useSignal(typeof options.column === "string" ? options.column : null);
  const dim = chosen.value === null ? dims[0] : dims.find((one) => one.key === chosen.value);
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
      </div>
      {dim ? (
        <Parts
          key={dim.key}
          store={store}
          dim={dim}
          height={typeof options.height === "number" ? options.height : HEIGHT}
        />
      ) : (
        <p class="soft">The distribution of a private column is seen live only. Choose another.</p>
      )}
    </section>
  );
}

function Parts({ store, dim, height }: { store: Store; dim: Dim; height: number }) {
  const list = useRef<HTMLDivElement>(null);
  const at = useSignal(0);
  const { values, state } = store.count([dim.key], dim.own).value;
  const whole = store.whole([dim.key]);
  const parts = partsOf(dim, values, whole);
  const filtered = parts.some((part) => part.n !== whole[part.code]);
  const top = Math.max(0.01, ...parts.flatMap(({ share, whole }) => [share.high ?? 0, whole.value ?? 0]));
  const clause = store.clause(dim.own);
  const held = chosenOf(dim, clause);
  const pick = (code: number, add: boolean) => {
    const next = toggled(dim, clause, code, add);
    if (next) store.where(next);
    else store.drop(dim.own);
  };
  const go = (place: number) => {
    at.value = Math.min(parts.length - 1, Math.max(0, place));
    (list.current?.children[at.value] as HTMLElement | undefined)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const end = parts.length;
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -end, End: end, PageUp: -10, PageDown: 10 }[event.key];
    if (step !== undefined) go(at.value + step);
    else if (event.key === "Enter" || event.key === " ")
      pick(parts[at.value]?.code ?? 0, event.shiftKey || event.ctrlKey || event.metaKey);
    else if (event.key === "Escape") store.drop(dim.own);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div
        ref={list}
        class="parts"
        role="listbox"
        aria-multiselectable="true"
        aria-label={`Values of ${visible(dim.name)}`}
        style={{ maxHeight: `${height}px` }}
        onKeyDown={onKey}
      >
        {parts.map((part, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          <div
            key={part.code}
            class="part"
            role="option"
            aria-selected={held.has(part.code)}
            aria-label={visible(partName(part, filtered))}
            tabIndex={place === at.value ? 0 : -1}
            data-state={state}
            onFocus={() => {
              at.value = place;
            }}
            onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            onClick={(event) => pick(part.code, event.shiftKey || event.ctrlKey || event.metaKey)}
          >
            <Line part={part} top={top} filtered={filtered} out={held.size > 0 && !held.has(part.code)} />
          </div>
        ))}
      </div>
      <StaleNote state={state} />
      <p class="foot">
        {filtered ? (
          <>
            Bars: share of the {count(sum(values))} in view, 95 % interval; <span class="mark legend" /> of
            all {count(sum(whole))}.
          </>
        ) : (
          <>Share of all {count(sum(whole))}, 95 % interval. Select anywhere to compare with the whole.</>
        )}
      </p>
    </>
  );
}

interface LineProps {
  part: Part;
  top: number;
  filtered: boolean;
  /** Whether others are selected and this one is not. */
  out: boolean;
}

function Line({ part: { text, n, share, whole }, top, filtered, out }: LineProps) {
  const at = (value: number | null) => `${(100 * (value ?? 0)) / top}%`;
  return (
    <>
      <span class="name" title={visible(text)}>
        <bdi>{visible(text)}</bdi>
      </span>
      <span class={`track ${out ? "out" : ""}`}>
        <span class="fill" style={{ inlineSize: at(share.value) }} />
        {share.low !== null && (
          <span
            class="reach"
            style={{ insetInlineStart: at(share.low), inlineSize: at((share.high ?? 0) - share.low) }}
          />
        )}
        {filtered && <span class="mark" style={{ insetInlineStart: at(whole.value) }} />}
      </span>
      <span class="n">{count(n)}</span>
      <span class="rate">{percent(share.value)}</span>
      <span class="soft">{interval(share)}</span>
    </>
  );
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
