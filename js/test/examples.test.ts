import { describe, expect, test } from "vitest";
import {
  type Column,
  columnsOf,
  inOrder,
  layOut,
  naturalWidths,
  probabilityText,
  reordered,
} from "../src/core/columns";
import { rowsAsText, safe } from "../src/core/csv";
import {
  clampTop,
  contentHeight,
  elementHeight,
  type Geometry,
  isScaled,
  MAX_PIXELS,
  moved,
  type Place,
  reveal,
  rowTop,
  toElement,
  toList,
  windowOf,
} from "../src/core/grid";
import { excerpt, matches, segments, visible } from "../src/core/highlight";
import { isPicked, pick, pickersOf } from "../src/core/pickers";
import type { Clause, GridColumn, Meta } from "../src/core/types";
import { type Row, savedPage } from "../src/store/rows";
import type { Store } from "../src/store/store";
import { Rows, seenRows } from "../src/views/examples-rows";
import { metaOf as plainMeta } from "./kernel";

const COLUMNS: GridColumn[] = [
  { key: "c2", name: "text", kind: "text", role: "text", private: false },
  { key: "label", name: "label", kind: "label", role: "label", private: false },
  { key: "prediction", name: "predicted", kind: "label", role: "prediction", private: false },
  { key: "confidence", name: "confidence", kind: "probability", role: null, private: false },
  { key: "c3", name: "=size", kind: "number", role: null, private: false },
];

const metaOf = (change: Partial<Meta> = {}): Meta =>
  plainMeta({ name: "spam v1", n: 4, confidence: true, text: "c2", columns: COLUMNS, ...change });

function rowOf(
  row: number,
  label: number,
  prediction: number,
  confidence: number | null,
  size: unknown = row,
): Row {
  const values = { c2: `text ${row}`, c3: size as number };
  return { row, label, prediction, confidence, label_probability: null, values };
}

const NO_CELLS = new Float64Array(4);

describe("text", () => {
  const shown = (text: string, needle = "") =>
    segments(text, needle)
      .map(({ mark, pieces }) => {
        const inner = pieces.map((p) => (p.shown === null ? p.text : `{${p.shown}}`)).join("");
        return mark ? `[${inner}]` : inner;
      })
      .join("");

  test("marks every match, whatever its case", () => {
    expect(shown("Free: freedom is FREE", "free")).toBe("[Free]: [free]dom is [FREE]");
    expect(shown("a.b", ".")).toBe("a[.]b");
    expect(shown("none", "x")).toBe("none");
    expect(shown("all", "")).toBe("all");
  });

  test("marks the right place where lower case is longer", () => {
    expect("İ".toLowerCase().length).toBe(2);
    expect(shown("İİ free", "free")).toBe("İİ [free]");
    expect(shown("straße İ", "STRASSE")).toBe("straße İ");
  });

  test("names what cannot be seen and keeps it", () => {
    const text = "a\u0000b\u202ec\u200bd\ne\tf\u007f\u0085\ufeff";
    expect(shown(text)).toBe("a{U+0000}b{U+202E}c{U+200B}d{⏎}e{⇥}f{U+007F}{U+0085}{U+FEFF}");
    const copied = segments(text, "c").flatMap((s) => s.pieces.map((p) => p.text));
    expect(copied.join("")).toBe(text);
    expect(visible("x\u202ey")).toBe("xU+202Ey");
  });

  test("leaves emoji and scripts that need joiners whole", () => {
    for (const text of ["👩‍👩‍👧", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "क्‍ष", "שלום", "e\u0301"])
      expect(shown(text)).toBe(text);
    expect(shown("a\u200db")).toBe("a{U+200D}b");
  });

  test("an excerpt shows the first match, and never half a character", () => {
    const text = `${"long ".repeat(100)}needle${" more".repeat(100)}`;
    expect(excerpt(text, "needle", 60)).toMatch(/^….*needle/);
    expect(excerpt(text, "", 60)).toMatch(/^long/);
    expect(excerpt("short needle", "needle", 60)).toBe("short needle");
    for (let fits = 20; fits < 60; fits++) {
      const cut = excerpt("😀".repeat(500), "", fits);
      expect(cut).not.toMatch(/^…?[\udc00-\udfff]|[\ud800-\udbff]…?$/);
    }
  });

  test("a million characters are split and cut", () => {
    segments("ab\u0000".repeat(100_000), "b");
    excerpt("x".repeat(1_000_000), "y", 80);
    expect(matches("aaaa".repeat(1000), "a", 500)).toHaveLength(500);
  });
});

describe("scrolling", () => {
  const small: Geometry = { rows: 1000, rowHeight: 30, open: null, panel: 0, viewport: 300 };
  const huge: Geometry = { ...small, rows: 10_000_000 };

  test("draws what is seen and a little more", () => {
    expect(windowOf(0, small)).toEqual([0, 17]);
    expect(windowOf(3000, small)).toEqual([94, 117]);
    expect(windowOf(contentHeight(small) - 300, small)[1]).toBe(1000);
  });

  test("an open row moves those below it", () => {
    const g = { ...small, open: 4, panel: 200 };
    expect([rowTop(4, g), rowTop(5, g)]).toEqual([120, 350]);
    expect(windowOf(160, g)[0]).toBe(0);
    expect(windowOf(1000, g)).toEqual([20, 43]);
    expect(contentHeight(g)).toBe(30_200);
  });

  test("ten million rows fit into an element that browsers allow", () => {
    expect(isScaled(small)).toBe(false);
    expect(isScaled(huge)).toBe(true);
    expect(elementHeight(huge)).toBe(MAX_PIXELS);
    const end = contentHeight(huge) - huge.viewport;
    expect(toElement(end, huge)).toBeCloseTo(MAX_PIXELS - huge.viewport);
    expect(toList(MAX_PIXELS - huge.viewport, huge)).toBeCloseTo(end);
    for (const top of [0, 1, 12_345, 1e8, end])
      expect(toList(toElement(top, huge), huge)).toBeCloseTo(top, 3);
  });

  test("every row can be reached", () => {
    for (const g of [small, huge]) {
      for (const row of [0, 1, 17, g.rows - 1]) {
        const top = reveal(rowTop(row, g), g.rowHeight, 0, g);
        const [first, end] = windowOf(top, g);
        expect(row >= first && row < end).toBe(true);
        expect(rowTop(row, g)).toBeGreaterThanOrEqual(top);
        expect(rowTop(row, g) + g.rowHeight).toBeLessThanOrEqual(top + g.viewport);
      }
    }
    expect(clampTop(1e12, huge)).toBe(contentHeight(huge) - 300);
    expect(clampTop(50, { ...small, rows: 2 })).toBe(0);
  });
});

describe("keys", () => {
  const bounds = { rows: 50, columns: 6, open: null, page: 9 };
  const at = (row: number, column: number, panel = false): Place => ({ row, column, panel });

  test.each<[string, boolean, Place, Place]>([
    ["ArrowDown", false, at(3, 2), at(4, 2)],
    ["ArrowUp", false, at(0, 2), at(-1, 2)],
    ["ArrowUp", false, at(-1, 2), at(-1, 2)],
    ["ArrowDown", false, at(49, 2), at(49, 2)],
    ["ArrowLeft", false, at(3, 0), at(3, 0)],
    ["ArrowRight", false, at(3, 5), at(3, 5)],
    ["Home", false, at(3, 2), at(3, 0)],
    ["End", false, at(3, 2), at(3, 5)],
    ["Home", true, at(30, 2), at(0, 0)],
    ["End", true, at(3, 2), at(49, 5)],
    ["PageDown", false, at(3, 2), at(12, 2)],
    ["PageDown", false, at(48, 2), at(49, 2)],
    ["PageUp", false, at(12, 2), at(3, 2)],
    ["PageUp", false, at(4, 2), at(0, 2)],
    ["PageUp", false, at(-1, 2), at(-1, 2)],
  ])("%s", (key, control, from, to) => {
    expect(moved(key, control, from, bounds)).toEqual(to);
  });

  test("the panel of the open row lies between the rows", () => {
    const open = { ...bounds, open: 3 };
    expect(moved("ArrowDown", false, at(3, 2), open)).toEqual(at(3, 2, true));
    expect(moved("ArrowDown", false, at(3, 2, true), open)).toEqual(at(4, 2));
    expect(moved("ArrowUp", false, at(4, 2), open)).toEqual(at(3, 2, true));
    expect(moved("ArrowUp", false, at(3, 2, true), open)).toEqual(at(3, 2));
  });

  test("no rows, other keys", () => {
    expect(moved("ArrowDown", false, at(-1, 0), { ...bounds, rows: 0 })).toEqual(at(-1, 0));
    expect(moved("End", true, at(-1, 0), { ...bounds, rows: 0 })).toEqual(at(-1, 5));
    expect(moved("x", false, at(0, 0), bounds)).toBeNull();
  });
});

describe("columns", () => {
  const score = { key: "score", name: "score", kind: "number", role: null, private: false } as const;
  const at = COLUMNS.findIndex(({ key }) => key === "c3");
  const meta = metaOf({ score: "margin", columns: [...COLUMNS.slice(0, at), score, ...COLUMNS.slice(at)] });

  test("row, text, label, predicted first; the row last where it is narrow", () => {
    const keys = (narrow: boolean) => columnsOf(meta, narrow).map((c) => c.key);
    expect(keys(false)).toEqual(["row", "c2", "label", "prediction", "confidence", "score", "c3"]);
    expect(keys(true)).toEqual(["c2", "label", "prediction", "confidence", "score", "c3", "row"]);
  });

  test("an order that names some columns", () => {
    const columns = columnsOf(metaOf(), false);
    expect(
      inOrder(columns, ["label", "row"])
        .map((c) => c.key)
        .slice(0, 3),
    ).toEqual(["label", "row", "c2"]);
    expect(reordered(["a", "b", "c"], "a", 2)).toEqual(["b", "c", "a"]);
    expect(reordered(["a", "b", "c"], "c", 0)).toEqual(["c", "a", "b"]);
    expect(reordered(["a", "b", "c"], "b", 9)).toEqual(["a", "c", "b"]);
  });

  test("the text fills the room, or keeps a least width and the rest scrolls", () => {
    const columns = columnsOf(metaOf(), false);
    const natural = Object.fromEntries(columns.map((c) => [c.key, 80]));
    const total = (laid: { left: number; width: number }[]) => Math.max(...laid.map((c) => c.left + c.width));
    expect(total(layOut(columns, natural, {}, "c2", 1000))).toBe(1000);
    expect(layOut(columns, natural, {}, "c2", 500).find((c) => c.key === "c2")?.width).toBe(340);
    expect(
      layOut(columns, { ...natural, label: 300 }, {}, "c2", 700).find((c) => c.key === "label")?.width,
    ).toBe(117);
    const laid = layOut(columns, natural, { c3: 600 }, "c2", 700);
    expect(total(laid)).toBeGreaterThan(700);
    expect(laid.find((c) => c.key === "c3")?.width).toBe(600);
    expect(
      total(
        layOut(
          columns.filter((c) => c.key !== "c2"),
          natural,
          {},
          null,
          4000,
        ),
      ),
    ).toBe(80 + 4 * 120);
    expect(layOut([], {}, {}, null, 500)).toEqual([]);
  });

  test("widths follow the values, within bounds", () => {
    const columns: Column[] = columnsOf(metaOf(), false);
    const rows = [rowOf(0, 0, 1, 0.9, 1), rowOf(1, 0, 1, 0.9, 1e30)];
    const widths = naturalWidths(columns, rows, metaOf(), (text) => 7 * text.length);
    for (const width of Object.values(widths)) expect(width).toBeGreaterThanOrEqual(48);
    for (const width of Object.values(widths)) expect(width).toBeLessThanOrEqual(220);
  });

  test("a probability is never rounded to certainty", () => {
    expect([0, 0.0001, 0.25, 0.9996, 1].map(probabilityText)).toEqual([
      "0.000",
      "0.001",
      "0.250",
      "0.999",
      "1.000",
    ]);
  });
});

describe("pickers", () => {
  const meta = metaOf();
  const counts = (put: Record<string, number>): Float64Array => {
    const whole = new Float64Array(3 * 201);
    for (const [key, n] of Object.entries(put)) {
      const [outcome, bin] = key.split(" ").map(Number) as [number, number];
      whole[outcome * 201 + bin] = n;
    }
    return whole;
  };

  test("two classes: fixed borders on bin edges", () => {
    const [all, high, low, near] = pickersOf(meta, counts({ "0 190": 4, "1 110": 9 }));
    expect([all?.outcome, all?.confidence]).toEqual(["error", null]);
    expect([high?.outcome, high?.confidence]).toEqual(["error", [0.9, 1]]);
    expect([low?.outcome, low?.confidence]).toEqual(["correct", [0, 0.6]]);
    expect([near?.outcome, near?.confidence]).toEqual([null, [0.5, 0.6]]);
  });

  test("many classes: borders where the examples are, on bin edges", () => {
    const many = metaOf({ classes: ["a", "b", "c", "d"], positive: null });
    const whole = counts({ "0 60": 30, "0 80": 10, "1 90": 10, "1 140": 90, "2 200": 5 });
    const [, high, low, near] = pickersOf(many, whole);
    expect(high?.confidence).toEqual([0.3, 1]);
    expect(low?.confidence).toEqual([0, 91 / 200]);
    expect(near?.confidence).toEqual([0, 61 / 200]);
  });

  test("picking, and taking it back", () => {
    const pickers = pickersOf(meta, null);
    const text: Clause = { field: "text", contains: "free" };
    for (const picker of pickers) {
      const on = pick(picker, [text], meta);
      expect(pickers.filter((p) => isPicked(p, on))).toEqual([picker]);
      expect(pick(picker, on, meta)).toEqual([text]);
    }
  });

  test("chosen cells stay where they can hold such rows", () => {
    const [all, , low] = pickersOf(meta, null);
    if (!all || !low) throw new Error("no pickers");
    const error = { label: [0], prediction: [1] };
    const cell: Clause = { field: "cell", any: [error], outcome: null };
    expect(pick(all, [cell], meta)).toEqual([{ field: "cell", any: [error], outcome: "error" }]);
    expect(pick(low, [cell], meta)[0]).toEqual({ field: "cell", any: [], outcome: "correct" });
    const row: Clause = { field: "cell", any: [{ label: [0], prediction: null }], outcome: null };
    expect(pick(low, [row], meta)[0]).toMatchObject({ any: row.any, outcome: "correct" });
  });
});

describe("taking rows away", () => {
  test("quotes, and disarms formulas", () => {
    const meta = metaOf({ class_python: ["-1", "'=spam'"], classes: ["-1", "=spam"], missing: null });
    const row = { ...rowOf(7, 0, 1, 0.5, -3), values: { c2: '=1+1, "x"\ny', c3: -3 } };
    expect(rowsAsText([row], meta, "csv")).toBe(
      `row,text`.replace("text", "label,predicted,confidence,text,'=size") +
        `\r\n7,-1,'=spam,0.5,"'=1+1, ""x""\ny",-3\r\n`,
    );
    expect(rowsAsText([row], meta, "text").split("\r\n")[0]).toBe(
      "row\tlabel\tpredicted\tconfidence\ttext\t'=size",
    );
  });

  test.each(["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])("%j first", (first) => {
    expect(safe(`${first}x`)).toBe(`'${first}x`);
    expect(safe(`x${first}`)).toBe(`x${first}`);
  });

  test("large integers saved as text, and missing values", () => {
    const meta = metaOf({ classes: ["a", "(missing)"], class_python: ["'a'", "None"], missing: 1 });
    const rows = [rowOf(0, 0, 1, null, "-9007199254740993"), rowOf(1, 0, 0, 0.25, null)];
    expect(rowsAsText(rows, meta, "csv").split("\r\n").slice(1, 3)).toEqual([
      "0,a,,,text 0,-9007199254740993",
      "1,a,a,0.25,text 1,",
    ]);
  });
});

describe("saved rows", () => {
  const rows = [
    rowOf(0, 0, 0, 0.9, 5),
    rowOf(1, 0, 1, 0.6, "b"),
    rowOf(2, 1, 0, 0.8, null),
    rowOf(3, 1, 1, null, 4),
  ];
  const order = (column: string | null, descending: boolean, meta = metaOf(), cells = NO_CELLS) =>
    savedPage({ rows, codes: {} }, [], { column, descending }, meta, () => cells).map((row) => row.row);

  test("sorts as the kernel does", () => {
    expect(order(null, false)).toEqual([2, 1, 0, 3]);
    expect(order("c3", false)).toEqual([3, 0, 1, 2]);
    expect(order("c3", true)).toEqual([1, 0, 3, 2]);
    expect(order("confidence", true)).toEqual([0, 2, 1, 3]);
    expect(order("row", true)).toEqual([3, 2, 1, 0]);
    expect(order("prediction", true, metaOf({ missing: 1 }))).toEqual([0, 2, 1, 3]);
  });

  test("without probabilities the largest cell comes first", () => {
    expect(order(null, false, metaOf({ confidence: false }), Float64Array.from([9, 5, 1, 9]))).toEqual([
      1, 2, 0, 3,
    ]);
    expect(order(null, false, metaOf({ confidence: false }), Float64Array.from([9, 1, 5, 9]))).toEqual([
      2, 1, 0, 3,
    ]);
  });

  test("cells are counted only where they rank: of many classes that is much to hold", () => {
    let counted = 0;
    const cells = () => {
      counted++;
      return NO_CELLS;
    };
    const sorted = (column: string | null, more: Partial<Meta>) =>
      savedPage({ rows, codes: {} }, [], { column, descending: false }, metaOf(more), cells);
    sorted("row", {});
    sorted(null, { confidence: true });
    sorted(null, { confidence: false, score: "score" });
    sorted(null, { confidence: false, model: false });
    expect(counted).toBe(0);
    sorted(null, { confidence: false });
    expect(counted).toBe(1);
  });

  test("rows seen answer what they can", () => {
    const clauses: Clause[] = [
      { field: "cell", any: [], outcome: "error" },
      { field: "confidence", low: 0.7, high: 1 },
    ];
    const seen = (given: Clause[]) =>
      seenRows([...rows], given, { column: null, descending: false }, metaOf(), () => NO_CELLS).map(
        (row) => row.row,
      );
    expect(seen(clauses)).toEqual([2]);
    expect(seen([{ field: "text", contains: "TEXT 3" }])).toEqual([3]);
    expect(seen([{ field: "slice", names: ["s"] }])).toEqual([]);
  });
});

describe("fetching", () => {
  const sort = { column: null, descending: false };
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  /** A store whose answers wait until they are let go. */
  function kernel(total: number) {
    const asked: { offset: number; clauses: Clause[]; answer: () => void; fail: () => void }[] = [];
    const store = {
      meta: { value: metaOf() },
      savedRows: null,
      whole: () => NO_CELLS,
      page: (clauses: Clause[], _: unknown, offset: number, limit: number) =>
        new Promise((resolve, reject) => {
          const n = clauses.length ? 10 : total;
          const rows = Array.from({ length: Math.min(limit, n - offset) }, (_, i) =>
            rowOf(offset + i, 0, 1, 0.5),
          );
          const answer = () => resolve({ total: n, offset, rows });
          asked.push({ offset, clauses, answer, fail: () => reject(new Error("no answer")) });
        }),
    };
    return { asked, store, rows: new Rows(store as unknown as Store) };
  }

  test("asks again when a slice that is selected holds other rows", () => {
    const { asked, store, rows } = kernel(5);
    const slice: Clause[] = [{ field: "slice", names: ["long"] }];
    expect(rows.ask(slice, sort, "live")).toBe(true);
    expect(rows.ask(slice, sort, "live")).toBe(false);
    store.meta.value = metaOf({ version: 1 });
    expect(rows.ask(slice, sort, "live")).toBe(true);
    expect(asked).toHaveLength(2);
    rows.ask([], sort, "live");
    store.meta.value = metaOf({ version: 2 });
    expect(rows.ask([], sort, "live")).toBe(false);
  });

  test("asks for what is seen, two pages at a time, and drops late answers", async () => {
    const { asked, rows } = kernel(100_000);
    rows.ask([], sort, "live");
    asked[0]?.answer();
    await settled();
    expect([rows.total.value, rows.at(3)?.row]).toEqual([100_000, 3]);
    rows.want(5000, 5500);
    rows.want(90_050, 90_150);
    expect(asked.map((a) => a.offset)).toEqual([0, 5000, 5100]);
    asked[1]?.answer();
    await settled();
    expect(asked.map((a) => a.offset)).toEqual([0, 5000, 5100, 90_000]);
    rows.ask([{ field: "text", contains: "x" }], sort, "live");
    expect(rows.stale.value).toBe(true);
    asked[3]?.answer();
    await settled();
    expect(rows.at(90_050)).toBeNull();
    expect(rows.total.value).toBe(100_000);
    asked[4]?.answer();
    await settled();
    expect([rows.total.value, rows.stale.value, rows.at(9)?.row, rows.at(10)]).toEqual([10, false, 9, null]);
  });

  test("a failure is said, and tried again on demand", async () => {
    const { asked, rows } = kernel(5);
    rows.ask([], sort, "live");
    asked[0]?.fail();
    await settled();
    expect(rows.failure.value).toBe("no answer");
    rows.retry();
    asked[1]?.answer();
    await settled();
    expect([rows.failure.value, rows.total.value]).toEqual([null, 5]);
  });

  test("rows stay when the kernel ends; what was not seen is not asked for", async () => {
    const { asked, rows } = kernel(1000);
    rows.ask([], sort, "live");
    asked[0]?.answer();
    await settled();
    expect(rows.ask([], sort, "lost")).toBe(false);
    rows.want(500, 520);
    expect([asked.length, rows.frozen.value, rows.total.value, rows.at(4)?.row, rows.seen]).toEqual([
      1,
      true,
      1000,
      4,
      100,
    ]);
    rows.ask([{ field: "text", contains: "text 7" }], sort, "lost");
    await settled();
    expect([rows.frozen.value, rows.total.value]).toEqual([false, 11]);
  });
});
