/**
 * Builds the extension and the library.
 *
 *   npm run build                  minified, with the library's types and a size report; a bundle over its budget fails
 *   npm run build -- --dev         readable, with source maps, without types
 *   npm run build -- --watch       the same, again on every change
 *   npm run build -- --library     the library with its types alone, as `npm pack` packs it
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { bundles } from "./tools/build/bundles.mjs";
import { buildExample } from "./tools/build/example.mjs";
import { noticesOf } from "./tools/build/notices.mjs";
import { printSizes } from "./tools/build/sizes.mjs";
import { buildPages } from "./tools/build/pages.mjs";
import { buildModules, buildSplit } from "./tools/build/split.mjs";
import { bundleTypes } from "./tools/build/types.mjs";

/** @typedef {{ outdir?: string; minify?: boolean; types?: boolean; part?: "extension" | "library" }} BuildOptions */

/** How a bundle is built, by what it is split into. */
const BUILDERS = { commonjs: buildSplit, modules: buildModules, pages: buildPages };

/**
 * Builds every bundle.
 * @param {BuildOptions} [options] `outdir`: where the `dist` of the manifest is; `part`: not all of it; `types`: the library's declarations too
 * @returns {Promise<import("./tools/build/sizes.mjs").Bundle[]>} what was written, in the order of the house
 */
export async function build({ outdir = "dist", minify = true, types = false, part } = {}) {
  const target = resolve(import.meta.dirname, outdir);
  const wanted = bundles({ outdir: target, minify }).filter(
    ({ name }) => part === undefined || (name === "library") === (part === "library"),
  );
  const [results] = await Promise.all([
    Promise.all(
      wanted.map(async ({ name, budgetBytes, split, options }) => {
        return { name, budgetBytes, metafile: await BUILDERS[split](options) };
      }),
    ),
    types ? bundleTypes(`${target}/client.d.ts`) : undefined,
    part === "library" ? undefined : buildExample(target),
  ]);
  await writeFile(
    join(target, "ThirdPartyNotices.txt"),
    await noticesOf(results.map(({ metafile }) => metafile)),
  );
  return results;
}

/** Builds on every change until the process is ended. */
async function watch() {
  const again = {
    setup: (/** @type {esbuild.PluginBuild} */ { onEnd }) =>
      onEnd(async () => void (await build({ minify: false }))),
  };
  const plans = bundles({ outdir: resolve("dist"), minify: false });
  // The first pass of esbuild only tells that something changed; what is written is what `build` writes.
  const contexts = await Promise.all(
    plans.map(async ({ options, name }) =>
      esbuild.context({
        ...options,
        outdir: options.outdir ?? "dist",
        write: false,
        plugins: [{ name, ...again }],
      }),
    ),
  );
  await Promise.all(contexts.map(async (one) => one.watch()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = new Set(process.argv.slice(2));
  if (flags.has("--watch")) {
    await watch();
  } else {
    const dev = flags.has("--dev");
    /** @type {BuildOptions} */
    const part = flags.has("--library") ? { part: "library" } : {};
    const built = await build({ minify: !dev, types: !dev, ...part });
    if (!dev && !printSizes(built)) process.exitCode = 1;
  }
}
