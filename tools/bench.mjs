/**
 * Measures this client beside Metaflow's Python client, on data that real Metaflow made and a script multiplied, and prints a table.
 *
 *   npm run bench                    everything; needs `dist/` (built when it is missing)
 *   npm run bench -- runs log        rows whose name contains one of the words
 *   npm run bench -- host sizes      those of the extension
 *   npm run bench -- --rounds 9
 *
 * Below come the extension's own figures: rows "host" from inside the newest VS Code's extension host, each measured in a host of its own, and
 * sizes.
 *
 * Two processes, one a client, are asked in turn. Each measurement opens a new session, with the system's file cache warm for both; the times
 * are medians. Before anything is timed, both have answered once and their answers were compared.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { benchData } from "../bench/data.mjs";
import { HOST_ROWS, hostTable } from "../bench/hostTable.mjs";
import { sizeTable } from "../bench/sizeTable.mjs";
import { median, time, verdict } from "../bench/words.mjs";
import { metaflowEnv } from "../samples/run.mjs";
import { cacheRoot } from "./cache.mjs";
import { mustRun } from "./process.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * A line of the table.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} question what both are asked
 * @property {() => Promise<{ project: string; thing: string }>} data
 * @property {number} [limit]
 * @property {number} [rounds] when the usual number takes too long
 * @property {number} [atLeast] how many times faster than Python it shall be
 * @property {number} [atMostMs] how long it may take
 * @property {"first" | "again"} [which] the first answer of a session, or the same again; the first unless told
 * @property {string} [ours] what this client is asked when it is not the same question; its answers are then not compared
 */

/** A measurement. @typedef {{ ms: [number, number]; answer: unknown }} Measured */

/**
 * @param {import("../bench/data.mjs").BenchData} data
 * @returns {Row[]}
 */
function rowsOf(data) {
  const runs = (/** @type {number} */ count) => async () => {
    const { project, flow } = await data.runs(count);
    return { project, thing: flow };
  };
  const tasks = async () => {
    const { project, step } = await data.tasks(1000);
    return { project, thing: step };
  };
  const log = async () => {
    const { project, task } = await data.log(200_000);
    return { project, thing: task };
  };
  const first = { question: "runs", limit: 100 };
  return [
    { name: "first 100 runs with status, of 10,000", ...first, data: runs(10_000), atLeast: 25 },
    {
      name: "the same as the sidebar asks it (status())",
      ...first,
      ours: "sidebar",
      data: runs(10_000),
      atLeast: 25,
    },
    { name: "the same again, nothing changed", ...first, data: runs(10_000), which: "again", atMostMs: 5 },
    { name: "first 100 runs with status, of 100,000", ...first, data: runs(100_000), rounds: 3, atLeast: 60 },
    {
      name: "the same as the sidebar asks it (status()), of 100,000",
      ...first,
      ours: "sidebar",
      data: runs(100_000),
      rounds: 3,
      atLeast: 60,
    },
    {
      name: "the same again, nothing changed, of 100,000",
      ...first,
      data: runs(100_000),
      rounds: 3,
      which: "again",
      atMostMs: 5,
    },
    { name: "all of 10,000 runs listed", question: "list", data: runs(10_000), atLeast: 3 },
    { name: "1,000 tasks of a step with status", question: "tasks", data: tasks, atLeast: 5 },
    { name: "log of 200,000 lines merged", question: "log", data: log, atLeast: 5 },
  ];
}

/**
 * A process that answers a line of JSON with a line of JSON.
 * @param {string} command
 * @param {string} script
 * @param {NodeJS.ProcessEnv} env
 */
function startClient(command, script, env) {
  const child = spawn(command, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @returns {Promise<Measured>} */
    ask: async (/** @type {object} */ request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended without an answer`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

/**
 * Asks both clients in turn.
 * @param {Row} row
 * @param {string} python
 * @param {number} rounds
 * @returns {Promise<{ theirs: number; ours: number }>} medians in milliseconds
 */
async function measure(row, python, rounds) {
  const { project, thing } = await row.data();
  const request = { question: row.question, project, thing, limit: row.limit ?? 0 };
  const env = {
    ...metaflowEnv(python, "ada"),
    METAFLOW_CLIENT_CACHE_PATH: join(cacheRoot(), "bench", "client"),
  };
  const theirs = startClient(python, join(ROOT, "bench", "theirs.py"), env);
  const ours = startClient(process.execPath, join(ROOT, "bench", "ours.mjs"), process.env);
  const own = { ...request, question: row.ours ?? row.question };
  try {
    const answers = [(await theirs.ask(request)).answer, (await ours.ask(own)).answer];
    if (row.ours === undefined && !isDeepStrictEqual(answers[0], answers[1])) {
      throw new Error(`the answers differ: ${difference(answers[0], answers[1])}`);
    }
    const index = row.which === "again" ? 1 : 0;
    /** @type {{ theirs: number[]; ours: number[] }} */
    const times = { theirs: [], ours: [] };
    for (let round = 0; round < (row.rounds ?? rounds); round += 1) {
      times.theirs.push((await theirs.ask(request)).ms[index]);
      times.ours.push((await ours.ask(own)).ms[index]);
    }
    return { theirs: median(times.theirs), ours: median(times.ours) };
  } finally {
    theirs.end();
    ours.end();
  }
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function difference(a, b) {
  const [left, right] = [/** @type {unknown[]} */ (a), /** @type {unknown[]} */ (b)];
  const at = left.findIndex((one, index) => !isDeepStrictEqual(one, right[index]));
  return `${left.length} and ${right.length} entries; at ${at}: ${JSON.stringify(left[at])} and ${JSON.stringify(right[at])}`;
}

/**
 * The row of the table for a measurement.
 * @param {Row} row
 * @param {{ theirs: number; ours: number }} medians
 */
function report(row, { theirs, ours }) {
  const ratio = theirs / ours;
  const goal = row.atLeast === undefined ? `<= ${row.atMostMs ?? 0} ms` : `>= ${row.atLeast}x`;
  const met = row.atLeast === undefined ? ours <= (row.atMostMs ?? 0) : ratio >= row.atLeast;
  return `| ${row.name} | ${time(theirs)} | ${time(ours)} | ${ratio.toFixed(1)}x | ${goal} | ${verdict(met)} |`;
}

async function main() {
  const args = process.argv.slice(2);
  const at = args.indexOf("--rounds");
  const rounds = at < 0 ? 5 : Number(args.splice(at, 2)[1]);
  const log = (/** @type {string} */ line) => console.error(line);
  const isWanted = (/** @type {string} */ name) =>
    args.length === 0 || args.some((word) => name.includes(word));
  if (!existsSync(join(ROOT, "dist", "client.mjs"))) await mustRun("npm", ["run", "build"], { cwd: ROOT });
  const data = await benchData(log);
  console.log(
    `Node ${process.version}, Metaflow's Python client 2.19.39, ${cpus().length} cores, medians of ${rounds} (3 for 100,000 runs)\n`,
  );
  const rows = rowsOf(data).filter(({ name }) => isWanted(name));
  if (rows.length > 0)
    console.log("| what | Python client | this client | faster | goal | |\n|---|--:|--:|--:|---|---|");
  for (const row of rows) {
    log(`measuring: ${row.name}`);
    try {
      console.log(report(row, await measure(row, data.python, rounds)));
    } catch (error) {
      process.exitCode = 1;
      console.log(
        `| ${row.name} | | | | | **not measured**: ${error instanceof Error ? error.message.split("\n")[0] : String(error)} |`,
      );
      log(error instanceof Error ? error.message : String(error));
    }
  }
  const hostRows = HOST_ROWS.filter(({ name }) => isWanted(name));
  if (hostRows.length > 0) console.log(`\n${await hostTable(data, hostRows, { rounds, log })}`);
  if (isWanted("sizes")) console.log(`\n${await sizeTable()}`);
}

await main();
