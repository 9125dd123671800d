/**
 * Draws runs of many points as a live view, gives it tails and listens to the pointer; `run_pane.py` moves it.
 * `start({points, runs, each, tails, every})` draws, `feed()` sends the tails, `results()` tells what was measured.
 */
const NAMES = ["loss", "val_loss", "accuracy", "val_accuracy", "lr", "grad_norm"];
const MOST = 8192;

function pack(header, arrays) {
  const described = {};
  const parts = [];
  for (const [name, array] of Object.entries(arrays)) {
    const kind = array instanceof Float64Array ? "f8" : array instanceof Uint32Array ? "u4" : "f4";
    described[name] = [kind, [array.length]];
    parts.push(new Uint8Array(array.buffer));
  }
  const text = new TextEncoder().encode(JSON.stringify({ header, arrays: described }));
  const all = [new Uint8Array(new Uint32Array([text.length]).buffer), text, ...parts];
  const bytes = new Uint8Array(all.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return new DataView(bytes.buffer);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

globalThis.start = async ({ points, runs: count, each, tails, every }) => {
  const value = (i, run = 0) =>
    0.1 + (2.3 + run) * Math.exp((-4 * i) / points) * (0.7 + 0.6 * Math.abs(Math.sin(i * 12.9898)));
  let per = 1;
  while (points > per * MOST) per *= 2;
  const size = Math.ceil(points / per);
  const arrays = {};
  const runs = Array.from({ length: count }, (_, run) => {
    const metrics = NAMES.map((name, j) => {
      const put = (what, array) => {
        arrays[`${run}/${j}/${what}`] = array;
      };
      put("step", Float64Array.from({ length: size }, (_, i) => i * per));
      put("mean", Float32Array.from({ length: size }, (_, i) => value(i * per, run)));
      put("time", Float32Array.from({ length: size }, (_, i) => i * per * 0.01));
      if (per > 1) {
        put("n", Uint32Array.from({ length: size }, (_, i) => Math.min(per, points - i * per)));
        put("low", Float32Array.from({ length: size }, (_, i) => value(i * per, run) * 0.6));
        put("high", Float32Array.from({ length: size }, (_, i) => value(i * per, run) * 1.5));
      }
      return { name, points, first: 0, last: points - 1, last_value: 0.2, best: { value: 0.1, step: 5 }, bad: 0 };
    });
    return {
      id: `run ${run}`, name: `run ${run}`, status: "running", started: 0, config: {}, metrics, events: [],
      steps_per_epoch: 1000, layers: { parameters: null, activations: null }, examples: null, error: null,
    };
  });
  const state = {
    fingerprint: "f", variable: "run", created: 0, saved: null, runs, findings: [], parts: [],
    differences: { settings: [], warning: null },
  };
  const listeners = new Set();
  const say = (message, buffers) => {
    for (const listener of listeners) listener(message, buffers);
  };
  const traits = { views: ["curves"], options: {}, display: "d", fingerprint: "f" };
  const model = {
    get: (name) => traits[name],
    on: (event, listener) => event === "msg:custom" && listeners.add(listener),
    off: () => {},
    send: (message) =>
      message.type === "hello" &&
      setTimeout(() => say({ type: "runs", request: message.request, steps: null }, [pack(state, arrays)])),
  };
  const el = document.createElement("div");
  document.body.append(el);
  globalThis.__offdiagonal.live({ model, el });
  await pause(2000);
  const root = el.querySelector(".od-host").shadowRoot;
  const told = () => root.querySelector(count > 1 ? ".legend" : ".head").textContent;
  let [from, changes] = [points, 0];
  new MutationObserver(() => changes++).observe(root.querySelector(".side-panel"), {
    characterData: true, childList: true, subtree: true,
  });
  const waits = [];
  addEventListener("pointermove", ({ timeStamp }) => waits.push(performance.now() - timeStamp), true);
  globalThis.feed = async () => {
    performance.mark("offdiagonal");
    const began = performance.now();
    for (let k = 0; k < tails; k++) {
      const fresh = {};
      for (let run = 0; run < count; run++)
        for (const j of NAMES.keys()) {
          fresh[`${run}/${j}/step`] = Float64Array.from({ length: each }, (_, i) => from + i);
          fresh[`${run}/${j}/value`] = Float32Array.from({ length: each }, (_, i) => value(from + i, run));
          fresh[`${run}/${j}/time`] = Float32Array.from({ length: each }, (_, i) => (from + i) * 0.01);
        }
      const metrics = NAMES.map((name) => ({ name, from }));
      const header = {
        runs: runs.map((_, index) => ({ index, status: "running", metrics, events: null, layers: null })),
        findings: null,
      };
      from += each;
      say({ type: "tail" }, [pack(header, fresh)]);
      await pause(Math.max(0, began + every * (k + 1) - performance.now()));
    }
    await pause(1000);
    globalThis.done = true;
  };
  globalThis.done = false;
  globalThis.results = () => ({ told: told(), changes, waits });
};
