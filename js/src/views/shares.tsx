/** Slices before there is a model: n, and the share of a label against the rest. */

import { useSignal } from "@preact/signals";
import { visible } from "../core/highlight.ts";
import { labelsOf, shareRows, usualLabel } from "../core/shares.ts";
import { sharesOf } from "../core/slicing.ts";
import { SliceList } from "./slices.tsx";
import type { ViewProps } from "./view.ts";

export function Shares({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const labels = labelsOf(meta);
  const chosen = useSignal(typeof options.label === "number" ? options.label : null);
  const label = chosen.value ?? usualLabel(meta);
  const name = label === null ? "" : visible(meta.classes[label] ?? "");
  return (
    <SliceList
      store={store}
      options={options}
      rows={shareRows(
        store.sliced.value,
        label,
        (key, own) => store.count([key, "label"], own, "cell").value,
        store.effects(label === null ? "rows" : "label", label).value,
      )}
      words={sharesOf(label === null ? "of the rows" : name)}
      head={
        label === null ? (
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
        )
      }
      note={label === null ? null : "Labels are counted whatever label is selected."}
      first={{ column: label === null ? "rate" : "difference", descending: true }}
      order={label === null ? "By share" : "By difference"}
      kind={label === null ? "shares sizes" : "shares"}
    />
  );
}
