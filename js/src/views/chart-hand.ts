/** What the user's hand does in a chart, told apart from what scales and rows do to it. */

import { useEffect, useRef } from "preact/hooks";
import type { Picked } from "../core/chart.ts";

/** What a drag comes to Vega tells in several steps: as one it is one step to undo. */
const SETTLED_MS = 50;
/** So long after a pointer is up a change in the chart is its doing: later ones are those of scales and rows. */
const HAND_MS = 500;

/** What pointers do in a chart: a drag is told when it ends, and nothing that is not of the user's hand. */
export function useHand(
  box: { current: HTMLElement | null },
  tell: (name: string, picked: Picked[]) => void,
) {
  const state = useRef({
    down: false,
    touched: false,
    waiting: new Map<string, Picked[]>(),
    timer: undefined as ReturnType<typeof setTimeout> | undefined,
    quiet: undefined as ReturnType<typeof setTimeout> | undefined,
    tell,
  }).current;
  state.tell = tell;
  const flush = (): void => {
    if (state.down) return;
    const waiting = [...state.waiting];
    state.waiting.clear();
    for (const [name, picked] of waiting) state.tell(name, picked);
  };
  const soon = (): void => {
    clearTimeout(state.timer);
    state.timer = setTimeout(flush, SETTLED_MS);
  };
  useEffect(() => {
    const at = box.current;
    const down = (): void => {
      clearTimeout(state.quiet);
      state.down = state.touched = true;
    };
    const up = (): void => {
      state.down = false;
      if (state.waiting.size) soon();
      clearTimeout(state.quiet);
      state.quiet = setTimeout(() => {
        state.touched = false;
      }, HAND_MS);
    };
    const wheel = (): void => {
      state.touched = true;
      if (!state.down) up();
    };
    at?.addEventListener("pointerdown", down, true);
    at?.addEventListener("wheel", wheel, { capture: true, passive: true });
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, up, true);
    return () => {
      at?.removeEventListener("pointerdown", down, true);
      at?.removeEventListener("wheel", wheel, true);
      for (const type of ["pointerup", "pointercancel"]) removeEventListener(type, up, true);
    };
  }, []);
  return {
    picked: (name: string, picked: Picked[]): void => {
      if (!state.touched) return;
      state.waiting.set(name, picked);
      if (!state.down) soon();
    },
    rest: (): void => {
      state.touched = state.down;
    },
  };
}
