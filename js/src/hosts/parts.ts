/**
 * The modules of the board that families of views build on. A family's bundle has no copy of them: build.mjs reads
 * the names below, and what else a family imports becomes part of the family.
 */

import { computed, signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Fragment, jsx, jsxs } from "preact/jsx-runtime";
import { plotOf, Titled, ticks, useWidth, XAxis, YAxis } from "../charts/axis.tsx";
import { Band, useBrush, useStops } from "../charts/axis-brush.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { Switch } from "../charts/axis-switch.tsx";
import { Histogram } from "../charts/histogram.tsx";
import { Interval } from "../charts/interval.tsx";
import { NO_GROUPS, scoreEffect, sliceEffects } from "../core/effects.ts";
import { amount, clauseText, count, interval, levelText, percent, pointsInterval } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { gap, logitLimits, MIN_N, newcombe, share, unknown, wilson, Z } from "../core/intervals.ts";
import { findTexts } from "../core/matrix.ts";
import {
  clauseOf,
  edgesOf,
  filterOf,
  sameClauses,
  splitOf,
  toggleCells,
  withClause,
} from "../core/selection.ts";
import { levelRows, ownRow, selectedCodes, sharesOf, sortRows, toggledLevel } from "../core/slicing.ts";
import { entries, OUTCOME, tabulate } from "../core/tiles.ts";
import { CONFIDENCE_BINS } from "../core/types.ts";
import { counting, keyOf } from "../store/counting.ts";
import { Absent, CONFIDENCE_TITLE, setSpan, spanOf, useStart } from "../views/confidence.tsx";
import { PairsHead, ShareCells } from "../views/confusion-list.tsx";
import { breakable } from "../views/confusion-measure.tsx";
import { AREA, Head, MeasureBlock, splitCode, useKnown } from "../views/header-measures.tsx";
import { Dot, isSelected, nothing, SliceList, toggle } from "../views/slices.tsx";
import { Grid } from "../views/slices-grid.tsx";

// biome-ignore format: build.mjs reads these lines
export const parts = {
  "@preact/signals": { computed, signal, useComputed, useSignal, useSignalEffect },
  "preact/hooks": { useEffect, useId, useLayoutEffect, useMemo, useRef },
  "preact/jsx-runtime": { Fragment, jsx, jsxs },
  "charts/axis.tsx": { plotOf, Titled, ticks, useWidth, XAxis, YAxis },
  "charts/axis-brush.tsx": { Band, useBrush, useStops },
  "charts/axis-note.tsx": { StaleNote },
  "charts/axis-switch.tsx": { Switch },
  "charts/histogram.tsx": { Histogram },
  "charts/interval.tsx": { Interval },
  "core/effects.ts": { NO_GROUPS, scoreEffect, sliceEffects },
  "core/format.ts": { amount, clauseText, count, interval, levelText, percent, pointsInterval },
  "core/highlight.ts": { visible },
  "core/intervals.ts": { gap, logitLimits, MIN_N, newcombe, share, unknown, wilson, Z },
  "core/matrix.ts": { findTexts },
  "core/selection.ts": { clauseOf, edgesOf, filterOf, sameClauses, splitOf, toggleCells, withClause },
  "core/slicing.ts": { levelRows, ownRow, selectedCodes, sharesOf, sortRows, toggledLevel },
  "core/tiles.ts": { tabulate, entries, OUTCOME },
  "core/types.ts": { CONFIDENCE_BINS },
  "store/counting.ts": { counting, keyOf },
  "views/confidence.tsx": { Absent, CONFIDENCE_TITLE, setSpan, spanOf, useStart },
  "views/confusion-list.tsx": { PairsHead, ShareCells },
  "views/confusion-measure.tsx": { breakable },
  "views/header-measures.tsx": { AREA, MeasureBlock, Head, splitCode, useKnown },
  "views/slices-grid.tsx": { Grid },
  "views/slices.tsx": { Dot, isSelected, nothing, SliceList, toggle },
};
