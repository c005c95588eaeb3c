/** How long the columns of frames are profiled, beside what pandas takes to describe them. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { removeFolder } from "../tools/files.mjs";
import { mustRun } from "../tools/process.mjs";
import { frameFile, MAKE_FRAMES } from "./frames.mjs";
import { median, time, verdict } from "./words.mjs";

const PROFILE = fileURLToPath(new URL("profile.ts", import.meta.url));
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
  const scratch = await mkdtemp(join(tmpdir(), "metaflow-bench-"));
  const bundle = join(scratch, "profile.mjs");
  await build({ entryPoints: [PROFILE], outfile: bundle, bundle: true, platform: "node", format: "esm" });
  const lines = [
    "| what | pandas' describe | first estimate | goal | | exact | goal | | longest hold |",
    "|---|--:|--:|---|---|--:|---|---|--:|",
  ];
  for (const { name, rows, atMostMs } of wanted) {
    log(`measuring: ${name}`);
    const { file, python } = await frameFile(rows, log);
    const theirs = linesOf(await mustRun(python, [MAKE_FRAMES, "describe", file, "3"])).map(Number);
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
