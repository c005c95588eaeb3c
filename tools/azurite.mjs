/**
 * Azurite, Microsoft's emulator of Azure Blob Storage, for the contract tests: too large to be a dependency of everybody who builds.
 *
 *   node tools/azurite.mjs          prepares it and prints the path of its program
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder } from "./cache.mjs";
import { mustRun } from "./process.mjs";

/** The newest that runs on Node 20. */
const VERSION = "3.35.0";
const PROGRAM = "node_modules/azurite/dist/src/blob/main.js";

/**
 * The program that serves blobs, installed on first use in the cache folder.
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} path of a script for Node
 */
export async function ensureAzurite(log = () => undefined) {
  const build = async (/** @type {string} */ folder) => {
    log(`installing Azurite ${VERSION} into ${folder} (once, about half a minute)`);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
    const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", `azurite@${VERSION}`];
    await mustRun("npm", args, { cwd: folder, timeoutMs: 600_000 });
  };
  const folder = await cachedFolder(`azurite/${VERSION}`, build, { log, verify: [PROGRAM] });
  return join(folder, PROGRAM);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await ensureAzurite((line) => console.error(line)));
}
