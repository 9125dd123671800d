// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are not drawn
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid the cells take the focus, not its rows
/** Everything known about one example, below its row. */

import { type Signal, useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { probabilityText, valueText } from "../core/columns.ts";
import { count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import type { GridColumn, Meta } from "../core/types.ts";
import type { Detail, Row } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { ExamplesModel } from "./examples-model.ts";
import { Chip, isWrong, Missing, Probability, Shown } from "./examples-row.tsx";

const FIRST_CHARS = 2_000;
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
  const { store, rows } = model;
  const row = rows.at(index);
  const detail = useDetail(store, row);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const height = Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? 0);
      if (height && height !== model.panel.peek()) {
        model.panel.value = height;
        model.show({ row: index, column: 0, panel: true });
        model.show({ row: index, column: 0, panel: false });
      }
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div role="row" class="e-panel" aria-rowindex={index + 3} style={{ top: `${top}px` }}>
      <div
        ref={box}
        role="gridcell"
        aria-colindex={1}
        aria-colspan={model.columns.value.length}
        aria-busy={detail.value === null}
        class="e-in"
        tabIndex={active ? 0 : -1}
        style={{ width: `${model.width.value}px` }}
      >
        {row && (
          <Facts
            model={model}
            index={index}
            row={detail.value ?? row}
            detail={detail.value}
            needle={needle}
          />
        )}
      </div>
    </div>
  );
}

/** What the kernel, or the snapshot, knows about a row; null until it said so. */
function useDetail(store: Store, row: Row | null): Signal<Detail | null> {
  const detail = useSignal<Detail | null>(null);
  const number = row?.row;
  const status = store.status.value;
  useEffect(() => {
    let gone = false;
    if (number === undefined || (status !== "live" && detail.peek())) return;
    store.detail(number).then(
      (found) => {
        if (!gone && found)
          detail.value = status === "live" ? found : { ...found, slices: savedSlices(store, number) };
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [number, status]);
  return detail;
}

function savedSlices(store: Store, number: number): string[] {
  const saved = store.savedRows;
  const at = saved?.rows.findIndex((row) => row.row === number) ?? -1;
  return store.meta.value.slices
    .filter((slice) => saved?.codes[slice.key]?.[at] === 1)
    .map((slice) => slice.name);
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
  const text = meta.columns.find((column) => column.key === meta.text);
  const columns = meta.columns.filter((column) => /^c\d+$/.test(column.key) && column !== text);
  return (
    <>
      <div class="e-what">
        <span>
          Row <span class="strong">{row.row}</span>
        </span>
        <span>
          <span class="soft">label</span> <Chip row={row} side="label" meta={meta} />
        </span>
        <span>
          <span class="soft">predicted</span> <Chip row={row} side="prediction" meta={meta} />
        </span>
        <button type="button" class="word" onClick={() => model.close(index)}>
          Close
        </button>
      </div>
      {text && <LongText value={row.values[text.key] ?? null} needle={needle} store={store} />}
      <div class="e-known">
        {columns.length > 0 && <Values row={row} columns={columns} store={store} />}
        {meta.confidence && <Classes row={row} detail={detail} meta={meta} />}
      </div>
      {typeof detail?.score === "number" && meta.score !== null && (
        <p>
          <span class="soft">{meta.score}</span> {String(detail.score)}
        </p>
      )}
      {detail !== null && detail.slices.length > 0 && (
        <p>
          <span class="soft">in slices</span>{" "}
          {detail.slices.map((name) => (
            <bdi class="e-slice" key={name}>
              {visible(name)}
            </bdi>
          ))}
        </p>
      )}
      <Limits store={store} detail={detail} />
    </>
  );
}

/** What is not shown here, and who would know. */
function Limits({ store, detail }: { store: Store; detail: Detail | null }) {
  const status = store.status.value;
  if (status === "live") return null;
  const saved = store.saved.value;
  const chars = saved ? `texts up to ${count(saved.text_chars)} characters` : "what was seen";
  const known = detail?.probabilities ? "" : `, and of the probabilities those of label and prediction`;
  const line =
    status === "lost"
      ? "The kernel ended: this is what was seen."
      : `Saved: ${chars}${known}. Run the notebook for the rest.`;
  return <p class="soft e-small">{line}</p>;
}

/** A text in full, its first part at first. */
function LongText({ value, needle, store }: { value: Row["values"][string]; needle: string; store: Store }) {
  const most = useSignal(FIRST_CHARS);
  if (value === null) return <Missing />;
  const text = String(value);
  const left = text.length - most.value;
  const more = Math.min(left, MORE_CHARS);
  const cut = store.status.value !== "live" && text.length > 1 && text.endsWith("…");
  return (
    <div>
      <p dir="auto" class="e-full">
        <Shown text={left > 0 ? text.slice(0, most.value) : text} needle={needle} />
      </p>
      {left > 0 && (
        <button
          type="button"
          class="word"
          onClick={() => {
            most.value += MORE_CHARS;
          }}
        >
          {more === left
            ? `Show all ${count(text.length)} characters`
            : `Show ${count(more)} more of ${count(text.length)} characters`}
        </button>
      )}
      {cut && <span class="soft e-small">the text goes on; it was saved up to here</span>}
    </div>
  );
}

function Values({ row, columns, store }: { row: Row; columns: readonly GridColumn[]; store: Store }) {
  void store;
  return (
    <dl class="e-values">
      {columns.map((column) => (
        <Fragment key={column.key}>
          <dt dir="auto">{visible(column.name)}</dt>
          <Value value={row.values[column.key] ?? null} column={column} />
        </Fragment>
      ))}
    </dl>
  );
}

function Value({ value, column }: { value: Row["values"][string]; column: GridColumn }) {
  const all = useSignal(false);
  const text = typeof value === "number" ? String(value) : valueText(value, column.kind);
  if (text === null) {
    return (
      <dd>
        <Missing />
      </dd>
    );
  }
  const cut = !all.value && text.length > 400;
  return (
    <dd dir="auto">
      <Shown text={cut ? text.slice(0, 300) : text.slice(0, MORE_CHARS)} needle="" />
      {cut && (
        <>
          {"… "}
          <button
            type="button"
            class="word"
            onClick={() => {
              all.value = true;
            }}
          >
            Show all {count(text.length)} characters
          </button>
        </>
      )}
    </dd>
  );
}

/** The most probable classes with their bars; at first a few, and the label among them. */
function Classes({ row, detail, meta }: { row: Row; detail: Detail | null; meta: Meta }) {
  const all = useSignal(false);
  const known = probabilitiesOf(row, detail);
  const first = known.filter(
    ([code], i) => i < FIRST_CLASSES || code === row.label || code === row.prediction,
  );
  const shown = all.value ? known : first;
  const wrong = isWrong(row, meta);
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
                <Probability value={p} text={probabilityText(p)} wrong={wrong && code === row.prediction} />
              )}
            </td>
            <td class="soft">
              {[code === row.label && "label", code === row.prediction && "predicted"]
                .filter(Boolean)
                .join(", ")}
            </td>
          </tr>
        ))}
        {known.length > shown.length && (
          <tr>
            <td colSpan={3}>
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
  const known = [...(detail?.probabilities ?? [])];
  const add = (code: number, p: number | null): void => {
    if (!known.some(([own]) => own === code) && p !== null) known.push([code, p]);
  };
  add(row.prediction, row.confidence);
  add(row.label, row.label_probability);
  return known;
}
