/**
 *   npm run l10n      writes l10n/bundle.l10n.json, the texts of the sources in English, from which translators work
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getL10nJson } from "@vscode/l10n-dev";
import { transform } from "esbuild";
import { glob } from "./files.mjs";

const ROOT = join(import.meta.dirname, "..");
const BUNDLE = "l10n/bundle.l10n.json";
/** The texts of the webviews are values of such a map: the host translates them by their names, see `features/artifacts/page.ts`. */
const WORDS = /\/protocol\/\w+Words\.ts$/;
/** Where the sources have their translations from: the editor, and `t`, which is the editor's `l10n.t` for code that knows nothing of it. */
const IMPORTS = /^import (?:\* as vscode from "vscode"|\{ t \} from "[./]+\/text\.ts");$/gm;
const CALLS = /(?<![\w.])(?:vscode\.l10n\.)?t\(/g;

/** What is to be in the bundle, in the order of its texts so that two branches seldom touch the same lines. */
async function bundle() {
  const files = await glob(join(ROOT, "src"), /\.tsx?$/);
  const contents = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const own = await getL10nJson([{ extension: ".ts", contents: inTheToolsWords(contents) }]);
  const words = contents.filter((_, index) => WORDS.test(files[index] ?? ""));
  const texts = [...Object.keys(own), ...(await Promise.all(words.map(wordsOf))).flat()];
  return `${JSON.stringify(Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text])), undefined, 2)}\n`;
}

/**
 * The tool sees `l10n.t` of the modules that it knows and no other function, and takes a tenth of a second for each import of one.
 * @param {readonly string[]} sources
 */
function inTheToolsWords(sources) {
  const translating = sources.filter((source) => source.search(IMPORTS) >= 0);
  const calls = translating.map((source) => source.replaceAll(IMPORTS, "").replaceAll(CALLS, "l10n.t("));
  return ['import * as l10n from "@vscode/l10n";', ...calls].join("\n");
}

/** The texts of a map of words. @param {string} source @returns {Promise<string[]>} */
async function wordsOf(source) {
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  const module = /** @type {Record<string, Record<string, string>>} */ (
    await import(`data:text/javascript,${encodeURIComponent(code)}`)
  );
  return Object.values(module).flatMap((map) => Object.values(map));
}

/** Whether the bundle is that of the sources. @returns {Promise<string | undefined>} what is wrong */
export async function checkBundle() {
  const written = await readFile(join(ROOT, BUNDLE), "utf8").catch(() => "");
  return written === (await bundle()) ? undefined : `${BUNDLE} is not that of the sources: npm run l10n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(ROOT, BUNDLE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await bundle());
  console.log(`${BUNDLE} is written.`);
}
