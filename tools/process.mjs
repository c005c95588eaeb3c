/** Child processes of the tools: run to the end, or started and stopped with everything they started. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";

/** @typedef {{ cwd?: string; env?: Record<string, string | undefined>; timeoutMs?: number; echo?: boolean; onLine?: (line: string) => void }} RunOptions */
/** @typedef {{ code: number; output: string; durationMs: number }} Outcome */

/** Calls `onLine` for each complete line of a stream of chunks. @param {(line: string) => void} onLine */
export function lineSplitter(onLine) {
  let rest = "";
  return {
    push(/** @type {Buffer} */ chunk) {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line.replace(/\r$/, ""));
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** Set in the environment of what a tool runs: that is one group already, and what it starts shall end with it. */
const INSIDE = "VSCODE_METAFLOW_INSIDE_TOOL";

/** How a tool starts a process that it has to end: as a group of its own, unless this process belongs to a tool's group. */
export const asGroup = { detached: process.env[INSIDE] === undefined };

/**
 * The environment of such a process.
 * @param {Record<string, string | undefined>} more
 */
export const envOfGroup = (more) => ({ ...process.env, ...more, [INSIDE]: "1" });

/**
 * Ends a process and everything in its group: politely first, by force after a while.
 * @param {import("node:child_process").ChildProcess} child started with `asGroup`
 * @param {number} [graceMs]
 */
export async function stopTree(child, graceMs = 3_000) {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(asGroup.detached ? -pid : pid, name);
    } catch {
      // It has ended by itself.
    }
  };
  const ended = child.exitCode !== null || child.signalCode !== null;
  const exit = ended ? Promise.resolve() : once(child, "exit");
  signal("SIGTERM");
  const timer = setTimeout(() => signal("SIGKILL"), graceMs);
  await exit;
  clearTimeout(timer);
  // What outlived its parent in the same group (extension hosts) goes as well.
  if (!ended) signal("SIGKILL");
}

/** Process groups to end when this process ends. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
let watching = false;

/** Ends the children when this process is told to end, so that Ctrl-C leaves nothing behind. @param {import("node:child_process").ChildProcess} child */
export function endWithUs(child) {
  running.add(child);
  child.once("exit", () => running.delete(child));
  if (watching) return;
  watching = true;
  process.once("exit", () => {
    for (const child of running) {
      try {
        if (child.pid !== undefined) process.kill(asGroup.detached ? -child.pid : child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  });
  for (const [name, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])) {
    process.on(name, () => {
      // A tool that stops its children by itself has its own listener.
      if (process.listenerCount(name) === 1) process.exit(code);
    });
  }
}

/**
 * Runs a command to its end and collects what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options] `env` is added to this process's; `echo` prints the output as it comes
 * @returns {Promise<Outcome>} `code` is 124 after a time-out, 127 when the command cannot be started
 */
export async function run(command, args, { cwd, env = {}, timeoutMs, echo = false, onLine } = {}) {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: envOfGroup(env),
    stdio: ["ignore", "pipe", "pipe"],
    ...asGroup,
  });
  endWithUs(child);
  let output = "";
  let timedOut = false;
  for (const stream of [child.stdout, child.stderr]) {
    const lines = onLine === undefined ? undefined : lineSplitter(onLine);
    stream.on("data", (/** @type {Buffer} */ chunk) => {
      output += chunk.toString("utf8");
      if (echo) process.stdout.write(chunk);
      lines?.push(chunk);
    });
    stream.on("end", () => lines?.end());
  }
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          void stopTree(child);
        }, timeoutMs);
  const code = await new Promise((/** @type {(code: number) => void} */ resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.once("close", (exitCode) => {
      resolve(timedOut ? 124 : (exitCode ?? 1));
    });
  });
  clearTimeout(timer);
  if (timedOut) output += `\n${command} was stopped after ${(timeoutMs ?? 0) / 1000} s\n`;
  return { code, output, durationMs: performance.now() - started };
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>}
 * @throws an Error with the end of the output
 */
export async function mustRun(command, args, options) {
  const outcome = await run(command, args, options);
  if (outcome.code === 0) return outcome;
  const lines = outcome.output.trim().split("\n");
  const tail = (lines.length <= 40 ? lines : [...lines.slice(0, 15), "...", ...lines.slice(-20)]).join("\n");
  throw new Error(`${[command, ...args].join(" ")} ended with status ${outcome.code}:\n${tail}`);
}

/**
 * A free TCP port of the loopback interface.
 * @param {number} [wanted] 0 lets the system choose
 * @returns {Promise<number | undefined>} undefined when `wanted` is taken
 */
export async function freePort(wanted = 0) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}
