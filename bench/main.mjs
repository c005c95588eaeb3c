/**
 * Measures this client beside Metaflow's Python client, on data that real Metaflow made and a script multiplied, and prints a table.
 *
 *   npm run bench                    everything; needs `dist/` (built when it is missing)
 *   npm run bench -- runs log        rows whose name contains one of the words
 *   npm run bench -- host sizes      those of the extension
 *   npm run bench -- values          large values beside `pickle.loads`; the first time it makes 4 GB of them in the cache
 *   npm run bench -- tables          large tables put in order, searched, copied and drawn; the first time it makes 1 GB more
 *   npm run bench -- screen          a large frame in VS Code's window
 *   npm run bench -- --rounds 9
 *
 * Below come the extension's own figures: rows "host" from inside the newest VS Code's extension host, each measured in a host of its own, and
 * sizes.
 *
 * Two processes, one a client, are asked in turn. Each measurement opens a new session, with the system's file cache warm for both; the times
 * are medians. Before anything is timed, both have answered once and their answers were compared. Rows "service" are of metadata services on
 * loopback, in a process of their own; how many requests each client made is told, and of this client the longest that it held its thread.
 */
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "../tools/process.mjs";
import { measure } from "./clients.mjs";
import { benchData } from "./data.mjs";
import { HOST_ROWS, hostTable } from "./hostTable.mjs";
import { PROFILE_ROWS, profileTable } from "./profileTable.mjs";
import { rowsOf } from "./rows.mjs";
import { SCREEN_ROWS, screenTable } from "./screenTable.mjs";
import { sizeTable } from "./sizeTable.mjs";
import { TABLE_ROWS, tableTable } from "./tableTable.mjs";
import { VALUE_ROWS, valueTable } from "./valueTable.mjs";
import { time, verdict } from "./words.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const HEAD = [
  "| what | Python client | requests | this client | requests | longest hold | faster | goal | |",
  "|---|--:|--:|--:|--:|--:|--:|---|---|",
].join("\n");
/** So long may the thread be held. */
const HOLD_MS = 10;

/**
 * The row of the table for a measurement.
 * @param {import("./rows.mjs").Row} row
 * @param {Awaited<ReturnType<typeof measure>>} figures
 */
function report(row, { theirs, ours }) {
  const ratio = theirs.ms / ours.ms;
  const goal = row.atLeast === undefined ? `<= ${row.atMostMs ?? 0} ms` : `>= ${row.atLeast}x`;
  const met = row.atLeast === undefined ? ours.ms <= (row.atMostMs ?? 0) : ratio >= row.atLeast;
  const requests = (/** @type {number} */ count) => (count === 0 ? "" : String(count));
  const hold = ours.hold <= HOLD_MS ? time(ours.hold) : `**${time(ours.hold)}**`;
  const cells = [
    row.name,
    time(theirs.ms),
    requests(theirs.requests),
    time(ours.ms),
    requests(ours.requests),
    hold,
    `${ratio.toFixed(1)}x`,
    goal,
    verdict(met),
  ];
  return `| ${cells.join(" | ")} |`;
}

async function main() {
  const args = process.argv.slice(2);
  const at = args.indexOf("--rounds");
  const rounds = at < 0 ? 5 : Number(args.splice(at, 2)[1]);
  const log = (/** @type {string} */ line) => console.error(line);
  const isWanted = (/** @type {string} */ name) =>
    args.length === 0 || args.some((word) => name.includes(word));
  if (!existsSync(join(ROOT, "dist", "client.mjs"))) await mustRun("npm", ["run", "build"], { cwd: ROOT });
  const data = await benchData(log);
  console.log(
    `Node ${process.version}, Metaflow's Python client 2.19.39, ${cpus().length} cores, medians of ${rounds} (3 for 100,000 runs)\n`,
  );
  const rows = rowsOf(data).filter(({ name }) => isWanted(name));
  if (rows.length > 0) console.log(HEAD);
  for (const row of rows) {
    log(`measuring: ${row.name}`);
    try {
      console.log(report(row, await measure(row, { python: data.python, rounds })));
    } catch (error) {
      process.exitCode = 1;
      console.log(
        `| ${row.name} | | | | | | | | **not measured**: ${error instanceof Error ? error.message.split("\n")[0] : String(error)} |`,
      );
      log(error instanceof Error ? error.message : String(error));
    }
  }
  await data.close();
  const valueRows = VALUE_ROWS.filter(({ name }) => isWanted(name));
  if (valueRows.length > 0)
    console.log(`\n${await valueTable(data, valueRows, { rounds: Math.min(rounds, 3), log })}`);
  const tableRows = TABLE_ROWS.filter(({ name }) => isWanted(name));
  if (tableRows.length > 0)
    console.log(`\n${await tableTable(data, tableRows, { rounds: Math.min(rounds, 3), log })}`);
  const hostRows = HOST_ROWS.filter(({ name }) => isWanted(name));
  if (hostRows.length > 0) console.log(`\n${await hostTable(data, hostRows, { rounds, log })}`);
  const screenRows = SCREEN_ROWS.filter(({ name }) => isWanted(name));
  if (screenRows.length > 0) console.log(`\n${await screenTable(screenRows, { rounds, log })}`);
  const profileRows = PROFILE_ROWS.filter(({ name }) => isWanted(name));
  if (profileRows.length > 0) console.log(`\n${await profileTable(profileRows, { rounds, log })}`);
  if (isWanted("sizes")) console.log(`\n${await sizeTable()}`);
}

await main();
