/**
 * Sets everything up and runs every suite; the last line is `N passed, N failed`, and the exit status tells.
 *
 *   npm test                          everything
 *   npm test -- unit contract         some suites: checks, unit, contract, stores, host-newest, host-minimum (host: both), ui
 *   npm test -- host --grep tags      only tests whose name holds a text
 *
 * Nothing but Node is used until the dependencies are there.
 */
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.mjs";
import { ensureDependencies } from "./npm.mjs";
import { ensurePython } from "./python.mjs";
import { ensureVscode } from "./vscode/install.mjs";

/** @typedef {{ passed: number; failed: number }} Counts */
/** @typedef {(line: string) => void} Log */
/** @typedef {{ grep: string | undefined; vscode: (age: "newest" | "minimum") => Promise<unknown>; python: () => Promise<string>; chromium: () => Promise<unknown> }} Setup */
/** @typedef {{ name: string; lane: 0 | 1; needs: readonly ("python" | "newest" | "minimum" | "chromium")[]; run: (setup: Setup, log: Log) => Promise<Counts> }} Suite */

const MINUTE_MS = 60_000;

/** Two lanes for two cores: what computes, and what waits for a browser or a server. @type {readonly Suite[]} */
const SUITES = [
  {
    name: "checks",
    lane: 0,
    needs: [],
    run: async (_setup, log) => (await import("./suites/checks.mjs")).runChecks({ log }),
  },
  vitest("unit", 0, [], 10 * MINUTE_MS),
  vitest("contract", 0, ["python"], 20 * MINUTE_MS),
  host("newest"),
  host("minimum"),
  vitest("ui", 1, ["python", "newest", "chromium"], 30 * MINUTE_MS),
  vitest("stores", 1, ["python"], 20 * MINUTE_MS),
];

/**
 * @param {string} name
 * @param {0 | 1} lane
 * @param {Suite["needs"]} needs
 * @param {number} timeoutMs
 * @returns {Suite}
 */
function vitest(name, lane, needs, timeoutMs) {
  const go = async (/** @type {Setup} */ { grep }, /** @type {Log} */ log) =>
    (await import("./suites/vitest.mjs")).runVitest(name, { grep, timeoutMs, log });
  return { name, lane, needs, run: go };
}

/**
 * @param {"newest" | "minimum"} age
 * @returns {Suite}
 */
function host(age) {
  return {
    name: `host-${age}`,
    lane: 1,
    needs: ["python", age, "chromium"],
    run: async ({ grep, python }, log) =>
      (await import("./host.mjs")).runHost(age, { python: await python(), grep, log }),
  };
}

/** Starts the work once, when it is first asked for. @template T @param {() => Promise<T>} work */
function once(work) {
  /** @type {Promise<T> | undefined} */
  let result;
  return () => {
    result ??= work();
    // Who needs it hears of the failure; nobody else shall.
    result.catch(() => undefined);
    return result;
  };
}

const begun = performance.now();
const seconds = () => ((performance.now() - begun) / 1000).toFixed(0).padStart(4);

/** Lines of one suite among those of others. @param {string} name @returns {Log} */
const logOf = (name) => (text) => {
  for (const line of text.split("\n")) console.log(`${seconds()} s  ${name.padEnd(12)} ${line}`);
};

/** What was asked for. */
function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: "string" } },
  });
  const known = new Set([...SUITES.map(({ name }) => name), "host"]);
  for (const name of positionals)
    if (!known.has(name)) throw new Error(`there is no suite ${name}; there are ${[...known].join(", ")}`);
  const isWanted = (/** @type {string} */ name) =>
    positionals.length === 0
      ? values.grep === undefined || name !== "checks"
      : positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`));
  return { grep: values.grep, suites: SUITES.filter(({ name }) => isWanted(name)) };
}

/** @returns {Promise<Counts>} */
async function main() {
  const { grep, suites } = options();
  const log = logOf("set-up");
  const chromium = once(async () => ensureChromium(log));
  const python = once(async () => ensurePython({ log }));
  const newest = once(async () => ensureVscode("newest", log));
  // One after the other: both are bound by the network and the disk.
  const minimum = once(async () => {
    await newest().catch(() => undefined);
    return ensureVscode("minimum", log);
  });
  const needs = { chromium, python, newest, minimum };
  const dependencies = ensureDependencies(log);
  for (const need of new Set(suites.flatMap((suite) => suite.needs))) void needs[need]();
  await dependencies;

  /** @type {Setup} */
  const setup = { grep, python, chromium, vscode: async (age) => needs[age]() };
  /** @type {Map<string, Counts & { durationMs: number }>} */
  const results = new Map();
  const runLane = async (/** @type {0 | 1} */ lane) => {
    for (const suite of suites.filter((one) => one.lane === lane)) {
      const suiteLog = logOf(suite.name);
      const began = performance.now();
      /** @type {Counts} */
      let counts;
      try {
        await Promise.all(suite.needs.map(async (need) => needs[need]()));
        suiteLog("begins");
        counts = await suite.run(setup, suiteLog);
      } catch (error) {
        suiteLog(`✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        counts = { passed: 0, failed: 1 };
      }
      suiteLog(`${counts.passed} passed, ${counts.failed} failed`);
      results.set(suite.name, { ...counts, durationMs: performance.now() - began });
    }
  };
  await Promise.all([runLane(0), runLane(1)]);

  console.log();
  const total = { passed: 0, failed: 0 };
  for (const { name } of suites) {
    const { passed, failed, durationMs } = results.get(name) ?? { passed: 0, failed: 1, durationMs: 0 };
    total.passed += passed;
    total.failed += failed;
    console.log(
      `${name.padEnd(13)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${(durationMs / 1000).toFixed(0).padStart(5)} s`,
    );
  }
  console.log(`${"in all".padEnd(13)} ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return total;
}

main()
  .catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  })
  .then(({ passed, failed }) => {
    // A test that leaves something running does not keep the answer from being given; what the tools started ends with them.
    process.stdout.write(`${passed} passed, ${failed} failed\n`, () =>
      process.exit(failed === 0 && passed > 0 ? 0 : 1),
    );
  });
