import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/csv.json";
import { rowsAsText } from "../src/core/csv";
import type { Meta } from "../src/core/types";
import type { Row } from "../src/store/rows";

interface Taken {
  meta: Meta;
  rows: Row[];
  csv: string;
  text: string;
}

describe.each(Object.entries(fixtures as unknown as Record<string, Taken>))(
  "saved rows are written as Python writes live ones: %s",
  (_, { meta, rows, ...texts }) => {
    test.each(["csv", "text"] as const)("%s", (format) => {
      expect(rowsAsText(rows, meta, format).split("\r\n")).toEqual(texts[format].split("\r\n"));
    });
  },
);
