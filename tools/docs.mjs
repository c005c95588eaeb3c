/**
 *   npm run docs      writes docs/reference, the library's reference, from the doc comments of what it exports
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeReference } from "./docs/reference.mjs";

const ROOT = join(import.meta.dirname, "..");
const REFERENCE = "docs/reference";

/** Whether the reference is that of the sources. @returns {Promise<string | undefined>} what is wrong */
export async function checkReference() {
  const made = join(ROOT, "out/checks/reference");
  const problems = [...(await writeReference(made, join(ROOT, "out/checks/declarations")))];
  if (!(await same(made, join(ROOT, REFERENCE))))
    problems.push(`${REFERENCE} is not that of the sources: npm run docs`);
  return problems.length === 0 ? undefined : problems.join("\n");
}

/** Whether two folders hold the same files. @param {string} left @param {string} right */
async function same(left, right) {
  const [ours, theirs] = await Promise.all([contents(left), contents(right)]);
  return ours === theirs;
}

/** @param {string} folder */
async function contents(folder) {
  const names = (await readdir(folder).catch(() => [])).sort();
  return JSON.stringify(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")])),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = await writeReference(join(ROOT, REFERENCE), join(ROOT, "out/docs"));
  for (const problem of problems) console.error(problem);
  console.log(`${REFERENCE} is written.`);
  if (problems.length > 0) process.exitCode = 1;
}
