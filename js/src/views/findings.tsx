/** What was found wrong, data first: a click on a finding selects its examples. */

import { amount } from "../core/format.ts";
import { visible } from "../core/highlight.ts";
import { filterOf, sameClauses } from "../core/selection.ts";
import { type CodeFilter, tabulate } from "../core/tiles.ts";
import type { Clause, Finding } from "../core/types.ts";
import type { Store } from "../store/store.ts";
import type { ViewProps } from "./view.ts";

export function Findings({ store }: ViewProps) {
  const { findings, checks } = store.meta.value;
  return (
    <section class="findings" aria-label="Findings">
      <h3 class="title">
        <b>Findings</b> {findings.length > 0 && <span>· data first, then preprocessing, then model</span>}
      </h3>
      {findings.length === 0 && (
        <p class="soft">
          Nothing found by {amount(checks.length, "check")}, which looked for: {visible(checks.join("; "))}.
        </p>
      )}
      {findings.map((finding, i) => (
        <div key={finding.title}>
          {finding.level !== findings[i - 1]?.level && <h4 class="soft">{finding.level}</h4>}
          <One store={store} finding={finding} />
        </div>
      ))}
    </section>
  );
}

function One({ store, finding }: { store: Store; finding: Finding }) {
  const { certainty, title, evidence, try_next, more, where } = finding;
  return (
    <div class={certainty === "hypothesis" ? "finding open" : "finding"}>
      <bdi>
        <b>{visible(title)}.</b> <span class="soft">{certainty}.</span> {visible(evidence)}{" "}
        <span class="soft">{visible(try_next)}</span>
      </bdi>{" "}
      {where.length > 0 && <Show store={store} where={where} />}
      {more.length > 0 && (
        <details>
          <summary>More</summary>
          {more.map(([head, text]) => (
            <p key={head}>
              <span class="soft">{head}:</span> <bdi>{visible(text)}</bdi>
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

/** The examples of a finding; of those that no clause but a mask tells only the kernel knows which they are. */
function Show({ store, where }: { store: Store; where: Clause[] }) {
  const meta = store.meta.value;
  const mask = where.find((clause) => clause.field === "rows");
  const filters = where.map((clause) => filterOf(clause, meta)).filter((one): one is CodeFilter => !!one);
  const counted =
    filters.length === where.length ? tabulate(store.tiles.value, [], filters, meta)?.[0] : mask?.count;
  const examples = counted === undefined ? "the examples" : `the ${amount(counted)}`;
  if (mask && store.status.value !== "live")
    return <span class="soft">Run its notebook to see {examples}.</span>;
  const shown = sameClauses(where, store.clauses.value);
  return (
    <button
      type="button"
      aria-pressed={shown}
      onClick={() => {
        if (!shown) store.select(where);
        else if (store.canUndo.value) store.undo();
        else store.clear();
      }}
    >
      Show {examples}
    </button>
  );
}
