/** The front end's two doors: a live widget, and a saved output. */

export { island } from "./hosts/island.ts";
export { live } from "./hosts/live.ts";
