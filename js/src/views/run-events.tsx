/** What happened at single steps: marks at the top of the chart, and the same as a list. */

import { type Signal, useSignal } from "@preact/signals";
import type { Plot } from "../charts/axis.tsx";
import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { mergedMarks, type Placed } from "../core/run-events.ts";
import { stepText } from "../core/run-format.ts";
import type { Model } from "./run-model.ts";

const MOST_LISTED = 100;
/** Events under one mark that are lines down the chart; more would hide the curves, and are strokes at its top. */
const FEW = 3;
const TICK = 9;

/** All events of the runs that are shown, by step. */
export function eventsOf(model: Model): Placed[] {
  const { runs, shown, ruler } = model.drawn.value;
  return shown
    .flatMap((run) =>
      (runs[run]?.events ?? []).map((event) => ({
        ...event,
        run,
        at: ruler.at(event.step),
        to: event.end === null ? null : ruler.at(event.end),
        text: runs.length > 1 ? `${runs[run]?.name}: ${event.text}` : event.text,
      })),
    )
    .sort((a, b) => a.step - b.step);
}

interface Props {
  model: Model;
  plot: Plot;
  stop: Signal<string>;
  told: Signal<string | null>;
}

/** Marks over the lines, one tab stop with the ends of the brush; what lasts shades the chart to its end. */
export function Marks({ model, plot, stop, told }: Props) {
  const { x, y } = plot;
  const [left, right] = x.domain;
  const [base, top] = [y(y.domain[0]), y(y.domain[1])];
  const all = eventsOf(model);
  const inside = all.filter(({ at, to }) => at <= right && (to ?? at) >= left);
  // Of several runs only the one whose layers are told shades the chart.
  const lasting = inside.filter(
    ({ kind, to, run }) => to !== null && SHADED.test(kind) && run === model.detail.value,
  );
  const marks = mergedMarks(
    inside.filter(({ at }) => at >= left),
    x,
  );
  return (
    <g class="events">
      {lasting.map((event) => (
        <rect
          key={`${event.run} ${event.kind} ${event.step}`}
          class="lasting"
          x={x(Math.max(left, event.at))}
          width={Math.max(1, x(Math.min(right, event.to as number)) - x(Math.max(left, event.at)))}
          y={top}
          height={base - top}
        />
      ))}
      {marks.map(({ at, events }) => {
        const [first] = events;
        if (!first) return null;
        const text = marked(events.map((event) => event.text));
        const name = `event ${first.step}`;
        return (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no button
          <g
            key={name}
            class={`event ${SHADED.test(first.kind) ? "onset" : ""}`}
            role="button"
            aria-label={text}
            data-stop={name}
            tabindex={stop.value === name ? 0 : -1}
            onFocus={() => {
              told.value = text;
            }}
            onBlur={() => {
              told.value = null;
            }}
            onClick={() => around(model, events)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              around(model, events);
            }}
            onPointerEnter={() => {
              told.value = text;
            }}
            onPointerLeave={() => {
              told.value = null;
            }}
          >
            {placesOf(events, x).map((place) => (
              <line key={place} x1={place} x2={place} y1={top} y2={events.length > FEW ? top + TICK : base} />
            ))}
            <path d={`M${at - 5} ${top - 6}h10l-5 8z`} />
            <rect class="hit" x={at - 12} y={top - 8} width={24} height={24} />
          </g>
        );
      })}
      <Titles plot={plot} events={lasting} />
    </g>
  );
}

/** Where the lines of some events are, in whole pixels and halves, each once. */
function placesOf(events: readonly Placed[], x: (value: number) => number): number[] {
  return [...new Set(events.map(({ at }) => Math.round(x(at)) + 0.5))];
}

/** Select the steps of some events; of what is over at once a hundredth of the width on both sides. */
function around({ store, drawn }: Model, events: readonly Placed[]): void {
  const { x, ruler } = drawn.value;
  const room = Math.max(1, Math.round((ruler.step(x[1]) - ruler.step(x[0])) / 100));
  const low = Math.min(...events.map(({ step }) => step));
  const high = Math.max(...events.map(({ step, end }) => end ?? step));
  store.brush(high > low ? [low, high] : [Math.max(0, low - room), low + room]);
}

const SHADED = /overfit/;

/** What lasts says so beside its line, where there is room. */
function Titles({ plot: { x, y }, events }: { plot: Plot; events: readonly Placed[] }) {
  const [event] = events;
  if (!event) return null;
  const at = x(event.at);
  const text = `overfitting since step ${stepText(event.step)}`;
  const needed = 8 + 6.2 * text.length;
  const side = x(x.domain[1]) - at > needed ? 1 : at - x(x.domain[0]) > needed ? -1 : 0;
  if (!side) return null;
  return (
    <text
      class="onset-text"
      x={at + 8 * side}
      y={y(y.domain[1]) + 12}
      text-anchor={side > 0 ? "start" : "end"}
    >
      {text}
    </text>
  );
}

function marked(texts: string[]): string {
  const shown = texts.slice(0, 3).map(visible).join("; ");
  return texts.length > 3 ? `${texts.length} events here: ${shown} ...` : shown;
}

/** All events as text. */
export function EventList({ model }: { model: Model }) {
  const open = useSignal(false);
  const all = eventsOf(model);
  if (!all.length) return null;
  return (
    <details
      class="event-list"
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{amount(all.length, "event")}</summary>
      {open.value && (
        <ul>
          {all.slice(0, MOST_LISTED).map((event, i) => (
            <li key={i}>
              <bdi>{visible(event.text)}</bdi> <span class="soft">{where(event)}</span>
            </li>
          ))}
          {all.length > MOST_LISTED && (
            <li class="soft">and {amount(all.length - MOST_LISTED, "more event")}, marked in the chart</li>
          )}
        </ul>
      )}
    </details>
  );
}

function where({ step, end }: Placed): string {
  return end === null || end === step
    ? `step ${stepText(step)}`
    : `steps ${stepText(step)} to ${stepText(end)}`;
}
