/** Reads what `display/wire.py` packs: a JSON header, then the arrays of the tiles. */

import type { Codes, Tile } from "./tiles.ts";

type Described = [type: string, offset: number, length: number];

export interface Packed<Header> {
  header: Header;
  tiles: Tile[];
}

/** Unpack one buffer; the arrays are views into it, nothing is copied. */
export function unpack<Header>(buffer: ArrayBuffer): Packed<Header> {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  const header = JSON.parse(text) as Header & { tiles: { dims: string[]; arrays: Described[] }[] };
  const start = 8 + length;
  const tiles = header.tiles.map(({ dims, arrays }) => {
    const columns = arrays.map((described) => arrayOf(buffer, start, described));
    return { dims, codes: columns.slice(0, -1), n: columns[columns.length - 1] as Codes };
  });
  return { header, tiles };
}

function arrayOf(buffer: ArrayBuffer, start: number, [type, offset, length]: Described): Codes {
  switch (type) {
    case "Uint8Array":
      return new Uint8Array(buffer, start + offset, length);
    case "Uint16Array":
      return new Uint16Array(buffer, start + offset, length);
    case "Uint32Array":
      return new Uint32Array(buffer, start + offset, length);
    default:
      throw new Error(`unknown array type: ${type}`);
  }
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
