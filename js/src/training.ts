/** The two doors of the front end of training runs: a live widget, and a saved output. */

export { island } from "./hosts/run-island.ts";
export { live } from "./hosts/run-live.ts";
