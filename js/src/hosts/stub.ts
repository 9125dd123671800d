/** All that a widget model stores: it asks the kernel for the code, once a page, and hands over. */

import type { Model } from "../store/peer.ts";
import { registry } from "../store/registry.ts";
import { arrive, arrived, type Front } from "./arrive.ts";

/** How long a view waits for the code that another one asked for, whose kernel may be gone. */
const PATIENCE_MS = 1000;

function load(model: Model): Promise<Front> {
  const { asked, bus } = registry();
  const digest = model.get("digest") as string;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      bus.removeEventListener("code", look);
      model.off("msg:custom", got as never);
    };
    const look = (): boolean => {
      const front = arrived(digest);
      if (!front) return false;
      end();
      resolve(front);
      return true;
    };
    const got = (message: { type: string; digest: string }, buffers: DataView[]): void => {
      if (message.type !== "code" || message.digest !== digest) return;
      end();
      try {
        resolve(arrive(digest, new TextDecoder().decode(buffers[0])));
      } catch (error) {
        reject(error);
      }
    };
    if (look()) return;
    bus.addEventListener("code", look);
    model.on("msg:custom", got as never);
    setTimeout(() => look() || model.send({ type: "code" }), asked.has(digest) ? PATIENCE_MS : 0);
    asked.add(digest);
  });
}

export default {
  async render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
    return (await load(model)).live({ model, el });
  },
};
