/** A chart as it is saved: the picture of the island's static form, and what is said of it. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { visible } from "../core/highlight.ts";

const PICTURE = "data:image/png;base64,";

/** What an island is told of a chart. */
export interface Saved {
  id?: string;
  title?: string;
  about?: string;
  note?: string;
}

export function Title({ text, more }: { text: string; more: string }) {
  return (
    <h3 class="title">
      <b>
        <bdi>{visible(text || "Chart")}</bdi>
      </b>{" "}
      {more && <span>· {more}</span>}
    </h3>
  );
}

/** The picture stands in the island once: in its static form. */
export function Still({ saved, place }: { saved: Saved; place: number }) {
  const ref = useRef<HTMLElement>(null);
  const picture = useSignal({ source: "", width: 0 });
  useLayoutEffect(() => {
    const root = ref.current?.getRootNode();
    const island = root instanceof ShadowRoot ? root.host.closest(".od-island") : null;
    const found = island?.querySelector<HTMLImageElement>(`img.od-chart-${place}`);
    const source = found?.src ?? "";
    if (source.startsWith(PICTURE)) picture.value = { source, width: Number(found?.getAttribute("width")) };
  }, [place, picture]);
  return (
    <section class="own-chart" ref={ref}>
      <Title text={saved.title ?? ""} more="picture" />
      {picture.value.source && (
        <img
          src={picture.value.source}
          width={picture.value.width}
          alt={visible(saved.about || saved.title || "chart")}
        />
      )}
      <p class="soft note">{saved.note}</p>
    </section>
  );
}
