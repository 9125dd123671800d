/** The values of a column as a list: a bar for each, and beside it how often the other rows have it. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { StaleNote } from "../charts/axis-note.tsx";
import { type Domain, Interval } from "../charts/interval.tsx";
import { chosenOf, type Dim, type Part, partName, partsOf, sum, toggled } from "../core/distribution.ts";
import { count, interval, percent, pointsInterval } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { CountState, Store } from "../store/store.ts";
import type { Against } from "./against.ts";
import { Dot } from "./slices.tsx";

interface Props {
  store: Store;
  dim: Dim;
  against: Against;
  height: number;
}

export function Parts({ store, dim, against, height }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const at = useSignal(0);
  const { values, state } = store.count([dim.key], dim.own).value;
  const beside = othersOf(store, dim, against, values);
  const parts = partsOf(dim, values, beside.values, beside.apart);
  const shown = beside.known ? parts : parts.map((part) => ({ ...part, other: part.share }));
  const top = Math.max(0.01, ...shown.flatMap(({ share, other }) => [share.high ?? 0, other.value ?? 0]));
  const domain = domainOf(parts);
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
        class={`parts ${beside.apart ? "apart" : ""}`}
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
            aria-label={visible(partName(part, beside.known ? beside.name : null))}
            tabIndex={place === at.value ? 0 : -1}
            data-state={state}
            onFocus={() => {
              at.value = place;
            }}
            onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            onClick={(event) => pick(part.code, event.shiftKey || event.ctrlKey || event.metaKey)}
          >
            <Line
              part={part}
              top={top}
              domain={domain}
              beside={beside}
              out={held.size > 0 && !held.has(part.code)}
            />
          </div>
        ))}
      </div>
      <StaleNote state={state} />
      <Legend n={sum(values)} beside={beside} />
    </>
  );
}

/** The rows that are compared with. */
interface Beside {
  values: ArrayLike<number>;
  /** How they are called: `all`, `the rest`. */
  name: string;
  /** Whether they differ from those in view, and can be counted. */
  known: boolean;
  /** Whether no row is in both. */
  apart: boolean;
  /** All rows: a line says where they stand. */
  whole: boolean;
  /** Why there is nothing beside, or no difference. */
  why: string | null;
}

const NOT_COUNTED = "cannot be counted here: run its notebook";

function othersOf(store: Store, dim: Dim, against: Against, values: Float64Array): Beside {
  const whole = store.whole([dim.key], dim.own);
  const filtered = whole.some((n, code) => n !== values[code]);
  if (against.mode.value !== "pin") {
    const all = against.mode.value === "all";
    const others = all ? whole : whole.map((n, code) => n - (values[code] ?? 0));
    const [name, apart] = all ? ["all", false] : ["the rest", filtered];
    return { values: others, name, known: filtered, apart, whole: all, why: null };
  }
  const pinned = against.pinned(dim.key, dim.own).value;
  const common = against.common(dim.own).value;
  const known = counted(pinned.state);
  const n = common.values[0] ?? 0;
  const apart = known && counted(common.state) && n === 0;
  const why = !known
    ? pinned.state === "stale" && `The pinned selection ${NOT_COUNTED}.`
    : !counted(common.state)
      ? common.state === "stale" && `How many examples are both in view and pinned ${NOT_COUNTED}.`
      : n > 0 && `${count(n)} of them are in view too: a difference needs two that share none.`;
  return { values: pinned.values, name: "the pinned", known, apart, whole: false, why: why || null };
}

function counted(state: CountState): boolean {
  return state === "exact";
}

/** From where to where the differences are drawn: the same on both sides of none. */
function domainOf(parts: readonly Part[]): Domain {
  const ends = parts.flatMap(({ difference }) => [difference?.low ?? 0, difference?.high ?? 0]);
  const most = Math.max(0.01, ...ends.map(Math.abs));
  return [-most, most];
}

function Legend({ n, beside }: { n: number; beside: Beside }) {
  const { known, apart, whole, why, name } = beside;
  if (!known && why === null)
    return (
      <p class="foot">Share of all {count(n)}, 95 % interval. Select anywhere to compare with the whole.</p>
    );
  return (
    <p class="foot">
      Bars: share of the {count(n)} in view, 95 % interval
      {known && (
        <>
          ; <span class={whole ? "mark legend" : "second legend"} /> of {name} {count(sum(beside.values))}
        </>
      )}
      . {why}
      {apart && (
        <>
          Points more than {name}: <Dot filled /> the interval leaves out 0, as 1 in 20 does by chance alone.
        </>
      )}
    </p>
  );
}

interface LineProps {
  part: Part;
  top: number;
  domain: Domain;
  beside: Beside;
  /** Whether others are selected and this one is not. */
  out: boolean;
}

function Line({ part: { text, n, share, other, difference }, top, domain, beside, out }: LineProps) {
  const at = (value: number | null) => `${(100 * (value ?? 0)) / top}%`;
  return (
    <>
      <span class="name" title={visible(text)}>
        <bdi>{visible(text)}</bdi>
      </span>
      <span class={`track ${out ? "out" : ""} ${beside.known && !beside.whole ? "two" : ""}`}>
        <span class="fill" style={{ inlineSize: at(share.value) }} />
        {share.low !== null && (
          <span
            class="reach"
            style={{ insetInlineStart: at(share.low), inlineSize: at((share.high ?? 0) - share.low) }}
          />
        )}
        {beside.known && beside.whole && <span class="mark" style={{ insetInlineStart: at(other.value) }} />}
        {beside.known && !beside.whole && (
          <span class="second" title={percent(other.value)} style={{ inlineSize: at(other.value) }} />
        )}
      </span>
      <span class="n">{count(n)}</span>
      <span class="rate">{percent(share.value)}</span>
      <span class="soft limits">{interval(share)}</span>
      {difference && (
        <span class="difference">
          <Interval measure={difference} domain={domain} />
          <span class="numbers">{pointsInterval(difference)}</span>
        </span>
      )}
    </>
  );
}
