/** Slices before there is a model: n, and the share of a label against the rest. */

import { useSignal } from "@preact/signals";
import { StaleNote } from "../charts/axis-note.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { labelsOf, shareRows, usualLabel } from "../core/shares.ts";
import { type SliceSort, sharesOf, sortRows } from "../core/slicing.ts";
import { Dot, groupsOf, isSelected, nothing, toggle } from "./slices.tsx";
import { Grid } from "./slices-grid.tsx";
import type { ViewProps } from "./view.ts";

const HEIGHT = 330;
const AS_GIVEN: SliceSort = { column: null, descending: false };

export function Shares({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const labels = labelsOf(meta);
  const chosen = useSignal(typeof options.label === "number" ? options.label : null);
  const label = chosen.value ?? usualLabel(meta);
  const largest: SliceSort = { column: label === null ? "rate" : "difference", descending: true };
  const grouped = useSignal(false);
  const sort = useSignal(largest);
  const rows = shareRows(meta, label, (key, own) => store.count([key, "label"], own, "cell").value);
  const why = meta.n === 0 ? "No examples." : rows.length === 0 ? nothing(meta.variable) : null;
  const name = label === null ? "" : visible(meta.classes[label] ?? "");
  const arrange = (byColumn: boolean) => {
    grouped.value = byColumn;
    sort.value = byColumn ? AS_GIVEN : largest;
  };
  return (
    <section class={`slices shares ${label === null ? "sizes" : ""}`} aria-label="Slices">
      <div class="head">
        <h3 class="title">
          <b>Slices</b>{" "}
          <span>
            {label === null ? (
              "· share of the rows"
            ) : (
              <>
                · share of{" "}
                {labels.length > 1 ? (
                  <select
                    aria-label="Label"
                    value={String(label)}
                    onChange={(event) => {
                      chosen.value = Number(event.currentTarget.value);
                    }}
                  >
                    {labels.map((code) => (
                      <option key={code} value={String(code)}>
                        {visible(meta.classes[code] ?? "")}
                      </option>
                    ))}
                  </select>
                ) : (
                  <bdi>{name}</bdi>
                )}{" "}
                against the rest
              </>
            )}
            , 95 % interval{why ? "" : ` · ${count(rows.length)} looked at`}
          </span>
        </h3>
        {!why && groupsOf(rows).length > 1 && (
          <Switch
            label="Order of the slices"
            options={[[label === null ? "By share" : "By difference"], ["By column"]]}
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
            words={sharesOf(label === null ? "of the rows" : name)}
            sort={sort}
            height={typeof options.height === "number" ? options.height : HEIGHT}
            isSelected={(row) => isSelected(store, row)}
            onToggle={(row, add) => toggle(store, row, add)}
            onClear={(row) => store.drop(row.field ? row.key : "slice")}
          />
          {rows.some((row) => row.state === "stale") && <StaleNote state="stale" />}
          {label !== null && (
            <p class="foot">
              <Dot filled /> the interval leaves out 0, as 1 in 20 does by chance alone;{" "}
              <Dot filled={false} /> it does not. These are {amount(rows.length, "look")}, not confirmed
              findings. Labels are counted whatever label is selected.
            </p>
          )}
        </>
      )}
    </section>
  );
}
