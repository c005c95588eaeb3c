/** The pages of the reference: what the library exports, by the place in the sources that it comes from. */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const CLIENT = join(import.meta.dirname, "../../src/client");

/** @typedef {{ name: string; about: string; from: RegExp }} Page `from`: the sources, as `src/client` names them */

/** The first page that fits has a source; the last one has all that is left, so that a new file needs no word here. @type {readonly Page[]} */
const PAGES = [
  {
    name: "errors",
    about: "What the library throws.",
    from: /^(errors|package\/archive)\.ts$/,
  },
  {
    name: "values",
    about:
      "Pickles, decoded without executing them, and the classes of values that JavaScript does not have.",
    from: /^\.\.\/pickle\//,
  },
  {
    name: "logs",
    about: "Logs of tasks, whole, in part and as they are written.",
    from: /^(logs\/|model\/(follow|mergedLog)\.ts$)/,
  },
  {
    name: "status",
    about: "How runs, steps and tasks stand, and why.",
    from: /^(status\/|model\/(attempts|failure)\.ts$)/,
  },
  {
    name: "session",
    about: "Opening sessions, configuration, profiles, namespaces.",
    from: /^(open|default|config|credentials|profiles|providers|model\/(metaflow|changes|seen))\.ts$/,
  },
  {
    name: "objects",
    about: "Flows, runs, steps, tasks and artifacts, and what belongs to them.",
    from: /^/,
  },
];

/**
 * Writes one module a page, which exports what the page is about.
 * @param {string} folder where the bundled declarations are, as `client.d.ts`
 * @returns {Promise<string[]>} the files
 */
export async function writePages(folder) {
  /** @type {Map<Page, string[]>} */
  const names = new Map(PAGES.map((page) => [page, []]));
  for (const [name, source] of await exportsOf(join(CLIENT, "index.ts"))) {
    const place = source.slice(CLIENT.length + 1);
    const path = source.startsWith(CLIENT) ? place : `../${source.slice(dirname(CLIENT).length + 1)}`;
    const page = PAGES.find(({ from }) => from.test(path));
    if (page !== undefined) names.get(page)?.push(name);
  }
  return Promise.all(
    [...names].map(async ([{ name, about }, own]) => {
      const file = join(folder, `${name}.d.ts`);
      const text = `/**\n * ${about}\n * @module\n */\nexport { ${own.sort().join(", ")} } from "./client.js";\n`;
      await writeFile(file, text);
      return file;
    }),
  );
}

/**
 * What a module exports, each with the file that declares it or is named in the export.
 * @param {string} file
 * @returns {Promise<Map<string, string>>}
 */
async function exportsOf(file) {
  const text = await readFile(file, "utf8");
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [, list = "", path = ""] of text.matchAll(/^export (?:type )?\{([^}]*)\} from "(.*)";/gm)) {
    const names = list.split(",").map((name) => name.replace(/^\s*type\s/, "").trim());
    for (const name of names) if (name !== "") found.set(name, join(dirname(file), path));
  }
  for (const [, path = ""] of text.matchAll(/^export \* from "(.*)";/gm)) {
    const all = await exportsOf(join(dirname(file), path));
    for (const [name, source] of all) found.set(name, source);
  }
  const declarations = /^export (?:(?:abstract|async) )*(?:class|const|function|interface|type) (\w+)/gm;
  for (const [, name = ""] of text.matchAll(declarations)) found.set(name, file);
  return found;
}
