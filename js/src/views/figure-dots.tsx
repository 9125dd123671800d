/** Numbers with their intervals below each other, against 0: filled where the interval leaves 0 out. */

import { ticks } from "../charts/axis.tsx";
import type { Dots, Maybe } from "../core/figure.ts";
import { figure } from "../core/run-format.ts";

const HIGH = 28;

export function DotsChart({ chart: { x, dots } }: { chart: Dots }) {
  const ends = dots.flatMap((dot) => dot.ends).filter((end): end is number => end !== null);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = (high - low || 1) * 0.06;
  const at = (value: number): number => (100 * (value - low + room)) / (high - low + 2 * room);
  return (
    <table class="dots" aria-label={x}>
      <thead>
        <tr>
          <th scope="col">part</th>
          <th scope="col" class="where">
            <bdi>{x}</bdi>
            <svg class="axis" width="100%" height={16} aria-hidden="true">
              {ticks(low, high, 4).map((tick) => (
                <text key={tick} x={`${at(tick)}%`} y={12} text-anchor="middle">
                  {figure(tick)}
                </text>
              ))}
            </svg>
          </th>
          <th scope="col" class="number">
            by
          </th>
        </tr>
      </thead>
      <tbody>
        {dots.map(({ name, note, text, ends: own }, i) => (
          <tr key={i}>
            <th scope="row">
              <bdi>{name}</bdi> <span class="soft">{note}</span>
            </th>
            <td class="where">
              <Mark ends={own} at={at} />
            </td>
            <td class="number">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mark({
  ends: [low, value, high],
  at,
}: {
  ends: [Maybe, Maybe, Maybe];
  at: (value: number) => number;
}) {
  const known = low !== null && high !== null;
  const sure = known && (low > 0 || high < 0);
  return (
    <svg width="100%" height={HIGH} aria-hidden="true">
      <line class="zero" x1={`${at(0)}%`} x2={`${at(0)}%`} y1={0} y2={HIGH} />
      {known && <line class="bar" x1={`${at(low)}%`} x2={`${at(high)}%`} y1={HIGH / 2} y2={HIGH / 2} />}
      {value !== null && (
        <circle class={sure ? "dot sure" : "dot"} cx={`${at(value)}%`} cy={HIGH / 2} r={4.5} />
      )}
    </svg>
  );
}
