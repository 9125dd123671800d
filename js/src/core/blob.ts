/** Reads what `training/blob.py` packs: a JSON header, then the arrays one behind the other. */

const KINDS = {
  f4: Float32Array,
  f8: Float64Array,
  u1: Uint8Array,
  u4: Uint32Array,
} as const;

export type Column = Float32Array | Float64Array | Uint8Array | Uint32Array;

export interface Blob<Header> {
  header: Header;
  arrays: Map<string, Column>;
}

/** Unpack one piece; the arrays are copies, since they do not stand aligned in it. */
export function unpackBlob<Header>(buffer: ArrayBuffer): Blob<Header> {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  const { header, arrays } = JSON.parse(text) as {
    header: Header;
    arrays: Record<string, [kind: string, shape: number[]]>;
  };
  let at = 4 + length;
  const columns = new Map<string, Column>();
  for (const [name, [kind, shape]] of Object.entries(arrays)) {
    const Kind = KINDS[kind as keyof typeof KINDS];
    if (!Kind) throw new Error(`unknown array type: ${kind}`);
    const bytes = shape.reduce((size, side) => size * side, 1) * Kind.BYTES_PER_ELEMENT;
    columns.set(name, new Kind(buffer.slice(at, at + bytes)));
    at += bytes;
  }
  return { header, arrays: columns };
}
