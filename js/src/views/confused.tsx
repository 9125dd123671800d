/** Of many classes a list of the confused pairs, by count or by rate, and a field to find a class. */

import { useComputed, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { StaleNote } from "../charts/axis-note.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { type Pair, surest } from "../core/confused.ts";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { findTexts } from "../core/matrix.ts";
import { type CellClause, clauseOf, toggleCells, withClause } from "../core/selection.ts";
import type { Rectangle } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { type Found, useFound } from "./confused-found.ts";
import { PairsHead, ShareCells } from "./confusion-list.tsx";
import { breakable } from "./confusion-measure.tsx";
import type { ViewProps } from "./view.ts";

const FIRST = 16;
const MORE = 50;
/** Of a line of the list, in pixels, and of what stands around it. */
const LINE = 34;
const AROUND = 120;

export function Confused({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const words = useSignal("");
  const rates = useSignal(false);
  const more = useSignal(0);
  const sought = useComputed(() =>
    words.value.trim() ? findTexts(store.meta.value.classes, words.value) : null,
  );
  const found = useFound(store, options, sought).value;
  const rated = useMemo(() => surest(found.pairs), [found.pairs]);
  const pairs = rates.value ? rated : found.pairs;
  const room = typeof options.height === "number" ? Math.floor((options.height - AROUND) / LINE) : FIRST;
  const shown = pairs.slice(0, Math.max(3, room) + more.value);
  const left = Math.min(MORE, pairs.length - shown.length);
  const classes = meta.classes.length - (meta.missing === null ? 0 : 1);
  return (
    <section class="confusion c-pairs" aria-label="Confusion">
      <h3 class="title">
        <b>Confusion</b> <span>{heldBy(shown, found)}</span>
      </h3>
      <div class="m-tools">
        <Switch
          label="Order of the pairs"
          options={[["By count"], ["By rate"]]}
          chosen={Number(rates.value)}
          onChoose={(i) => {
            rates.value = i === 1;
            more.value = 0;
          }}
        />
        <div class="m-find">
          <input
            type="search"
            aria-label="Find a class"
            placeholder={`Find one of ${count(classes)} classes`}
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
              more.value = 0;
            }}
          />
          <span role="status" class="m-said soft" dir="auto">
            {sought.value && matching(sought.value.length, words.value)}
          </span>
        </div>
      </div>
      {shown.length > 0 ? (
        <Pairs store={store} pairs={shown} state={found.state} />
      ) : (
        found.error === null && <p class="soft">{whyNone(found, sought.value !== null)}</p>
      )}
      {found.error !== null && (
        <p class="soft" role="alert">
          The pairs could not be counted: {found.error}
        </p>
      )}
      {left > 0 && (
        <button
          type="button"
          class="word m-more"
          onClick={() => {
            more.value += MORE;
          }}
        >
          Show {left} more
        </button>
      )}
      {left === 0 && !found.all && (
        <p class="soft">
          Listed here: {count(found.told)} of {amount(found.total, "pair")}, the most frequent and those of
          the largest share.{" "}
          {store.status.value === "live" ? "Find a class for all of its pairs." : "Run its notebook for all."}
        </p>
      )}
      <p class="reading soft">
        {rates.value ? howRated(rated, store) : "n: examples of the label that were predicted so."} A name
        selects its row or column, the arrow the pair.
      </p>
      {found.error === null && <StaleNote state={found.state} />}
    </section>
  );
}

function Pairs({ store, pairs, state }: { store: Store; pairs: readonly Pair[]; state: Found["state"] }) {
  const table = useRef<HTMLTableElement>(null);
  const active = useSignal(1);
  const top = Math.max(...pairs.map(({ share }) => share.high ?? share.value ?? 0), 0.01);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowUp: -3, ArrowDown: 3, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const buttons = [...(table.current?.querySelectorAll("button") ?? [])];
    const to = event.key === "Home" ? 1 : event.key === "End" ? buttons.length - 2 : active.value + (by ?? 0);
    if (to === active.value || !buttons[to]) return;
    event.preventDefault();
    buttons[to].focus();
  };
  return (
    <table ref={table} class="m-list" data-state={state} onKeyDown={move}>
      <PairsHead />
      <tbody>
        {pairs.map((pair, i) => (
          <Line
            key={`${pair.label} ${pair.prediction}`}
            store={store}
            pair={pair}
            top={top}
            focus={(part) => ({
              tabIndex: active.value === 3 * i + part ? 0 : -1,
              onFocus: () => {
                active.value = 3 * i + part;
              },
            })}
          />
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  store: Store;
  pair: Pair;
  top: number;
  focus: (part: number) => { tabIndex: number; onFocus: () => void };
}

function Line({ store, pair, top, focus }: LineProps) {
  const { label, prediction, n, share } = pair;
  const { classes } = store.meta.value;
  const [from, to] = [classes[label] ?? "", classes[prediction] ?? ""];
  const parts: [title: string, Rectangle, text: string][] = [
    [`label ${from}`, { label: [label], prediction: null }, from],
    [`${from} → ${to}`, { label: [label], prediction: [prediction] }, "→"],
    [`predicted ${to}`, { label: null, prediction: [prediction] }, to],
  ];
  const pair1 = parts[1] as (typeof parts)[number];
  return (
    <tr
      class={isIn(store, pair1[1]) ? "selected" : ""}
      onClick={(event) => pick(store, pair1[1], event.shiftKey)}
    >
      <td>
        {parts.map(([title, rectangle, text], i) => (
          <button
            key={title}
            type="button"
            title={visible(title)}
            aria-label={visible(title)}
            aria-pressed={isIn(store, rectangle)}
            {...focus(i)}
            onClick={(event) => {
              event.stopPropagation();
              pick(store, rectangle, event.shiftKey);
            }}
          >
            {i === 1 ? <span class="soft">→</span> : <bdi>{breakable(visible(text))}</bdi>}
          </button>
        ))}
      </td>
      <ShareCells n={n} share={share} top={top} />
    </tr>
  );
}

function cellClause(store: Store): CellClause | null {
  return clauseOf(store.clauses.value, "cell") as CellClause | null;
}

function same(one: Rectangle, other: Rectangle): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isIn(store: Store, rectangle: Rectangle): boolean {
  return cellClause(store)?.any.some((own) => same(own, rectangle)) ?? false;
}

/** Select cells in place of those that were, or put them in or out; what was clicked alone is taken out. */
function pick(store: Store, rectangle: Rectangle, adding: boolean): void {
  const now = cellClause(store);
  const alone = now?.any.length === 1 && isIn(store, rectangle);
  const next = adding
    ? toggleCells(now, rectangle)
    : alone
      ? null
      : ({ field: "cell", any: [rectangle], outcome: null } as CellClause);
  store.select(withClause(store.clauses.value, "cell", next));
}

/** `· 16 of 6,078 pairs hold 6 % of the errors`; nothing until that is known. */
function heldBy(shown: readonly Pair[], { total, errors, state }: Found): string {
  if (!total) return state === "exact" ? "· no errors" : "";
  const n = shown.reduce((sum, pair) => sum + pair.n, 0);
  if (shown.length === total) return `· ${amount(total, "pair")}, ${amount(errors, "error")}`;
  const share = (100 * n) / errors;
  return `· ${count(shown.length)} of ${count(total)} pairs hold ${share < 1 ? share.toFixed(1) : Math.round(share)} % of the errors`;
}

/** What the order by rate goes by. */
function howRated(rated: readonly Pair[], store: Store): string {
  const without = rated.filter((pair) => pair.share.low === null).length;
  const by = "By the lower end of the share's interval, of labels with 10 examples or more";
  if (!without) return `${by}.`;
  const why =
    store.status.value === "live"
      ? "too few groups for an interval"
      : "intervals by groups need every row, run its notebook";
  if (without < rated.length) return `${by}. Last, by their share: ${amount(without, "pair")}, ${why}.`;
  return `By the share, of labels with 10 examples or more: ${why}.`;
}

function matching(classes: number, words: string): string {
  return classes ? `${amount(classes, "class", "classes")} found` : `No class contains “${words.trim()}”`;
}

function whyNone({ pairs, total, state, all }: Found, sought: boolean): string {
  if (state === "waiting" && !pairs.length) return "Waiting for the kernel.";
  if (state === "stale" && !pairs.length) return "Run its notebook to list the pairs of this selection.";
  if (sought && (total === 0 || !all))
    return all ? "No errors of these classes." : "None of the pairs that are listed here.";
  return total ? "No label has ten examples: their rates would say nothing." : "No errors here.";
}
