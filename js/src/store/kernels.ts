/**
 * The Evaluations that a store speaks with, each through any of its views. What the page changes is numbered and the
 * kernel says the number again: while it has not come to the last one, its selection is older than ours.
 */

import type { Clause } from "../core/types.ts";
import type { Answer, Message, Peer } from "./peer.ts";

interface Line {
  peers: Set<Peer>;
  /** Number of the last change that was sent, and of the last that the kernel came to. */
  sent: number;
  seen: number;
  revision: number;
}

/** A selection that a kernel told. */
export interface Heard {
  clauses: Clause[];
  steps: number;
  /** Seconds since it changed. */
  age: number;
  evaluation: string;
  /** Whether it is the Evaluation whose counts and history are in force. */
  main: boolean;
  /** Whether it is the first that this Evaluation says. */
  first: boolean;
  /** Whether it follows a change of this page. */
  ours: boolean;
  /** Why the kernel did not do as it was told, or null. */
  refused: string | null;
}

export class Kernels {
  /** Names this page in numbered messages. */
  readonly id: string = Math.random().toString(36).slice(2);
  #lines = new Map<string, Line>();
  #number = 0;
  #inForce: () => string;

  /** `inForce` says which Evaluation the counts are of. */
  constructor(inForce: () => string) {
    this.#inForce = inForce;
  }

  /** Whether there is any kernel. */
  get there(): boolean {
    return this.#lines.size > 0;
  }

  join(peer: Peer, evaluation: string): void {
    const line = this.#lines.get(evaluation) ?? { peers: new Set(), sent: 0, seen: 0, revision: -1 };
    line.peers.add(peer);
    this.#lines.set(evaluation, line);
  }

  leave(peer: Peer): void {
    for (const [evaluation, { peers }] of this.#lines) {
      if (peers.delete(peer) && peers.size === 0) this.#lines.delete(evaluation);
    }
    peer.close();
  }

  /** What a kernel says of its selection; null where it is older than ours, or known. */
  hear(message: Message): Heard | null {
    const evaluation = String(message.evaluation);
    const line = this.#lines.get(evaluation);
    if (!line) return null;
    const revision = Number(message.revision);
    const [id, number] = (message.by ?? [null, 0]) as [string | null, number];
    const ours = id === this.id;
    if (ours) line.seen = Math.max(line.seen, number);
    if (line.seen < line.sent || revision < line.revision) return null;
    const first = line.revision < 0;
    line.revision = revision;
    const { clauses, steps, age } = message as unknown as Heard;
    const refused = typeof message.refused === "string" ? message.refused : null;
    return { clauses, steps, age, evaluation, main: line === this.#main(), first, ours, refused };
  }

  /** Whether a kernel that says all there is has not come to our last change: that was lost on its way. */
  behind({ evaluation, by }: Message): boolean {
    const sent = this.#lines.get(String(evaluation))?.sent ?? 0;
    const [id, number] = (by ?? [null, 0]) as [string | null, number];
    return sent > (id === this.id ? number : 0);
  }

  /** Tell every Evaluation, but for one, what is selected. */
  select(clauses: Clause[], but: string | null = null): void {
    this.#number++;
    for (const [evaluation, line] of this.#lines) {
      if (evaluation !== but) this.#send(line, { type: "select", clauses });
    }
  }

  /** Undo where the history is; the others are told what that leads to, where it is known. */
  undo(clauses: Clause[] | null): void {
    this.#number++;
    const main = this.#main();
    for (const line of [...this.#lines.values()]) {
      if (line === main) this.#send(line, { type: "undo" });
      else if (clauses) this.#send(line, { type: "select", clauses });
    }
  }

  /** Ask; null without a kernel. A view that closes meanwhile leaves its question to another one. */
  async ask(question: Message): Promise<Answer | null> {
    for (;;) {
      const line = this.#main();
      const peer = line?.peers.values().next().value;
      if (!line || !peer) return null;
      try {
        return await peer.ask(question);
      } catch (error) {
        if (line.peers.has(peer)) throw error;
      }
    }
  }

  #main(): Line | undefined {
    return this.#lines.get(this.#inForce()) ?? [...this.#lines.values()].at(-1);
  }

  #send(line: Line, change: Message): void {
    line.sent = this.#number;
    const numbered = { ...change, page: this.id, number: this.#number };
    [...line.peers].some((peer) => peer.send(numbered) !== false);
  }
}
