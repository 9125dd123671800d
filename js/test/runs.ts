/** Packs arrays as `training/blob.py` does. */

type Given = [kind: "f4" | "f8" | "u4", values: number[]];

const KINDS = { f4: Float32Array, f8: Float64Array, u4: Uint32Array };

export function packed(header: unknown, arrays: Record<string, Given>): ArrayBuffer {
  const described = Object.fromEntries(
    Object.entries(arrays).map(([name, [kind, values]]) => [name, [kind, [values.length]]]),
  );
  const text = new TextEncoder().encode(JSON.stringify({ header, arrays: described }));
  const parts = [new Uint8Array(new Uint32Array([text.length]).buffer), text];
  for (const [kind, values] of Object.values(arrays))
    if (KINDS[kind]) parts.push(new Uint8Array(KINDS[kind].from(values).buffer));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}
