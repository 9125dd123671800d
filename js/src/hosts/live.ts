/** Mounts views whose kernel is there. */

import { aligned, unpack } from "../core/codec.ts";
import type { Meta } from "../core/types.ts";
import { type Answer, type Model, Peer } from "../store/peer.ts";
import { registry } from "../store/registry.ts";
import type { Store } from "../store/store.ts";
import { knownStore, storeOf } from "../store/stores.ts";
import { announce, ENDS, RETURN } from "./announce.ts";
import { families } from "./families.ts";
import { mount } from "./mount.tsx";

/** Draw the views of a widget model into `el`; the returned function takes them away. */
export function live({ model, el }: { model: Model; el: HTMLElement }): () => void {
  // In a row a view gets the width that it asks for, and what it draws asks for none.
  el.style.width ||= "100%";
  const display = String(model.get("display"));
  const digest = String(model.get("digest"));
  const known = knownStore(digest, String(model.get("fingerprint")));
  let store: Store | null = null;
  let closed = false;
  let leave = (): void => {};
  // A store without views would be closed while the kernel is busy.
  let unmount = known?.enter() ?? ((): void => {});
  const lost = (): void => leave();
  const peer = new Peer(model, (answer) => store?.told(answer), lost);
  const code = async (digest: string): Promise<string> => {
    const { buffers } = await peer.ask({ type: "code", digest });
    return new TextDecoder().decode(buffers[0]);
  };
  const draw = async (answer: Answer): Promise<void> => {
    const extra = await families((model.get("families") as string[] | undefined) ?? [], code);
    if (closed) return;
    store = known ?? storeFrom(digest, answer);
    leave = store.attachPeer(peer, String(answer.message.evaluation));
    store.told(answer);
    const release = unmount;
    unmount = mount(
      el,
      store,
      model.get("views") as string[],
      model.get("options") as Record<string, unknown>,
      extra,
    );
    release();
    announce(el, display);
  };
  // What was said while a page was away is lost: asked anew, and then all that was not answered.
  const back = (): void => {
    const hello = (store ?? known)?.hello ?? { type: "hello" };
    peer.ask(hello).then(
      (answer) => store?.told(answer),
      () => {},
    );
  };
  for (const event of ENDS) model.on(event, lost);
  model.on(RETURN, back);
  addEventListener("online", back);
  peer
    .ask(known?.hello ?? { type: "hello" })
    .then(draw)
    .catch((error: Error) => {
      el.textContent = `offdiagonal: ${error.message}; run the cell again`;
    });
  return () => {
    closed = true;
    for (const event of ENDS) model.off(event, lost);
    model.off(RETURN, back);
    removeEventListener("online", back);
    leave();
    unmount();
    peer.close();
    registry().live.delete(display);
  };
}

function storeFrom(digest: string, answer: Answer): Store {
  const { header, tiles } = unpack<{ meta: Meta }>(aligned(answer.buffers[0] as DataView));
  return storeOf(digest, header.meta, tiles, "live");
}
