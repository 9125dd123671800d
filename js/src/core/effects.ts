/** By how much groups of rows that fare alike widen intervals: what the kernel counted, or an output has saved. */

/** By name of a number; of slices, by dim, those of the rates and of the differences of its levels. Null is infinite. */
export type Effects = Record<string, (number | null)[] | (number | null)[][]>;

/** Where rows come in no groups, intervals are as they are. */
export const NO_GROUPS: Effects = {};

/** The effect on a number of the header. Infinite where nobody has counted it: then it has no interval. */
export function scoreEffect(effects: Effects | null, name: string): number {
  return effects === NO_GROUPS ? 1 : ((effects?.[name]?.[0] as number | null | undefined) ?? Infinity);
}

/** The effects on the rate of a slice, and on its difference to the rest. */
export function sliceEffects(effects: Effects | null, key: string, code: number): [number, number] {
  if (effects === NO_GROUPS) return [1, 1];
  const [rates, differences] = (effects?.[key] ?? []) as (number | null)[][];
  return [rates?.[code] ?? Infinity, differences?.[code] ?? Infinity];
}

/** The effects on the numbers of a matrix, by the codes of its sides. */
export interface MatrixEffects {
  share(row: number, column: number, of: "rows" | "columns"): number;
  /** On recall, or on precision, of a class. */
  rate(side: "recall" | "precision", code: number): number;
}

/** Those of a matrix with so many columns: told of the cells that occur, and of what has none of a row or a column. */
export function matrixEffects(effects: Effects | null, width: number): MatrixEffects {
  if (effects === NO_GROUPS) return { share: () => 1, rate: () => 1 };
  const known = (effects ?? {}) as Record<string, (number | null)[]>;
  const places = new Map(known.cells?.map((cell, i) => [cell, i]));
  return {
    share(row, column, of) {
      const place = places.get(row * width + column);
      const [own, nothing, code] = of === "rows" ? ["row", "no_row", row] : ["column", "no_column", column];
      return (place === undefined ? known[nothing]?.[code] : known[own]?.[place]) ?? Infinity;
    },
    rate: (side, code) => known[side]?.[code] ?? Infinity,
  };
}
