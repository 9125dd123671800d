/** What an island holds in script elements: base64 of gzip. */

import { gunzip } from "../core/codec.ts";

/** `digest` names a family of views; the code of the board has none. */
export function stored(root: Element, name: "code" | "data", digest?: string): Promise<ArrayBuffer> {
  const which = digest === undefined ? `.od-${name}` : `[data-digest="${CSS.escape(digest)}"]`;
  return gunzip(root.querySelector(`script${which}`)?.textContent?.trim() ?? "");
}
