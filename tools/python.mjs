/**
 * Python with the pinned Metaflow, for the samples, the contract tests and the benchmarks; the extension itself needs none.
 *
 *   node tools/python.mjs          prepares it and prints the interpreter's path
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder } from "./cache.mjs";
import { mustRun, run } from "./process.mjs";

const REQUIREMENTS = fileURLToPath(new URL("../test/fixtures/requirements.txt", import.meta.url));
const OLDEST = [3, 9];

/**
 * The first of `python3.11`, `python3`, `python` that is new enough.
 * @returns {Promise<{ command: string; version: string }>} `version` such as `3.11.2`
 */
async function systemPython() {
  for (const command of ["python3.11", "python3", "python"]) {
    const { code, output } = await run(command, ["-c", "import platform; print(platform.python_version())"]);
    const version = output.trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
    if (code === 0 && (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)))
      return { command, version };
  }
  throw new Error(
    `no Python ${OLDEST.join(".")} or newer was found on PATH; on Debian: apt-get install python3 python3-venv`,
  );
}

/**
 * Makes an empty virtual environment. A plain Debian ships Python without ensurepip: then its package is installed when we may.
 * @param {string} python
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function makeVenv(python, folder, log) {
  const first = await run(python, ["-m", "venv", "--clear", folder]);
  if (first.code === 0) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    log("python3-venv is missing: installing it with apt-get");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "python3-venv"], { env });
    const second = await run(python, ["-m", "venv", "--clear", folder]);
    if (second.code === 0) return;
  }
  throw new Error(
    `cannot make a Python environment in ${folder} (on Debian: apt-get install python3-venv):\n${first.output}`,
  );
}

/**
 * The text of a requirements file with those that it includes.
 * @param {string} file
 * @returns {Promise<string>}
 */
async function pinsOf(file) {
  const text = await readFile(file, "utf8");
  const included = [...text.matchAll(/^-r (\S+)$/gm)].map(([, name = ""]) => join(dirname(file), name));
  return [text, ...(await Promise.all(included.map(pinsOf)))].join("\n");
}

/**
 * The interpreter of an environment that holds `requirements`, made on first use in the cache folder.
 * @param {{ log?: (line: string) => void; requirements?: string }} [options] `requirements`: path of a pip requirements file
 * @returns {Promise<string>} path of the interpreter
 */
export async function ensurePython({ log = () => undefined, requirements = REQUIREMENTS } = {}) {
  const pins = await pinsOf(requirements);
  const { command, version } = await systemPython();
  const key = createHash("sha1").update(`${version}\n${pins}`).digest("hex").slice(0, 12);
  const build = async (/** @type {string} */ folder) => {
    log(`installing Metaflow for Python ${version} into ${folder} (once, about half a minute)`);
    const interpreter = join(folder, "bin", "python");
    await makeVenv(command, folder, log);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    await mustRun(interpreter, ["-m", "pip", "install", ...quiet, "-r", requirements]);
    await mustRun(interpreter, ["-c", "import metaflow"]);
  };
  const folder = await cachedFolder(`python/${key}`, build, { log, verify: ["bin/python"] });
  return join(folder, "bin", "python");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await ensurePython({ log: (line) => console.error(line) }));
}
