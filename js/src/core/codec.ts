/** Reads what `display/wire.py` packs: a JSON header, then the arrays of the tiles. */

import type { Codes, Tile } from "./tiles.ts";

type Numbers = Codes | Float64Array;
type ArrayKind = new (buffer: ArrayBuffer, offset: number, length: number) => Numbers;

const ARRAYS: [name: string, ArrayKind][] = [
  ["Uint8Array", Uint8Array],
  ["Uint16Array", Uint16Array],
  ["Uint32Array", Uint32Array],
  ["Float64Array", Float64Array],
];

type Described = [type: string, offset: number, length: number];

/** `parent` is the place of the tile without the last dim, where only a table of counts beside it is sent. */
interface Packing {
  dims: string[];
  arrays: Described[];
  sums?: Record<string, Described>;
  parent?: number;
}

interface Packed<Header> {
  header: Header;
  tiles: Tile[];
}

/** Unpack one buffer; arrays are views into it where they can be. */
export function unpack<Header>(buffer: ArrayBuffer): Packed<Header> {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  const header = JSON.parse(text) as Header & { tiles: Packing[] };
  const { meta } = header as { meta?: { order: number[]; classes: string[] } };
  // Of many classes the order that they have anyway is not sent.
  if (meta && !meta.order.length) meta.order = meta.classes.map((_, code) => code);
  const start = 8 + length;
  const tiles: Tile[] = [];
  for (const { dims, arrays, sums = {}, parent } of header.tiles) {
    const columns = arrays.map((described) => arrayOf(buffer, start, described) as Codes);
    const n = columns.pop() as Codes;
    tiles.push({
      ...(parent === undefined ? { dims, codes: columns, n } : fromTable(dims, n, tiles[parent] as Tile)),
      sums: Object.fromEntries(
        Object.entries(sums).map(([name, described]) => [name, arrayOf(buffer, start, described)]),
      ),
    });
  }
  return { header, tiles };
}

/** A tile from its table: a line for each entry of the parent, a column for each code but the highest. */
function fromTable(dims: string[], table: Codes, parent: Tile): Tile {
  const lines = parent.n.length;
  const width = table.length / lines;
  const counts = new Uint32Array(lines * (width + 1));
  let size = 0;
  for (let line = 0; line < lines; line++) {
    let rest = parent.n[line] as number;
    for (let code = 0; code <= width; code++) {
      const n = code < width ? (table[line * width + code] as number) : rest;
      rest -= n;
      counts[line * (width + 1) + code] = n;
      if (n > 0) size++;
    }
  }
  const codes: Codes[] = parent.codes.map((own) =>
    own instanceof Uint8Array ? new Uint8Array(size) : new Uint32Array(size),
  );
  const last = width < 256 ? new Uint8Array(size) : new Uint32Array(size);
  const n = new Uint32Array(size);
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!counts[i]) continue;
    const line = Math.floor(i / (width + 1));
    for (let c = 0; c < codes.length; c++) (codes[c] as Codes)[at] = parent.codes[c]?.[line] as number;
    last[at] = i % (width + 1);
    n[at++] = counts[i] as number;
  }
  return { dims, codes: [...codes, last], n };
}

function arrayOf(buffer: ArrayBuffer, start: number, [type, offset, length]: Described): Numbers {
  const Kind = ARRAYS.find(([name]) => name === type)?.[1];
  if (!Kind) throw new Error(`unknown array type: ${type}`);
  return new Kind(buffer, start + offset, length);
}

/** A message's buffer as one that typed arrays can be laid over. */
export function aligned(view: DataView | ArrayBuffer | Uint8Array): ArrayBuffer {
  if (view instanceof ArrayBuffer) return view;
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}

/** Bytes of base64 of gzip. */
export async function gunzip(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
