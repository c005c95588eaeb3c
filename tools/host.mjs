/**
 * The specs of `test/host`, bundled and run inside the extension host of a real VS Code: a page in Chromium opens it with the extension from
 * its folder and the specs as its tests.
 */
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { launchChromium } from "./chromium.mjs";
import { sampleProject } from "./demo.mjs";
import { glob, removeFolder } from "./files.mjs";
import { ROOT, stage } from "./pack.mjs";
import { ensureVscode, startServer, TEST_SETTINGS, writeSettings } from "./vscode.mjs";

/** @typedef {{ passed: number; failed: number; skipped: number }} Counts */
/** @typedef {{ python: string; grep?: string | undefined; verbose?: boolean; timeoutMs?: number; log: (line: string) => void }} HostOptions */
/** @typedef {{ state: "passed" | "failed" | "pending" | "end"; title: string; error?: string; durationMs?: number }} Line */

/**
 * Bundles the specs with their entry.
 * @param {string} folder where `index.js` goes; below the project, so that mocha is found
 */
async function bundleSpecs(folder) {
  const host = join(ROOT, "test/host");
  const files = await glob(host, /\.test\.ts$/);
  const entries = files.map(
    (file) => `${JSON.stringify(file.slice(host.length + 1))}: () => import(${JSON.stringify(file)})`,
  );
  await build({
    entryPoints: [join(host, "index.ts")],
    outfile: join(folder, "index.js"),
    bundle: true,
    // No spec begins the thread that asks for its own file's address.
    logOverride: { "empty-import-meta": "silent" },
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
    plugins: [
      {
        name: "specs",
        setup(plugin) {
          plugin.onResolve({ filter: /^virtual:specs$/ }, ({ path }) => ({ path, namespace: "specs" }));
          plugin.onLoad({ filter: /.*/, namespace: "specs" }, () => ({
            contents: `export const specs = { ${entries.join(", ")} };`,
            resolveDir: host,
          }));
        },
      },
    ],
  });
  // The project is of ES modules; what VS Code loads as tests is not.
  await writeFile(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

/**
 * Runs the specs in one VS Code.
 * @param {import("./vscode/install.mjs").Age} age
 * @param {HostOptions} options `grep`: only tests whose title holds it
 * @returns {Promise<Counts>} a host that ends before its last test counts as one failure
 */
export async function runHost(age, { python, grep, verbose = false, timeoutMs = 900_000, log }) {
  const folder = join(ROOT, "out/host", `${age}-${process.pid}`);
  const temporary = await mkdtemp(join(tmpdir(), "metaflow-host-"));
  const project = join(temporary, "churn");
  const dataDir = join(temporary, "vscode");
  const extension = join(folder, "extension");
  const results = join(temporary, "results.jsonl");
  await mkdir(folder, { recursive: true });
  try {
    const vscode = await ensureVscode(age, log);
    await Promise.all([
      // Inside the extension's folder the specs get the `vscode` of the extension.
      stage(extension, { minify: false }).then(() => bundleSpecs(join(extension, "tests"))),
      sampleProject(project, log),
      writeSettings(dataDir, TEST_SETTINGS),
      writeFile(results, ""),
    ]);
    const env = {
      VSCODE_METAFLOW_RESULTS: results,
      VSCODE_METAFLOW_GREP: grep ?? "",
      VSCODE_METAFLOW_PYTHON: python,
      VSCODE_METAFLOW_HELPERS: join(ROOT, "test/helpers"),
      // Nothing of the developer's own configuration decides a test.
      METAFLOW_HOME: join(temporary, "home"),
      METAFLOW_USER: "ada",
    };
    const server = await startServer(vscode, { dataDir, env, smokeDriver: true });
    const browser = await launchChromium(log);
    try {
      await openTests(browser, server, {
        project,
        extension,
        tests: join(extension, "tests/index.js"),
        verbose,
        timeoutMs,
        log,
      });
    } finally {
      await browser.close();
      await server.stop();
    }
    const counts = await report(results, log);
    await mkdir(join(ROOT, "out/host"), { recursive: true });
    await writeFile(join(ROOT, "out/host", `${age}.json`), `${JSON.stringify(counts)}\n`);
    if (counts.failed > 0 || verbose) await printLogs(dataDir, log);
    return counts;
  } finally {
    await removeFolder(folder);
    await removeFolder(temporary);
  }
}

/**
 * Opens the page that runs the tests, and waits for their end.
 * @param {import("playwright-core").Browser} browser
 * @param {import("./vscode/server.mjs").Server} server
 * @param {{ project: string; extension: string; tests: string; verbose: boolean; timeoutMs: number; log: (line: string) => void }} options
 */
export async function openTests(browser, server, { project, extension, tests, verbose, timeoutMs, log }) {
  const remote = (/** @type {string} */ path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(extension)],
    ["extensionTestsPath", remote(tests)],
  ]);
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  /** @type {Promise<void>} */
  const exited = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", () => resolve()));
  await page.exposeFunction(
    "codeAutomationLog",
    (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
      if (verbose) log(`  ${type}: ${args.join(" ")}`);
    },
  );
  let timer;
  const deadline = new Promise((resolve) => {
    timer = setTimeout(() => {
      log(`the extension host did not end within ${timeoutMs / 1000} s`);
      resolve(undefined);
    }, timeoutMs);
  });
  await page.goto(`${server.folderUrl(project)}&payload=${encodeURIComponent(payload)}`);
  await Promise.race([exited, deadline, server.ended]);
  clearTimeout(timer);
  await page.goto("about:blank").catch(() => undefined);
}

/**
 * Reads what the tests wrote.
 * @param {string} results
 * @param {(line: string) => void} log
 * @returns {Promise<Counts>}
 */
async function report(results, log) {
  const text = await readFile(results, "utf8");
  const lines = text
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [/** @type {Line} */ (JSON.parse(line))]));
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let isComplete = false;
  for (const { state, title, error, durationMs = 0 } of lines) {
    if (state === "passed") {
      counts.passed++;
      log(`  ✓ ${title}${durationMs > 500 ? ` (${Math.round(durationMs)} ms)` : ""}`);
    } else if (state === "failed") {
      counts.failed++;
      log(`  ✗ ${title}\n${(error ?? "").replaceAll(/^/gm, "      ")}`);
    } else if (state === "pending") {
      counts.skipped++;
    } else {
      isComplete = true;
    }
  }
  if (!isComplete) {
    counts.failed++;
    log("  ✗ the extension host ended before its last test");
  }
  return counts;
}

/**
 * What the extension host and the extension logged.
 * @param {string} dataDir
 * @param {(line: string) => void} log
 */
async function printLogs(dataDir, log) {
  const noise =
    /AgentHost|sqlite3|authentication provider|ExtensionService#_doActivate|Extension host with pid|resource scoped configuration/;
  for (const file of await glob(join(dataDir, "data/logs"), /(remoteexthost|Metaflow)[^/]*\.log$/i)) {
    const lines = (await readFile(file, "utf8"))
      .split("\n")
      .filter((line) => line !== "" && !noise.test(line));
    if (lines.length > 0) log(`  --- ${file.slice(dataDir.length + 1)}\n${lines.slice(-40).join("\n")}`);
  }
}
