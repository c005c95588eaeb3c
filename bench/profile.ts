/** Profiles the columns of a pickled frame: `FILE ROUNDS`. Prints {"estimate", "exact", "hold"} a line for each round, in milliseconds. */
import { readFile } from "node:fs/promises";
import { openPickle } from "../src/pickle/index.ts";
import { profileColumns } from "../src/worker/profile/index.ts";
import { watchHold } from "./hold.ts";

/** Columns on a screen. */
const SEEN = 20;

const [file = "", rounds = "1"] = process.argv.slice(2);
const document = await openPickle(new Uint8Array(await readFile(file)));
await document.complete;

for (let round = 0; round < Number(rounds); round++) {
  const begun = performance.now();
  await profile(SEEN, false);
  const estimate = performance.now() - begun;
  const holdOf = watchHold();
  const exactBegun = performance.now();
  await profile(Infinity, true);
  const exact = performance.now() - exactBegun;
  const hold = holdOf();
  console.log(JSON.stringify({ estimate, exact, hold }));
}

async function profile(most: number, exact: boolean): Promise<void> {
  const table = document.root.table();
  if (table === undefined) throw new Error(`${file} has no table`);
  const to = Math.min(most, table.columnCount);
  const { signal } = new AbortController();
  for (let from = 0; from < to;)
    from += (await profileColumns(table, { from, to }, { exact, signal })).length;
}
