/** A folder as somebody's project looks: the sample flows, and the datastore that their runs left. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cachedFolder } from "./cache.mjs";
import { mustRun } from "./process.mjs";
import { ARCHIVE, unpackSamples } from "./samples.mjs";

const FLOWS = join(import.meta.dirname, "../samples/flows");
const PROJECT = "churn";

/** @typedef {(line: string) => void} Log */

/** Names the content of the samples. */
async function samplesHash() {
  const hash = createHash("sha1").update(await readFile(ARCHIVE));
  for (const entry of (await readdir(FLOWS, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (entry.isFile()) hash.update(entry.name).update(await readFile(join(FLOWS, entry.name)));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * The samples as they were packed, unpacked once; nobody works in it.
 * @param {Log} [log]
 */
async function pristine(log = () => undefined) {
  const name = `samples/${await samplesHash()}`;
  const folder = await cachedFolder(
    name,
    async (target) => {
      log("unpacking the sample datastore");
      const project = join(target, PROJECT);
      await cp(FLOWS, project, { recursive: true, filter: (path) => !path.includes("__pycache__") });
      await unpackSamples(project);
    },
    { log, verify: [`${PROJECT}/.metaflow`] },
  );
  return join(folder, PROJECT);
}

/**
 * Lays a fresh copy of the sample project out.
 * @param {string} target must not exist yet
 * @param {Log} [log]
 * @returns {Promise<string>} the target
 */
export async function sampleProject(target, log) {
  const source = await pristine(log);
  await mkdir(dirname(target), { recursive: true });
  // Tens of thousands of small files: the system's cp takes a tenth of the time that Node needs.
  await mustRun("cp", ["-a", source, target]);
  return target;
}

/**
 * The demo's project in the cache. It is kept between starts with what the person did to it, and made anew when the samples change.
 * @param {Log} [log]
 * @returns {Promise<string>}
 */
export async function demoProject(log) {
  const folder = await cachedFolder(
    `demo/${await samplesHash()}`,
    async (target) => {
      await sampleProject(join(target, PROJECT), log);
    },
    { ...(log === undefined ? {} : { log }), verify: [`${PROJECT}/.metaflow`] },
  );
  return join(folder, PROJECT);
}
