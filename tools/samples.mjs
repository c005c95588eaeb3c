/**
 * The sample datastore: made by real Metaflow from `samples/flows`, kept as `samples/datastore.tgz`.
 *
 *   npm run samples               makes it anew (a few minutes)
 *   node tools/samples.mjs DIR    unpacks it into DIR
 */
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SAMPLES } from "../samples/plan.mjs";
import { runPlan } from "../samples/run.mjs";
import { ensurePython } from "./python.mjs";

/** The committed archive of a `.metaflow` folder. */
export const ARCHIVE = fileURLToPath(new URL("../samples/datastore.tgz", import.meta.url));
const LIMIT_BYTES = 3_000_000;

/**
 * Unpacks the sample datastore.
 * @param {string} target folder that shall hold `.metaflow`; made when it is missing
 * @param {readonly string[]} [flows] names of flows, when not all are wanted
 * @returns {Promise<string>} path of the `.metaflow` folder
 */
export async function unpackSamples(target, flows) {
  const { extract } = await import("tar");
  await mkdir(target, { recursive: true });
  const wanted = flows?.concat("data").map((name) => `.metaflow/${name}/`);
  const filter = (/** @type {string} */ path) => wanted?.some((folder) => path.startsWith(folder)) ?? true;
  await extract({ file: ARCHIVE, cwd: target, filter });
  return join(target, ".metaflow");
}

/**
 * Packs a project's `.metaflow` without owners. Records of one kind lie side by side, which makes the archive a third smaller.
 * @param {string} project
 */
async function pack(project) {
  const { create } = await import("tar");
  const all = await readdir(join(project, ".metaflow"), { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1));
  const kind = (/** @type {string} */ file) => basename(file).replace(/_\d+\.json$/, "");
  files.sort((a, b) => compare(kind(a), kind(b)) || compare(a, b));
  await create(
    { file: ARCHIVE, cwd: project, gzip: { level: 9 }, portable: true, noDirRecurse: true },
    files,
  );
  return (await stat(ARCHIVE)).size;
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function main() {
  const [target] = process.argv.slice(2);
  if (target !== undefined) {
    console.log(await unpackSamples(target));
    return;
  }
  const log = (/** @type {string} */ line) => console.error(line);
  const python = await ensurePython({ log });
  const folder = await mkdtemp(join(tmpdir(), "metaflow-samples-"));
  const project = join(folder, "churn");
  await runPlan({ python, project, plan: SAMPLES, log });
  const size = await pack(project);
  await rm(folder, { recursive: true, force: true });
  log(`${ARCHIVE}: ${(size / 1e6).toFixed(2)} MB`);
  if (size > LIMIT_BYTES) throw new Error(`the archive is larger than ${LIMIT_BYTES / 1e6} MB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
