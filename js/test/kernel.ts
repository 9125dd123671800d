/** A kernel for tests: the wire of `Peer` is faked, what is said over it is as `display/session.py` says it. */

import type { Clause, Meta } from "../src/core/types";
import { type Message, type Model, Peer } from "../src/store/peer";
import type { Store } from "../src/store/store";

type Listener = (content: Message, buffers: DataView[]) => void;

/** One Evaluation. Its messages wait until `run`: a kernel that is busy has not read them. */
export class Kernel {
  readonly id: string;
  clauses: Clause[] = [];
  past: Clause[][] = [];
  revision = 0;
  /** Seconds since its selection changed. */
  age = 0;
  /** Everything that was sent to it. */
  heard: Message[] = [];
  /** Clauses that it does not know. */
  refuses: (clauses: Clause[]) => boolean = () => false;
  /** What it answers a count with. */
  count: (clauses: Clause[]) => number[] | string = () => [7];
  /** What it answers a question about confused pairs with. */
  confused: (about: number[] | null) => Message | string = () => "no such list";
  models: FakeModel[] = [];
  #queue: [FakeModel, Message][] = [];
  /** Where there is a list, what it says waits in it until `hear`: a slow connection. */
  held: (() => void)[] | null = null;
  #links: [Peer, Store][] = [];
  /** The last change that it has read of each page. */
  #numbers = new Map<unknown, unknown>();
  #by: [unknown, unknown] | null = null;

  constructor(id = "e1") {
    this.id = id;
  }

  /** A view of it is drawn over a store; what is returned closes it. */
  attach(store: Store): () => void {
    const model = new FakeModel((message) => {
      this.heard.push(message);
      this.#queue.push([model, message]);
    });
    model.held = () => this.held;
    this.models.push(model);
    let leave = (): void => {};
    const peer = new Peer(
      model,
      (answer) => store.told(answer),
      () => leave(),
    );
    leave = store.attachPeer(peer, this.id);
    store.told({ message: { ...this.#said(), type: "state" }, buffers: [] });
    this.#links.push([peer, store]);
    return () => {
      this.models = this.models.filter((other) => other !== model);
      leave();
    };
  }

  /** The connection breaks: what is on its way, in either direction, is lost. */
  drop(): void {
    this.#queue = [];
    this.held?.splice(0);
  }

  /** Pages come back and ask for what they missed, as `hosts/live.ts` does. */
  back(): void {
    for (const [peer, store] of this.#links) {
      peer.ask(store.hello).then(
        (answer) => store.told(answer),
        () => {},
      );
    }
  }

  /** The next of what it has said arrives. */
  hear(): void {
    this.held?.shift()?.();
  }

  /** How many messages it has not read. */
  get unread(): number {
    return this.#queue.length;
  }

  /** Whether nothing is on its way. */
  get quiet(): boolean {
    return this.#queue.length === 0 && !this.held?.length;
  }

  /** What it was sent of a type. */
  got(type: string): Message[] {
    return this.heard.filter((message) => message.type === type);
  }

  /** It comes to the next messages, and their answers arrive. */
  async run(most = 100): Promise<void> {
    for (let left = most; left > 0; ) {
      const read = this.#queue.splice(0, left);
      left -= read.length;
      for (const [model, message] of read) this.#answer(model, message);
      await settled();
      if (read.length === 0) break;
    }
  }

  /** Python selects. */
  where(...clauses: Clause[]): void {
    if (JSON.stringify(clauses) === JSON.stringify(this.clauses)) return;
    this.past = [...this.past, this.clauses].slice(-200);
    this.clauses = clauses;
    this.#tell();
  }

  /** Python goes back. */
  undo(): void {
    const last = this.past.pop();
    if (!last) return;
    this.clauses = last;
    this.#tell();
  }

  #answer(model: FakeModel, message: Message): void {
    const { type, request } = message;
    if (type === "count") {
      const counted = this.count(message.clauses as Clause[]);
      if (typeof counted === "string") model.receive({ type: "error", text: counted, request });
      else model.receive({ type, request }, [packed(counted)]);
      return;
    }
    if (type === "confused") {
      const told = this.confused(message.about as number[] | null);
      const error = { type: "error", text: told };
      model.receive({ ...(typeof told === "string" ? error : told), request });
    }
    if (type === "hello") {
      const number = this.#numbers.get(message.page);
      this.#by = number === undefined ? null : [message.page, number];
      model.receive({ ...this.#said(), type: "state", request });
      this.#by = null;
    }
    if (type === "page") model.receive({ type, request, total: 1, offset: 0, rows: [] });
    if (type !== "select" && type !== "undo") return;
    this.#by = [message.page, message.number];
    this.#numbers.set(message.page, message.number);
    const { revision } = this;
    if (type === "undo") this.undo();
    else if (this.refuses(message.clauses as Clause[])) {
      model.receive({ type: "error", text: "not known" });
      model.receive({ ...this.#said(), refused: "not known" });
      this.#by = null;
      return;
    } else this.where(...(message.clauses as Clause[]));
    if (revision === this.revision) model.receive(this.#said());
    this.#by = null;
  }

  #tell(): void {
    this.revision++;
    for (const model of this.models) model.receive(this.#said());
  }

  #said(): Message {
    const { clauses, revision, id, age } = this;
    return {
      type: "selection",
      clauses,
      age,
      steps: this.past.length,
      revision,
      evaluation: id,
      by: this.#by,
    };
  }
}

class FakeModel implements Model {
  gone = false;
  held: () => (() => void)[] | null = () => null;
  #listeners = new Set<Listener>();
  #sent: (message: Message) => void;

  constructor(sent: (message: Message) => void) {
    this.#sent = sent;
  }

  get(): unknown {
    return null;
  }

  send(content: unknown): void {
    if (this.gone) throw new Error("no comm");
    this.#sent(JSON.parse(JSON.stringify(content)));
  }

  on(_: string, callback: (...args: never[]) => void): void {
    this.#listeners.add(callback as Listener);
  }

  off(_: string, callback: (...args: never[]) => void): void {
    this.#listeners.delete(callback as Listener);
  }

  receive(message: object, buffers: DataView[] = []): void {
    const sent = JSON.stringify(message);
    const arrive = (): void => {
      for (const listener of this.#listeners) listener(JSON.parse(sent), buffers);
    };
    const held = this.held();
    if (held) held.push(arrive);
    else arrive();
  }
}

/** Counts as `display/wire.py` packs them. */
function packed(n: number[]): DataView {
  const header = { tiles: [{ dims: ["count"], arrays: [["Uint32Array", 0, n.length]] }] };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + 4 * n.length).fill(32);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(Uint32Array.from(n).buffer), 8 + length);
  return new DataView(bytes.buffer);
}

/** Until promises that are kept have been heard of. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/** Two classes and nothing else. */
export function metaOf(more: Partial<Meta> = {}): Meta {
  return {
    evaluation: "e1",
    fingerprint: "f1",
    created: 1,
    version: 0,
    name: "spam",
    named: true,
    variable: "ev",
    n: 10,
    model: true,
    classes: ["ham", "spam"],
    class_python: ["'ham'", "'spam'"],
    missing: null,
    positive: 1,
    order: [0, 1],
    fields: [],
    slices: [],
    confidence: false,
    why_no_confidence: null,
    score: null,
    text: "c0",
    columns: [],
    auc: null,
    notes: [],
    macro: null,
    findings: [],
    checks: [],
    said: [],
    loss: null,
    weighted: false,
    split: null,
    groups: false,
    ...more,
  };
}
