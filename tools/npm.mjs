/** The project's own npm dependencies; uses nothing but Node, because it runs before they are there. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./cache.mjs";
import { mustRun } from "./process.mjs";

const ROOT = join(import.meta.dirname, "..");
/** Holds the hash of the lock file that was installed; `npm ci` removes it with everything else, so it is written last. */
const MARKER = join(ROOT, "node_modules/.metaflow-lock");

/**
 * Installs the dependencies when they are missing or older than the lock file.
 * @param {(line: string) => void} [log]
 * @returns {Promise<boolean>} whether something was installed
 */
export async function ensureDependencies(log = () => undefined) {
  const wanted = createHash("sha1")
    .update(await readFile(join(ROOT, "package-lock.json")))
    .digest("hex");
  const present = () => readFile(MARKER, "utf8").catch(() => "");
  if ((await present()) === wanted) return false;
  return withLock(
    `npm-${createHash("sha1").update(ROOT).digest("hex").slice(0, 12)}`,
    async () => {
      if ((await present()) === wanted) return false;
      if (await npmAgrees()) {
        await writeFile(MARKER, wanted);
        return false;
      }
      log("installing dependencies with npm ci (about half a minute)");
      await mustRun("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: ROOT,
        timeoutMs: 900_000,
      });
      await writeFile(MARKER, wanted);
      return true;
    },
    log,
  );
}

/** Whether what a developer installed by hand is what the lock file says. */
async function npmAgrees() {
  const installed = join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  const [have, want] = await Promise.all([installed, join(ROOT, "package-lock.json")].map(packagesOf));
  if (have === undefined || want === undefined) return false;
  return Object.entries(want).every(([path, { version, optional }]) => {
    if (path === "" || optional === true) return true;
    return have[path]?.version === version;
  });
}

/**
 * @param {string} file a lock file
 * @returns {Promise<Record<string, { version?: string; optional?: boolean }> | undefined>}
 */
async function packagesOf(file) {
  try {
    return /** @type {{ packages: Record<string, { version?: string; optional?: boolean }> }} */ (
      JSON.parse(await readFile(file, "utf8"))
    ).packages;
  } catch {
    return undefined;
  }
}
