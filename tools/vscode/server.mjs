/** Starting the cached VS Code server, and installing an extension into it. */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asGroup, endWithUs, envOfGroup, freePort, lineSplitter, mustRun, stopTree } from "../process.mjs";

/** @typedef {import("./install.mjs").Vscode} Vscode */
/** @typedef {{ dataDir: string; port?: number; env?: Record<string, string | undefined>; smokeDriver?: boolean; startTimeoutMs?: number }} ServerOptions */
/** @typedef {{ url: string; port: number; pid: number; folderUrl(folder: string): string; log(): string; stop(): Promise<void>; ended: Promise<number> }} Server */

/** No gallery look-ups: then the page asks no host but this one. */
const QUIET = { EXTENSIONS_GALLERY: '{"serviceUrl":""}' };

/**
 * Writes user settings; an open page does not notice, so write before it loads.
 * @param {string} dataDir
 * @param {Readonly<Record<string, unknown>>} settings merged over what is there
 * @param {{ keep?: boolean }} [options] `keep`: what is there wins
 */
export async function writeSettings(dataDir, settings, { keep = false } = {}) {
  const file = join(dataDir, "data/User/settings.json");
  await mkdir(join(dataDir, "data/User"), { recursive: true });
  const before = await readFile(file, "utf8").then(
    (text) => /** @type {Record<string, unknown>} */ (JSON.parse(text)),
    () => ({}),
  );
  await writeFile(
    file,
    `${JSON.stringify(keep ? { ...settings, ...before } : { ...before, ...settings }, undefined, 2)}\n`,
  );
}

/**
 * Installs a packed extension, replacing an older copy.
 * @param {Vscode} vscode
 * @param {string} dataDir
 * @param {string} vsix
 */
export async function installExtension(vscode, dataDir, vsix) {
  const args = ["out/server-main.js", "--server-data-dir", dataDir, "--accept-server-license-terms"];
  const { output } = await mustRun(vscode.node, [...args, "--install-extension", vsix, "--force"], {
    cwd: vscode.root,
    env: QUIET,
    timeoutMs: 60_000,
  });
  if (!/successfully installed/.test(output)) throw new Error(`VS Code did not install ${vsix}:\n${output}`);
}

/**
 * Starts the server on the loopback interface and waits until it answers.
 * @param {Vscode} vscode
 * @param {ServerOptions} options `port` 0 or none: any free one; `smokeDriver`: extension development and test paths are taken from the page's payload
 * @returns {Promise<Server>}
 */
export async function startServer(
  vscode,
  { dataDir, port: wanted = 0, env = {}, smokeDriver = false, startTimeoutMs = 30_000 },
) {
  const port = await freePort(wanted);
  if (port === undefined)
    throw new Error(`port ${wanted} is in use by another program; choose another one with --port N`);
  await mkdir(dataDir, { recursive: true });
  const args = [
    ...["out/server-main.js", "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--accept-server-license-terms", "--telemetry-level", "off", "--server-data-dir", dataDir],
    ...["--reconnection-grace-time", "3"],
    ...(smokeDriver ? ["--enable-smoke-test-driver"] : []),
  ];
  const child = spawn(vscode.node, args, {
    cwd: vscode.root,
    env: envOfGroup({ ...QUIET, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
    ...asGroup,
  });
  endWithUs(child);
  let output = "";
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", (error) => {
      output += error.message;
      resolve(127);
    });
  });
  const lines = lineSplitter((line) => (output = `${output}${line}\n`.slice(-200_000)));
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (/** @type {Buffer} */ chunk) => lines.push(chunk));
  const url = `http://127.0.0.1:${port}/`;
  const stop = async () => stopTree(child);
  const answered = await Promise.race([answers(url, startTimeoutMs), ended.then(() => false)]);
  if (!answered) {
    await stop();
    throw new Error(
      `VS Code ${vscode.version} did not start on port ${port}:\n${output.split("\n").slice(-30).join("\n")}`,
    );
  }
  return {
    url,
    port,
    pid: child.pid ?? 0,
    folderUrl: (folder) => `${url}?folder=${encodeURI(folder)}`,
    log: () => output,
    stop,
    ended,
  };
}

/**
 * Whether the page is served before the deadline.
 * @param {string} url
 * @param {number} timeoutMs
 */
async function answers(url, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const ok = await fetch(`${url}version`, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
