/** What the pointer is over, as plain text. */

import { visible } from "../core/highlight.ts";

const MOST_LINES = 20;
const MOST_LETTERS = 200;

export interface TipAt {
  x: number;
  y: number;
  /** Whether there is more room at its left. */
  left: boolean;
  lines: [name: string, text: string][];
}

/** Where and what; null where there is nothing to say. */
export function tipOf(box: HTMLElement, event: MouseEvent, value: unknown): TipAt | null {
  if (value === null || value === undefined || value === "") return null;
  const at = box.getBoundingClientRect();
  const x = event.clientX - at.left;
  const pairs: [string, unknown][] =
    typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [["", value]];
  const lines = pairs.slice(0, MOST_LINES).map(([name, one]): [string, string] => [name, textOf(one)]);
  return { x: Math.round(x), y: Math.round(event.clientY - at.top), left: x > at.width / 2, lines };
}

function textOf(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

export function Tip({ at }: { at: TipAt | null }) {
  if (!at) return null;
  const style = {
    top: `${at.y + 14}px`,
    [at.left ? "right" : "left"]: at.left ? `calc(100% - ${at.x}px)` : `${at.x}px`,
  };
  return (
    <div class="tip" style={style} aria-hidden="true">
      {at.lines.map(([name, text]) => (
        <p key={name}>
          {name && <span class="soft">{visible(name)} </span>}
          <bdi>{visible(text)}</bdi>
        </p>
      ))}
    </div>
  );
}
