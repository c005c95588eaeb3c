/** Files and folders. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * @param {string} folder
 * @param {RegExp} pattern tested on the path below the folder
 * @returns {Promise<string[]>} absolute paths, sorted; none when the folder is missing
 */
export async function glob(folder, pattern) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => pattern.test(file.slice(folder.length + 1))).sort();
}

/**
 * Removes a folder that a process which is just ending may still write to.
 * @param {string} folder
 */
export async function removeFolder(folder) {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
