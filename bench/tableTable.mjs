/** How tables are put in order, searched, copied and drawn, beside their goals: each question in a process of its own. */
import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { removeFolder } from "../tools/files.mjs";
import { mustRun } from "../tools/process.mjs";
import { frameFile, matrixFile } from "./frames.mjs";
import { median, time, verdict } from "./words.mjs";

/** @typedef {import("./table.ts").Question} Question */
/** @typedef {(data: import("./data.mjs").BenchData, log: (line: string) => void) => Promise<string>} File */

/**
 * A line of the table.
 * @typedef {object} TableRow
 * @property {string} name
 * @property {File} file
 * @property {Question} question
 * @property {number} [atMostMs]
 * @property {number} [perGiBMs] instead: how long a gibibyte may take; without a goal it is there to compare with
 */

const GIB = 2 ** 30;

/** @type {File} */
const doubles = async (data) => (await data.array("random", "pickle")).file;
/** @type {File} */
const frame = async (_, log) => (await frameFile(1_000_000, log)).file;
/** @type {File} */
const matrix = async (_, log) => matrixFile(log);

/** @type {readonly TableRow[]} */
export const TABLE_ROWS = [
  {
    name: "tables: first sorted page of 50,000,000 doubles",
    file: doubles,
    question: { ask: "page", rows: 50_000_000 },
    atMostMs: 500,
  },
  {
    name: "tables: whole order of 10,000,000 doubles",
    file: doubles,
    question: { ask: "order", rows: 10_000_000 },
    atMostMs: 3000,
  },
  {
    name: "tables: find letters in 1,000,000 × 20",
    file: frame,
    question: { ask: "find", text: "word" },
    perGiBMs: 2000,
  },
  {
    name: "tables: find digits in 1,000,000 × 20",
    file: frame,
    question: { ask: "find", text: "1234" },
    perGiBMs: 2000,
  },
  {
    name: "tables: find digits in 1 GiB of random doubles",
    file: doubles,
    question: { ask: "find", text: "1234" },
    perGiBMs: 2000,
  },
  {
    name: "tables: find digits in the same without WebAssembly",
    file: doubles,
    question: { ask: "find", text: "1234", plain: true },
  },
  {
    name: "tables: copy 1,000,000 cells as TSV",
    file: frame,
    question: { ask: "copy", rows: 50_000 },
    atMostMs: 1000,
  },
  {
    name: "tables: any 1,000 × 1,000 of an array of more than 1 GiB as a picture",
    file: matrix,
    question: { ask: "window", size: 1000 },
    atMostMs: 50,
  },
];

/**
 * @param {import("./data.mjs").BenchData} data
 * @param {readonly TableRow[]} wanted
 * @param {{ rounds: number; log: (line: string) => void }} options
 */
export async function tableTable(data, wanted, { rounds, log }) {
  const scratch = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  try {
    const script = join(scratch, "table.mjs");
    const entry = join(import.meta.dirname, "table.ts");
    await build({ entryPoints: [entry], outfile: script, bundle: true, platform: "node", format: "esm" });
    const lines = ["| tables | median | longest | goal | | longest hold |", "|---|--:|--:|---|---|--:|"];
    for (const row of wanted) {
      const file = await row.file(data, log);
      log(`measuring: ${row.name}`);
      const args = [script, file, String(rounds), JSON.stringify(row.question)];
      const { output } = await mustRun(process.execPath, args);
      lines.push(line(row, (await stat(file)).size, output.trim().split("\n")));
    }
    return lines.join("\n");
  } finally {
    await removeFolder(scratch);
  }
}

/**
 * @param {TableRow} row
 * @param {number} sizeBytes
 * @param {readonly string[]} told
 */
function line({ name, atMostMs, perGiBMs }, sizeBytes, told) {
  const answers = told.map((one) => /** @type {Record<"ms" | "hold", number>} */ (JSON.parse(one)));
  const times = answers.map(({ ms }) => ms);
  const most = atMostMs ?? (perGiBMs === undefined ? undefined : Math.round((perGiBMs * sizeBytes) / GIB));
  const cells = [name, time(median(times)), time(Math.max(...times))];
  cells.push(...(most === undefined ? ["", ""] : [`<= ${most} ms`, verdict(median(times) <= most)]));
  cells.push(time(Math.max(...answers.map(({ hold }) => hold))));
  return `| ${cells.join(" | ")} |`;
}
