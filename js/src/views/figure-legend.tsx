/** The lines by name, each with its value where it is read: a click keeps one in front of the others. */

import { useRef } from "preact/hooks";
import { type Lines, placeText, valueText } from "../core/figure.ts";
import type { Hand } from "./figure-lines.tsx";

export function Legend({ chart, hand }: { chart: Lines; hand: Hand }) {
  const ref = useRef<HTMLTableSectionElement>(null);
  const { lines, heads } = chart;
  if (lines.length < 2) return null;
  const stop = hand.line ?? 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = lines.length - 1;
    const next = { ArrowDown: stop + 1, ArrowUp: stop - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      hand.keep(null);
    }
    if (next === undefined) return;
    event.preventDefault();
    const to = Math.min(last, Math.max(0, next));
    hand.point(hand.place, to);
    ref.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    <div class="legend">
      <table aria-label="Lines">
        <thead>
          <tr>
            <th scope="col">line</th>
            {heads.map((head, i) => (
              <th key={i} scope="col" class="number">
                {head}
              </th>
            ))}
            <th scope="col" class="number">
              <bdi>at {placeText(chart, hand.place)}</bdi>
            </th>
          </tr>
        </thead>
        <tbody ref={ref} onKeyDown={onKeyDown}>
          {lines.map((line, i) => (
            <tr
              key={i}
              class={hand.line === i || hand.kept.has(i) ? "front" : ""}
              onPointerEnter={() => hand.point(hand.place, i)}
              onPointerLeave={() => hand.point(hand.place, null)}
            >
              <th scope="row">
                <button
                  type="button"
                  tabindex={i === stop ? 0 : -1}
                  aria-pressed={hand.kept.has(i)}
                  title={line.name}
                  onFocus={() => hand.point(hand.place, i)}
                  onClick={() => hand.keep(i)}
                >
                  <svg
                    class={`swatch line hue-${line.hue}${line.dashed ? " dashed" : ""}`}
                    aria-hidden="true"
                  >
                    <path class="stroke" d="M0 6H20" />
                    {line.points && <circle cx={10} cy={6} r={2.75} />}
                  </svg>
                  <bdi>{line.name}</bdi>
                </button>
              </th>
              {line.notes.map((note, k) => (
                <td key={k} class="number">
                  {note}
                </td>
              ))}
              <td class="number">{valueText(line, hand.place)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
