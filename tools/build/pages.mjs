/** Bundles for pages, and what each of them loads when it opens. */
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import esbuild from "esbuild";

/** Views whose code most pages show first: it is loaded while it is found out what there is to show. */
const EARLY_VIEWS = ["src/webview/artifact/views/grid.tsx"];

/**
 * Builds pages with code splitting, and beside each a list of the modules that it loads when it opens: a browser that is told asks for all of them at
 * once, and not for those that a module names when it has that one.
 * @param {import("esbuild").BuildOptions} options with `outdir`
 * @returns {Promise<import("esbuild").Metafile>}
 */
export async function buildPages(options) {
  const { metafile } = await esbuild.build({ ...options, splitting: true, metafile: true });
  const outputs = Object.entries(metafile.outputs);
  const early = outputs.filter(([, { entryPoint }]) => EARLY_VIEWS.includes(entryPoint ?? ""));
  const pages = outputs.filter(([, { entryPoint = "" }]) => /\/index\.tsx?$/.test(entryPoint));
  await Promise.all(
    pages.map(async ([file]) => {
      /** @type {Set<string>} */
      const modules = new Set();
      for (const entry of [file, ...early.map(([view]) => view)]) addModules(metafile, entry, modules);
      modules.delete(file);
      const list = `${basename(file, ".js")}.json`;
      await writeFile(
        join(String(options.outdir), list),
        JSON.stringify([...modules].map((module) => basename(module))),
      );
    }),
  );
  return metafile;
}

/**
 * Adds a module and what it imports, not what it loads later.
 * @param {import("esbuild").Metafile} metafile @param {string} file @param {Set<string>} modules
 */
function addModules(metafile, file, modules) {
  if (modules.has(file)) return;
  modules.add(file);
  for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
    if (kind === "import-statement") addModules(metafile, path, modules);
}
