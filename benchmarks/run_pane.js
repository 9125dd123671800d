/**
 * Draws a run of many points as a live view and gives it tails; what each frame takes is measured in the page.
 * `measure({points, metrics, each, tails, every})` gives the milliseconds of each frame, from its start to after its paint.
 */
globalThis.measure = async ({ points, each, tails, every }) => {
  const names = ["loss", "val_loss", "accuracy", "val_accuracy", "lr", "grad_norm"];
  const most = 8192;
  const pack = (header, arrays) => {
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
  };
  const value = (i) => 0.1 + 2.3 * Math.exp((-4 * i) / points) * (0.7 + 0.6 * Math.abs(Math.sin(i * 12.9898)));
  let per = 1;
  while (points > per * most) per *= 2;
  const size = Math.ceil(points / per);
  const arrays = {};
  const metrics = names.map((name, j) => {
    const put = (what, array) => {
      arrays[`0/${j}/${what}`] = array;
    };
    put("step", Float64Array.from({ length: size }, (_, i) => i * per));
    put("mean", Float32Array.from({ length: size }, (_, i) => value(i * per)));
    put("time", Float32Array.from({ length: size }, (_, i) => i * per * 0.01));
    if (per > 1) {
      put("n", Uint32Array.from({ length: size }, (_, i) => Math.min(per, points - i * per)));
      put("low", Float32Array.from({ length: size }, (_, i) => value(i * per) * 0.6));
      put("high", Float32Array.from({ length: size }, (_, i) => value(i * per) * 1.5));
    }
    return { name, points, first: 0, last: points - 1, last_value: 0.2, best: { value: 0.1, step: 5 }, bad: 0 };
  });
  const run = {
    id: "a", name: "many points", status: "running", started: 0, config: {}, metrics, events: [],
    steps_per_epoch: 1000, layers: { parameters: null, activations: null }, examples: null, error: null,
  };
  const state = {
    fingerprint: "f", variable: "run", created: 0, saved: null, runs: [run], findings: [], parts: [],
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
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(500);
  const channel = new MessageChannel();
  let told = 0;
  const frames = [];
  let from = points;
  for (let k = 0; k < tails; k++) {
    const fresh = {};
    for (const [j] of names.entries()) {
      fresh[`0/${j}/step`] = Float64Array.from({ length: each }, (_, i) => from + i);
      fresh[`0/${j}/value`] = Float32Array.from({ length: each }, (_, i) => value(from + i));
      fresh[`0/${j}/time`] = Float32Array.from({ length: each }, (_, i) => (from + i) * 0.01);
    }
    const header = {
      runs: [{ index: 0, status: "running", metrics: names.map((name) => ({ name, from })), events: null, layers: null }],
      findings: null,
    };
    const buffer = pack(header, fresh);
    from += each;
    const began = performance.now();
    say({ type: "tail" }, [buffer]);
    told = performance.now() - began;
    const frame = await new Promise((resolve) => {
      requestAnimationFrame(() => {
        const start = performance.now();
        channel.port1.onmessage = () => resolve(performance.now() - start);
        channel.port2.postMessage(0);
      });
    });
    frames.push(told + frame);
    await pause(Math.max(0, every - told - frame));
  }
  const head = el.querySelector(".od-host").shadowRoot.querySelector(".head").textContent;
  return { frames: frames.slice(5), head };
};
