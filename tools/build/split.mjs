/** Bundles for Node that share what they have in common and load what is rarely needed on first use. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import esbuild from "esbuild";

const CHUNKS = "chunks";

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

/** @param {string} folder @param {ReadonlySet<string>} current */
async function removeOldChunks(folder, current) {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => !current.has(name)).map(async (name) => rm(join(folder, name))));
}
