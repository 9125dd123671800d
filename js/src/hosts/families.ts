/** Brings families of views beside the board's own: the code of a family is loaded once a page. */

import { run } from "../store/inline.ts";
import { registry } from "../store/registry.ts";
import type { View } from "../views/view.ts";
import { parts } from "./parts.ts";

/** Views that are loaded and saved only where they are shown. */
export interface Family {
  views: Record<string, View>;
  style: string;
}

interface Page {
  __offdiagonal_parts?: typeof parts | undefined;
  __offdiagonal_family?: { family: Family } | undefined;
}

/** The families of some digests; `get` gives the code of one that is not on the page yet. */
export function families(digests: string[], get: (digest: string) => Promise<string>): Promise<Family[]> {
  return Promise.all(
    digests.map(async (digest) => {
      const { code } = registry();
      const known = code.get(digest) as Family | undefined;
      if (known) return known;
      const source = await get(digest);
      const arrived = (code.get(digest) as Family | undefined) ?? started(source);
      code.set(digest, arrived);
      return arrived;
    }),
  );
}

function started(source: string): Family {
  const page = globalThis as unknown as Page;
  page.__offdiagonal_parts = parts;
  run(source);
  const arrived = page.__offdiagonal_family?.family;
  page.__offdiagonal_parts = page.__offdiagonal_family = undefined;
  if (!arrived) throw new Error("this page does not run scripts");
  return arrived;
}
