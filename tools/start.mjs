/**
 * The demo in one command: installs what is missing, builds and packs the extension, and opens it in a real VS Code in the browser.
 *
 *   npm start                            on a copy of the sample project
 *   npm start -- --folder PATH           on your own project, or any folder in or below which Metaflow kept its runs
 *   npm start -- --port N                on this port (default: 8377, or the next free one)
 *   npm start -- --metaflow              with a Python that has Metaflow in its terminals, to start runs and watch them appear
 *   npm start -- --fresh                 forgets what was done to the sample project and to the window before
 *
 * Ctrl-C stops it. Nothing but Node is used until the dependencies are there.
 */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cacheRoot, isAlive } from "./cache.mjs";
import { ensureDependencies } from "./npm.mjs";
import { freePort, run } from "./process.mjs";

const ROOT = join(import.meta.dirname, "..");
const HOME = join(ROOT, "out/start");
const DEFAULT_PORT = 8377;
const PORTS_TRIED = 20;
/** The person whose window the sample project is shown in: it has runs of two. */
const SAMPLE_USER = "ada";

const begun = performance.now();
const say = (/** @type {string} */ line) =>
  console.log(`[${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s] ${line}`);

/** What was asked for. Ends the program with one sentence when it makes no sense. */
async function options() {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      port: { type: "string" },
      metaflow: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    const source = await readFile(import.meta.filename, "utf8");
    console.log(source.slice(source.indexOf(" *   npm"), source.indexOf("*/")).replaceAll(/^ \* ?/gm, ""));
    process.exit(0);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new Error(`--port ${values.port}: a number from 1 to 65535 is meant`);
  const folder =
    values.folder === undefined
      ? undefined
      : resolve(process.env["INIT_CWD"] ?? ".", values.folder.replace(/^~(?=\/|$)/, homedir()));
  if (
    folder !== undefined &&
    !(await stat(folder).then(
      (entry) => entry.isDirectory(),
      () => false,
    ))
  )
    throw new Error(`--folder ${folder}: there is no such folder`);
  return { folder, port, metaflow: values.metaflow, fresh: values.fresh };
}

/** Where the window on a port keeps its state, and which processes serve it. @param {number} port */
const placeOf = (port) => ({ dataDir: join(HOME, String(port)), record: join(HOME, `${port}.json`) });

/**
 * Ends the server that an earlier start on this port left behind when it was killed.
 * @param {number} port
 */
async function endLeftover(port) {
  const { dataDir, record } = placeOf(port);
  const text = await readFile(record, "utf8").catch(() => "{}");
  /** @type {{ start?: number; server?: number }} */
  let { start, server } = {};
  try {
    ({ start, server } = /** @type {{ start?: number; server?: number }} */ (JSON.parse(text)));
  } catch {
    // Half written: whoever wrote it did not get as far as serving.
  }
  if (start === undefined || server === undefined || isAlive(start) || !isAlive(server)) return;
  // Its id may have been given to another program since.
  const { output } = await run("ps", ["-o", "args=", "-p", String(server)]);
  if (!output.includes(dataDir)) return;
  say("ending the VS Code that an interrupted start left behind");
  process.kill(-server, "SIGKILL");
  for (let tries = 0; tries < 50 && isAlive(server); tries++) await delay(100);
}

/**
 * The port to serve on.
 * @param {number | undefined} wanted
 * @returns {Promise<number>}
 */
async function choosePort(wanted) {
  const candidates =
    wanted === undefined ? Array.from({ length: PORTS_TRIED }, (_, n) => DEFAULT_PORT + n) : [wanted];
  for (const port of candidates) {
    await endLeftover(port);
    if ((await freePort(port)) !== undefined) return port;
  }
  const taken = wanted === undefined ? `all ports from ${DEFAULT_PORT} on are` : `port ${wanted} is`;
  throw new Error(`${taken} in use by other programs; choose another one with --port N`);
}

async function main() {
  const { folder: own, port: wanted, metaflow, fresh } = await options();
  await ensureDependencies(say);
  const [
    { demoProject },
    { pack },
    { ensurePython },
    { DEMO_SETTINGS, ensureVscode, installExtension, startServer, writeSettings },
  ] = await Promise.all([
    import("./demo.mjs"),
    import("./pack.mjs"),
    import("./python.mjs"),
    import("./vscode.mjs"),
  ]);

  await mkdir(HOME, { recursive: true });
  const port = await choosePort(wanted);
  const { dataDir, record } = placeOf(port);
  const vsix = join(HOME, `${port}.vsix`);
  if (fresh) {
    await rm(dataDir, { recursive: true, force: true });
    if (own === undefined) await rm(join(cacheRoot(), "demo"), { recursive: true, force: true });
  }
  say("building and packing the extension");
  const [vscode, folder, python] = await Promise.all([
    ensureVscode("newest", say),
    own ?? demoProject(say),
    metaflow ? ensurePython({ log: say }) : undefined,
    pack(vsix, { folder: join(HOME, `${port}-package`) }),
    writeSettings(dataDir, DEMO_SETTINGS, { keep: true }),
  ]);
  say(`installing it into VS Code ${vscode.version}`);
  await installExtension(vscode, dataDir, vsix);
  const server = await startServer(vscode, {
    dataDir,
    port,
    env: {
      ...(own === undefined ? { METAFLOW_USER: SAMPLE_USER } : {}),
      ...(python === undefined ? {} : { PATH: `${dirname(python)}:${process.env["PATH"] ?? ""}` }),
    },
  });
  await writeFile(record, JSON.stringify({ start: process.pid, server: server.pid }));

  let isStopping = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      console.log();
      say("stopping");
      void server
        .stop()
        .then(() => rm(record, { force: true }))
        .then(() => process.exit(0));
    });
  }
  say(`VS Code shows ${folder}`);
  console.log(
    `\n  ${server.folderUrl(folder)}\n\nOpen it in a browser, then click the Metaflow icon on the left. Ctrl-C stops.`,
  );
  const code = await server.ended;
  if (isStopping) return;
  console.error(
    `VS Code ended by itself with status ${code}:\n${server.log().split("\n").slice(-20).join("\n")}`,
  );
  process.exit(1);
}

main().catch((/** @type {unknown} */ error) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
