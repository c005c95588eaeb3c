/**
 * Runs the specs of this folder inside a real VS Code's extension host.
 *
 *   node test/host/run.mjs [newest] [minimum] [--grep TEXT] [--verbose]
 */
import { parseArgs } from "node:util";
import { ensurePython } from "../../tools/python.mjs";
import { runHost } from "../../tools/host.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string" }, verbose: { type: "boolean", default: false } },
});
const python = await ensurePython({ log: console.log });
for (const age of positionals.length > 0 ? positionals : ["newest"]) {
  if (age !== "newest" && age !== "minimum") throw new Error(`${age}: say newest or minimum`);
  const counts = await runHost(age, { python, grep: values.grep, verbose: values.verbose, log: console.log });
  console.log(`VS Code ${age}: ${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
}
