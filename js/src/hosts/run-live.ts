/** Mounts runs whose kernel is there. */

import { aligned } from "../core/codec.ts";
import { type Answer, type Model, Peer } from "../store/peer.ts";
import { registry } from "../store/registry.ts";
import { RunStore } from "../store/run-store.ts";
import { announce, ENDS, RETURN } from "./announce.ts";
import { mountRuns } from "./run-mount.tsx";

/** Draw the runs of a widget model into `el`; the returned function takes them away. */
export function live({ model, el }: { model: Model; el: HTMLElement }): () => void {
  el.style.width ||= "100%";
  const display = String(model.get("display"));
  let store: RunStore | null = null;
  let closed = false;
  let unmount = (): void => {};
  const lost = (): void => store?.lost();
  const peer = new Peer(model, (answer) => store?.told(answer), lost);
  const draw = (answer: Answer): void => {
    if (closed) return;
    if (store) {
      store.told(answer);
      return;
    }
    store = new RunStore(aligned(answer.buffers[0] as DataView));
    store.attach(peer);
    unmount = mountRuns(
      el,
      store,
      model.get("views") as string[],
      model.get("options") as Record<string, unknown>,
    );
    announce(el, display);
  };
  // What was said while a page was away is lost.
  const hello = (): void => {
    peer
      .ask({ type: "hello" })
      .then(draw)
      .catch((error: Error) => {
        if (!store && !closed) el.textContent = `offdiagonal: ${error.message}; run the cell again`;
      });
  };
  for (const event of ENDS) model.on(event, lost);
  model.on(RETURN, hello);
  addEventListener("online", hello);
  hello();
  return () => {
    closed = true;
    for (const event of ENDS) model.off(event, lost);
    model.off(RETURN, hello);
    removeEventListener("online", hello);
    unmount();
    peer.close();
    registry().live.delete(display);
  };
}
