/** Slices where examples are not right or wrong: the mean loss of each against that of the rest. */

import { useSignal } from "@preact/signals";
import { StaleNote } from "../charts/axis-note.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { amountsOf, lossRows, MEANS } from "../core/losses.ts";
import { type SliceSort, sortRows } from "../core/slicing.ts";
import type { Loss } from "../core/types.ts";
import { Dot, groupsOf, isSelected, nothing, toggle } from "./slices.tsx";
import { Grid } from "./slices-grid.tsx";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;
const WORST_FIRST: SliceSort = { column: "difference", descending: true };
const AS_GIVEN: SliceSort = { column: null, descending: false };

export function LossSlices({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const loss = meta.loss as Loss;
  const grouped = useSignal(false);
  const sort = useSignal(WORST_FIRST);
  const rows = lossRows(
    meta,
    amountsOf(store.tiles.value),
    (by, ...without) => store.count(by, ...without).value,
  );
  const why = meta.n === 0 ? "No examples." : rows.length === 0 ? nothing(meta.variable) : null;
  const arrange = (byColumn: boolean) => {
    grouped.value = byColumn;
    sort.value = byColumn ? AS_GIVEN : WORST_FIRST;
  };
  return (
    <section class="slices losses" aria-label="Slices">
      <div class="head">
        <h3 class="title">
          <b>Slices</b>{" "}
          <span>
            · mean <bdi>{visible(loss.name)}</bdi> against the rest, 95 % interval
            {why ? "" : ` · ${count(rows.length)} looked at`}
          </span>
        </h3>
        {!why && groupsOf(rows).length > 1 && (
          <Switch
            label="Order of the slices"
            options={[["By difference"], ["By column"]]}
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
            groups={
              grouped.value
                ? groupsOf(rows).map((group) => ({ ...group, rows: sortRows(group.rows, sort.value) }))
                : [{ title: null, rows: sortRows(rows, sort.value) }]
            }
            words={MEANS}
            sort={sort}
            height={typeof options.height === "number" ? options.height : HEIGHT}
            isSelected={(row) => isSelected(store, row)}
            onToggle={(row, add) => toggle(store, row, add)}
            onClear={(row) => store.drop(row.field ? row.key : "slice")}
          />
          {rows.some((row) => row.state === "stale") && <StaleNote state="stale" />}
          <p class="foot">
            <Dot filled /> the interval leaves out 0, as 1 in 20 does by chance alone; <Dot filled={false} />{" "}
            it does not. These are {amount(rows.length, "look")}, not confirmed findings. Means from 10
            examples.
          </p>
        </>
      )}
    </section>
  );
}
