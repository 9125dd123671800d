/** What a scatter draws: counts in pairs of bins, and single rows. */

import { aligned } from "./codec.ts";
import { type FineAxis, placeOf } from "./fine.ts";
import { usualLabel } from "./shares.ts";
import { OUTCOME } from "./tiles.ts";
import type { Field, Meta } from "./types.ts";

/** A pair of bins that has rows. */
export interface Cell {
  /** From where to where, in fine bins. */
  x: readonly [number, number];
  y: readonly [number, number];
  /** The same as numbers. */
  ends: readonly [readonly [number, number], readonly [number, number]];
  n: number;
  /** Wrong ones, or those of the label. */
  marked: number;
  /** Those that are judged, or labelled. */
  known: number;
  /** Rows for so much room. */
  density: number;
  /** Whether the bins are those of the slices. */
  slices: boolean;
}

/** Both numbers of each row, and what it counts as. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
  hue: Uint8Array;
}

const HUES = 3;

/** What the rows of each hue are called; the first is empty where none is marked. */
export function huesOf(meta: Meta): readonly [string, string, string] {
  if (meta.model) return ["wrong", "right", "not judged"];
  const label = meta.loss ? null : usualLabel(meta);
  return label === null ? ["", "examples", ""] : [meta.classes[label] ?? "", "other labels", "no label"];
}

export function pointsOf(buffers: DataView[]): Points {
  const [x, y, hue] = buffers.map((buffer) => aligned(buffer)) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
  return { x: new Float64Array(x), y: new Float64Array(y), hue: new Uint8Array(hue) };
}

/** Cells of counts by fine bin of x, fine bin of y, and hue. */
export function fineCells([x, y]: readonly [FineAxis, FineAxis], counts: Float64Array): Cell[] {
  const cells: Cell[] = [];
  const ny = y.edges.length - 1;
  for (let i = 0; i < x.edges.length - 1; i++) {
    for (let j = 0; j < ny; j++) {
      const [marked, others, neither] = counts.subarray((i * ny + j) * HUES, (i * ny + j + 1) * HUES);
      const known = (marked ?? 0) + (others ?? 0);
      const n = known + (neither ?? 0);
      if (n === 0) continue;
      const ends = [endsOf(x, i), endsOf(y, j)] as const;
      cells.push({
        x: [i, i + 1],
        y: [j, j + 1],
        ends,
        n,
        marked: marked ?? 0,
        known,
        density: n,
        slices: false,
      });
    }
  }
  return cells;
}

function endsOf({ edges }: FineAxis, bin: number): readonly [number, number] {
  return [edges[bin] as number, edges[bin + 1] as number];
}

/** Cells of counts by level of x, level of y, and outcome or label; and how many rows lack a number. */
export function coarseCells(
  axes: readonly [FineAxis, FineAxis],
  fields: readonly [Field, Field],
  counts: Float64Array,
  meta: Meta,
): { cells: Cell[]; missing: number } {
  const cells: Cell[] = [];
  let missing = 0;
  const [x, y] = fields.map((field, side) =>
    field.levels.map(({ low, high }) => {
      if (low === null || high === null) return null;
      const axis = axes[side] as FineAxis;
      return { at: [placeOf(axis, low), placeOf(axis, high)] as const, ends: [low, high] as const };
    }),
  ) as [(Bin | null)[], (Bin | null)[]];
  const codes = meta.model ? HUES : meta.classes.length;
  x.forEach((across, i) => {
    y.forEach((down, j) => {
      const at = (i * y.length + j) * codes;
      const { n, marked, known } = countedBy(counts.subarray(at, at + codes), meta);
      if (!across || !down) missing += n;
      else if (n > 0) {
        const room = (across.at[1] - across.at[0]) * (down.at[1] - down.at[0]);
        const ends = [across.ends, down.ends] as const;
        cells.push({
          x: across.at,
          y: down.at,
          ends,
          n,
          marked,
          known,
          density: n / (room || 1),
          slices: true,
        });
      }
    });
  });
  return { cells, missing };
}

interface Bin {
  at: readonly [number, number];
  ends: readonly [number, number];
}

function countedBy(counts: Float64Array, meta: Meta): { n: number; marked: number; known: number } {
  const n = counts.reduce((a, b) => a + b, 0);
  if (meta.model) {
    const wrong = counts[OUTCOME.error] ?? 0;
    return { n, marked: wrong, known: wrong + (counts[OUTCOME.correct] ?? 0) };
  }
  const label = meta.loss ? null : usualLabel(meta);
  const unlabelled = meta.missing === null ? 0 : (counts[meta.missing] ?? 0);
  return { n, marked: label === null ? 0 : (counts[label] ?? 0), known: n - unlabelled };
}
