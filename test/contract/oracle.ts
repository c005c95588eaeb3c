/** The answers of Metaflow's Python client, asked once for a store and kept in the cache. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { metaflowEnv } from "../../samples/run.mjs";
import { cachedFolder } from "../../tools/cache.mjs";

/** The files that the answers depend on, beside the store. */
export const SCRIPTS = ["oracle.py", "tagged.py"].map((name) => join(import.meta.dirname, name));

/** One question, and what Python said: an answer or an exception. */
export interface Asked {
  /** Such as `Task.stdout`; a class alone asks for the object itself. */
  readonly question: string;
  readonly object: string | null;
  readonly attempt: number | string | null;
  readonly namespace: string | null;
  readonly args: readonly string[];
  readonly answer?: unknown;
  readonly error?: { readonly class: string; readonly message: string };
}

/** The user whom both sides are asked as. */
export const USER = "ada";

/** What is asked about, where it is not the whole local store of a project. */
export interface AskOptions {
  /** As Python's `metadata()` takes it. */
  readonly metadata?: string;
  /** Names of flows, when not all are meant. */
  readonly flows?: readonly string[];
  /** Folders of modules that artifacts need, beside the project. */
  readonly modules?: readonly string[];
  /** Of a datastore that is not in a folder: where it is, and with what credentials. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Asks the Python client everything about a store.
 * @param project folder that holds `.metaflow` and the flows' modules
 */
export async function askPython(
  python: string,
  project: string,
  { metadata = project, flows = [], modules = [], env: given = {} }: AskOptions = {},
): Promise<Asked[]> {
  const cache = await mkdtemp(join(tmpdir(), "metaflow-oracle-"));
  const env = {
    ...metaflowEnv(python, USER),
    ...given,
    TZ: "UTC",
    PYTHONPATH: [project, ...modules].join(delimiter),
    PYTHONHASHSEED: "0",
    METAFLOW_CLIENT_CACHE_PATH: cache,
  };
  const args = [SCRIPTS[0] ?? "", metadata, ...flows];
  try {
    const options = { cwd: dirname(python), env, maxBuffer: 1 << 29 };
    return parse((await promisify(execFile)(python, args, options)).stdout);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** The same for a store that never changes: the answers are kept in the cache, until the oracle's scripts change. @param key what tells the store from others */
export async function askPythonOnce(
  python: string,
  project: string,
  options: AskOptions & { readonly key?: string } = {},
): Promise<Asked[]> {
  const key = createHash("sha1").update(JSON.stringify([project, options.key, options.flows]));
  for (const script of SCRIPTS) key.update(await readFile(script));
  const folder = await cachedFolder(`oracle/${key.digest("hex").slice(0, 12)}`, async (target: string) => {
    const asked = await askPython(python, project, options);
    await writeFile(join(target, "answers.jsonl"), asked.map((one) => JSON.stringify(one)).join("\n"));
  });
  return parse(await readFile(join(folder, "answers.jsonl"), "utf8"));
}

function parse(lines: string): Asked[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Asked);
}
