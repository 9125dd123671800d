/** Says of greyed numbers why they are grey. */

import type { CountState } from "../store/store.ts";

/** Nothing where the numbers are those of the selection. */
export function StaleNote({ state }: { state: CountState }) {
  if (state !== "stale") return null;
  return <p class="stale-note">Greyed: the last exact numbers. Run its notebook to combine these.</p>;
}
