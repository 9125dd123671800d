/** What an island holds in script elements: base64 of gzip. */

import { gunzip } from "../core/codec.ts";

export function stored(root: Element, name: "code" | "data"): Promise<ArrayBuffer> {
  return gunzip(root.querySelector(`script.od-${name}`)?.textContent?.trim() ?? "");
}
