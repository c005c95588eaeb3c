/** Asks one thing of a pickled table, so many times: `FILE ROUNDS QUESTION`. Prints {"ms", "hold"} a line for each round, in milliseconds. */
import type { Table } from "../src/pickle/index.ts";
import { Arrangement } from "../src/worker/arrange/arrangement.ts";
import { Search } from "../src/worker/arrange/search.ts";
import { copyCells } from "../src/worker/copy/index.ts";
import { openFile } from "../src/worker/file.ts";
import { rasterOf } from "../src/worker/raster.ts";
import { watchHold } from "./hold.ts";

/** What is asked, as JSON. */
export type Question =
  /** The first page of this many rows in the order of the first column, or the whole order. */
  | { readonly ask: "page" | "order"; readonly rows: number }
  /** All hits of a text, `plain` without WebAssembly. */
  | { readonly ask: "find"; readonly text: string; readonly plain?: boolean }
  /** So many rows as TSV, with their labels. */
  | { readonly ask: "copy"; readonly rows: number }
  /** Windows of so many rows and columns as pictures: the longest of several that lie apart. */
  | { readonly ask: "window"; readonly size: number };

const { signal } = new AbortController();
const WINDOWS = 8;

/** Milliseconds of an answer. */
const ANSWERS: Readonly<Record<Question["ask"], (table: Table, question: never) => Promise<number>>> = {
  page: async (table: Table, { rows }: { readonly rows: number }) => {
    const arrangement = new Arrangement({ ...table, rowCount: rows }, [{ column: 0, descending: false }], "");
    const ms = await timed(async () => {
      await arrangement.begun;
      await arrangement.rows(0, 100);
    });
    arrangement.stop();
    return ms;
  },
  order: async (table: Table, { rows }: { readonly rows: number }) =>
    timed(async () => {
      const sort = [{ column: 0, descending: false }];
      await new Arrangement({ ...table, rowCount: rows }, sort, "").done;
    }),
  find: async (table: Table, { text }: { readonly text: string }) =>
    timed(async () => {
      const search = new Search(table, undefined, text, false);
      while (!search.complete) await search.advance(1000, { signal });
    }),
  copy: async (table: Table, { rows }: { readonly rows: number }) =>
    timed(async () => {
      const all = { rows: [{ from: 0, to: rows }], columns: [{ from: 0, to: table.columnCount }] };
      await copyCells(table, { ...all, format: "tsv", headers: true, rowLabels: true });
    }),
  window: async (table: Table, { size }: { readonly size: number }) => {
    let longest = 0;
    for (let at = 0; at < WINDOWS; at++) {
      const row = Math.floor(((table.rowCount - size) * at) / (WINDOWS - 1));
      const column = Math.floor(((table.columnCount - size) * ((at * 3) % WINDOWS)) / (WINDOWS - 1));
      const [rows, columns] = [
        { from: row, to: row + size },
        { from: column, to: column + size },
      ];
      const window = { rows, columns, width: size, height: size, exact: true };
      longest = Math.max(longest, await timed(async () => rasterOf(table, window, signal)));
    }
    return longest;
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const [file = "", rounds = "1", asked = ""] = process.argv.slice(2);
const question = JSON.parse(asked) as Question; // As the table asks.
if (question.ask === "find" && question.plain === true) Reflect.deleteProperty(globalThis, "WebAssembly");
const { document } = await openFile(file);
await document.complete;
for (let round = 0; round < Number(rounds); round++) {
  const table = document.root.table();
  if (table === undefined) throw new Error(`${file} has no table`);
  const holdOf = watchHold();
  const ms = await ANSWERS[question.ask](table, question as never); // Each takes the question that it is named for.
  const hold = holdOf();
  console.log(JSON.stringify({ ms, hold }));
}
document.close();
