/** What is bundled from what: one entry a process or page. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ name: string; budgetBytes?: number; split: "commonjs" | "modules" | "pages"; options: import("esbuild").BuildOptions }} BundlePlan */

const ROOT = join(import.meta.dirname, "../..");

/**
 * The pages of the webviews: each folder of `src/webview` with an `index.tsx`.
 * @returns {Record<string, string>} output name to source file
 */
function webviewEntries() {
  const folder = join(ROOT, "src/webview");
  const pages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const entries = pages.flatMap(({ name }) => {
    const files = ["index.tsx", "index.ts"].map((index) => `src/webview/${name}/${index}`);
    const file = files.find((path) => existsSync(join(ROOT, path)));
    return file === undefined || name === "kit" ? [] : [[name, file]];
  });
  return Object.fromEntries(entries);
}

/**
 * Every bundle of the product. An entry that does not exist is left out, so a part can be built before the others are there; the test of the
 * packed extension says what has to be in it.
 * @param {{ outdir: string; minify: boolean }} options
 * @returns {BundlePlan[]}
 */
export function bundles({ outdir, minify }) {
  /** @type {import("esbuild").BuildOptions} */
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    minify,
    // Names of classes are shown to people (`MetaflowNotFound`) and are part of what the library promises.
    keepNames: minify,
    sourcemap: !minify,
    legalComments: "none",
    logLevel: "warning",
    define: {
      "process.env.NODE_ENV": minify ? '"production"' : '"development"',
      // Which Node there is, the editor decides: nobody who is warned could change it.
      "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"',
    },
  };
  /** @type {import("esbuild").BuildOptions} */
  const node = { ...common, platform: "node", target: "node20" };
  /** @type {BundlePlan[]} */
  const all = [
    {
      name: "host",
      // What each begins with: the client, the decoder and what the views ask of these come on first use.
      budgetBytes: 300_000,
      split: "commonjs",
      options: {
        ...node,
        keepNames: false,
        sourcemap: minify ? false : "inline",
        external: ["vscode"],
        entryPoints: { extension: "src/extension.ts", worker: "src/worker/index.ts" },
        outdir,
      },
    },
    {
      name: "webview",
      budgetBytes: 300_000,
      split: "pages",
      options: {
        ...common,
        keepNames: false,
        platform: "browser",
        target: "chrome128",
        format: "esm",
        jsx: "automatic",
        jsxImportSource: "preact",
        entryPoints: webviewEntries(),
        outdir: join(outdir, "webview"),
        assetNames: "[name]",
        // A view's code is loaded when it is first looked at.
        chunkNames: "[name]-[hash]",
        loader: { ".ttf": "file", ".svg": "file" },
      },
    },
    {
      name: "library",
      split: "modules",
      options: {
        ...node,
        format: "esm",
        entryPoints: { client: "src/client/index.ts" },
        outdir,
        outExtension: { ".js": ".mjs" },
        chunkNames: "client-[name]-[hash]",
        banner: { js: REQUIRE },
      },
    },
  ];
  return all.filter(({ options }) => {
    const entries = Array.isArray(options.entryPoints)
      ? options.entryPoints
      : Object.values(options.entryPoints ?? {});
    return (
      entries.length > 0 && entries.every((file) => typeof file === "string" && existsSync(join(ROOT, file)))
    );
  });
}

/** CommonJS packages inside an ES module ask for `require`. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';
