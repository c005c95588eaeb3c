/** The frames that tables are measured on, in the cache, and the Python that made them. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder } from "../tools/cache.mjs";
import { mustRun } from "../tools/process.mjs";
import { ensurePython } from "../tools/python.mjs";

export const MAKE_FRAMES = fileURLToPath(new URL("make_frames.py", import.meta.url));
const MAKE_MATRIX = fileURLToPath(new URL("make_matrix.py", import.meta.url));
const STACK = fileURLToPath(new URL("../test/fixtures/pickle/new-stack.txt", import.meta.url));

/**
 * The frame with so many rows: 100,000 of 50 columns, or 1,000,000 of 20.
 * @param {number} rows
 * @param {(line: string) => void} log
 * @returns {Promise<{ file: string; python: string }>}
 */
export async function frameFile(rows, log) {
  const { folder, python } = await made(MAKE_FRAMES, "frames", log);
  return { file: join(folder, `${rows}.pkl`), python };
}

/**
 * An array of two axes, of more than a gibibyte.
 * @param {(line: string) => void} log
 * @returns {Promise<string>} the file
 */
export async function matrixFile(log) {
  const { folder } = await made(MAKE_MATRIX, "matrix", log);
  return join(folder, "matrix.pkl");
}

/** What a script made. @param {string} script @param {string} name @param {(line: string) => void} log */
async function made(script, name, log) {
  const python = await ensurePython({ requirements: STACK, log });
  const key = createHash("sha1").update(python);
  key.update(await readFile(script));
  const folder = await cachedFolder(`bench/${name}-${key.digest("hex").slice(0, 12)}`, async (out) => {
    log(`making ${name} in ${out}`);
    await mustRun(python, [script, "make", out]);
  });
  return { folder, python };
}
