// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid the cells take the focus, not its rows
/** Everything known about one example, below its row. */

import { type Signal, useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { isMetadata, isSound, probabilityText, sidesOf, valueText } from "../core/columns.ts";
import { count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { GridColumn, Meta } from "../core/types.ts";
import type { Detail, Row } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { ExamplesModel } from "./examples-model.ts";
import { Chip, isWrong, Missing, Picture, Probability, Shown, Sound } from "./examples-row.tsx";

const FIRST_CHARS = 2_000;
const FIRST_VALUE_CHARS = 400;
const MORE_CHARS = 100_000;
const FIRST_CLASSES = 6;

interface PanelProps {
  model: ExamplesModel;
  index: number;
  top: number;
  needle: string;
  active: boolean;
}

/** The panel of the open row; it says how high it is, so that the rows below make room. */
export function Panel({ model, index, top, needle, active }: PanelProps) {
  const box = useRef<HTMLDivElement>(null);
  void model.rows.arrived.value;
  const row = model.rows.at(index);
  const detail = useDetail(model.store, row);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(() => {
      const height = box.current?.offsetHeight ?? 0;
      if (height === 0 || height === model.panel.peek()) return;
      model.panel.value = height;
      for (const panel of [true, false]) model.show({ row: index, column: 0, panel });
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div role="row" class="e-panel" aria-rowindex={index + 3} style={{ top: `${top}px` }}>
      <div
        ref={box}
        role="gridcell"
        class="e-in"
        aria-colindex={1}
        aria-colspan={model.columns.value.length}
        aria-busy={detail.value === null}
        tabIndex={active ? 0 : -1}
        style={{ width: `${model.width.value}px` }}
      >
        {row && <Facts model={model} index={index} row={row} detail={detail.value} needle={needle} />}
      </div>
    </div>
  );
}

/** What the kernel, or the snapshot, knows about a row; null until it said so. */
function useDetail(store: Store, row: Row | null): Signal<Detail | null> {
  const detail = useSignal<Detail | null>(null);
  const number = row?.row;
  const live = store.status.value === "live";
  useEffect(() => {
    let gone = false;
    if (number === undefined || (!live && detail.peek())) return;
    store.detail(number).then(
      (found) => {
        if (!gone && found) detail.value = live ? found : { ...found, slices: savedSlices(store, number) };
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [number, live]);
  return detail;
}

function savedSlices(store: Store, number: number): string[] {
  const saved = store.savedRows;
  const at = saved?.rows.findIndex((row) => row.row === number) ?? -1;
  return store.meta.value.slices.filter(({ key }) => saved?.codes[key]?.[at] === 1).map(({ name }) => name);
}

interface FactsProps {
  model: ExamplesModel;
  index: number;
  row: Row;
  detail: Detail | null;
  needle: string;
}

function Facts({ model, index, row, detail, needle }: FactsProps) {
  const { store } = model;
  const meta = store.meta.value;
  const { values, score } = detail ?? row;
  const image = meta.columns.find((column) => column.kind === "image")?.key ?? "";
  const audio = meta.columns.find((column) => column.kind === "audio")?.key ?? "";
  const shown = [meta.text, image, ...(isSound(values[audio]) ? [audio] : [])];
  const columns = meta.columns.filter((column) => isMetadata(column) && !shown.includes(column.key));
  return (
    <>
      <div class="e-what">
        <span>
          Row <span class="strong">{row.row}</span>
        </span>
        {sidesOf(meta).map((side) => (
          <span key={side.key}>
            <span class="soft">{side.name}</span> <Chip row={row} side={side.key} meta={meta} />
          </span>
        ))}
        <button type="button" class="word" onClick={() => model.close(index)}>
          Close
        </button>
      </div>
      <Picture value={values[image]} row={row} />
      <Sound value={values[audio]} row={row} />
      {meta.text !== null && meta.text in values && (
        <p dir="auto" class="e-full">
          <Long value={values[meta.text] ?? null} kind="text" first={FIRST_CHARS} needle={needle} />
        </p>
      )}
      <div class="e-known">
        <dl class="e-values">
          {columns.map((column) => (
            <Fragment key={column.key}>
              <dt dir="auto">{visible(column.name)}</dt>
              <dd dir="auto">
                <Long
                  value={values[column.key] ?? null}
                  kind={column.kind}
                  first={FIRST_VALUE_CHARS}
                  needle=""
                />
              </dd>
            </Fragment>
          ))}
          {typeof score === "number" && (
            <>
              <dt>{meta.score}</dt>
              <dd>{score}</dd>
            </>
          )}
        </dl>
        {meta.confidence && <Classes row={row} detail={detail} meta={meta} />}
      </div>
      {detail !== null && detail.slices.length > 0 && (
        <p>
          <span class="soft">in slices</span>
          {detail.slices.map((name) => (
            <bdi class="e-slice" key={name}>
              {visible(name)}
            </bdi>
          ))}
        </p>
      )}
      <Limits store={store} />
    </>
  );
}

/** What is not shown here, and who would know. */
function Limits({ store }: { store: Store }) {
  const status = store.status.value;
  if (status === "live") return null;
  const chars = count(store.saved.value?.text_chars ?? 0);
  const two = store.meta.value.confidence ? ", two of the probabilities" : "";
  return (
    <p class="soft e-small">
      {status === "lost"
        ? "The kernel ended: this is what was seen of the row."
        : `Saved: texts up to ${chars} characters${two}. Run its notebook for the rest.`}
    </p>
  );
}

interface LongProps {
  value: Row["values"][string];
  kind: GridColumn["kind"];
  first: number;
  needle: string;
}

/** A value in full; of a long text the first part at first. */
function Long({ value, kind, first, needle }: LongProps) {
  const most = useSignal(first);
  const text = typeof value === "number" ? String(value) : valueText(value, kind);
  if (text === null) return <Missing />;
  const left = text.length - most.value;
  const more = Math.min(left, MORE_CHARS);
  return (
    <>
      <Shown text={left > 0 ? text.slice(0, most.value) : text} needle={needle} />
      {left > 0 && (
        <>
          {"… "}
          <button
            type="button"
            class="word"
            onClick={() => {
              most.value += MORE_CHARS;
            }}
          >
            Show {more === left ? "all" : `${count(more)} more of`} {count(text.length)} characters
          </button>
        </>
      )}
    </>
  );
}

/** The most probable classes with their bars; at first a few, and label and prediction among them. */
function Classes({ row, detail, meta }: { row: Row; detail: Detail | null; meta: Meta }) {
  const all = useSignal(false);
  const known = probabilitiesOf(row, detail);
  const own = [row.label, row.prediction];
  const shown = known.filter(([code], i) => all.value || i < FIRST_CLASSES || own.includes(code));
  return (
    <table class="e-classes" aria-label="Probabilities">
      <tbody>
        {shown.map(([code, p]) => (
          <tr key={code}>
            <th scope="row" dir="auto">
              {visible(meta.classes[code] ?? "")}
            </th>
            <td>
              {p === null ? (
                <Missing />
              ) : (
                <Probability
                  value={p}
                  text={probabilityText(p)}
                  wrong={code === row.prediction && isWrong(row, meta)}
                />
              )}
            </td>
            <td class="soft">{["label", "predicted"].filter((_, side) => own[side] === code).join(", ")}</td>
          </tr>
        ))}
        {known.length > shown.length && (
          <tr>
            <td>
              <button
                type="button"
                class="word"
                onClick={() => {
                  all.value = true;
                }}
              >
                Show {known.length} classes
              </button>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** Of the classes those that are known: the most probable ones, the label and the prediction. */
function probabilitiesOf(row: Row, detail: Detail | null): [number, number | null][] {
  const known = new Map(detail?.probabilities);
  for (const [code, p] of [
    [row.prediction, row.confidence],
    [row.label, row.label_probability],
  ] as const) {
    if (p !== null && !known.has(code)) known.set(code, p);
  }
  return [...known];
}
