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

/** What a library says that a viewer shows of a value. */
export interface Says {
  /** Python's qualified name of the type. */
  readonly type: string;
  readonly shape?: readonly number[];
  readonly length?: number;
  /** Of a list its members. */
  readonly members?: readonly Says[];
  /** Of an estimator the names of its parameters, and of what it has learned. */
  readonly parameters?: readonly string[];
  readonly fitted?: readonly string[];
  readonly table?: SaidTable;
}

/** Rows and columns, of which the ones at `at` are told. */
export interface SaidTable {
  readonly rows: number;
  readonly columns: number;
  readonly at: readonly [rows: readonly number[], columns: readonly number[]];
  readonly labels: readonly (readonly string[])[];
  readonly index?: readonly (readonly string[])[];
  /** By columns. */
  readonly cells: readonly (readonly SaidCell[])[];
}

/** The kind of missing or nothing, `str(value)` where the cell holds no container, `float(value)`, and its place in Python's order of the column. */
export type SaidCell = readonly [
  kind: string,
  text: string | null,
  number: number | null,
  rank: number | null,
];

/** One pickle, and how a viewer shows it. */
export interface TableCase {
  readonly name: string;
  readonly family: string;
  readonly data: string;
  readonly says: Says;
}

/** All pickles of a stack, in the order in which they are made. */
export async function libraryCases(stack: Stack): Promise<LibraryCase[]> {
  return written(await madeBy(stack, "libraries"));
}

/** The same with what a viewer shows of each, and ten thousand awkward scalars. */
export async function tableCases(stack: Stack): Promise<TableCase[]> {
  return written(await madeBy(stack, "tables"));
}

/** Values of torch with what it says of them, made by `torch/make.py` of two versions: CI does without the two gigabytes that torch takes. */
export async function torchCases(): Promise<TableCase[]> {
  return written(join(SCRIPTS, "torch/cases.jsonl"));
}

/** One pickle of a version that no stack has. */
export interface VersionCase {
  /** The versions of Python and of the library. */
  readonly stack: string;
  readonly name: string;
  readonly protocol: number;
  /** The pickle, in base64. */
  readonly data: string;
  readonly tagged: Tagged;
  /** Of what is shown otherwise than as the object that it is. */
  readonly says?: Says;
  /** How the library prints it. */
  readonly preview?: string;
}

/** Values of other versions of libraries, made by `versions/make.py`: most of them run on other Pythons than the tests'. */
export async function versionCases(): Promise<VersionCase[]> {
  return written(join(SCRIPTS, "versions/cases.jsonl"));
}

/** The file that a script makes for a stack, once for each state of the scripts. */
async function madeBy(stack: Stack, script: "libraries" | "tables"): Promise<string> {
  const python = await ensurePython({ requirements: join(SCRIPTS, `${stack}-stack.txt`) });
  // The environment's folder is named by the version of Python and the requirements' text.
  const key = createHash("sha1").update(`${stack}\n${basename(dirname(dirname(python)))}`);
  const scripts = (await readdir(SCRIPTS)).filter((name) => name.endsWith(".py")).sort();
  for (const name of scripts) key.update(await readFile(join(SCRIPTS, name)));
  const name = `library-pickles/${script}-${stack}-${key.digest("hex").slice(0, 12)}`;
  const folder = await cachedFolder(name, async (target: string) => {
    const env = { ...process.env, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", TZ: "UTC" };
    const args = [join(SCRIPTS, `${script}.py`), join(target, "cases.jsonl"), stack];
    await promisify(execFile)(python, args, { env, timeout: 240_000 });
  });
  return join(folder, "cases.jsonl");
}

async function written<T>(file: string): Promise<T[]> {
  const text = await readFile(file, "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** What a script prints that runs with the libraries of a stack. @param input what it reads */
export async function saidBy(
  stack: Stack,
  script: string,
  { args = [], input = "" }: { readonly args?: readonly string[]; readonly input?: string } = {},
): Promise<string> {
  const python = await ensurePython({ requirements: join(SCRIPTS, `${stack}-stack.txt`) });
  const running = promisify(execFile)(python, ["-W", "ignore", script, ...args], { maxBuffer: 1 << 28 });
  running.child.stdin?.end(input);
  return (await running).stdout;
}
