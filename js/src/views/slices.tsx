/** Which parts of the data the model is worse on: every level of every column, and the user's own slices. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { StaleNote } from "../charts/axis-note.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { sliceEffects } from "../core/effects.ts";
import { amount, count } from "../core/format.ts";
import {
  type Counts,
  ERRORS,
  fieldRows,
  oneOutcome,
  type SliceRow,
  type SliceSort,
  selectedCodes,
  sharesOf,
  sortRows,
  toggledLevel,
  toggledNames,
  userRow,
  type Words,
} from "../core/slicing.ts";
import type { Store } from "../store/store.ts";
import { Grid, type Group } from "./slices-grid.tsx";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;
const WORST_FIRST: SliceSort = { column: "difference", descending: true };
const AS_GIVEN: SliceSort = { column: null, descending: false };

export function Slices({ store, options }: ViewProps) {
  const share = oneOutcome(
    store.count(["outcome"]).value.values,
    store.count(["outcome"], "cell").value.values,
  );
  return (
    <SliceList
      store={store}
      options={options}
      rows={rowsOf(store, share)}
      words={share ? sharesOf("selected") : ERRORS}
      head={`· ${share ? "share selected" : "error rate"} against the rest`}
      note="Rates from 10 examples."
    >
      {share && (
        <p class="foot">
          The selected cells have one outcome, so the error rates are all alike: this is how much of each
          slice is in them.
        </p>
      )}
    </SliceList>
  );
}

interface ListProps extends ViewProps {
  rows: SliceRow[];
  words: Words;
  /** What is measured. */
  head: ComponentChildren;
  /** What else is to be known of the numbers; null where nothing is compared. */
  note: string | null;
  /** The order at first, and what it is called. */
  first?: SliceSort;
  order?: string;
  kind?: string;
  children?: ComponentChildren;
}

/** Slices with their head, their order and their notes, whatever is measured of them. */
export function SliceList(props: ListProps) {
  const { store, options, rows, words, head, note, children } = props;
  const { first = WORST_FIRST, order = "By difference", kind = "" } = props;
  const grouped = useSignal(false);
  const sort = useSignal(first);
  const meta = store.meta.value;
  const own = rows.filter(({ run }) => !run);
  const apart = groupsOf(rows.filter(({ run }) => run));
  const groups = grouped.value ? [...groupsOf(own), ...apart] : [{ title: null, rows: own }, ...apart];
  const why = meta.n === 0 ? "No examples." : rows.length === 0 ? nothing(meta.variable) : null;
  const rated = rows.filter(({ difference }) => difference.value !== null);
  const asked = meta.groups && rated.length > 0 && rated.every(({ difference }) => difference.low === null);
  const unknown = asked && store.status.value !== "live";
  const arrange = (byColumn: boolean) => {
    grouped.value = byColumn;
    sort.value = byColumn ? AS_GIVEN : first;
  };
  return (
    <section class={`slices ${kind}`} aria-label="Slices">
      <div class="head">
        <h3 class="title">
          <b>Slices</b>{" "}
          <span>
            {head}, 95 % interval{why ? "" : ` · ${count(own.length)} looked at`}
          </span>
        </h3>
        {!why && groupsOf(own).length > 1 && (
          <Switch
            label="Order of the slices"
            options={[[order], ["By column"]]}
            chosen={grouped.value ? 1 : 0}
            onChoose={(i) => arrange(i === 1)}
          />
        )}
      </div>
      {why ? (
        <p class="soft">{why}</p>
      ) : (
        <>
          <Grid
            groups={groups.map((group) => ({ ...group, rows: sortRows(group.rows, sort.value) }))}
            words={words}
            sort={sort}
            height={typeof options.height === "number" ? options.height : HEIGHT}
            isSelected={(row) => isSelected(store, row)}
            onToggle={(row, add) => toggle(store, row, add)}
            onClear={(row) => store.drop(row.field ? row.key : "slice")}
          />
          {rows.some((row) => row.state === "stale") && <StaleNote state="stale" />}
          {children}
          {unknown && <p class="foot">No intervals: those by groups need every row, run its notebook.</p>}
          {note !== null && !unknown && (
            <p class="foot">
              <Dot filled /> the interval leaves out 0, as 1 in 20 does by chance alone;{" "}
              <Dot filled={false} /> it does not. These are {amount(own.length, "look")}, not confirmed
              findings. {note}
            </p>
          )}
        </>
      )}
    </section>
  );
}

export function Dot({ filled }: { filled: boolean }) {
  return (
    <svg
      class="interval legend"
      width="9"
      height="9"
      role="img"
      aria-label={filled ? "Filled dot:" : "hollow dot:"}
    >
      <circle class={filled ? "filled" : "hollow"} cx="4.5" cy="4.5" r="3.5" />
    </svg>
  );
}

export function nothing(variable: string): string {
  return `No column has few enough values to slice by. ${variable}.slice(name, where) defines a slice.`;
}

function rowsOf(store: Store, share: boolean): SliceRow[] {
  const { fields, slices } = store.sliced.value;
  const effects = store.effects(share ? "share" : "error").value;
  const counts = (key: string, own: string): Counts => {
    const here = store.sums([key, "outcome"], own);
    const base = share ? store.sums([key, "outcome"], own, "cell") : null;
    return {
      values: here.values,
      state: base && base.state !== "exact" ? base.state : here.state,
      of: base?.values,
      effects: (code) => sliceEffects(effects, key, code),
    };
  };
  return [
    ...fields.flatMap((field) => fieldRows(field, counts(field.key, field.key))),
    ...slices.map((slice) => userRow(slice, counts(slice.key, "slice"))),
  ];
}

function groupsOf(rows: readonly SliceRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = row.field?.key ?? "";
    const title = row.field?.name ?? (row.run ? "told apart by the training" : "your slices");
    const group = groups.get(key) ?? { title, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function namesOf(store: Store): string[] {
  const clause = store.clause("slice");
  return clause && "names" in clause ? clause.names : [];
}

export function isSelected(store: Store, row: SliceRow): boolean {
  return row.field
    ? selectedCodes(row.field, store.clause(row.key)).has(row.code)
    : namesOf(store).includes(row.name);
}

export function toggle(store: Store, row: SliceRow, add: boolean): void {
  if (row.field) {
    const clause = toggledLevel(row.field, store.clause(row.key), row.code, add);
    if (clause) store.where(clause);
    else store.drop(row.key);
    return;
  }
  const names = toggledNames(namesOf(store), row.name, add);
  if (names.length) store.where({ field: "slice", names });
  else store.drop("slice");
}
