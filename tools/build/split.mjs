/** Bundles for Node that share what they have in common and load what is rarely needed on first use. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import esbuild from "esbuild";

const CHUNKS = "chunks";
/** How an ES module asks where it lies: to begin a thread with itself. */
const OWN_ADDRESS = "import.meta.url";
/** How a CommonJS one tells. */
const OF_FILE = {
  define: { [OWN_ADDRESS]: "__address" },
  banner: `const __address = require("node:url").pathToFileURL(__filename).href;`,
};

/**
 * Builds an entry with code splitting, as ES modules: what is rarely needed lies beside it, in files that begin with its name.
 * @param {import("esbuild").BuildOptions} options with `outdir` and `chunkNames`
 * @returns {Promise<import("esbuild").Metafile>}
 */
export async function buildModules(options) {
  const { metafile } = await esbuild.build({ ...options, splitting: true, metafile: true });
  const written = new Set(Object.keys(metafile.outputs).map((file) => basename(file)));
  const beginning = options.chunkNames?.split("[", 1).join("") ?? "";
  await removeOldChunks(String(options.outdir), written, (name) => name.startsWith(beginning));
  return metafile;
}

/**
 * Builds entries with code splitting, as CommonJS: esbuild splits ES modules only, but the extension host of VS Code 1.96 loads none, so each
 * part is turned into CommonJS afterwards and `import()` into `require` on first use.
 * @param {import("esbuild").BuildOptions} options with `entryPoints` and `outdir`
 * @returns {Promise<import("esbuild").Metafile>} with the sizes of what was written
 */
export async function buildSplit(options) {
  const outdir = String(options.outdir);
  const { outputFiles = [], metafile } = await esbuild.build({
    ...options,
    format: "esm",
    splitting: true,
    write: false,
    metafile: true,
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    outExtension: { ".js": ".cjs" },
  });
  if (metafile === undefined) throw new Error("esbuild gave no metafile");
  const written = new Set();
  for (const { path, text } of outputFiles) {
    if (path.endsWith(".map")) continue;
    const { code } = await esbuild.transform(text, {
      format: "cjs",
      platform: "node",
      target: "node20",
      minify: options.minify === true,
      // The maps of the first pass, inline in its text, lead to the sources; the second pass passes them on.
      sourcemap: options.sourcemap === false ? false : "inline",
      sourcefile: basename(path),
      supported: { "dynamic-import": false },
      ...(text.includes(OWN_ADDRESS) && OF_FILE),
    });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
    written.add(basename(path));
    const output = Object.entries(metafile.outputs).find(([file]) => basename(file) === basename(path))?.[1];
    if (output !== undefined) output.bytes = Buffer.byteLength(code);
  }
  await removeOldChunks(join(outdir, CHUNKS), written);
  return metafile;
}

/** @param {string} folder @param {ReadonlySet<string>} current @param {(name: string) => boolean} [isChunk] */
async function removeOldChunks(folder, current, isChunk = () => true) {
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => isChunk(name) && !current.has(name));
  await Promise.all(old.map(async (name) => rm(join(folder, name))));
}
