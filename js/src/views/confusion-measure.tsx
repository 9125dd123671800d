/** How wide names are drawn, and where they may be broken. */

import type { ComponentChild } from "preact";

const widths = new Map<string, Map<string, number>>();
let context: CanvasRenderingContext2D | null | undefined;

/** Width in pixels of a line of text in a CSS font. */
export function textWidth(text: string, font: string): number {
  let known = widths.get(font);
  if (!known) {
    known = new Map();
    widths.set(font, known);
  }
  let width = known.get(text);
  if (width === undefined) {
    width = measured(text, font);
    known.set(text, width);
  }
  return width;
}

function measured(text: string, font: string): number {
  if (context === undefined) context = document.createElement("canvas").getContext("2d");
  if (!context) return text.length * 7;
  context.font = font;
  return context.measureText(text).width;
}

/** A name that may go on in the next line after an underscore, a dot, a slash or a hyphen. */
export function breakable(text: string): ComponentChild[] {
  return text.split(/(?<=[_./-])(?=.)/).flatMap((part, i) => (i ? [<wbr key={i} />, part] : [part]));
}
