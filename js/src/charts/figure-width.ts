/** The width of an element, without signals: a figure has no store to share them with. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** In pixels, kept in step; 0 while it is not shown. */
export function useFigureWidth<E extends Element>(): [RefObject<E>, number] {
  const ref = useRef<E>(null);
  const [width, set] = useState(0);
  useLayoutEffect(() => {
    const el = ref.current;
    if (!el) return;
    const measure = (): void => set(Math.floor(el.getBoundingClientRect().width));
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    measure();
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
