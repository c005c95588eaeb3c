/**
 *   npm run wasm      compiles src/wasm and writes what came out to where it is used, as text: nobody who builds or tests needs the compiler
 */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeFolder } from "./files.mjs";
import { mustRun } from "./process.mjs";

const ROOT = join(import.meta.dirname, "..");
const COMPILER = join(ROOT, "node_modules/assemblyscript/bin/asc.js");
const SOURCE = "src/wasm/digits.ts";
const MODULE = "src/worker/arrange/digitsModule.ts";
/** Pages of 64 kB: what the source lays out. */
const PAGES = "10";
const OPTIONS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--initialMemory",
  PAGES,
  "--maximumMemory",
  PAGES,
];
/** Characters of a line. */
const WIDTH = 100;

/** The module of the source, by the compiler that the lock file names: as a program, for its types would be everybody's. */
async function compiled() {
  const folder = await mkdtemp(join(tmpdir(), "metaflow-wasm-"));
  let base64 = "";
  try {
    const file = join(folder, "digits.wasm");
    await mustRun(process.execPath, [COMPILER, SOURCE, "-o", file, ...OPTIONS], { cwd: ROOT });
    base64 = (await readFile(file)).toString("base64");
  } finally {
    await removeFolder(folder);
  }
  const lines = base64.match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [];
  return [
    `// Made of ${SOURCE} by \`npm run wasm\`.`,
    "/** The WebAssembly that looks for digits, in base64. */",
    "export const DIGITS_MODULE =",
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

/** Whether the module is that of the source. @returns {Promise<string | undefined>} what is wrong */
export async function checkModule() {
  const written = await readFile(join(ROOT, MODULE), "utf8").catch(() => "");
  return written === (await compiled()) ? undefined : `${MODULE} is not that of ${SOURCE}: npm run wasm`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(join(ROOT, MODULE), await compiled());
  console.log(`${MODULE} is written.`);
}
