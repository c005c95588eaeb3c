/**
 * Multiplies what real Metaflow recorded: a run into any number of runs, a task into any number of tasks of its step, for benchmarks and for
 * looking at the extension with a full store.
 *
 *   node tools/multiply.mjs PROJECT FLOW/RUN COUNT OUT      PROJECT and OUT are folders that hold `.metaflow`
 *
 * Run ids count up in the order of their recorded times, the newest being the model's own; records carry their own ids, times and root.
 * The newest `full` runs are whole. Of the older ones the run's record is their own, their steps are links to those of a whole run, so that
 * 100,000 runs take some 600,000 inodes and under a minute.
 */
import * as fs from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Time between two runs: 100,000 of them reach back 70 days. */
const SPACING_MS = 60_000;

/** A file of metadata, parsed. @typedef {{ path: string; record: Record<string, unknown> }} MetaFile */

/**
 * A recorded folder (of a run or a task): records to be rewritten, and files of the datastore, which are the same in every copy.
 * @typedef {{ folder: string; folders: string[]; records: MetaFile[]; files: string[] }} Template
 */

/**
 * @param {string} folder
 * @returns {Template} paths are relative to the folder; folders come before what they hold
 */
function readTemplate(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({
    entry,
    path: relative(folder, join(entry.parentPath, entry.name)),
  }));
  const isRecord = (/** @type {string} */ path) =>
    basename(dirname(path)) === "_meta" || dirname(path) === "_meta";
  const files = paths.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
  return {
    folder,
    folders: ["", ...paths.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path)].sort(),
    records: files
      .filter(isRecord)
      .map((path) => ({ path, record: JSON.parse(fs.readFileSync(join(folder, path), "utf8")) })),
    files: files.filter((path) => !isRecord(path)),
  };
}

/**
 * Writes a copy of a template. Files of the datastore are hard links.
 * @param {Template} template
 * @param {string} target
 * @param {{ ids: Record<string, string>; shiftMs: number; root: string }} changes fields that get a new value; by how much times move;
 * the `.metaflow` folder that the copy belongs to
 */
function writeCopy(template, target, changes) {
  for (const folder of template.folders) fs.mkdirSync(join(target, folder), { recursive: true });
  for (const { path, record } of template.records) {
    fs.writeFileSync(
      join(target, shiftName(path, changes.shiftMs)),
      JSON.stringify(rewrite(record, changes)),
    );
  }
  for (const path of template.files) fs.linkSync(join(template.folder, path), join(target, path));
}

/**
 * `sysmeta_<field>_<ms>.json` carries the time in its name.
 * @param {string} path
 * @param {number} shiftMs
 */
function shiftName(path, shiftMs) {
  return path.replace(
    /(sysmeta_.*_)(\d+)(\.json)$/,
    (_, head, ms, tail) => `${head}${Number(ms) + shiftMs}${tail}`,
  );
}

/**
 * @param {Record<string, unknown>} record
 * @param {{ ids: Record<string, string>; shiftMs: number; root: string }} changes
 */
function rewrite(record, { ids, shiftMs, root }) {
  const changed = {
    ...record,
    ...Object.fromEntries(Object.entries(ids).filter(([name]) => name in record)),
  };
  changed["ts_epoch"] = Number(record["ts_epoch"]) + shiftMs;
  if (typeof record["location"] === "string") changed["location"] = `:root:${root}`;
  if (record["field_name"] === "ds-root") changed["value"] = root;
  return changed;
}

/**
 * Copies the parts of a flow that its runs share, and a run's files once, so that all copies can be links into the same file system.
 * @param {string} source a `.metaflow` folder
 * @param {string} root another
 * @param {string} flow
 */
function copyFlow(source, root, flow) {
  fs.mkdirSync(join(root, flow), { recursive: true });
  for (const part of ["_meta", "data"])
    fs.cpSync(join(source, flow, part), join(root, flow, part), { recursive: true });
}

/**
 * Multiplies runs of one flow.
 * @param {{ project: string; runs: readonly string[]; count: number; out: string; full?: number }} options `runs`: pathspecs of the models,
 * which take turns; `full`: how many of the newest are whole
 * @returns {string} the new `.metaflow` folder
 */
export function multiplyRuns({ project, runs, count, out, full = 120 }) {
  const [source, root] = [join(project, ".metaflow"), join(out, ".metaflow")];
  const flow = runs[0]?.split("/")[0] ?? "";
  copyFlow(source, root, flow);
  const models = runs.map((pathspec) => {
    const id = pathspec.split("/")[1] ?? "";
    const kept = join(out, "models", id);
    fs.cpSync(join(source, flow, id), kept, { recursive: true });
    return { id, template: readTemplate(kept), whole: "" };
  });
  const newest = Math.max(...models.map(({ id }) => Number(id)));
  // The newest first: the older ones link to them.
  for (let age = 0; age < count; age += 1) {
    const model = models[age % models.length];
    if (model === undefined) throw new Error("no run to multiply was given");
    const id = String(newest - age * SPACING_MS * 1000);
    const changes = {
      ids: { run_number: id },
      shiftMs: Math.round((Number(id) - Number(model.id)) / 1000),
      root,
    };
    const target = join(root, flow, id);
    if (age < full || model.whole === "") {
      writeCopy(model.template, target, changes);
      model.whole = id;
    } else {
      writeThin(model, target, changes);
    }
  }
  fs.writeFileSync(join(root, flow, "latest_run"), String(newest));
  return root;
}

/**
 * A run with a record of its own and linked steps.
 * @param {{ template: Template; whole: string }} model
 * @param {string} target
 * @param {{ ids: Record<string, string>; shiftMs: number; root: string }} changes
 */
function writeThin({ template, whole }, target, changes) {
  fs.mkdirSync(join(target, "_meta"), { recursive: true });
  const own = template.records.find(({ path }) => path === join("_meta", "_self.json"));
  if (own === undefined) throw new Error(`${template.folder} is no run`);
  fs.writeFileSync(join(target, own.path), JSON.stringify(rewrite(own.record, changes)));
  const steps = template.folders.filter((path) => path !== "" && path !== "_meta" && !path.includes("/"));
  for (const step of steps) fs.symlinkSync(join("..", whole, step), join(target, step));
}

/**
 * Multiplies a task within its step; the run is copied.
 * @param {{ project: string; task: string; count: number; out: string }} options `count`: how many tasks the step shall have
 * @returns {string} the new `.metaflow` folder
 */
export function multiplyTasks({ project, task, count, out }) {
  const [source, root] = [join(project, ".metaflow"), join(out, ".metaflow")];
  const [flow = "", run = "", step = "", id = ""] = task.split("/");
  copyFlow(source, root, flow);
  const whole = join(out, "models", run);
  fs.cpSync(join(source, flow, run), whole, { recursive: true });
  writeCopy(readTemplate(whole), join(root, flow, run), { ids: {}, shiftMs: 0, root });
  const target = join(root, flow, run, step);
  for (const name of fs.readdirSync(target))
    if (name !== "_meta") fs.rmSync(join(target, name), { recursive: true });
  const template = readTemplate(join(whole, step, id));
  for (let position = 0; position < count; position += 1) {
    const taskId = String(Number(id) + position);
    writeCopy(template, join(target, taskId), { ids: { task_id: taskId }, shiftMs: position, root });
  }
  return root;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [project, run, count, out] = process.argv.slice(2);
  if (project === undefined || run === undefined || count === undefined || out === undefined) {
    console.error("usage: node tools/multiply.mjs PROJECT FLOW/RUN COUNT OUT");
    process.exit(2);
  }
  console.log(multiplyRuns({ project, runs: [run], count: Number(count), out }));
}
