/** Runs of one output, as the page knows them: a state, and what comes to it while they go on. */

import { batch, type Signal, signal } from "@preact/signals";
import { type Column, unpackBlob } from "../core/blob.ts";
import { Buckets } from "../core/buckets.ts";
import { aligned } from "../core/codec.ts";
import type { Joined, LayerKind, RunMeta, RunsState, RunTail, TailHeader } from "../core/run.ts";
import type { Answer, Message, Peer } from "./peer.ts";
import { registry } from "./registry.ts";
import { canBeSeen, type Frames, frames } from "./run-frames.ts";
import { RunExamples } from "./run-joined.ts";
import { type LayerColumns, layersOf, longer, type Part, partsOf } from "./run-read.ts";

export type Steps = readonly [low: number, high: number];

/** How far a wish to stop has come: said, not read for two seconds, or read. */
export type Stopping = "asked" | "busy" | "stopping";

interface Brushed {
  fingerprint: string;
  range: Steps | null;
  from: RunStore;
}

const BUSY_MS = 2000;

export class RunStore {
  readonly state: Signal<RunsState>;
  /** "gone": there was a kernel. */
  readonly source = signal<"live" | "saved" | "gone">("saved");
  /** The steps that are brushed. */
  readonly range = signal<Steps | null>(null);
  /** By place of the run. */
  readonly stops = signal<ReadonlyMap<number, Stopping>>(new Map());
  /** The loss of selected examples, in the order of their names in the state. */
  readonly parts = signal<readonly Part[]>([]);
  /** The examples behind the run. */
  readonly examples = new RunExamples();
  /** Counts what has come, once a frame: what draws follows this. */
  readonly version = signal(0);
  #curves: Map<string, Buckets>[] = [];
  #layers: Map<LayerKind, LayerColumns>[] = [];
  #peer: Peer | null = null;
  /** What has come, though no frame has shown it yet. */
  #latest: RunsState;
  #closed = false;
  #leave: () => void;
  #frames: Frames;

  constructor(buffer: ArrayBuffer, own: Frames = frames) {
    this.#frames = own;
    const { header, arrays } = unpackBlob<RunsState>(buffer);
    this.state = signal(header);
    this.#latest = header;
    this.#read(header, arrays);
    const { bus } = registry();
    const hear = (event: Event): void => this.#heard((event as CustomEvent<Brushed>).detail);
    bus.addEventListener("steps", hear);
    this.#leave = () => bus.removeEventListener("steps", hear);
  }

  /** Of how many points a saved output holds one; 1: all. */
  get thinned(): number {
    const { saved } = this.state.value;
    const coarse = this.#curves.some((curves) => [...curves.values()].some(({ per }) => per > 1));
    return saved && coarse ? Math.round(saved.points / saved.kept) : 1;
  }

  /** A metric of a run. */
  curve(run: number, metric: string): Buckets | null {
    return this.#curves[run]?.get(metric) ?? null;
  }

  layers(run: number, kind: LayerKind): LayerColumns | null {
    return this.#layers[run]?.get(kind) ?? null;
  }

  /** There is a kernel now. */
  attach(peer: Peer): void {
    this.#peer = peer;
    this.source.value = "live";
  }

  /** There is none any more. */
  lost(): void {
    this.#peer = null;
    this.source.value = "gone";
  }

  close(): void {
    this.#closed = true;
    this.#leave();
    this.#frames.forget(this);
    this.examples.close();
  }

  /** Put some steps in force here, in the kernel and in the other outputs of these runs on the page; null: all. */
  brush(range: Steps | null): void {
    this.range.value = range;
    this.#peer?.send({ type: "steps", range: range && [...range] });
    const detail: Brushed = { fingerprint: this.state.value.fingerprint, range, from: this };
    registry().bus.dispatchEvent(new CustomEvent("steps", { detail }));
  }

  /** Ask the training to end. Nobody answers while a cell keeps the kernel busy. */
  stop(run: number): void {
    const peer = this.#peer;
    if (!peer) return;
    this.#stopping(run, "asked");
    const late = setTimeout(() => {
      if (this.stops.value.get(run) === "asked") this.#stopping(run, "busy");
    }, BUSY_MS);
    peer.ask({ type: "stop", run }).then(
      () => {
        clearTimeout(late);
        this.#stopping(run, "stopping");
      },
      () => clearTimeout(late),
    );
  }

  /** Select the examples of a kind in the views of their Evaluation; null: no longer. */
  showExamples(kind: string | null): void {
    if (!this.#peer) this.examples.select(kind);
    else
      this.#peer.ask({ type: "examples", kind }).then(
        (answer) => this.told(answer),
        (error: Error) => {
          // What was interrupted, or failed, can be asked again.
          if (error.cause === "message") this.examples.told(null);
        },
      );
  }

  /** A curve between two steps in finer pieces, where the kernel has them; null: there is no kernel. */
  async finer(run: number, metric: string, [low, high]: Steps): Promise<Buckets | null> {
    if (!this.#peer) return null;
    const { buffers } = await this.#peer.ask({ type: "range", run, metric, low, high });
    return Buckets.from(unpackBlob(aligned(buffers[0] as DataView)).arrays, "");
  }

  /** What the kernel says. */
  told({ message, buffers }: Answer): void {
    if (this.#closed) return;
    if (message.type === "runs") {
      this.#replace(aligned(buffers[0] as DataView));
      this.range.value = (message.steps as Steps | null | undefined) ?? null;
    }
    if (message.type === "tail") this.#tail(aligned(buffers[0] as DataView));
    else if (message.type === "examples") this.examples.told(message.joined as Joined | null);
    else if (message.type === "parts") {
      const { header, arrays } = unpackBlob<{ parts: string[] }>(aligned(buffers[0] as DataView));
      this.parts.value = partsOf(header.parts, arrays);
    } else if (message.type === "steps")
      this.range.value = (message as Message & { range: Steps | null }).range;
    else if (message.type === "stopping") this.#stopping(message.run as number, "stopping");
  }

  #heard({ fingerprint, range, from }: Brushed): void {
    if (from !== this && fingerprint === this.state.value.fingerprint) this.range.value = range;
  }

  #stopping(run: number, how: Stopping): void {
    this.stops.value = new Map([...this.stops.value, [run, how]]);
  }

  #replace(buffer: ArrayBuffer): void {
    const { header, arrays } = unpackBlob<RunsState>(buffer);
    this.#read(header, arrays);
    this.#show(header);
  }

  #read({ runs, parts, joined }: RunsState, arrays: Map<string, Column>): void {
    this.examples.told(joined ?? null);
    this.parts.value = partsOf(parts, arrays);
    this.#curves = runs.map(
      ({ metrics }, i) => new Map(metrics.map(({ name }, j) => [name, Buckets.from(arrays, `${i}/${j}/`)])),
    );
    this.#layers = runs.map((run, i) => layersOf(run.layers, arrays, `${i}/`));
  }

  #tail(buffer: ArrayBuffer): void {
    const { header, arrays } = unpackBlob<TailHeader>(buffer);
    const before = this.#latest;
    const runs = [...before.runs];
    for (const tail of header.runs) {
      const run = runs[tail.index];
      const known = new Map(run?.metrics.map(({ name, points }) => [name, points]));
      if (!run || tail.metrics.some(({ name, from }) => from !== (known.get(name) ?? 0))) {
        this.#again();
        return;
      }
      runs[tail.index] = this.#longer(run, tail, arrays);
    }
    this.#show({ ...before, runs, findings: header.findings ?? before.findings });
    // What is known only at the end is in no tail: examples, and what ended it.
    if (runs.some((run, i) => ended(run) && !ended(before.runs[i]))) this.#again();
  }

  /** A run with what has come to it. */
  #longer(run: RunMeta, tail: RunTail, arrays: Map<string, Column>): RunMeta {
    const i = tail.index;
    const metrics = [...run.metrics];
    const curves = this.#curves[i] as Map<string, Buckets>;
    for (const [j, { name }] of tail.metrics.entries()) {
      const column = (what: string): ArrayLike<number> => arrays.get(`${i}/${j}/${what}`) ?? [];
      const [steps, values] = [column("step"), column("value")];
      const curve = curves.get(name) ?? new Buckets();
      curves.set(name, curve);
      curve.append(steps, values, column("time"));
      const place = metrics.findIndex((metric) => metric.name === name);
      metrics[place < 0 ? metrics.length : place] = longer(name, metrics[place], steps, values);
    }
    if (tail.layers) this.#layers[i] = layersOf(tail.layers, arrays, `${i}/`);
    return {
      ...run,
      metrics,
      status: tail.status,
      events: tail.events ?? run.events,
      layers: tail.layers ?? run.layers,
    };
  }

  /** Something was lost on the way: ask for all of it. */
  #again(): void {
    this.#peer?.ask({ type: "hello" }).then(
      (answer) => this.told(answer),
      () => {},
    );
  }

  /** From one of the next frames on: nothing is drawn twice in one. */
  #show(state: RunsState): void {
    this.#latest = state;
    const show = (): void =>
      batch(() => {
        this.state.value = this.#latest;
        this.version.value++;
      });
    this.#frames.ask(this, show, canBeSeen(this.state.value, state));
  }
}

function ended(run: RunMeta | undefined): boolean {
  return !!run && run.status !== "running" && run.status !== "stopping";
}
