/** The front end of figures: charts whose numbers no longer change, so that they need no kernel. */

export { island } from "./hosts/figure-island.ts";
