/** How long the columns of frames are profiled, beside what pandas takes to describe them. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cachedFolder } from "../tools/cache.mjs";
import { removeFolder } from "../tools/files.mjs";
import { mustRun } from "../tools/process.mjs";
import { ensurePython } from "../tools/python.mjs";
import { median, time, verdict } from "./words.mjs";

const MAKE = fileURLToPath(new URL("make_frames.py", import.meta.url));
const PROFILE = fileURLToPath(new URL("profile.ts", import.meta.url));
const STACK = fileURLToPath(new URL("../test/fixtures/pickle/new-stack.txt", import.meta.url));
/** The first estimate is of the columns on a screen. */
const ESTIMATE_MS = 100;

/** Frames by their rows, and how long all of their columns may take. */
export const PROFILE_ROWS = [
  { name: "profiles of 100,000 × 50", rows: 100_000, atMostMs: 1500 },
  { name: "profiles of 1,000,000 × 20", rows: 1_000_000, atMostMs: 2500 },
];

/**
 * A table of the frames, Python and this client in turn.
 * @param {readonly (typeof PROFILE_ROWS)[number][]} wanted
 * @param {{ rounds: number; log: (line: string) => void }} options
 */
export async function profileTable(wanted, { rounds, log }) {
  const python = await ensurePython({ requirements: STACK });
  const key = createHash("sha1").update(python);
  key.update(await readFile(MAKE));
  const folder = await cachedFolder(`bench/frames-${key.digest("hex").slice(0, 12)}`, async (out) => {
    log(`making frames in ${out}`);
    await mustRun(python, [MAKE, "make", out]);
  });
  const scratch = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  const bundle = join(scratch, "profile.mjs");
  await build({ entryPoints: [PROFILE], outfile: bundle, bundle: true, platform: "node", format: "esm" });
  const lines = [
    "| what | pandas' describe | first estimate | goal | | exact | goal | | longest hold |",
    "|---|--:|--:|---|---|--:|---|---|--:|",
  ];
  for (const { name, rows, atMostMs } of wanted) {
    log(`measuring: ${name}`);
    const file = join(folder, `${rows}.pkl`);
    const theirs = linesOf(await mustRun(python, [MAKE, "describe", file, "3"])).map(Number);
    const ours = linesOf(await mustRun(process.execPath, [bundle, file, String(rounds)])).map(
      (line) => /** @type {Record<"estimate" | "exact" | "hold", number>} */ (JSON.parse(line)),
    );
    // The first of a process is what a person waits for.
    const estimate = ours[0]?.estimate ?? Number.NaN;
    const exact = median(ours.map((one) => one.exact));
    const hold = median(ours.map((one) => one.hold));
    const cells = [name, time(median(theirs)), time(estimate), `<= ${ESTIMATE_MS} ms`];
    cells.push(
      verdict(estimate <= ESTIMATE_MS),
      time(exact),
      `<= ${atMostMs} ms`,
      verdict(exact <= atMostMs),
    );
    lines.push(`| ${[...cells, time(hold)].join(" | ")} |`);
  }
  await removeFolder(scratch);
  return lines.join("\n");
}

/** @param {{ output: string }} outcome */
function linesOf({ output }) {
  return output.trim().split("\n");
}
