/** Runs planned flows with real Metaflow: starts them, ends some of them from outside, tags them, resumes them. */
import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {import("./plan.mjs").Planned} Planned */
/** What a command printed and how it ended. @typedef {{ code: number | null; signal: string | null; output: string }} Ended */

/** The folder of the sample flows. */
export const FLOWS = fileURLToPath(new URL("flows", import.meta.url));
const DEADLINE_MS = 240_000;

/**
 * The environment of a Metaflow command: nothing that a person has configured reaches it.
 * @param {string} python
 * @param {string} user
 * @returns {Record<string, string>}
 */
export function metaflowEnv(python, user) {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !name.startsWith("METAFLOW_"),
  );
  return {
    ...Object.fromEntries(/** @type {[string, string][]} */ (kept)),
    // The nodes of a parallel step are started as plain `python`.
    PATH: [dirname(python), process.env["PATH"] ?? ""].join(delimiter),
    METAFLOW_USER: user,
    METAFLOW_HOME: "/nonexistent",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
  };
}

/**
 * Starts a Metaflow command in a process group of its own.
 * @param {string} python
 * @param {readonly string[]} args
 * @param {{ cwd: string; env: Record<string, string> }} where
 * @returns {{ pid: number; ended: Promise<Ended> }}
 */
export function startPython(python, args, { cwd, env }) {
  const child = spawn(python, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (/** @type {Buffer} */ data) => (output += data.toString()));
  child.stderr.on("data", (/** @type {Buffer} */ data) => (output += data.toString()));
  const pid = child.pid ?? 0;
  /** @type {Promise<Ended>} */
  const ended = new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signalGroup(pid, "SIGKILL");
      reject(new Error(`'${args.join(" ")}' did not end in ${DEADLINE_MS / 1000} s:\n${output}`));
    }, DEADLINE_MS);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      // Orphaned tasks keep the pipes open: the exit counts, not the close.
      setImmediate(() => resolve({ code, signal, output }));
    });
  });
  return { pid, ended };
}

/**
 * @param {number} pid leader of a process group
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * Waits until a condition holds, looking every 50 ms.
 * @param {() => Promise<boolean>} condition
 * @param {string} what for the message when it never does
 * @param {number} [deadlineMs]
 */
export async function until(condition, what, deadlineMs = 60_000) {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${deadlineMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * How many tasks of a step have begun their user code, as far as metadata tells.
 * @param {string} step folder of the step
 */
export async function begunTasks(step) {
  const tasks = await readdir(step).catch(() => []);
  const begun = await Promise.all(
    tasks.map(async (task) =>
      (await readdir(join(step, task, "_meta")).catch(() => [])).some((name) =>
        name.startsWith("sysmeta_ds-root"),
      ),
    ),
  );
  return begun.filter(Boolean).length;
}

/**
 * The class name of the flow in a file.
 * @param {string} file
 */
async function flowName(file) {
  const name = /^class (\w+)\(FlowSpec\)/m.exec(await readFile(file, "utf8"))?.[1];
  if (name === undefined) throw new Error(`${file} has no flow`);
  return name;
}

/**
 * The sources of a run: the project itself, or an edited copy beside it.
 * @param {Planned} planned
 * @param {string} project
 */
async function sourcesOf(planned, project) {
  if (planned.edits === undefined) return project;
  const folder = join(dirname(project), "edited", planned.name);
  await cp(FLOWS, folder, { recursive: true });
  for (const [file, from, to] of planned.edits) {
    const text = await readFile(join(folder, file), "utf8");
    if (!text.includes(from)) throw new Error(`${planned.name}: '${from}' is not in ${file}`);
    await writeFile(join(folder, file), text.replace(from, to));
  }
  return folder;
}

/**
 * Carries out one planned run and what follows it.
 * @param {Planned} planned
 * @param {{ python: string; project: string; pathspecs: Readonly<Record<string, string>>; env: Readonly<Record<string, string>> }} context `pathspecs`: runs of earlier entries
 * @returns {Promise<string>} pathspec of the run
 */
async function carryOut(planned, { python, project, pathspecs, env: given }) {
  const file = join(await sourcesOf(planned, project), planned.flow);
  const flow = await flowName(file);
  const idFile = join(dirname(project), `${planned.name}.id`);
  const env = { ...metaflowEnv(python, planned.user), ...given };
  if (planned.package === true) env["METAFLOW_FEAT_ALWAYS_UPLOAD_CODE_PACKAGE"] = "1";
  const origin = planned.resumes === undefined ? undefined : pathspecs[planned.resumes]?.split("/")[1];
  const command = origin === undefined ? ["run"] : ["resume", "--origin-run-id", origin];
  const tags = (planned.tags ?? []).flatMap((tag) => ["--tag", tag]);
  const args = [
    file,
    "--no-pylint",
    ...(planned.top ?? []),
    ...command,
    "--run-id-file",
    idFile,
    ...tags,
    ...(planned.args ?? []).map((arg) =>
      arg.replace(/\{([\w-]+)\}/g, (whole, name) => pathspecs[name] ?? whole),
    ),
  ];
  const { pid, ended } = startPython(python, args, { cwd: project, env });
  const readId = async () => (await readFile(idFile, "utf8").catch(() => "")).trim();
  if (planned.kill !== undefined) {
    const { step, tasks, signal, target } = planned.kill;
    await until(async () => (await readId()) !== "", `the run id of ${planned.name}`);
    const folder = join(project, ".metaflow", flow, await readId(), step);
    await until(async () => (await begunTasks(folder)) >= tasks, `${tasks} tasks of ${planned.name}`);
    if (target === "group") signalGroup(pid, signal);
    else process.kill(pid, signal);
  }
  const { code, signal, output } = await ended;
  const fails = planned.ends === "fails" || planned.kill !== undefined;
  if ((code === 0) === fails)
    throw new Error(`${planned.name} ended with ${code ?? signal}, against the plan:\n${output}`);
  const id = await readId();
  for (const [user, added] of Object.entries(planned.tagged ?? {})) {
    const tag = [
      file,
      "--no-pylint",
      "tag",
      "add",
      "--run-id",
      id,
      "--namespace",
      `user:${planned.user}`,
      ...added,
    ];
    const asUser = { ...metaflowEnv(python, user), ...given };
    const tagging = await startPython(python, tag, { cwd: project, env: asUser }).ended;
    if (tagging.code !== 0) throw new Error(`tagging ${planned.name} failed:\n${tagging.output}`);
  }
  return `${flow}/${id}`;
}

/**
 * Runs a plan in a project folder that holds the flows and will hold `.metaflow`. Entries start in their order, `jobs` at a time; one that
 * resumes another waits for it.
 * @param {{ python: string; project: string; plan: readonly Planned[]; more?: readonly string[]; env?: Readonly<Record<string, string>>; jobs?: number; log?: (line: string) => void }} options `more`: further folders of flows; `env`: where records and data go, when not into the project
 * @returns {Promise<Record<string, string>>} pathspec of each entry's run, by name
 */
export async function runPlan({
  python,
  project,
  plan,
  more = [],
  env = {},
  jobs = 2,
  log = () => undefined,
}) {
  await mkdir(join(project, ".metaflow"), { recursive: true });
  for (const flows of [FLOWS, ...more]) await cp(flows, project, { recursive: true });
  /** @type {Record<string, string>} */
  const pathspecs = {};
  const waiting = [...plan];
  let done = 0;
  const worker = async () => {
    for (;;) {
      const next = waiting.findIndex(({ resumes, after }) =>
        [resumes, after].every((name) => name === undefined || name in pathspecs),
      );
      const [planned] = next < 0 ? [] : waiting.splice(next, 1);
      if (planned === undefined) {
        if (waiting.length === 0) return;
        // What is left resumes a run that another worker has under way.
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      const begun = Date.now();
      const pathspec = await carryOut(planned, { python, project, pathspecs, env });
      pathspecs[planned.name] = pathspec;
      done += 1;
      log(
        `${done}/${plan.length} ${planned.name}: ${pathspec} (${((Date.now() - begun) / 1000).toFixed(1)} s)`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return pathspecs;
}
