/** Which classes are taken for which others, by count or by rate; each line selects its cell. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Switch } from "../charts/axis-switch.tsx";
import { count, interval, percent } from "../core/format.ts";
import { byRate, confusionsOf, type Matrix, type Pair } from "../core/matrix.ts";
import type { Measure } from "../core/types.ts";
import { breakable } from "./confusion-measure.tsx";
import { type Model, select } from "./confusion-model.ts";

const MORE = 20;

/** The most frequent confusions, `room` of them before more are asked for. */
export function Confusions({ model, room }: { model: Model; room: number }) {
  const matrix = model.matrix.value;
  const rates = useSignal(false);
  const more = useSignal(0);
  const all = useMemo(() => confusionsOf(matrix), [matrix]);
  const rated = useMemo(() => byRate(all), [all]);
  const pairs = rates.value ? rated : all;
  const shown = pairs.slice(0, room + more.value);
  const top = Math.max(...shown.map((pair) => pair.share.high ?? 0), 0.01);
  return (
    <div class="m-confusions" data-state={model.state.value}>
      <h3 class="title">
        <b>Top confusions</b> <span>{all.length ? `· ${heldBy(shown, all)}` : ""}</span>
      </h3>
      {all.length > 1 && (
        <Switch
          label="Order of the confusions"
          options={[["By count"], ["By rate"]]}
          chosen={Number(rates.value)}
          onChoose={(i) => {
            rates.value = i === 1;
          }}
        />
      )}
      {shown.length > 0 && <Table model={model} pairs={shown} top={top} />}
      {shown.length === 0 && <p class="soft">{whyNone(matrix, all)}</p>}
      {pairs.length > shown.length && (
        <button
          type="button"
          class="word m-more"
          onClick={() => {
            more.value += MORE;
          }}
        >
          Show {Math.min(MORE, pairs.length - shown.length)} more
        </button>
      )}
    </div>
  );
}

function Table({ model, pairs, top }: { model: Model; pairs: readonly Pair[]; top: number }) {
  return (
    <table class="m-list">
      <PairsHead />
      <tbody>
        {pairs.map((pair) => (
          <Line key={`${pair.row} ${pair.column}`} model={model} pair={pair} top={top} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ model, pair, top }: { model: Model; pair: Pair; top: number }) {
  const matrix = model.matrix.value;
  const { row, column, n, share } = pair;
  const selected = model.mask.value?.[row * matrix.columns.codes.length + column] === 1;
  const [label, predicted] =
    matrix.labels === "rows"
      ? [matrix.rows.texts[row], matrix.columns.texts[column]]
      : [matrix.columns.texts[column], matrix.rows.texts[row]];
  const point = (on: boolean) => () => {
    model.listed.value = on ? { row, column } : null;
  };
  return (
    <tr class={selected ? "selected" : ""}>
      <td>
        <button
          type="button"
          aria-pressed={selected}
          onClick={(event) => select(model, { rows: [row, row], columns: [column, column] }, event.shiftKey)}
          onPointerEnter={point(true)}
          onPointerLeave={point(false)}
        >
          <bdi>{breakable(label ?? "")}</bdi> <span class="soft">→</span>{" "}
          <bdi>{breakable(predicted ?? "")}</bdi>
        </button>
      </td>
      <ShareCells n={n} share={share} top={top} />
    </tr>
  );
}

/** What heads the columns of a list of pairs. */
export function PairsHead() {
  return (
    <thead>
      <tr>
        <th scope="col">label → predicted</th>
        <th scope="col" class="number">
          n
        </th>
        <th scope="col" class="number">
          of label
        </th>
        <th scope="col" class="m-interval">
          95 %
        </th>
        <td class="m-share" />
      </tr>
    </thead>
  );
}

/** How many rows a pair has, and which share of its label's that is. */
export function ShareCells({ n, share, top }: { n: number; share: Measure; top: number }) {
  return (
    <>
      <td class="number">{count(n)}</td>
      <td class="number">{share.value === null ? `of ${share.n}` : percent(share.value)}</td>
      <td class="m-interval soft">{interval(share)}</td>
      <td class="m-share" aria-hidden="true">
        {share.value !== null && <ShareBar share={share} top={top} />}
      </td>
    </>
  );
}

/** The share as a bar, its interval as a line over it. */
function ShareBar({ share, top }: { share: Measure; top: number }) {
  const at = (value: number | null) => (100 * (value ?? 0)) / top;
  const places = {
    "--at": `${at(share.value)}%`,
    "--low": `${at(share.low)}%`,
    "--high": `${100 - at(share.high)}%`,
  };
  return <span class="m-track" style={places} />;
}

/** `14 of 283 pairs hold 18 % of the errors`. */
function heldBy(shown: readonly Pair[], all: readonly Pair[]): string {
  const sum = (pairs: readonly Pair[]) => pairs.reduce((total, pair) => total + pair.n, 0);
  if (shown.length === all.length) {
    const pairs = all.length === 1 ? "1 pair holds" : `${count(all.length)} pairs hold`;
    return `${pairs} all ${count(sum(all))} errors`;
  }
  const share = Math.round((100 * sum(shown)) / sum(all));
  return `${count(shown.length)} of ${count(all.length)} pairs hold ${share} % of the errors`;
}

function whyNone(matrix: Matrix, all: readonly Pair[]): string {
  if (all.length) return "No label has ten examples: their rates would say nothing.";
  return matrix.total ? "No errors here." : "No examples here.";
}
