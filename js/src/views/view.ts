/** What every view is given. */

import type { Store } from "../store/store.ts";

export interface ViewProps {
  store: Store;
  options: Record<string, unknown>;
}
