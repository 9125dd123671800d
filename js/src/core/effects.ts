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
