/** The tooltip of a matrix: the same for pointer and keyboard; it can be pointed at, and Escape takes it away. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { extent, type Place } from "../core/matrix-layout.ts";
import { type Tip, tipOf } from "../core/matrix-text.ts";
import type { Model } from "./confusion-model.ts";

/** Cells with numbers say enough to a passing pointer; those without do not. */
const DELAY = { large: 450, small: 100 };

export function TipBox({ model, box }: { model: Model; box: { current: HTMLDivElement | null } }) {
  const shown = useSignal<Place | null>(null);
  const over = useSignal(false);
  const dismissed = useSignal<Place | null>(null);
  const element = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const pointed = model.hover.value ?? (model.keyed.value ? model.cursor.value : null);
    const target = model.dragged.value ? null : pointed;
    if (over.value) return;
    const show = () => {
      shown.value = target;
      if (target !== dismissed.peek()) dismissed.value = null;
    };
    // What has the focus is described at once, so that a screen reader says it.
    if (target && !model.hover.value) return show();
    const later = setTimeout(show, target && model.layout.value.numbers ? DELAY.large : DELAY.small);
    return () => clearTimeout(later);
  });
  const place = shown.value !== null && shown.value !== dismissed.value ? shown.value : null;
  const tip = place && tipOf(model.matrix.value, place.row, place.column);
  useLayoutEffect(() => {
    if (!tip || !place || !element.current || !box.current) return;
    settle(model, place, element.current, box.current);
  });
  useLayoutEffect(() => {
    if (!tip) return;
    // In the capture phase: what has the focus may keep the key to itself.
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      dismissed.value = shown.value;
      over.value = false;
    };
    document.addEventListener("keydown", listen, true);
    return () => document.removeEventListener("keydown", listen, true);
  }, [tip !== null]);
  return (
    <div
      ref={element}
      id={model.id}
      class="m-tip"
      role="tooltip"
      hidden={!tip}
      onPointerEnter={() => {
        over.value = true;
      }}
      onPointerLeave={() => {
        over.value = false;
      }}
    >
      {tip && <TipText tip={tip} />}
    </div>
  );
}

function TipText({ tip }: { tip: Tip }) {
  return (
    <div class="m-tip-card">
      {tip.heading.map(([word, value], i) => (
        <p key={`${i} ${word}`}>
          <span class="soft">{word}</span> <bdi class="strong">{value}</bdi>
        </p>
      ))}
      {tip.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

/** Above the place, or below it where it would cover the words over the matrix; touching it, so that a pointer can go over. */
function settle(model: Model, place: Place, tip: HTMLElement, box: HTMLElement): void {
  const [x, width] = extent(model.layout.value.x, place.column);
  const [y, height] = extent(model.layout.value.y, place.row);
  const plot = tip.parentElement as HTMLElement;
  const top = y - (place.row < 0 ? 0 : box.scrollTop);
  const middle = x - (place.column < 0 ? 0 : box.scrollLeft) + width / 2;
  const above = top >= tip.offsetHeight;
  tip.style.left = `${Math.max(0, Math.min(middle - tip.offsetWidth / 2, plot.clientWidth - tip.offsetWidth))}px`;
  tip.style.top = `${above ? top - tip.offsetHeight : top + height}px`;
  tip.dataset.side = above ? "above" : "below";
}
