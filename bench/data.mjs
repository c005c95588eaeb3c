/** What the benchmarks read: real runs, multiplied, in the cache. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { CONTRACT } from "../samples/plan.mjs";
import { metaflowEnv, runPlan } from "../samples/run.mjs";
import { fixtureStore } from "../test/fixtures/store.mjs";
import { cachedFolder } from "../tools/cache.mjs";
import { multiplyRuns, multiplyTasks } from "../tools/multiply.mjs";
import { mustRun } from "../tools/process.mjs";
import { ensurePython } from "../tools/python.mjs";
import { MetadataService } from "../test/servers/metadataService.mjs";
import { startBenchService } from "./service.mjs";

const MAKE_LOG = fileURLToPath(new URL("make_log.py", import.meta.url));
const MANY_DICTS = fileURLToPath(new URL("many_dicts_flow.py", import.meta.url));
const BIG_ARRAYS = fileURLToPath(new URL("big_arrays_flow.py", import.meta.url));
const NUMPY = fileURLToPath(new URL("../test/fixtures/pickle/new-stack.txt", import.meta.url));
const MANY_ARTIFACTS = fileURLToPath(new URL("many_artifacts_flow.py", import.meta.url));
/** What rows that a service holds depend on beside the flows. */
const SERVICE_FILES = [
  "../samples/plan.mjs",
  "../test/servers/rows.mjs",
  "../test/fixtures/requirements.txt",
].map((file) => fileURLToPath(new URL(file, import.meta.url)));
const MULTIPLY = fileURLToPath(new URL("../tools/multiply.mjs", import.meta.url));

/** @typedef {import("./service.mjs").BenchService} BenchService */
/** How an artifact lies in a file: as Metaflow keeps it, or without its gzip. @typedef {"gzip" | "pickle"} Form */
/** An artifact's pickle, of so many bytes without its gzip. @typedef {{ file: string; sizeBytes: number }} PickleFile */

/**
 * @typedef {object} BenchData
 * @property {string} python
 * @property {(count: number) => Promise<{ project: string; flow: string }>} runs a flow of so many runs, one third of them failed
 * @property {(count: number) => Promise<{ project: string; step: string }>} tasks a step of so many tasks
 * @property {(lines: number) => Promise<{ project: string; task: string }>} log a task with so many lines in its log, from two sources
 * @property {() => Promise<{ project: string; artifact: string }>} dicts a list of 1,000,000 dictionaries
 * @property {(form: Form) => Promise<PickleFile>} dictsFile the same as a file
 * @property {(name: "random" | "rounded", form: Form) => Promise<PickleFile>} array an array of 1 GiB as a file
 * @property {string} numpyPython a Python that has numpy
 * @property {() => Promise<{ project: string; task: string }>} artifacts a task with 1,000 artifacts
 * @property {() => Promise<BenchService>} service metadata services with 100,000 runs, a step of 1,000 tasks, a task with 1,000 artifacts
 * @property {() => Promise<void>} close
 */

/**
 * @param {(line: string) => void} log
 * @returns {Promise<BenchData>}
 */
export async function benchData(log) {
  const { python, project, runs } = await fixtureStore(log);
  const numpyPython = await ensurePython({ requirements: NUMPY, log });
  const key = createHash("sha1").update(project);
  for (const file of [MULTIPLY, MAKE_LOG]) key.update(await readFile(file));
  const hash = key.digest("hex").slice(0, 12);
  /** @type {Promise<BenchService> | undefined} */
  let services;
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
      const { project, run } = await ownFlow(python, { file: MANY_DICTS, flow: "ManyDictsFlow", log });
      return { project, artifact: `${run}/start/1/rows` };
    },
    dictsFile: async (form) => {
      const { project, run } = await ownFlow(python, { file: MANY_DICTS, flow: "ManyDictsFlow", log });
      return pickleFile(project, `${run}/start/1/rows`, form);
    },
    numpyPython,
    array: async (name, form) => {
      const { project, run } = await ownFlow(numpyPython, { file: BIG_ARRAYS, flow: "BigArraysFlow", log });
      return pickleFile(project, `${run}/start/1/${name}`, form);
    },
    artifacts: async () => {
      const { project, run } = await ownFlow(python, {
        file: MANY_ARTIFACTS,
        flow: "ManyArtifactsFlow",
        log,
      });
      return { project, task: `${run}/start/1` };
    },
    service: async () => {
      services ??= serviceRows(python, log).then(async (rows) =>
        startBenchService({ rows, runs: 100_000, tasks: 1000 }),
      );
      return services;
    },
    close: async () => (await services)?.stop(),
  };
}

/**
 * A flow of the benchmarks' own, run by Metaflow once.
 * @param {string} python
 * @param {{ file: string; flow: string; log: (line: string) => void }} what
 * @returns {Promise<{ project: string; run: string }>} the run's pathspec
 */
async function ownFlow(python, { file, flow, log }) {
  const folder = await cachedFolder(`bench/${flow}-${await hashOf(file)}`, async (out) => {
    log(`running ${flow} with Metaflow in ${out}`);
    await mustRun(python, [file, "--no-pylint", "run"], { cwd: out, env: metaflowEnv(python, "ada") });
  });
  const run = (await readdir(join(folder, ".metaflow", flow))).find((name) => /^\d+$/.test(name)) ?? "";
  return { project: folder, run: `${flow}/${run}` };
}

/**
 * The file that holds an artifact of a run of the benchmarks' own.
 * @param {string} project
 * @param {string} pathspec
 * @param {Form} form
 * @returns {Promise<PickleFile>}
 */
async function pickleFile(project, pathspec, form) {
  const [flow = "", run = "", step, task, name] = pathspec.split("/");
  const records = join(
    project,
    ".metaflow",
    flow,
    run,
    step ?? "",
    task ?? "",
    "_meta",
    `0_artifact_${name}.json`,
  );
  const { sha } = JSON.parse(await readFile(records, "utf8"));
  const blob = join(project, ".metaflow", flow, "data", sha.slice(0, 2), sha);
  const plain = join(project, `${sha}.pkl`);
  if (!existsSync(plain)) {
    await pipeline(createReadStream(blob), createGunzip(), createWriteStream(`${plain}.part`));
    await rename(`${plain}.part`, plain);
  }
  return { file: form === "gzip" ? blob : plain, sizeBytes: (await stat(plain)).size };
}

/** The sample runs that are multiplied behind a service: one that completed; one that did, one that was taken up again and one that failed; and one with a foreach. */
const SERVED = new Set(["ingest", "nightly", "nightly-recovered", "nightly-error", "score"]);

/**
 * What real Metaflow wrote through a metadata service, with its data in a local datastore.
 * @param {string} python
 * @param {(line: string) => void} log
 * @returns {Promise<string>} a file of rows
 */
async function serviceRows(python, log) {
  const hash = await hashOf(MANY_ARTIFACTS, ...SERVICE_FILES);
  const folder = await cachedFolder(`bench/service-${hash}-${[...SERVED].join("+")}`, async (out) => {
    log(`running sample flows with Metaflow through a metadata service in ${out}`);
    const project = join(out, "project");
    await mkdir(project);
    const service = new MetadataService();
    const env = { METAFLOW_DEFAULT_METADATA: "service", METAFLOW_SERVICE_URL: await service.start() };
    try {
      await runPlan({ python, project, plan: CONTRACT.filter(({ name }) => SERVED.has(name)), env, log });
      const own = { cwd: project, env: { ...metaflowEnv(python, "ada"), ...env } };
      await mustRun(python, [MANY_ARTIFACTS, "--no-pylint", "run"], own);
      await writeFile(join(out, "rows.json"), service.rows.serialize());
    } finally {
      await service.stop();
    }
  });
  return join(folder, "rows.json");
}

/** @param {string[]} files */
async function hashOf(...files) {
  const hash = createHash("sha1");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}
