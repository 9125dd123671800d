/** A figure: the verdict first, then the chart, then all numbers as a table. */

import type { Figure, Finding, Table } from "../core/figure.ts";
import { DotsChart } from "./figure-dots.tsx";
import { HeatChart } from "./figure-heat.tsx";
import { LinesChart } from "./figure-lines.tsx";

export function FigureView({ figure }: { figure: Figure }) {
  const { title, more, said, notes, findings, chart, table } = figure;
  return (
    <section class="figure" aria-label={title}>
      <h2 class="title">
        <b>
          <bdi>{title}</bdi>
        </b>{" "}
        <span>
          · <bdi>{more}</bdi>
        </span>
      </h2>
      {(findings.length > 0 || said.length > 0) && (
        <div class="said">
          {findings.map((finding, i) => (
            <Found key={i} finding={finding} />
          ))}
          {said.map((line, i) => (
            <p key={i} class={i === 0 && findings.length === 0 ? "strong" : ""}>
              <bdi>{line}</bdi>
            </p>
          ))}
        </div>
      )}
      {chart.kind === "lines" && <LinesChart chart={chart} title={title} />}
      {chart.kind === "dots" && <DotsChart chart={chart} />}
      {chart.kind === "heat" && <HeatChart chart={chart} title={title} />}
      {notes.map((note, i) => (
        <p key={i} class="note">
          <bdi>{note}</bdi>
        </p>
      ))}
      <Numbers table={table} />
    </section>
  );
}

function Found({ finding }: { finding: Finding }) {
  const { title, certainty, evidence, try_next, rules_out, confirm_by, causes, theory } = finding;
  const more: [head: string, text: string][] = [
    ["Usual causes", causes.join("; ")],
    ["Confirm by", confirm_by],
    ["Theory", theory],
  ];
  const told = more.filter(([, text]) => text);
  return (
    <div class={certainty === "hypothesis" ? "finding open" : "finding"}>
      <bdi>
        <b>{sentence(title)}</b> <span class="soft">{sentence(certainty)}</span> {sentence(evidence)}{" "}
        {rules_out.length > 0 && `Rules out: ${sentence(rules_out.join("; "), false)} `}
        <span class="soft">{try_next.map((text) => sentence(text)).join(" ")}</span>
      </bdi>
      {told.length > 0 && (
        <details>
          <summary>Why</summary>
          {told.map(([head, text]) => (
            <p key={head}>
              <span class="soft">{head}:</span> <bdi>{sentence(text)}</bdi>
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

function Numbers({ table: { name, heads, rows, numbers } }: { table: Table }) {
  const texts = heads.length - numbers;
  const kind = (i: number): string => (i < texts ? "" : "number");
  return (
    <details class="numbers">
      <summary>All numbers</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label={name}>
        <table aria-label={name}>
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th key={i} scope="col" class={kind(i)}>
                  <bdi>{head}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, k) => (
              <tr key={k}>
                {row.map((cell, i) => (
                  <td key={i} class={kind(i)}>
                    <bdi>{cell}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** With one full stop, and with a capital. */
function sentence(text: string, capital = true): string {
  const given = text.trim();
  // What begins with code stays as it is.
  const plain = capital && !/^\w+[.(_]/.test(given) ? given.charAt(0).toUpperCase() + given.slice(1) : given;
  return !plain || /[.!?:]$/.test(plain) ? plain : `${plain}.`;
}
