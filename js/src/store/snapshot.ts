/** What a saved output holds; twin of `display/saved.py`. */

import type { Clause, Meta } from "../core/types.ts";
import type { SavedEffects } from "./grouped.ts";
import type { SavedRows } from "./rows.ts";

export interface Saved {
  rows: number;
  text_chars: number;
  tier: string;
  /** How many clauses were in force that the saved counts cannot answer. */
  left_out: number;
}

export interface Snapshot {
  meta: Meta;
  rows: SavedRows["rows"];
  row_codes: SavedRows["codes"];
  clauses: Clause[];
  saved: Saved;
  /** What groups of rows do to the intervals of all rows, and of the selection in force. */
  effects?: SavedEffects[];
  /** Of the views, beside those that stand in the page. */
  options?: Record<string, unknown>;
}

/** What the counts answer, the poorer first; `Snapshot.tier` in display/saved.py says what each means. */
export const TIERS = ["cells", "marginals", "pairs", "groups", "live"];
