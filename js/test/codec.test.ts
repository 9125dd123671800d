import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/selection.json";
import { aligned, gunzip, unpack } from "../src/core/codec";
import { tabulate } from "../src/core/tiles";
import type { Meta } from "../src/core/types";

interface Table {
  meta: Meta;
  tiers: Record<string, { packed: string; dims: string[][]; entries: number[] }>;
}

const tables = Object.entries(fixtures as unknown as Record<string, Table>);

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

describe.each(tables)("what Python packed of %s", (_, { meta, tiers }) => {
  test.each(Object.entries(tiers))("%s", (tier, { packed, dims, entries }) => {
    const { header, tiles } = unpack<{ tier: string }>(bytes(packed).buffer);
    expect(header.tier).toBe(tier);
    expect(tiles.map((tile) => tile.dims)).toEqual(dims);
    expect(tiles.map((tile) => tile.n.length)).toEqual(entries);
    for (const tile of tiles) {
      expect(tile.codes.map((codes) => codes.length)).toEqual(tile.dims.map(() => tile.n.length));
      expect([...tile.n].every((n) => n > 0)).toBe(true);
      expect(tabulate([tile], [], [], meta)?.[0]).toBe(meta.n);
    }
  });
});

describe("codes that no byte holds", () => {
  const line = (text: string) => {
    const head = new TextEncoder().encode(text.padEnd(Math.ceil((text.length + 8) / 8) * 8 - 8));
    const out = new Uint8Array(8 + head.length + 16);
    out[0] = head.length & 255;
    out[1] = head.length >> 8;
    out.set(head, 8);
    return { out, start: 8 + head.length };
  };

  test("arrays of every width", () => {
    const header = {
      tiles: [
        {
          dims: ["c0"],
          arrays: [
            ["Uint16Array", 0, 2],
            ["Uint32Array", 8, 2],
          ],
        },
      ],
    };
    const { out, start } = line(JSON.stringify(header));
    new Uint16Array(out.buffer, start, 2).set([7, 65535]);
    new Uint32Array(out.buffer, start + 8, 2).set([1, 4294967295]);
    const [tile] = unpack(out.buffer).tiles;
    expect([...(tile?.codes[0] ?? [])]).toEqual([7, 65535]);
    expect([...(tile?.n ?? [])]).toEqual([1, 4294967295]);
  });

  test("an array of another kind is refused", () => {
    const { out } = line(JSON.stringify({ tiles: [{ dims: [], arrays: [["Float32Array", 0, 1]] }] }));
    expect(() => unpack(out.buffer)).toThrow("unknown array type: Float32Array");
  });
});

test("a message's buffer is laid out anew where it begins anywhere", () => {
  const buffer = Uint8Array.of(9, 1, 2, 3).buffer;
  expect([...new Uint8Array(aligned(new DataView(buffer, 1, 2)))]).toEqual([1, 2]);
  expect(aligned(buffer)).toBe(buffer);
});

test("gzip", async () => {
  // base64.b64encode(gzip.compress(b"offdiagonal", 9, mtime=0))
  const packed = "H4sIAAAAAAACA8tPS0vJTEzPz0vMAQA0+fDgCwAAAA==";
  expect(new TextDecoder().decode(await gunzip(packed))).toBe("offdiagonal");
});
