/** Names of lines at their ends, which give way to each other. */

import type { Plot } from "../charts/axis.tsx";
import { visible } from "../core/highlight.ts";
import { type Series, valueAt } from "../core/series.ts";

const LINE = 15;

interface Props {
  plot: Plot;
  series: readonly Series[];
  room: number;
  /** What all of them are, where the legend tells which is which. */
  title: string | null;
}

export function Labels({ plot, series, room, title }: Props) {
  const { x, y, width } = plot;
  const [base, top] = [y(y.domain[0]), y(y.domain[1])];
  if (title !== null) {
    return (
      <div class="labels" aria-hidden="true">
        <bdi
          class="soft"
          style={{ top: (top + base) / 2 - LINE / 2, insetInlineStart: width + 2, maxWidth: room - 4 }}
          title={visible(title)}
        >
          {visible(title)}
        </bdi>
      </div>
    );
  }
  const ends = series.flatMap((one) => {
    const value = valueAt(one, x.domain[1]);
    if (value === null) return [];
    const at = Math.min(base, Math.max(top, y(value)));
    return [{ one, at: Number.isFinite(at) ? at : base }];
  });
  const places = apart(
    ends.map(({ at }) => at),
    Math.max(base, top + LINE * (ends.length - 1)),
  );
  return (
    <div class="labels" aria-hidden="true">
      {ends.map(({ one }, i) => (
        <bdi
          key={`${one.run} ${one.metric}`}
          class={one.strong ? "strong-line" : ""}
          style={{
            top: (places[i] as number) - LINE / 2,
            insetInlineStart: width + 2,
            maxWidth: room - 4,
            color: `var(${one.color}-ink, var(${one.color}))`,
          }}
          title={visible(one.label)}
        >
          {visible(one.label)}
        </bdi>
      ))}
    </div>
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
