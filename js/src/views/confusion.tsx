/** The confusion matrix, or the matrix of any two columns of few values. */

import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { StaleNote } from "../charts/axis-note.tsx";
import { isDim } from "../core/matrix.ts";
import { Grid } from "./confusion-grid.tsx";
import { Confusions } from "./confusion-list.tsx";
import { BESIDE, MANY, type Model, modelOf, sidesOf } from "./confusion-model.ts";
import { Legend, Title, Tools } from "./confusion-tools.tsx";
import type { ViewProps } from "./view.ts";

/** Of the list: a line, and what stands beside the names. */
const LINE = 33;
const LIST_NUMBERS = 270;
/** Room for the words over a matrix of two classes. */
const NARROWEST = 330;

export function Confusion(props: ViewProps) {
  const meta = props.store.meta.value;
  if (sidesOf(props.options).every((key) => isDim(meta, key))) return <Sized {...props} />;
  return (
    <section class="confusion" aria-label="Matrix">
      <h3 class="title">
        <b>Matrix</b>
      </h3>
      <p class="soft">A matrix of a private column is seen live only: run its notebook.</p>
    </section>
  );
}

function Sized({ store, options }: ViewProps) {
  const model = useMemo(() => modelOf(store, options), [store, options]);
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const own = section.current;
    if (!own) return;
    model.font.value = `12px ${getComputedStyle(own).fontFamily}`;
    const measure = () => {
      model.width.value = Math.floor(own.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(own);
    return () => observer.disconnect();
  }, [model]);
  const matrix = model.matrix.value;
  const sentence = instead(model);
  const many = Math.max(matrix.rows.codes.length, matrix.columns.codes.length) > MANY;
  return (
    <section
      ref={section}
      aria-label={matrix.labels ? "Confusion" : "Matrix"}
      class={`confusion${many ? " many" : ""}`}
      data-size={model.layout.value.numbers ? "large" : "small"}
    >
      {sentence ? (
        <>
          <Title model={model} />
          <p class="soft">{sentence}</p>
        </>
      ) : (
        model.width.value > 0 && <Body model={model} />
      )}
    </section>
  );
}

function Body({ model }: { model: Model }) {
  const { rows, columns, labels } = model.matrix.value;
  const { boxHeight, x } = model.layout.value;
  const beside = labels !== null && model.width.value >= BESIDE;
  const plot = Math.max(Math.min(x.at(-1) ?? 0, model.room.value.width), NARROWEST);
  const { rowName, columnName } = model.room.value;
  const line = rowName + columnName > model.width.value - plot - LIST_NUMBERS ? LINE + 8 : LINE;
  const room = beside ? Math.min(16, Math.max(5, Math.floor(boxHeight / line))) : 5;
  const own = beside ? { width: `${plot}px` } : {};
  return (
    <div class={beside ? "m-beside" : "m-below"}>
      <div style={own}>
        <Title model={model} />
        <Tools model={model} />
        <Grid model={model} label={`${rows.name} by ${columns.name}`} />
        <Legend model={model} />
        <StaleNote state={model.state.value} />
      </div>
      {labels && <Confusions model={model} room={room} />}
    </div>
  );
}

/** Why there is no matrix to see, if there is none. */
function instead(model: Model): string | null {
  const meta = model.store.meta.value;
  const { labels, rows, columns } = model.matrix.value;
  if (meta.n === 0) return "No rows, so there is nothing to count.";
  if (labels && meta.classes.length === 1) {
    return `Only one class, ${meta.classes[0]}: nothing can be taken for something else. All ${meta.n} examples are right.`;
  }
  if (rows.codes.length === 0 || columns.codes.length === 0)
    return "A side without values: there is nothing to count.";
  return null;
}
