/** What a chart needs from the kernel: Vega once a page, the chart once a view. */

import type { Chart } from "../core/chart.ts";
import { run } from "../store/inline.ts";
import { registry } from "../store/registry.ts";
import type { Store } from "../store/store.ts";

const VEGA = "vega";

/** What we use of a Vega view. */
export interface VegaView {
  data(name: string): unknown[];
  data(name: string, rows: unknown[]): VegaView;
  signal(name: string): unknown;
  signal(name: string, value: unknown): VegaView;
  scale(name: string): { domain(): unknown[] };
  width(pixels: number): VegaView;
  resize(): VegaView;
  runAsync(): Promise<VegaView>;
  addDataListener(name: string, listener: (name: string, rows: unknown[]) => void): VegaView;
}

export type Embed = (
  el: HTMLElement,
  spec: object,
  options: object,
) => Promise<{ view: VegaView; finalize(): void }>;

/** Vega of the page; a view that is the first to want it asks its kernel. */
export function vega(store: Store): Promise<Embed> {
  const { code } = registry();
  const known = code.get(VEGA) as Promise<Embed> | undefined;
  if (known) return known;
  const arriving = arrived(store, { type: "vega" }).then((source) => {
    const page = globalThis as unknown as { __offdiagonal_vega?: Embed | undefined };
    run(`(() => {${source}})();`);
    const embed = page.__offdiagonal_vega;
    page.__offdiagonal_vega = undefined;
    if (!embed) throw new Error("this page does not run scripts");
    return embed;
  });
  code.set(VEGA, arriving);
  arriving.catch(() => code.delete(VEGA));
  return arriving;
}

/** A chart by its id. */
export async function chart(store: Store, id: string): Promise<Chart> {
  return { ...(JSON.parse(await arrived(store, { type: "chart", id })) as Chart), id };
}

/** A text that comes in parts, compressed. */
async function arrived(store: Store, question: { type: string; id?: string }): Promise<string> {
  const parts: BlobPart[] = [];
  for (let part = 0, all = 1; part < all; part++) {
    const answer = await store.ask({ ...question, part });
    if (!answer) throw new Error("the kernel is gone");
    all = Number(answer.message.parts);
    const [{ buffer, byteOffset, byteLength }] = answer.buffers as [DataView<ArrayBuffer>];
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
