/** Slices where examples are not right or wrong: the mean loss of each against that of the rest. */

import { visible } from "../core/highlight.ts";
import { amountsOf, lossRows, MEANS } from "../core/losses.ts";
import type { Loss } from "../core/types.ts";
import { SliceList } from "./slices.tsx";
import type { ViewProps } from "./view.ts";

export function LossSlices({ store, options }: ViewProps) {
  const meta = store.meta.value;
  const { name } = meta.loss as Loss;
  const amounts = amountsOf(store.tiles.value);
  return (
    <SliceList
      store={store}
      options={options}
      rows={lossRows(
        store.sliced.value,
        amounts,
        (by, ...without) => store.count(by, ...without).value,
        store.effects("loss").value,
      )}
      words={MEANS}
      head={
        <>
          · mean <bdi>{visible(name)}</bdi> against the rest
        </>
      }
      note="Means from 10 examples."
      kind="losses"
    />
  );
}
