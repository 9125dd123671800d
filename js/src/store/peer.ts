/**
 * Requests over a widget model: each has a number, its answer carries it. A cell may keep the kernel busy for hours.
 * It answers in order: a question that a later one overtakes was lost, with a connection that broke, and is asked again.
 */

/** The part of anywidget's model that we use. */
export interface Model {
  get(name: string): unknown;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
}

export interface Message {
  type: string;
  request?: number;
  [key: string]: unknown;
}

export interface Answer {
  message: Message;
  buffers: DataView[];
}

interface Waiting {
  question: Message;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

export class Peer {
  readonly model: Model;
  #next = 1;
  #closed = false;
  #waiting = new Map<number, Waiting>();
  #told: (answer: Answer) => void;
  #gone: () => void;
  #listener: (content: Message, buffers: DataView[]) => void;

  /** `told` gets what the kernel says unasked; `gone` is called when there is no kernel to speak to any more. */
  constructor(model: Model, told: (answer: Answer) => void, gone: () => void) {
    this.model = model;
    this.#told = told;
    this.#gone = gone;
    this.#listener = (content, buffers) => this.#received({ message: content, buffers: buffers ?? [] });
    model.on("msg:custom", this.#listener as (...args: never[]) => void);
  }

  /** Say something that needs no answer; false when nobody is there. */
  send(content: Message): boolean {
    if (this.#closed) return false;
    try {
      this.model.send(content);
      return true;
    } catch {
      this.#gone();
      this.close("the kernel is gone");
      return false;
    }
  }

  /** Ask; rejects with the kernel's error, whose code is the cause, or when this is closed. */
  ask(content: Message): Promise<Answer> {
    if (this.#closed) return Promise.reject(new Error("the view is closed"));
    const question = { ...content, request: this.#next++ };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.request, { question, resolve, reject });
      this.send(question);
    });
  }

  /** Stop listening; nothing is answered any more. */
  close(reason = "the view is closed"): void {
    this.#closed = true;
    this.model.off("msg:custom", this.#listener as (...args: never[]) => void);
    for (const request of [...this.#waiting.keys()]) this.#settle(request)?.reject(new Error(reason));
  }

  #received(answer: Answer): void {
    const { request, type, text, code } = answer.message;
    if (typeof request !== "number") {
      this.#told(answer);
      return;
    }
    const waiting = this.#settle(request);
    for (const [earlier, { question }] of this.#waiting) if (earlier < request) this.send(question);
    if (type === "error") waiting?.reject(new Error(String(text), { cause: code }));
    else waiting?.resolve(answer);
  }

  #settle(request: number) {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    return waiting;
  }
}
