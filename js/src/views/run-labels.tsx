/** Names of lines at their ends, which give way to each other. */

import type { Plot } from "../charts/axis.tsx";
import { visible } from "../core/highlight.ts";
import { type Series, valueAt } from "../core/series.ts";

const LINE = 15;

interface Props {
  plot: Plot;
  series: readonly Series[];
  room: number;
  /** What all of them are, where the chart has no heading. */
  title: string | null;
  /** Whether a legend tells which run is which. */
  several: boolean;
}

export function Labels({ plot, series, room, title, several }: Props) {
  const { width } = plot;
  const [one] = series;
  const place = { insetInlineStart: width + 2, maxWidth: room - 4 };
  if (title !== null && (several || series.length < 2)) {
    const text = several || !one ? title : one.label;
    const [base, top] = plot.y.domain.map(plot.y) as [number, number];
    const color = several || !one ? {} : { color: inkOf(one) };
    return (
      <div class="labels" aria-hidden="true">
        <bdi
          class={several ? "title-line soft" : "title-line"}
          style={{ ...place, ...color, top: (top + base) / 2 }}
          title={visible(text)}
        >
          {visible(text)}
        </bdi>
      </div>
    );
  }
  return (
    <Ends plot={plot} series={series} place={place} title={title} marked={!several && series.length > 1} />
  );
}

interface EndProps {
  plot: Plot;
  series: readonly Series[];
  place: { insetInlineStart: number; maxWidth: number };
  title: string | null;
  /** Whether each name stands behind a piece of its line. */
  marked: boolean;
}

/** Names beside the last values, what all of them are above the first. */
function Ends({ plot: { x, y }, series, place, title, marked }: EndProps) {
  const [base, top] = [y(y.domain[0]), y(y.domain[1])];
  const ends = series.flatMap((one) => {
    const value = valueAt(one, x.domain[1]);
    if (value === null) return [];
    const at = Math.min(base, Math.max(top, y(value)));
    return [{ one, at: Number.isFinite(at) ? at : base }];
  });
  const heads = title === null ? 0 : 1;
  const places = apart(
    [...(heads ? [Number.NEGATIVE_INFINITY] : []), ...ends.map(({ at }) => at)].map((at) =>
      Math.max(at, top),
    ),
    Math.max(base, top + LINE * (ends.length + heads - 1)),
  );
  return (
    <div class="labels" aria-hidden="true">
      {title !== null && (
        <bdi class="soft" style={{ ...place, top: (places[0] as number) - LINE / 2 }} title={visible(title)}>
          {visible(title)}
        </bdi>
      )}
      {ends.map(({ one }, i) => (
        <bdi
          key={`${one.run} ${one.metric}`}
          style={{ ...place, top: (places[i + heads] as number) - LINE / 2, color: inkOf(one) }}
          title={visible(one.label)}
        >
          {marked && (
            <Swatch color={one.color} dash={one.dash} strong={one.strong} dots={one.dots} width={12} />
          )}
          {visible(one.label)}
        </bdi>
      ))}
    </div>
  );
}

function inkOf({ color }: Series): string {
  return `var(${color}-ink, var(${color}))`;
}

interface SwatchProps {
  color: string;
  dash: readonly number[];
  strong: boolean;
  dots?: boolean;
  width: number;
}

/** A piece of a line, as the chart draws it. */
export function Swatch({ color, dash, strong, dots = false, width }: SwatchProps) {
  return (
    <svg class="swatch" width={width} height={8} aria-hidden="true" style={{ color: `var(${color})` }}>
      <line x2={width} y1={4} y2={4} stroke-width={strong ? 2.25 : 1.5} stroke-dasharray={dash.join(" ")} />
      {dots && <circle cx={width / 2} cy={4} r={2.5} />}
    </svg>
  );
}

/** Places at least a line apart and above the lowest, each as near to where it would be as it can. */
export function apart(wanted: readonly number[], base: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const placed = order.map((i) => wanted[i] as number);
  for (let k = 1; k < placed.length; k++)
    placed[k] = Math.max(placed[k] as number, (placed[k - 1] as number) + LINE);
  for (let k = placed.length - 1; k >= 0; k--) {
    const limit = k === placed.length - 1 ? base : (placed[k + 1] as number) - LINE;
    placed[k] = Math.min(placed[k] as number, limit);
  }
  const out: number[] = [];
  for (const [k, i] of order.entries()) out[i] = placed[k] as number;
  return out;
}
