/** Measures the packed extension inside the extension host of the newest VS Code, a new host for each measurement. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { launchChromium } from "../tools/chromium.mjs";
import { removeFolder } from "../tools/files.mjs";
import { openTests } from "../tools/host.mjs";
import { ROOT, stage } from "../tools/pack.mjs";
import { ensureVscode, startServer, TEST_SETTINGS, writeSettings } from "../tools/vscode.mjs";

/** @typedef {import("./inside.ts").Answer} Answer */
/** @typedef {import("./inside.ts").Ask} Ask */
/** What is opened, and the datastore that it is in. @typedef {Ask & { datastore: string }} Question */

const TIMEOUT_MS = 60_000;

/**
 * Asks each question so many times, in turn.
 * @template {string} Name
 * @param {Record<Name, Question>} questions
 * @param {{ rounds: number; log: (line: string) => void }} options
 * @returns {Promise<Record<Name, Answer[]>>}
 */
export async function measureInHost(questions, { rounds, log }) {
  // Below the project, so that what lies beside the extension is found as it is by the tests.
  const extension = join(ROOT, "out/bench", String(process.pid));
  const temporary = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  const dataDir = join(temporary, "vscode");
  const names = /** @type {Name[]} */ (Object.keys(questions));
  /** @type {[Name, Answer[]][]} */
  const answers = names.map((name) => [name, []]);
  try {
    const vscode = await ensureVscode("newest", log);
    await stage(extension, { minify: true });
    const tests = await bundleInside(join(extension, "tests"));
    // What is watched in the folder is VS Code's own work: the datastores lie elsewhere.
    for (const name of names) await layOut(join(temporary, name), questions[name]);
    await writeSettings(dataDir, TEST_SETTINGS);
    // As the person whose runs they are.
    const env = { METAFLOW_USER: "lin", METAFLOW_HOME: join(temporary, "home") };
    const server = await startServer(vscode, { dataDir, env, smokeDriver: true });
    const browser = await launchChromium(log);
    try {
      for (let round = 0; round < rounds; round += 1) {
        for (const [name, list] of answers) {
          const project = join(temporary, name);
          const answer = join(project, "answer.json");
          await rm(answer, { force: true });
          await openTests(browser, server, {
            project,
            extension,
            tests,
            verbose: false,
            timeoutMs: TIMEOUT_MS,
            log,
          });
          list.push(JSON.parse(await readFile(answer, "utf8")));
        }
      }
    } finally {
      await browser.close();
      await server.stop();
    }
    return /** @type {Record<Name, Answer[]>} */ (Object.fromEntries(answers));
  } finally {
    await removeFolder(extension);
    await removeFolder(temporary);
  }
}

/**
 * A folder that tells what to measure.
 * @param {string} folder
 * @param {Question} question
 */
async function layOut(folder, { datastore, ...ask }) {
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(join(folder, "ask.json"), JSON.stringify(ask));
  const settings = { "metaflow.datastore.root": datastore };
  await writeFile(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
}

/**
 * @param {string} folder
 * @returns {Promise<string>} what VS Code runs as tests
 */
async function bundleInside(folder) {
  const outfile = join(folder, "index.js");
  await build({
    entryPoints: [join(import.meta.dirname, "inside.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    logLevel: "warning",
  });
  // The project is of ES modules; what VS Code loads as tests is not.
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  return outfile;
}
