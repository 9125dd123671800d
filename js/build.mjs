/**
 * Builds the front end: `node build.mjs` (by hand: `python tools/frontend.py build`).
 *
 * Each entry becomes one self-contained file in src/offdiagonal/display/bundle/, because the code reaches the
 * page as text (a comm message, or part of a saved notebook) where a relative import has nothing to resolve
 * against. A family of views is one more entry: what it shares with the board it takes from the board's own copy.
 * The output depends on the sources and the lock file alone; tools/frontend.py tells by hash.txt whether it is stale.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import zopfli from "@gfx/zopfli";
import { build, transform } from "esbuild";
import { minify } from "terser";

const root = dirname(fileURLToPath(import.meta.url));
const bundle = join(root, "..", "src", "offdiagonal", "display", "bundle");

/** `budget`: KB after gzip, by zopfli: what outputs carry is written so, for they are saved with every notebook. */
const entries = [
  { name: "board.js.gz", source: "src/main.ts", format: "iife", globalName: "__offdiagonal", budget: 60 },
  {
    name: "training.js.gz",
    source: "src/training.ts",
    format: "iife",
    globalName: "__offdiagonal",
    budget: 45,
  },
  {
    name: "figure.js.gz",
    source: "src/figure.ts",
    format: "iife",
    globalName: "__offdiagonal",
    budget: 16,
  },
  { name: "stub.js", source: "src/hosts/stub.ts", format: "esm", budget: 2 },
  { name: "loader.js", source: "src/hosts/loader.ts", format: "iife", budget: 4 },
  { name: "calibration.js.gz", source: "src/families/calibration.ts", family: true, budget: 25 },
  { name: "chart.js.gz", source: "src/families/chart.ts", family: true, budget: 25 },
  { name: "checkpoints.js.gz", source: "src/families/checkpoints.ts", family: true, budget: 4 },
  { name: "confused.js.gz", source: "src/families/confused.ts", family: true, budget: 25 },
  { name: "data.js.gz", source: "src/families/data.ts", family: true, budget: 25 },
  { name: "findings.js.gz", source: "src/families/findings.ts", family: true, budget: 25 },
  { name: "measures.js.gz", source: "src/families/measures.ts", family: true, budget: 25 },
  { name: "scatter.js.gz", source: "src/families/scatter.ts", family: true, budget: 25 },
  { name: "numbers.js.gz", source: "src/families/numbers.ts", family: true, budget: 25 },
];

/** What the bundle is made of; the same list and order as in tools/frontend.py. */
const inputs = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json", "src"];

function filesBelow(path) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    throw error;
  }
}

function sourceHash() {
  const paths = inputs.flatMap((name) => filesBelow(join(root, name)));
  const names = paths.map((path) => relative(root, path).split(sep).join("/")).sort();
  const hash = createHash("sha256");
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(root, name)))
      .update("\0");
  return hash.digest("hex");
}

/** A style sheet as a module whose default export is its minified text. */
async function cssText({ path }) {
  const { code } = await transform(readFileSync(path, "utf8"), {
    loader: "css",
    minify: true,
    target: "es2022",
  });
  return { contents: code, loader: "text" };
}

/** Modules that the board hands to families, and their names: as src/hosts/parts.ts lists them. */
function sharedModules() {
  const listed = readFileSync(join(root, "src", "hosts", "parts.ts"), "utf8").matchAll(
    /^ {2}"(.+)": \{ (.+) \},$/gm,
  );
  return new Map(Array.from(listed, ([, module, names]) => [module, names]));
}

/** Imports of shared modules read the board's copy, which stands on the page while the code of a family runs. */
const shared = {
  name: "shared",
  setup(building) {
    const modules = sharedModules();
    building.onResolve({ filter: /.*/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (kind === "entry-point" || pluginData === "shared") return undefined;
      const found = await building.resolve(path, { resolveDir, kind, pluginData: "shared" });
      const own = relative(join(root, "src"), found.path).split(sep).join("/");
      const module = [path, own].find((name) => modules.has(name));
      return module && { path: module, namespace: "shared" };
    });
    building.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `export const { ${modules.get(path)} } = globalThis.__offdiagonal_parts["${path}"];`,
    }));
  },
};

/** Who uses no signal has none: the package does not say that it may be left out. */
const unused = {
  name: "unused",
  setup(building) {
    building.onResolve({ filter: /^@preact\/signals$/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === "unused") return undefined;
      const found = await building.resolve(path, { resolveDir, kind, pluginData: "unused" });
      return { path: found.path, sideEffects: false };
    });
  },
};

async function bundled({
  name,
  source,
  family,
  format = "iife",
  globalName = family && "__offdiagonal_family",
}) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
    format,
    ...(globalName && { globalName }),
    legalComments: "none",
    plugins: [
      ...(family ? [shared] : [unused]),
      { name: "css-text", setup: (building) => building.onLoad({ filter: /\.css$/ }, cssText) },
    ],
    logLevel: "warning",
    metafile: true,
    minify: true,
    outfile: name,
    target: "es2022",
    write: false,
  });
  const bytes = await smaller(result.outputFiles[0].text, format === "esm");
  const sources = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith("shared:"));
  return { bytes, sources };
}

/** A second minifier finds some 4 % more after esbuild: it is part of every saved notebook. */
async function smaller(code, module) {
  const options = {
    module,
    ecma: 2020,
    // no pure_getters: to read a signal is to follow it
    compress: { passes: 3 },
    mangle: { toplevel: module },
    format: { comments: false },
  };
  return Buffer.from((await minify(code, options)).code);
}

/** The folder of the package that a source belongs to, or undefined for our own sources. */
function packageOf(source) {
  const parts = source.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

function thirdParty(sources) {
  const folders = [...new Set(sources.map(packageOf))].filter((folder) => folder !== undefined).sort();
  const notices = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder))
      .sort()
      .find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} ${version} has no licence file`);
    const text = readFileSync(join(root, folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const rule = `\n${"-".repeat(80)}\n\n`;
  return `The front end contains code of these packages, under these licences.\n${rule}${notices.join(rule)}`;
}

const hash = sourceHash();
const outputs = await Promise.all(entries.map(bundled));

mkdirSync(bundle, { recursive: true });
rmSync(join(bundle, "hash.txt"), { force: true });
let over = 0;
for (const [i, { name, budget }] of entries.entries()) {
  const { bytes } = outputs[i];
  const zipped = await zopfli.gzipAsync(bytes, { numiterations: 15 });
  const verdict = zipped.length > budget * 1024 ? "OVER BUDGET" : "ok";
  if (verdict !== "ok") over += 1;
  console.log(
    `${name.padEnd(12)}${(bytes.length / 1024).toFixed(1).padStart(8)} KB raw` +
      `${(zipped.length / 1024).toFixed(1).padStart(8)} KB gzip   of ${budget} KB: ${verdict}`,
  );
  writeFileSync(join(bundle, name), name.endsWith(".gz") ? zipped : bytes);
}
writeFileSync(join(bundle, "THIRD_PARTY.txt"), thirdParty(outputs.flatMap(({ sources }) => sources)));
const written = [...entries.map(({ name }) => name), "THIRD_PARTY.txt"];
for (const old of readdirSync(bundle)) if (!written.includes(old)) rmSync(join(bundle, old));
// A budget is for who changes the code, not for who installs it.
if (over > 0 && process.argv.includes("--budgets")) process.exit(1);
// last, and only of a build that is whole: the list of what was written, after the hash of what it was made from
writeFileSync(join(bundle, "hash.txt"), `${[hash, ...written].join("\n")}\n`);
