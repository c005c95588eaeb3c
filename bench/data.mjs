/** What the benchmarks read: real runs, multiplied, in the cache. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { metaflowEnv } from "../samples/run.mjs";
import { fixtureStore } from "../test/fixtures/store.mjs";
import { cachedFolder } from "../tools/cache.mjs";
import { multiplyRuns, multiplyTasks } from "../tools/multiply.mjs";
import { mustRun } from "../tools/process.mjs";

const MAKE_LOG = fileURLToPath(new URL("make_log.py", import.meta.url));
const MANY_DICTS = fileURLToPath(new URL("many_dicts_flow.py", import.meta.url));
const MULTIPLY = fileURLToPath(new URL("../tools/multiply.mjs", import.meta.url));

/**
 * @typedef {object} BenchData
 * @property {string} python
 * @property {(count: number) => Promise<{ project: string; flow: string }>} runs a flow of so many runs, one third of them failed
 * @property {(count: number) => Promise<{ project: string; step: string }>} tasks a step of so many tasks
 * @property {(lines: number) => Promise<{ project: string; task: string }>} log a task with so many lines in its log, from two sources
 * @property {() => Promise<{ project: string; artifact: string }>} dicts a list of 1,000,000 dictionaries
 */

/**
 * @param {(line: string) => void} log
 * @returns {Promise<BenchData>}
 */
export async function benchData(log) {
  const { python, project, runs } = await fixtureStore(log);
  const key = createHash("sha1").update(project);
  for (const file of [MULTIPLY, MAKE_LOG]) key.update(await readFile(file));
  const hash = key.digest("hex").slice(0, 12);
  const runOf = (/** @type {string} */ name) => runs[name] ?? "";
  return {
    python,
    runs: async (count) => {
      const models = ["nightly", "nightly-error", "nightly-recovered"].map(runOf);
      const folder = await cachedFolder(`bench/${hash}/runs-${count}`, async (out) => {
        log(`multiplying ${models.join(", ")} to ${count} runs in ${out}`);
        multiplyRuns({ project, runs: models, count, out });
      });
      return { project: folder, flow: "NightlyFlow" };
    },
    tasks: async (count) => {
      const run = runOf("score");
      const folder = await cachedFolder(`bench/${hash}/tasks-${count}`, async (out) => {
        log(`multiplying a task of ${run} to ${count} tasks in ${out}`);
        multiplyTasks({ project, task: `${run}/score/2`, count, out });
      });
      return { project: folder, step: `${run}/score` };
    },
    log: async (lines) => {
      const task = `${runOf("noisy")}/start/1`;
      const folder = await cachedFolder(`bench/${hash}/log-${lines}`, async (out) => {
        log(`writing a log of ${lines} lines with Metaflow's own capture into ${out}`);
        multiplyRuns({ project, runs: [runOf("noisy")], count: 1, out });
        await mustRun(python, [MAKE_LOG, join(out, ".metaflow", task), String(lines)]);
      });
      return { project: folder, task };
    },
    dicts: async () => {
      const version = createHash("sha1")
        .update(await readFile(MANY_DICTS))
        .digest("hex")
        .slice(0, 12);
      const folder = await cachedFolder(`bench/dicts-${version}`, async (out) => {
        log(`pickling 1,000,000 dictionaries with Metaflow into ${out}`);
        const env = metaflowEnv(python, "ada");
        await mustRun(python, [MANY_DICTS, "--no-pylint", "run"], { cwd: out, env });
      });
      const flow = join(folder, ".metaflow", "ManyDictsFlow");
      const run = (await readdir(flow)).find((name) => /^\d+$/.test(name)) ?? "";
      return { project: folder, artifact: `ManyDictsFlow/${run}/start/1/rows` };
    },
  };
}
