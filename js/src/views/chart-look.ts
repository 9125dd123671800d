/** How a chart looks where its maker left it open: as the other views do, light or dark. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { Look } from "./chart-draw.ts";

const HEAD = 60;
const LEAST_HEIGHT = 80;

/** Light or dark, and how much contrast: changes when the notebook's theme does. */
export function useTheme(box: { current: HTMLElement | null }): string {
  const theme = useSignal("");
  useLayoutEffect(() => {
    const root = box.current?.getRootNode();
    if (!(root instanceof ShadowRoot)) return;
    const host = root.host as HTMLElement;
    const read = (): void => {
      theme.value = `${host.dataset.theme} ${host.dataset.contrast}`;
    };
    const observer = new MutationObserver(read);
    observer.observe(host, { attributes: true, attributeFilter: ["data-theme", "data-contrast"] });
    read();
    return () => observer.disconnect();
  }, [box, theme]);
  return theme.value;
}

export function lookOf(box: HTMLElement, width: number, height: number | null): Look {
  const style = getComputedStyle(box);
  const [ink, soft, line, select] = ["ink", "soft", "line", "select"].map((name) =>
    style.getPropertyValue(`--od-${name}`).trim(),
  ) as [string, string, string, string];
  const edge = line === "currentColor" ? ink : line;
  const text = {
    labelColor: soft,
    titleColor: soft,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
  };
  return {
    width,
    height: height === null ? null : Math.max(LEAST_HEIGHT, height - HEAD),
    config: {
      background: "transparent",
      font: style.fontFamily,
      padding: 2,
      title: { color: ink, subtitleColor: soft, fontSize: 13 },
      axis: { ...text, domainColor: edge, gridColor: edge, tickColor: edge },
      legend: { ...text, labelColor: ink },
      header: text,
      view: { stroke: null },
      text: { color: ink },
      rule: { color: ink },
      selection: { interval: { mark: { fill: select, fillOpacity: 0.1, stroke: select } } },
    },
  };
}
