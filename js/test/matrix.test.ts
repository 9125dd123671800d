import { describe, expect, test } from "vitest";
import { share } from "../src/core/intervals";
import {
  type Axis,
  axisOf,
  basisOf,
  byRate,
  confusionsOf,
  countAt,
  findTexts,
  kindOf,
  largestMiss,
  type Matrix,
  matrixOf,
  outcomesOf,
  rateOf,
  shareOf,
} from "../src/core/matrix";
import { extent, layoutOf, namedRows, placeUnder, type Room } from "../src/core/matrix-layout";
import { type Area, maskOf, outlineOf, pick, pickOutcome } from "../src/core/matrix-selection";
import { cellName, cellTexts, countTexts, rateName, rounded, tipOf } from "../src/core/matrix-text";
import { recall } from "../src/core/measures";
import type { Clause, Field, Meta } from "../src/core/types";

const FIELD: Field = {
  key: "c0",
  name: "length",
  python: "'length'",
  kind: "number",
  levels: [10, 20, 30].map((low) => ({ text: `${low}`, python: "", low, high: low + 10 })),
  role: null,
  private: false,
  maximum: 40,
};
const SOURCE: Field = {
  ...FIELD,
  key: "c1",
  name: "source",
  kind: "category",
  levels: ["web", "phone"].map((text) => ({ text, python: text, low: null, high: null })),
  maximum: null,
};

function meta(classes: string[], missing: number | null = null, order = classes.map((_, i) => i)): Meta {
  const known = {
    classes,
    missing,
    order,
    fields: [FIELD, SOURCE],
    slices: [{ key: "s0", name: "free", private: false }],
  };
  return known as unknown as Meta;
}

/** The three classes of a published example: rows are labels. */
const MAIL = meta(["LoanSpam", "Phishing", "Good"]);
const COUNTS = [1000, 45, 7, 10, 505, 8, 50, 30, 2000];
const mail = matrixOf(axisOf(MAIL, "label"), axisOf(MAIL, "prediction"), [COUNTS], null);

/** Labels a, b and one missing; the order shown is b, a. */
const GAPS = meta(["a", "b", "(missing)"], 2, [1, 0, 2]);
const GAP_COUNTS = [8, 1, 3, 4, 20, 0, 5, 6, 0];
const gaps = matrixOf(axisOf(GAPS, "label"), axisOf(GAPS, "prediction"), [GAP_COUNTS], 2);

const columns = matrixOf(axisOf(MAIL, "c1"), axisOf(MAIL, "c0"), [[1, 2, 3, 4, 5, 6]], null);

function cell(row: number, column: number): Area {
  return { rows: [row, row], columns: [column, column] };
}

function cells(
  any: [number[] | null, number[] | null][],
  outcome: "error" | "correct" | null = null,
): Clause {
  return { field: "cell", any: any.map(([label, prediction]) => ({ label, prediction })), outcome };
}

describe("matrix", () => {
  test("counts stand in the order of the axes, the missing class last", () => {
    expect(gaps.rows.texts).toEqual(["b", "a", "(missing)"]);
    expect([...gaps.counts]).toEqual([20, 4, 0, 1, 8, 3, 6, 5, 0]);
    expect([...gaps.rowTotals]).toEqual([24, 12, 11]);
    expect([...gaps.columnTotals]).toEqual([27, 17, 3]);
    expect(gaps.total).toBe(47);
  });

  test("predictions by labels is the same matrix turned", () => {
    const turned = matrixOf(
      axisOf(MAIL, "prediction"),
      axisOf(MAIL, "label"),
      [[1, 2, 3, 4, 5, 6, 7, 8, 9]],
      null,
    );
    expect(turned.labels).toBe("columns");
    expect(countAt(turned, 0, 2)).toBe(3);
    expect(basisOf(turned, "counts")).toBe("columns");
    expect(rateOf(turned, "columns", 0).n).toBe(12);
  });

  test("a cell is an error, right, or not judged; in any other matrix neither", () => {
    expect(kindOf(gaps, 0, 0)).toBe("correct");
    expect(kindOf(gaps, 0, 1)).toBe("error");
    expect(kindOf(gaps, 1, 2)).toBe("error");
    expect(kindOf(gaps, 2, 2)).toBe("unjudged");
    expect(kindOf(columns, 0, 0)).toBe("plain");
    expect(outcomesOf(gaps)).toEqual({ correct: 28, error: 8, unjudged: 11, plain: 0 });
  });

  test("recall and precision are those of the measures, over rows with a label", () => {
    for (let k = 0; k < 3; k++) expect(rateOf(mail, "rows", k)).toEqual(recall([COUNTS], k));
    expect(rateOf(mail, "columns", 1).value).toBeCloseTo(505 / 580, 12);
    expect(rateOf(gaps, "columns", 0)).toMatchObject({ n: 21, value: 20 / 21 });
    expect(rateOf(gaps, "rows", 2).value).toBeNull();
    expect(largestMiss(gaps)).toBeCloseTo(4 / 12, 12);
  });

  test("below ten rows no rate", () => {
    const few = matrixOf(
      axisOf(MAIL, "label"),
      axisOf(MAIL, "prediction"),
      [[4, 5, 0, 0, 10, 0, 0, 0, 0]],
      null,
    );
    expect(shareOf(few, 0, 1, "rows").value).toBeNull();
    expect(cellTexts(few, "rows", 0, 1)).toEqual(["5/9"]);
    expect(rateName(few, "rows", 0)).toBe("recall of LoanSpam: no rate below ten examples, 9 examples");
    expect(byRate(confusionsOf(few))).toEqual([]);
  });

  test("the most frequent confusion is not the one with the largest rate", () => {
    const name = ({ row, column }: { row: number; column: number }) =>
      `${mail.rows.texts[row]} -> ${mail.columns.texts[column]}`;
    const pairs = confusionsOf(mail);
    expect(pairs.map(name)[0]).toBe("Good -> LoanSpam");
    expect(pairs[0]?.share.value).toBeCloseTo(50 / 2080, 12);
    expect(byRate(pairs).map(name)[0]).toBe("LoanSpam -> Phishing");
  });

  test("a class is found by any part of its name, the closest first", () => {
    const texts = ["card_arrival", "lost card", "card", "top_up"];
    expect(findTexts(texts, "Card ")).toEqual([2, 0, 1]);
    expect(findTexts(texts, "card arr")).toEqual([0]);
    expect(findTexts(texts, " ")).toEqual([]);
  });
});

describe("text", () => {
  test("a cell is named for a screen reader", () => {
    expect(cellName(mail, "counts", 0, 1)).toBe(
      "label LoanSpam, predicted Phishing, 45 examples, 4.3 % of LoanSpam",
    );
    expect(cellName(mail, "columns", 0, 1)).toBe(
      "label LoanSpam, predicted Phishing, 45 examples, 7.8 % of predicted Phishing",
    );
    expect(cellName(columns, "counts", 0, 0)).toBe("source web, length 10, 1 example, 1 of 6 of web");
  });

  test("numbers are short", () => {
    expect([0, 0.0004, 0.071, 0.0996, 0.381, 1].map(rounded)).toEqual([
      "0",
      "<0.1",
      "7.1",
      "10",
      "38",
      "100",
    ]);
    expect(countTexts(12431)).toEqual(["12,431", "12K"]);
  });

  test("the tooltip gives both shares with their intervals; a margin its whole row", () => {
    expect(tipOf(mail, 0, 1)).toEqual({
      heading: [
        ["label", "LoanSpam"],
        ["predicted", "Phishing"],
      ],
      lines: [
        "45 examples: errors",
        "4.3 % of this label [3.2, 5.7]",
        "7.8 % of this prediction [5.8, 10.2]",
      ],
    });
    expect(tipOf(mail, 0, 4)?.lines).toEqual(["1,052 examples, 28.8 % of all", "recall 95.1 % [93.6, 96.2]"]);
    expect(tipOf(mail, -1, -1)).toBeNull();
  });
});

describe("selection", () => {
  test("a click selects a cell, another click on it takes it back", () => {
    const first = pick([], mail, MAIL, cell(0, 1), false);
    expect(first).toEqual([cells([[[0], [1]]])]);
    expect(pick(first, mail, MAIL, cell(0, 1), false)).toEqual([]);
    expect(pick(first, mail, MAIL, cell(2, 0), false)).toEqual([cells([[[2], [0]]])]);
  });

  test("a head is a whole row or column as such", () => {
    expect(pick([], gaps, GAPS, { rows: [0, 0], columns: null }, false)).toEqual([cells([[[1], null]])]);
    expect(pick([], gaps, GAPS, { rows: null, columns: [0, 1] }, false)).toEqual([cells([[null, [0, 1]]])]);
    expect(pick([], gaps, GAPS, { rows: [0, 0], columns: [0, 2] }, false)).toEqual([cells([[[1], null]])]);
  });

  test("everything at once is no selection", () => {
    expect(pick([cells([[[0], [1]]])], mail, MAIL, { rows: [0, 2], columns: [0, 2] }, false)).toEqual([]);
  });

  test("shift-click adds cells and takes them out, of a whole row too", () => {
    const row = pick([], mail, MAIL, { rows: [0, 0], columns: null }, false);
    const more = pick(row, mail, MAIL, cell(1, 1), true);
    expect(more).toEqual([
      cells([
        [[0], null],
        [[1], [1]],
      ]),
    ]);
    const less = pick(more, mail, MAIL, cell(0, 2), true);
    expect(less).toEqual([
      cells([
        [[0], [0, 1]],
        [[1], [1]],
      ]),
    ]);
    expect([...(maskOf(less, mail, MAIL) ?? [])]).toEqual([1, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(pick(pick([], mail, MAIL, cell(0, 1), true), mail, MAIL, cell(0, 1), true)).toEqual([]);
  });

  test("an outcome stays in force where the cells clicked have it", () => {
    const errors = pickOutcome([], "error");
    expect(errors).toEqual([cells([], "error")]);
    expect([...(maskOf(errors, gaps, GAPS) ?? [])]).toEqual([0, 1, 1, 1, 0, 1, 0, 0, 0]);
    expect(pick(errors, mail, MAIL, { rows: [0, 0], columns: null }, false)).toEqual([
      cells([[[0], null]], "error"),
    ]);
    expect(pick(errors, mail, MAIL, cell(0, 1), false)).toEqual([cells([[[0], [1]]], "error")]);
    expect(pick(errors, mail, MAIL, cell(1, 1), false)).toEqual([cells([[[1], [1]]])]);
    expect(pickOutcome(errors, "error")).toEqual([]);
    expect(pickOutcome([cells([[[0], null]], "error")], "correct")).toEqual([
      cells([[[0], null]], "correct"),
    ]);
  });

  test("other clauses are left alone", () => {
    const other: Clause = { field: "text", contains: "free" };
    expect(pick([other], mail, MAIL, cell(0, 1), false)).toEqual([other, cells([[[0], [1]]])]);
  });

  test("in a matrix of two columns a click sets both, an interval for bins", () => {
    const clicked = pick([], columns, MAIL, { rows: [1, 1], columns: [1, 2] }, false);
    expect(clicked).toEqual([
      { field: "c1", codes: [1], intervals: [] },
      { field: "c0", codes: [], intervals: [[20, 40]] },
    ]);
    expect([...(maskOf(clicked, columns, MAIL) ?? [])]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(pick(clicked, columns, MAIL, { rows: [1, 1], columns: [1, 2] }, false)).toEqual([]);
    const wider = { field: "c0", codes: [], intervals: [[10, 40]] };
    expect(pick(clicked, columns, MAIL, cell(0, 0), true)).toEqual([
      { field: "c1", codes: [0, 1], intervals: [] },
      wider,
    ]);
    expect(pick(clicked, columns, MAIL, { rows: [0, 0], columns: null }, false)).toEqual([
      { field: "c1", codes: [0], intervals: [] },
    ]);
  });

  test("labels beside a column, and a slice beside a column", () => {
    const mixed = matrixOf(axisOf(MAIL, "label"), axisOf(MAIL, "c1"), [[1, 2, 3, 4, 5, 6]], null);
    expect(pick([], mixed, MAIL, cell(2, 1), false)).toEqual([
      cells([[[2], null]]),
      { field: "c1", codes: [1], intervals: [] },
    ]);
    const sliced = matrixOf(axisOf(MAIL, "s0"), axisOf(MAIL, "c1"), [[1, 2, 3, 4]], null);
    expect(countAt(sliced, 0, 0)).toBe(3);
    const free: Clause = { field: "slice", names: ["free"] };
    const inside = pick([], sliced, MAIL, { rows: [0, 0], columns: null }, false);
    expect(inside).toEqual([free]);
    expect(pick(inside, sliced, MAIL, { rows: [0, 0], columns: null }, false)).toEqual([]);
    const column: Clause = { field: "c1", codes: [1], intervals: [] };
    expect(pick([], sliced, MAIL, cell(0, 1), false)).toEqual([free, column]);
    expect([...(maskOf([free, column], sliced, MAIL) ?? [])]).toEqual([0, 1, 0, 0]);
    expect(maskOf([{ field: "slice", names: ["free", "other"] }], sliced, MAIL)).toBeNull();
    expect(pick([free], sliced, MAIL, { rows: [0, 1], columns: [1, 1] }, false)).toEqual([column]);
  });

  test("what clauses cannot say leaves the selection as it is", () => {
    const free: Clause = { field: "slice", names: ["free"] };
    const sliced = matrixOf(axisOf(MAIL, "s0"), axisOf(MAIL, "c1"), [[1, 2, 3, 4]], null);
    const out = [
      { rows: [1, 1], columns: null },
      { rows: [1, 1], columns: [0, 0] },
    ] as const;
    for (const area of out) {
      expect(pick([free], sliced, MAIL, area, false)).toEqual([free]);
      expect(pick([], sliced, MAIL, area, true)).toEqual([]);
    }
    expect(pick([free], sliced, MAIL, { rows: [1, 1], columns: null }, true)).toEqual([]);
    const two = { ...MAIL, slices: [...MAIL.slices, { key: "s1", name: "long", private: false }] };
    const both = matrixOf(axisOf(two, "s0"), axisOf(two, "s1"), [[1, 2, 3, 4]], null);
    expect(pick([free], both, two, cell(0, 0), false)).toEqual([free]);
    expect(pick([free], both, two, { rows: null, columns: [0, 0] }, false)).toEqual([
      { field: "slice", names: ["long"] },
    ]);
    expect(tipOf(sliced, 1, 0)?.lines.at(-1)).toBe("cannot be selected: a slice selects what is in it");
    expect(tipOf(sliced, 1, -1)?.lines.at(-1)).toBe("cannot be selected: a slice selects what is in it");
    expect(tipOf(both, 0, 0)?.lines.at(-1)).toBe("cannot be selected: slices are selected one or the other");
    expect(tipOf(sliced, 0, 0)?.lines.at(-1)).toBe("3 of the 4 of this column: too few for a rate");
  });

  test("the outline runs between selected and other cells only", () => {
    expect(outlineOf(Uint8Array.from([1, 1, 0, 0]), 2)).toBe("M0 0H2M0 1H2M0 0V1M2 0V1");
    expect(outlineOf(Uint8Array.from([1, 0, 0, 1]), 2)).toBe("M0 0H1M0 1H2M1 2H2M0 0V1M1 0V2M2 1V2");
    expect(outlineOf(new Uint8Array(4), 2)).toBe("");
  });
});

describe("layout", () => {
  const room: Room = {
    width: 400,
    height: null,
    rows: 4,
    columns: 4,
    rowName: 30,
    columnName: 30,
    number: 30,
    total: 35,
    rates: true,
    zoom: 1,
  };

  test("a small matrix has numbers, room for its names, and nothing to zoom", () => {
    const layout = layoutOf(room);
    expect(layout).toMatchObject({
      heads: "flat",
      everyRow: true,
      numbers: true,
      zooms: false,
      margins: "numbers",
    });
    expect(layout.x.at(-1)).toBeLessThanOrEqual(400);
    expect(layoutOf({ ...room, width: 900 }).margins).toBe("intervals");
  });

  test.each([320, 400, 500, 900, 1600])("77 classes fit into %i pixels", (width) => {
    const many = { ...room, width, rows: 77, columns: 77, rowName: 250, columnName: 250 };
    const layout = layoutOf(many);
    expect(layout.x.at(-1)).toBeLessThanOrEqual(width);
    expect(layout.boxHeight).toBeLessThanOrEqual(760);
    const zoomed = layoutOf({ ...many, zoom: 100 });
    expect(zoomed).toMatchObject({ cellWidth: 56, cellHeight: 56, everyRow: true, numbers: true });
    expect(zoomed.boxHeight).toBeLessThan(zoomed.y.at(-1) as number);
  });

  test("a height that was asked for is kept", () => {
    expect(layoutOf({ ...room, height: 120 }).boxHeight).toBeLessThanOrEqual(120);
    expect(layoutOf({ ...room, rows: 77, columns: 77, height: 300, zoom: 9 }).boxHeight).toBe(300);
  });

  test("a point is the place whose extent holds it, heads and margins included, scrolled or not", () => {
    const layout = layoutOf(room);
    for (const row of [-1, 0, 3, 4, 5]) {
      for (const column of [-1, 0, 3, 4, 5]) {
        const [x, y] = [extent(layout.x, column)[0] + 1, extent(layout.y, row)[0] + 1];
        expect(placeUnder(layout, x, y, 0, 0)).toEqual({ row, column });
      }
    }
    const first = extent(layout.x, 0)[0] + 1;
    expect(placeUnder(layout, first, 1, layout.cellWidth, 0)).toEqual({ row: -1, column: 1 });
    expect(placeUnder(layout, 1, 1, 99, 99)).toEqual({ row: -1, column: -1 });
  });

  test("named rows are the most important ones, a line apart", () => {
    expect(namedRows([5, 9, 1, 0, 7], 8, 9).sort()).toEqual([1, 4]);
    expect(namedRows([5, 9, 1, 0, 7], 8, 1)).toEqual([1]);
    expect(namedRows([0, 0], 8, 9)).toEqual([]);
  });
});

test("an axis that nobody knows is an error", () => {
  expect(() => axisOf(MAIL, "c9")).toThrow("unknown dim: c9");
  expect((axisOf(MAIL, "c0") as Axis).field).toBe("c0");
});

test("a matrix of counts only has no confusions", () => {
  expect(confusionsOf(columns as Matrix)).toEqual([]);
});

describe("by groups of rows", () => {
  const sides = [axisOf(MAIL, "label"), axisOf(MAIL, "prediction")] as const;
  const width = sides[1].codes.length;
  const known = new Map([
    [0, { k: 60, effect: 4 }],
    [1, { k: 20, effect: 2 }],
    [width + 1, { k: 40, effect: null }],
  ]);
  const effects = {
    cells: [...known.keys()],
    row: [...known.values()].map(({ effect }) => effect),
    column: [3, 3, 3],
    no_row: [5, 6],
    no_column: [7, 8],
    recall: [2, null],
    precision: [2, 2],
  };
  const counts = Float64Array.from({ length: width * width }, (_, cell) => known.get(cell)?.k ?? 0);
  const grouped = matrixOf(...sides, [counts], null, effects);
  const alone = matrixOf(...sides, [counts], null);
  const untold = matrixOf(...sides, [counts], null, null);
  const { codes } = alone.rows;

  test("shares are of n / effect rows, and without an interval where there is one group", () => {
    for (const [label, n, none] of [
      [0, 80, 5],
      [1, 40, 6],
    ] as const) {
      codes.forEach((prediction, column) => {
        const found = shareOf(grouped, codes.indexOf(label), column, "rows");
        const cell = known.get(label * width + prediction);
        const effect = cell ? cell.effect : none;
        expect(found).toEqual(share([cell?.k ?? 0], [n], effect ?? Infinity));
        expect(found.low === null).toBe(effect === null);
      });
    }
  });

  test("recall too; where nobody has told, a rate has no interval", () => {
    const first = codes.indexOf(0);
    expect(rateOf(grouped, "rows", first)).toEqual(share([60], [80], 2));
    expect(rateOf(untold, "rows", first)).toEqual(share([60], [80], Infinity));
    expect(rateOf(alone, "rows", first).method).toBe("Wilson");
  });
});
