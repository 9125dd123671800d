/** What every view is given. */

import type { ComponentType } from "preact";
import type { Store } from "../store/store.ts";

export interface ViewProps {
  store: Store;
  options: Record<string, unknown>;
}

/** A view of the board, or of a family. */
export type View = ComponentType<ViewProps>;
