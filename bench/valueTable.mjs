/** How large values are opened, beside CPython's gunzip and `pickle.loads`: each measurement is a process of its own, so that its memory can be told. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { mustRun } from "../tools/process.mjs";
import { median, time, verdict } from "./words.mjs";

/** @typedef {import("./value.ts").How} How */
/** @typedef {import("./value.ts").ValueFigures} Ours */
/** @typedef {{ allMs: number; loadsMs: number; peakBytes: number }} Theirs */
/** A pickle as a file. @typedef {{ file: string; sizeBytes: number }} Place */

/**
 * A line of the table.
 * @typedef {object} ValueRow
 * @property {string} name
 * @property {How} how
 * @property {(data: import("./data.mjs").BenchData) => Promise<Place>} data
 * @property {"allMs" | "loadsMs"} beside what of Python's all of it is compared with
 * @property {number} most what part of that it may take
 */

/** The first page: at most so long after the first bytes, and so many bytes. */
const FIRST_MS = 15;
const FIRST_BYTES = 48 * 2 ** 20;
/** Any page of a value that is read. */
const PAGE_MS = 5;

/** @type {readonly ValueRow[]} */
export const VALUE_ROWS = [
  {
    name: "values: 1 GiB of random doubles, gzipped",
    how: "gzip",
    data: async (data) => data.array("random", "gzip"),
    beside: "allMs",
    most: 0.6,
  },
  {
    name: "values: 1 GiB of rounded doubles, gzipped",
    how: "gzip",
    data: async (data) => data.array("rounded", "gzip"),
    beside: "allMs",
    most: 0.6,
  },
  {
    name: "values: 1 GiB of random doubles, arriving as they are",
    how: "chunks",
    data: async (data) => data.array("random", "pickle"),
    beside: "allMs",
    most: 1,
  },
  {
    name: "values: 1 GiB of random doubles, a file beside loads",
    how: "file",
    data: async (data) => data.array("random", "pickle"),
    beside: "loadsMs",
    most: 0.5,
  },
  {
    name: "values: 1,000,000 dictionaries, gzipped",
    how: "gzip",
    data: async (data) => data.dictsFile("gzip"),
    beside: "allMs",
    most: 1,
  },
  {
    name: "values: 1,000,000 dictionaries, in memory beside loads",
    how: "memory",
    data: async (data) => data.dictsFile("pickle"),
    beside: "loadsMs",
    most: 0.5,
  },
];

const HEAD = [
  "| large values | Python | its memory | first 100 rows | memory for them | all | memory | of Python's time | any 100 rows | goals | |",
  "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|---|",
];

/**
 * @param {import("./data.mjs").BenchData} data
 * @param {readonly ValueRow[]} rows
 * @param {{ rounds: number; log: (line: string) => void }} options
 */
export async function valueTable(data, rows, { rounds, log }) {
  const folder = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  try {
    const script = await bundle(folder);
    const lines = [];
    for (const row of rows) {
      const { file, sizeBytes } = await row.data(data);
      log(`measuring: ${row.name}`);
      /** @type {Ours[]} */
      const ours = [];
      /** @type {Theirs[]} */
      const theirs = [];
      for (let round = 0; round < rounds; round += 1) {
        const how = row.how === "gzip" ? "gzip" : "pickle";
        const args = [join(import.meta.dirname, "value.py"), file, how];
        theirs.push(await told(data.numpyPython, args));
        ours.push(await told(process.execPath, [script, file, row.how, String(sizeBytes)]));
      }
      lines.push(line(row, ours, theirs));
    }
    return [...HEAD, ...lines].join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What a process of its own tells.
 * @param {string} command
 * @param {string[]} args
 */
async function told(command, args) {
  return JSON.parse((await mustRun(command, args)).output);
}

/** @param {string} folder */
async function bundle(folder) {
  const outfile = join(folder, "value.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "value.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return outfile;
}

/**
 * @param {ValueRow} row
 * @param {readonly Ours[]} ours
 * @param {readonly Theirs[]} theirs
 */
function line({ name, beside, most }, ours, theirs) {
  const our = (/** @type {keyof Ours} */ figure) => median(ours.map((one) => one[figure]));
  const their = (/** @type {keyof Theirs} */ figure) => median(theirs.map((one) => one[figure]));
  const ratio = our("allMs") / their(beside);
  const met =
    our("firstMs") <= FIRST_MS &&
    our("firstBytes") <= FIRST_BYTES &&
    our("pageMs") <= PAGE_MS &&
    ratio <= most;
  const cells = [
    name,
    time(their(beside)),
    memory(their("peakBytes")),
    time(our("firstMs")),
    memory(our("firstBytes")),
    time(our("allMs")),
    memory(our("peakBytes")),
    `${ratio.toFixed(2)}x`,
    time(our("pageMs")),
    `<= ${FIRST_MS} ms, ${memory(FIRST_BYTES)}, ${most}x, ${PAGE_MS} ms`,
    verdict(met),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** @param {number} bytes */
function memory(bytes) {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
