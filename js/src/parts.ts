/**
 * The modules of the board that families of views build on. A family's bundle has no copy of them: build.mjs reads
 * the names below, and what else a family imports becomes part of the family.
 */

import { signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Fragment, jsx, jsxs } from "preact/jsx-runtime";
import { StaleNote } from "./charts/axis-note.tsx";
import { amount, count, interval, percent } from "./core/format.ts";
import { visible } from "./core/highlight.ts";
import { wilson } from "./core/intervals.ts";
import { selectedCodes, toggledLevel } from "./core/slicing.ts";

// biome-ignore format: build.mjs reads these lines
export const parts = {
  "@preact/signals": { signal, useComputed, useSignal },
  "preact/hooks": { useEffect, useLayoutEffect, useRef },
  "preact/jsx-runtime": { Fragment, jsx, jsxs },
  "charts/axis-note.tsx": { StaleNote },
  "core/format.ts": { amount, count, interval, percent },
  "core/highlight.ts": { visible },
  "core/intervals.ts": { wilson },
  "core/slicing.ts": { selectedCodes, toggledLevel },
};
