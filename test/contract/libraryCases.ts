/** Pickles of values of libraries and what these say of them, made once for each stack of libraries and kept in the cache. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Tagged } from "../../src/pickle/index.ts";
import { cachedFolder } from "../../tools/cache.mjs";
import { ensurePython } from "../../tools/python.mjs";

const SCRIPTS = join(import.meta.dirname, "../fixtures/pickle");

/** The ages of the libraries that are pinned, each in a requirements file. */
export const STACKS = ["old", "new", "newest"] as const;
export type Stack = (typeof STACKS)[number];

/** One pickle, and what the library says of what it holds. */
export interface LibraryCase {
  readonly name: string;
  /** The library's kind of value, such as `pandas series`. */
  readonly family: string;
  readonly stack: Stack;
  readonly protocol: number;
  readonly pickler: "C" | "Python";
  /** The pickle, in base64. */
  readonly data: string;
  /** `null` where the library changes the value when it loads it. */
  readonly tagged: Tagged | null;
}

/** All pickles of a stack, in the order in which they are made. */
export async function libraryCases(stack: Stack): Promise<LibraryCase[]> {
  const python = await ensurePython({ requirements: join(SCRIPTS, `${stack}-stack.txt`) });
  // The environment's folder is named by the version of Python and the requirements' text.
  const key = createHash("sha1").update(`${stack}\n${basename(dirname(dirname(python)))}`);
  const scripts = (await readdir(SCRIPTS)).filter((name) => name.endsWith(".py")).sort();
  for (const script of scripts) key.update(await readFile(join(SCRIPTS, script)));
  const name = `library-pickles/${stack}-${key.digest("hex").slice(0, 12)}`;
  const folder = await cachedFolder(name, async (target: string) => {
    const env = { ...process.env, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", TZ: "UTC" };
    const args = [join(SCRIPTS, "libraries.py"), join(target, "cases.jsonl"), stack];
    await promisify(execFile)(python, args, { env, timeout: 240_000 });
  });
  const text = await readFile(join(folder, "cases.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LibraryCase);
}
