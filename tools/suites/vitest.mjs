/** A vitest project as one suite, with its counts. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.mjs";

const ROOT = join(import.meta.dirname, "../..");

/** @typedef {{ numPassedTests: number; numFailedTests: number; testResults: { status: string; message?: string; assertionResults: unknown[] }[] }} Report */

/**
 * @param {string} project as named in `vitest.config.ts`
 * @param {{ grep?: string | undefined; timeoutMs: number; log: (line: string) => void }} options
 * @returns {Promise<{ passed: number; failed: number }>} a file that fails before its first test counts as one failure, and so does a crash
 */
export async function runVitest(project, { grep, timeoutMs, log }) {
  const file = join(ROOT, "out/test", `${project}.json`);
  await rm(file, { force: true });
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const { code } = await run(
    join(ROOT, "node_modules/.bin/vitest"),
    grep === undefined ? args : [...args, "-t", grep, "--passWithNoTests"],
    {
      cwd: ROOT,
      env: { NO_COLOR: "1", FORCE_COLOR: "0" },
      timeoutMs,
      onLine: (line) => {
        if (line.trim() !== "") log(line);
      },
    },
  );
  /** @type {Report | undefined} */
  const report = await readFile(file, "utf8").then(
    (text) => /** @type {Report} */ (JSON.parse(text)),
    () => undefined,
  );
  if (report === undefined) {
    log(`✗ the suite ended with status ${code} before it reported`);
    return { passed: 0, failed: 1 };
  }
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken;
  // An error outside of every test fails the run, though no test does.
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
