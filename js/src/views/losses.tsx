/** How large errors are: the residuals of a regression, or the loss of each row. */

import type { Loss } from "../core/types.ts";
import { Distribution } from "./distribution.tsx";
import type { ViewProps } from "./view.ts";

export function Losses({ store, options }: ViewProps) {
  const { key } = store.meta.value.loss as Loss;
  return <Distribution store={store} options={{ ...options, column: key }} />;
}
