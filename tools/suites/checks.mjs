/**
 * What is checked without running the product: format, lint, types, arrows, dead code, texts, WebAssembly, bundles, the packed extension
 * and the library's reference.
 *
 *   npm run check                 all of them
 *   npm run check -- lint types   some of them
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../process.mjs";

const ROOT = join(import.meta.dirname, "../..");
const TIMEOUT_MS = 300_000;
const VSIX_LIMIT_BYTES = 3_000_000;
/** What a packed extension may hold; anything else does not run there. */
const PACKED = [
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^extension\/media\/[\w/.-]+\.(svg|png|md|gif)$/,
  /^extension\/l10n\/[\w.-]+\.json$/,
  /^extension\/dist\/(extension|worker|server)\.cjs$/,
  /^extension\/dist\/example\.json\.br$/,
  /^extension\/dist\/ThirdPartyNotices\.txt$/,
  /^extension\/dist\/chunks\/[\w-]+\.cjs$/,
  /^extension\/dist\/webview\/[\w.-]+\.(js|css|ttf|svg)$/,
  /^extension\/dist\/webview\/artifact\.json$/,
  /^(extension\.vsixmanifest|\[Content_Types\]\.xml)$/,
];
const NEEDED = [
  "extension/dist/extension.cjs",
  "extension/dist/worker.cjs",
  "extension/dist/ThirdPartyNotices.txt",
  "extension/dist/webview/artifact.js",
  "extension/dist/webview/artifact.json",
  "extension/package.json",
  "extension/package.nls.json",
  "extension/l10n/bundle.l10n.json",
];

/** @typedef {{ name: string; title: string; check: () => Promise<string | undefined> }} Check `check` gives what is wrong, or nothing */

/**
 * A check that is a program of `node_modules/.bin`.
 * @param {string} name
 * @param {string} title
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Check}
 */
function tool(name, title, program, args) {
  return {
    name,
    title,
    async check() {
      const { code, output } = await run(join(ROOT, "node_modules/.bin", program), args, {
        cwd: ROOT,
        timeoutMs: TIMEOUT_MS,
        env: { NO_COLOR: "1" },
      });
      return code === 0 ? undefined : output.trim();
    },
  };
}

/** The files of a zip archive, from its central directory. @param {string} file */
async function filesOfZip(file) {
  const { readFile } = await import("node:fs/promises");
  const bytes = await readFile(file);
  const names = [];
  // Each entry of the central directory begins with this signature; the name's length is at 28, the name at 46.
  for (let at = bytes.indexOf("PK\u0001\u0002", 0, "latin1"); at >= 0;) {
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString("utf8", at + 46, at + 46 + length));
    const next = at + 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    at = bytes.toString("latin1", next, next + 4) === "PK\u0001\u0002" ? next : -1;
  }
  return names;
}

/** Packs into a folder of its own and looks at what came out. */
async function packed() {
  const [{ pack }, { overBudget }] = await Promise.all([import("../pack.mjs"), import("../build/sizes.mjs")]);
  const vsix = join(ROOT, "out/checks/metaflow.vsix");
  const bundles = await pack(vsix, { folder: join(ROOT, "out/checks/package") });
  const problems = overBudget(bundles);
  const { size } = await stat(vsix);
  if (size > VSIX_LIMIT_BYTES)
    problems.push(`the packed extension has ${size} bytes, more than ${VSIX_LIMIT_BYTES}`);
  const files = await filesOfZip(vsix);
  for (const file of files)
    if (!PACKED.some((pattern) => pattern.test(file)))
      problems.push(`${file} is packed, but nothing needs it there`);
  for (const file of NEEDED) if (!files.includes(file)) problems.push(`${file} is not packed`);
  return problems.length === 0 ? undefined : problems.join("\n");
}

/** Whether what translators are given is what the sources say. */
async function translations() {
  const { checkBundle } = await import("../l10n.mjs");
  return checkBundle();
}

/** Whether the WebAssembly is that of its source. */
async function assembly() {
  const { checkModule } = await import("../wasm.mjs");
  return checkModule();
}

/** Whether the reference is that of the sources. */
async function reference() {
  const { checkReference } = await import("../docs.mjs");
  return checkReference();
}

/** @type {readonly Check[]} */
export const CHECKS = [
  tool("types", "the types of host, library, tests and tools fit", "tsc", ["-p", "tsconfig.json"]),
  tool("types", "the types of the webviews fit", "tsc", ["-p", "src/webview/tsconfig.json"]),
  tool("lint", "lint finds nothing", "eslint", [".", "--max-warnings", "0"]),
  tool("format", "every file is formatted", "prettier", ["--check", "--log-level", "warn", "."]),
  tool("arrows", "imports point down the floors and never in a circle", "depcruise", [
    "src",
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "err-long",
  ]),
  tool("dead", "no file, export or dependency is unused", "knip", ["--no-progress"]),
  { name: "l10n", title: "translators are given the texts of the sources", check: translations },
  { name: "wasm", title: "the WebAssembly is what its source compiles to", check: assembly },
  {
    name: "package",
    title: "the packed extension holds what runs, nothing else, within its budgets",
    check: packed,
  },
  {
    name: "docs",
    title: "all that the library exports is documented, and the reference says so",
    check: reference,
  },
];

/**
 * Runs the checks one after another.
 * @param {{ only?: readonly string[]; log: (line: string) => void }} options
 * @returns {Promise<{ passed: number; failed: number }>}
 */
export async function runChecks({ only = [], log }) {
  const counts = { passed: 0, failed: 0 };
  for (const { name, title, check } of CHECKS) {
    if (only.length > 0 && !only.includes(name)) continue;
    const began = performance.now();
    const problem = await check().catch((/** @type {unknown} */ error) =>
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    const seconds = `(${((performance.now() - began) / 1000).toFixed(1)} s)`;
    if (problem === undefined) {
      counts.passed++;
      log(`✓ ${title} ${seconds}`);
    } else {
      counts.failed++;
      log(`✗ ${title} ${seconds}`);
      for (const line of problem.split("\n").slice(0, 200)) log(`    ${line}`);
    }
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = await runChecks({
    only: process.argv.slice(2),
    log: (line) => console.log(line),
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
