/** What heads a board before there is a model: how many examples, and how often each label occurs. */

import { type Effects, scoreEffect } from "../core/effects.ts";
import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { share } from "../core/intervals.ts";
import { labelsOf } from "../core/shares.ts";
import type { Meta } from "../core/types.ts";
import { Head, MeasureBlock, type Named } from "./header-measures.tsx";
import type { ViewProps } from "./view.ts";

const MOST = 5;
const BY = ["label"] as const;

export function Labels({ store }: ViewProps) {
  const meta = store.meta.value;
  const filtered = store.chosen.value.length > 0;
  const labels = labelsOf(meta);
  const counted = store.count(BY).value;
  const whole = measures(meta, store.whole(BY), store.effects("scores", null, true).value);
  const selected = filtered ? measures(meta, counted.values, store.effects("scores").value) : null;
  const missing = meta.missing === null ? 0 : (store.whole(BY)[meta.missing] ?? 0);
  return (
    <Head
      store={store}
      selected={selected !== null && labels.length > 0}
      size={
        <>
          {amount(store.total.value)} ·{" "}
          {labels.length === 0 ? "no labels" : amount(labels.length, "class", "classes")}
          {labels.length > MOST && `, the ${MOST} most frequent shown`}
          {labels.length > 0 && missing > 0 && ` · ${amount(missing)} without a label`}
        </>
      }
    >
      {whole.map((named, i) => (
        <MeasureBlock
          key={named.name}
          named={named}
          selected={selected?.[i]?.measure ?? null}
          state={counted.state}
        />
      ))}
    </Head>
  );
}

function measures(meta: Meta, counts: Float64Array, effects: Effects | null): Named[] {
  const labels = labelsOf(meta);
  const n = labels.reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  return labels.slice(0, MOST).map((code) => ({
    name: visible(meta.classes[code] ?? ""),
    measure: share([counts[code] ?? 0], [n], scoreEffect(effects, `label ${code}`)),
    why: "fewer than 10 labelled examples",
  }));
}
