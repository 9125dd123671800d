/** One slice: name, n, error rate, and its difference to the rest as a picture and in numbers. */

import { type Domain, Interval } from "../charts/interval.tsx";
import { count } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { ERRORS, rowName, type SliceRow, type Words } from "../core/slicing.ts";

interface Props {
  row: SliceRow;
  words: Words;
  index: number;
  domain: Domain;
  /** Whether the column's name stands above already. */
  short: boolean;
  /** Which of its cells has the tab stop, if one has. */
  stop: number | null;
  selected: boolean;
  onToggle: (row: SliceRow, add: boolean) => void;
  onFocus: (column: number) => void;
}

export function Row({ row, words, index, domain, short, stop, selected, onToggle, onFocus }: Props) {
  const cell = (column: number) => ({
    tabIndex: stop === column ? 0 : -1,
    onFocus: () => onFocus(column),
    "data-state": column ? row.state : undefined,
  });
  const few = row.rate.value === null;
  return (
    <tr
      aria-rowindex={index}
      aria-selected={selected}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => onToggle(row, event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <th
        {...cell(0)}
        scope="row"
        class="name"
        aria-label={visible(rowName(row, words))}
        title={visible(row.name)}
      >
        <bdi>{visible(short ? row.text : row.name)}</bdi>
        {!row.field && !row.run && <Tag text="yours" />}
        {row.private && <Tag text="private" />}
      </th>
      <td {...cell(1)} class="n">
        {count(row.n)}
      </td>
      <td
        {...cell(2)}
        class="rate"
        title={few ? (row.why ?? `Fewer than 10 ${words === ERRORS ? "judged " : ""}examples: no rate`) : ""}
      >
        {words.value(row.rate)}
        <span class="soft"> {words.limits(row.rate)}</span>
      </td>
      <td {...cell(3)} class="difference">
        <Interval measure={row.difference} domain={domain} />
        <span class="numbers">{words.difference(row.difference)}</span>
      </td>
    </tr>
  );
}

function Tag({ text }: { text: string }) {
  return <span class={`tag ${text}`}>{text}</span>;
}
