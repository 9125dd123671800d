/** A chart of the user's own among the views: live drawn with Vega, saved a picture. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useWidth } from "../charts/axis.tsx";
import { StaleNote } from "../charts/axis-note.tsx";
import { type Chart, clausesOf, isUtc, type Picked, parameterValue } from "../core/chart.ts";
import { amount, count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { withClause } from "../core/selection.ts";
import type { Clause } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import { useAnswer } from "./answer.ts";
import { type Drawn, draw } from "./chart-draw.ts";
import { useHand } from "./chart-hand.ts";
import { lookOf, useTheme } from "./chart-look.ts";
import { chart as arrivedChart, type Embed, vega } from "./chart-parts.ts";
import { type Saved, Still, Title } from "./chart-still.tsx";
import { Tip, type TipAt, tipOf } from "./chart-tip.tsx";
import type { View, ViewProps } from "./view.ts";

/** A host that is resized says so many times. */
const RESIZED_MS = 100;
/** The view of the chart at a place among those of a board. */
export function chartView(place: number): View {
  return ({ store, options }: ViewProps) => {
    const own = ((options.charts ?? []) as Saved[])[place] ?? {};
    const height = typeof options.height === "number" ? options.height : null;
    return own.id === undefined ? (
      <Still saved={own} place={place} />
    ) : (
      <Live store={store} id={own.id} height={height} />
    );
  };
}

function Live({ store, id, height }: { store: Store; id: string; height: number | null }) {
  const known = useSignal<{ embed: Embed; chart: Chart } | null>(null);
  const error = useSignal<string | null>(null);
  const live = store.status.value === "live";
  useEffect(() => {
    if (!live || known.peek()) return;
    let wanted = true;
    Promise.all([arrivedChart(store, id), vega(store)]).then(
      ([chart, embed]) => {
        if (wanted) known.value = { embed, chart };
      },
      (reason: Error) => {
        if (wanted) error.value = reason.message;
      },
    );
    return () => {
      wanted = false;
    };
  }, [store, id, live, known, error]);
  if (known.value) return <Drawing store={store} {...known.value} height={height} />;
  return (
    <section class="own-chart">
      <Title text="" more="" />
      <p class="soft">
        {error.value ?? (live ? "Waiting for the chart." : "Run the cell to draw the chart.")}
      </p>
    </section>
  );
}

interface DrawingProps {
  store: Store;
  embed: Embed;
  chart: Chart;
  height: number | null;
}

function Drawing({ store, embed, chart, height }: DrawingProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const tip = useSignal<TipAt | null>(null);
  const note = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const { bits, state, failed } = useRows(store, chart);
  const theme = useTheme(box);
  const own = new Set(chart.links.flatMap(({ fields }) => fields.map(({ key }) => key)));
  const ours = store.clauses.value.filter(({ field }) => own.has(field));
  const said = useRef("[]");
  const again = useSignal(0);
  const drawn = useRef<Drawn | null>(null);
  const latest = useRef(bits);
  latest.current = bits;
  const hand = useHand(box, (name, picked) => {
    const found = chosen(store, chart, name, picked);
    note.value = found ? null : refusal(chart, name);
    if (!found) {
      if (note.value === NOTHING_THERE) again.value++; // the brush goes back to what is selected
      return;
    }
    said.current = JSON.stringify(found.filter(({ field }) => own.has(field)));
    store.select(found);
  });

  const ready = width > 0;
  useEffect(() => {
    const at = box.current;
    if (!ready || !at) return;
    let wanted = true;
    const clauses = store.clauses.peek();
    said.current = JSON.stringify(clauses.filter(({ field }) => own.has(field)));
    const values = new Map(
      chart.links.map((link) => [
        link.name,
        parameterValue(link, clauses, store.meta.peek(), isUtc(chart.spec)),
      ]),
    );
    hand.rest();
    draw(embed, chart, lookOf(at, width, height), values, {
      picked: hand.picked,
      over: (event, value) => {
        tip.value = tipOf(at, event, value);
      },
    })
      .then(async (next) => {
        const first = latest.current;
        if (first.some((one) => one)) await next.rows(first);
        if (!wanted) {
          next.end();
          return;
        }
        drawn.current?.end();
        drawn.current = next;
        at.replaceChildren(next.el);
        if (latest.current !== first) await next.rows(latest.current);
      })
      .catch((reason: Error) => {
        error.value = reason.message;
      });
    return () => {
      wanted = false;
    };
  }, [embed, chart, ready, theme, height, again.value]);
  useEffect(() => () => drawn.current?.end(), []);
  useEffect(() => {
    drawn.current?.rows(bits);
  }, [bits]);
  useEffect(() => {
    const wait = setTimeout(() => drawn.current?.fit(width), RESIZED_MS);
    return () => clearTimeout(wait);
  }, [width]);
  const inForce = JSON.stringify(ours);
  useEffect(() => {
    if (inForce === said.current) return;
    // Drawn anew: a drag that Vega-Lite was only told to forget comes back with the next change of its scales.
    again.value++;
  }, [inForce]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") store.select(store.clauses.value.filter(({ field }) => !own.has(field)));
  };
  return (
    <section class="own-chart">
      <Title text={chart.title} more={moreOf(chart, bits, store.meta.value.n)} />
      <div class="frame" data-state={state}>
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing that keys and pointers reach is no fieldset */}
        <div
          ref={box}
          class="drawing"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and Escape clears what it selects
          tabIndex={0}
          aria-label={visible([chart.title, chart.about].filter((text) => text).join(": "))}
          onKeyDown={onKey}
          onPointerLeave={() => {
            tip.value = null;
          }}
        />
        <Tip at={tip.value} />
      </div>
      {(error.value || failed) && <p class="soft">The chart could not be drawn: {error.value ?? failed}</p>}
      {note.value && <p class="soft note">{note.value}</p>}
      {[...chart.notes, ...(chart.private ? ["Seen live only: it names a private column."] : [])].map(
        (text) => (
          <p class="soft note" key={text}>
            {visible(text)}
          </p>
        ),
      )}
      <StaleNote state={state} />
    </section>
  );
}

/** Which rows each data source of the chart draws, as the kernel says; the last ones while it works. */
function useRows(store: Store, chart: Chart) {
  const { id, drawn } = chart;
  const clauses = store.clauses.value;
  const matters = clauses.filter(({ field }) => drawn.some(({ own }) => !own.includes(field)));
  const asked = useAnswer(store, matters.length ? { type: "charted", id, clauses: matters } : null);
  const last = useRef<(Uint8Array | null)[]>([]);
  const key = matters.length ? asked.answer : null;
  const before = useRef<unknown>(undefined);
  if (before.current !== key && (!matters.length || asked.answer)) {
    before.current = key;
    last.current = matters.length
      ? (asked.answer?.buffers ?? []).map(
          (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
        )
      : drawn.map(() => null);
  }
  return {
    bits: last.current,
    state: matters.length ? asked.state : ("exact" as const),
    failed: matters.length ? asked.error : null,
  };
}

/** The selection with what a parameter of the chart selects; null where clauses cannot say it. */
function chosen(store: Store, chart: Chart, name: string, picked: Picked[]): Clause[] | null {
  const link = chart.links.find((one) => one.name === name);
  if (!link) return null;
  const whole = (column: string): boolean =>
    chart.tables.every(({ columns }) =>
      columns.every(
        (one) => one.name !== column || one.values.every((v) => v === null || Number.isInteger(v)),
      ),
    );
  const found = clausesOf(link, picked, whole, isUtc(chart.spec));
  return (
    found && [...found].reduce((all, [key, clause]) => withClause(all, key, clause), store.clauses.value)
  );
}

const NOTHING_THERE = "No value lies where you dragged: the selection is as it was.";

function refusal({ links }: Chart, name: string): string {
  const drag = links.some((one) => one.name === name && one.kind === "interval");
  return drag ? NOTHING_THERE : "These values together are no selection: choose one of them.";
}

function moreOf({ tables, drawn, links }: Chart, bits: readonly (Uint8Array | null)[], n: number): string {
  const all = tables.reduce((sum, table) => sum + table.n, 0);
  const one = drawn.length === 1 ? bits[0] : undefined;
  const rows = amount(one ? ones(one) : all);
  const sample = tables.length === 1 && all < n ? `, a sample of ${count(n)}` : "";
  const how = links.map(({ kind, fields }) => {
    const names = fields.map(({ column }) => visible(column)).join(" and ");
    return ` · ${kind === "interval" ? "drag over" : "click for"} ${names}`;
  });
  return `${rows}${sample}${how.join("")}`;
}

function ones(bits: Uint8Array): number {
  let sum = 0;
  for (let byte of bits) for (; byte; byte &= byte - 1) sum++;
  return sum;
}
