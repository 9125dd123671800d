import { describe, expect, it } from "vitest";
import { newcombe, wilson } from "../src/core/intervals.ts";
import {
  ERRORS,
  excludesNone,
  fieldRows,
  oneOutcome,
  reach,
  rowName,
  type SliceRow,
  selectedCodes,
  sharesOf,
  sortRows,
  toggledLevel,
  toggledNames,
  userRow,
} from "../src/core/slicing.ts";
import type { Field } from "../src/core/types.ts";

const level = (text: string, low: number | null = null, high: number | null = null) => ({
  text,
  python: `'${text}'`,
  low,
  high,
});

const source: Field = {
  key: "c1",
  name: "source",
  python: "'source'",
  kind: "category",
  levels: [level("web"), level("phone"), level("vendor-b")],
  role: "source",
  private: false,
  maximum: null,
};

const length: Field = {
  ...source,
  key: "c2",
  name: "length",
  kind: "number",
  levels: [level("0 to < 10", 0, 10), level("10 to < 20", 10, 20), level("20 to 30", 20, 30)],
  maximum: 30,
};

/** Errors, correct, not judged of each level. */
const COUNTS = [10, 190, 0, 5, 295, 7, 30, 70, 0];
const exact = (values: number[]) => ({ values: [Float64Array.from(values)], state: "exact" });
const rows = fieldRows(source, exact(COUNTS));
const at = (i: number) => rows[i] as SliceRow;

describe("a level against the rest", () => {
  it("has Wilson's rate and Newcombe's difference to the other judged rows", () => {
    expect(at(2).n).toBe(100);
    expect(at(2).rate).toEqual(wilson(30, 100));
    expect(at(2).difference).toEqual(newcombe(30, 100, 15, 500));
  });

  it("counts rows that are not judged in n only", () => {
    expect(at(1).n).toBe(307);
    expect(at(1).rate).toEqual(wilson(5, 300));
  });

  it("has no rate below ten judged rows, and no difference where the rest has fewer", () => {
    const [few, most] = fieldRows(source, exact([4, 5, 100, 10, 190, 0, 0, 0, 0]));
    expect([few?.rate.value, few?.difference.value]).toEqual([null, null]);
    expect(most?.rate.value).toBe(0.05);
    expect(most?.difference.value).toBeNull();
  });

  it("of the user is the code 1 of its dim", () => {
    const own = userRow({ key: "s0", name: "url", private: false }, exact([5, 95, 0, 20, 80, 0]));
    expect(own.difference).toEqual(newcombe(20, 100, 5, 100));
    expect(own.field).toBeNull();
  });
});

describe("where the selected cells have one outcome", () => {
  const errors = exact([10, 0, 0, 5, 0, 0, 30, 0, 0]);
  const shares = fieldRows(source, { ...errors, of: [Float64Array.from(COUNTS)] });

  it("a rate is the share of the slice that is selected", () => {
    expect(shares.map((row) => row.n)).toEqual([10, 5, 30]);
    expect(shares[1]?.rate).toEqual(wilson(5, 307));
    expect(shares[1]?.difference).toEqual(newcombe(5, 307, 40, 300));
    expect(rowName(shares[2] as SliceRow, sharesOf("selected"))).toMatch(
      /^source = vendor-b, 30 examples, 30\.0 % selected, 27\.\d points more than the rest, /,
    );
  });

  it("is where errors alone, right ones alone or unlabelled ones alone are in them", () => {
    const everywhere = Float64Array.from([45, 555, 7]);
    const is = (...here: number[]) => oneOutcome(Float64Array.from(here), everywhere);
    expect([is(45, 0, 0), is(0, 3, 0), is(0, 0, 7), is(3, 0, 7)]).toEqual([true, true, true, true]);
    expect([is(45, 555, 7), is(1, 1, 0), is(0, 0, 0)]).toEqual([false, false, false]);
  });
});

describe("a dot", () => {
  it("is filled where the interval leaves out none, on either side", () => {
    expect(rows.map((row) => excludesNone(row.difference))).toEqual([false, true, true]);
    expect(excludesNone({ value: null, low: null, high: null, n: 3, method: "" })).toBe(false);
  });
});

describe("order", () => {
  const none = { value: null, low: null, high: null, n: 3, method: "" };
  const tiny = { ...at(0), id: "tiny", name: "tiny", n: 3, rate: none, difference: none };
  const small = { ...tiny, id: "small", n: 2 };
  const ids = (column: "name" | "n" | "rate" | "difference", descending: boolean) =>
    sortRows([small, tiny, ...rows], { column, descending }).map((row) => row.id);

  it("puts what has no interval last, by n, whichever way", () => {
    expect(ids("difference", true)).toEqual(["c1.2", "c1.0", "c1.1", "tiny", "small"]);
    expect(ids("difference", false)).toEqual(["c1.1", "c1.0", "c1.2", "tiny", "small"]);
    expect(ids("rate", true).slice(3)).toEqual(["tiny", "small"]);
  });

  it("goes by name and by n too", () => {
    expect(ids("name", false).slice(0, 3)).toEqual(["c1.1", "c1.2", "c1.0"]);
    expect(ids("n", true)).toEqual(["c1.1", "c1.0", "c1.2", "tiny", "small"]);
  });

  it("without a column is as given, and never changes what it was given", () => {
    expect(sortRows(rows, { column: null, descending: false }).map((row) => row.id)).toEqual(
      rows.map((row) => row.id),
    );
    const given = [...rows];
    sortRows(given, { column: "n", descending: true });
    expect(given).toEqual(rows);
  });
});

describe("the axis", () => {
  it("holds 0 and every difference", () => {
    const [low, high] = reach(rows, 0.01);
    for (const { difference } of rows) {
      expect(difference.value).toBeGreaterThan(low);
      expect(difference.value).toBeLessThan(high);
    }
    expect(low).toBeLessThan(0);
  });

  it("is not squeezed by one wide interval", () => {
    const wide = { ...at(0), difference: { value: 0.02, low: -0.4, high: 0.6, n: 20, method: "" } };
    expect(reach([...rows, wide], 0.01)[1]).toBeLessThan(0.5);
  });

  it("exists for no rows", () => {
    const [low, high] = reach([], 0.01);
    expect(low).toBeLessThan(high);
  });
});

describe("a row's name", () => {
  it("says n, the rate and the difference with its interval", () => {
    expect(rowName(at(2), ERRORS)).toBe(
      "source = vendor-b, 100 examples, error 30.0 %, 27.0 points worse than the rest, 18.7 to 36.7",
    );
  });

  it("turns the interval round where the slice is better", () => {
    expect(rowName(at(1), ERRORS)).toMatch(
      / error 1\.7 %, 11\.7 points better than the rest, 7\.6 to 16\.1$/,
    );
  });

  it("says why there is no rate, and that a slice is the user's", () => {
    const own = userRow({ key: "s0", name: "url", private: false }, exact([5, 95, 0, 1, 2, 0]));
    expect(rowName(own, ERRORS)).toBe("url, your slice, 3 examples, too few for a rate");
  });
});

describe("clicks on levels", () => {
  it("select one, and none when it is the only one", () => {
    const first = toggledLevel(source, null, 2, false);
    expect(first).toEqual({ field: "c1", codes: [2], intervals: [] });
    expect(toggledLevel(source, first, 2, false)).toBeNull();
    expect(toggledLevel(source, first, 0, false)?.codes).toEqual([0]);
  });

  it("with Shift add and take away", () => {
    const both = toggledLevel(source, { field: "c1", codes: [2], intervals: [] }, 0, true);
    expect(both?.codes).toEqual([0, 2]);
    expect(toggledLevel(source, both, 2, true)?.codes).toEqual([0]);
    expect(toggledLevel(source, { field: "c1", codes: [0], intervals: [] }, 0, true)).toBeNull();
  });

  it("understand an interval on the edges of bins, and keep one that cuts them", () => {
    const aligned = { field: "c2" as const, codes: [], intervals: [[10, 30]] as [number, number][] };
    expect(selectedCodes(length, aligned)).toEqual(new Set([1, 2]));
    expect(toggledLevel(length, aligned, 1, true)).toEqual({ field: "c2", codes: [2], intervals: [] });
    const cut = { field: "c2" as const, codes: [], intervals: [[5, 7]] as [number, number][] };
    expect(selectedCodes(length, cut)).toEqual(new Set());
    expect(toggledLevel(length, cut, 2, true)).toEqual({ field: "c2", codes: [2], intervals: [[5, 7]] });
    expect(toggledLevel(length, cut, 2, false)).toEqual({ field: "c2", codes: [2], intervals: [] });
  });

  it("on the user's slices go by name", () => {
    expect(toggledNames([], "a", false)).toEqual(["a"]);
    expect(toggledNames(["a"], "a", false)).toEqual([]);
    expect(toggledNames(["a", "b"], "a", false)).toEqual(["a"]);
    expect(toggledNames(["a"], "b", true)).toEqual(["a", "b"]);
    expect(toggledNames(["a", "b"], "a", true)).toEqual(["b"]);
  });
});
