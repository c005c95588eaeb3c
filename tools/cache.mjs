/**
 * The project's cache outside the clone: VS Code's servers, the Python environment, npm packages, demo folders.
 * `$VSCODE_METAFLOW_CACHE`, else `$XDG_CACHE_HOME/vscode-metaflow`, else `~/.cache/vscode-metaflow`.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How long a lock without a readable owner is respected: its writer may be between creating and filling it. */
const UNOWNED_LOCK_MS = 5_000;
const POLL_MS = 250;

/**
 * The folder that everything of this project is cached in; it may not exist yet.
 * @returns {string} an absolute path
 */
export function cacheRoot() {
  const own = process.env["VSCODE_METAFLOW_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const xdg = process.env["XDG_CACHE_HOME"];
  return join(xdg !== undefined && xdg !== "" ? resolve(xdg) : join(homedir(), ".cache"), "vscode-metaflow");
}

/**
 * Whether a process with this id exists.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Removes the lock when its owner is gone.
 * @param {string} file
 */
async function breakStale(file) {
  try {
    const owner = Number(await readFile(file, "utf8"));
    if (Number.isInteger(owner) && owner > 0) {
      if (!isAlive(owner)) await rm(file, { force: true });
      return;
    }
    if (Date.now() - (await stat(file)).mtimeMs > UNOWNED_LOCK_MS) await rm(file, { force: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
}

/** Locks of this process, so that two callers inside it wait for each other too. @type {Map<string, Promise<unknown>>} */
const own = new Map();

/**
 * Runs `work` while no other caller, in this process or another one, runs work of the same name. The lock of a process that was killed is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log] told once when another process has to be waited for
 * @returns {Promise<T>}
 */
export async function withLock(name, work, log = () => undefined) {
  const before = own.get(name) ?? Promise.resolve();
  const mine = before.then(
    () => lockedByFile(name, work, log),
    () => lockedByFile(name, work, log),
  );
  own.set(name, mine);
  return mine;
}

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} log
 * @returns {Promise<T>}
 */
async function lockedByFile(name, work, log) {
  const folder = join(cacheRoot(), "locks");
  await mkdir(folder, { recursive: true });
  const file = join(folder, name.replaceAll(/[^\w.-]/g, "_"));
  for (let waited = false; ; waited = true) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    if (!waited) log(`waiting for another process that prepares ${name}`);
    await breakStale(file);
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(file).catch(() => undefined);
  }
}

/**
 * A cached folder that is built once. The file `ok` is written last, so an interrupted build is begun again from nothing.
 * @param {string} name path below the cache root, such as `vscode/1.96.4`; what the content depends on belongs into it
 * @param {(folder: string) => Promise<void>} build fills the empty folder
 * @param {{ log?: (line: string) => void; verify?: readonly string[] }} [options] `verify`: files below the folder that must exist
 * @returns {Promise<string>} the folder's path
 */
export async function cachedFolder(name, build, { log = () => undefined, verify = [] } = {}) {
  const folder = join(cacheRoot(), name);
  const isReady = () =>
    existsSync(join(folder, "ok")) && verify.every((file) => existsSync(join(folder, file)));
  if (isReady()) return folder;
  return withLock(
    name,
    async () => {
      if (isReady()) return folder;
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await build(folder);
      const missing = verify.filter((file) => !existsSync(join(folder, file)));
      if (missing.length > 0)
        throw new Error(`${name} was prepared in ${folder}, but ${missing.join(", ")} is missing there`);
      await writeFile(join(folder, "ok"), `${new Date().toISOString()}\n`);
      return folder;
    },
    log,
  );
}
