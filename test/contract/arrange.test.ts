import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openPickle, type Table } from "../../src/pickle/index.ts";
import type { SortBy } from "../../src/protocol/arrange.ts";
import { Arrangement } from "../../src/worker/arrange/arrangement.ts";
import { saidBy, STACKS } from "./libraryCases.ts";

interface Told {
  readonly frame: string;
  readonly columns: readonly string[];
  readonly filters: readonly { readonly filter: string; readonly rows: readonly number[] }[];
  readonly sorts: readonly {
    readonly by: readonly (readonly [string, boolean])[];
    readonly rows: readonly number[];
  }[];
}

describe.each(STACKS)("rows of a frame of the %s pandas", (stack) => {
  let told: Told;
  let table: Table;

  beforeAll(async () => {
    told = JSON.parse(await saidBy(stack, join(import.meta.dirname, "arrange.py"))) as Told;
    const document = await openPickle(Buffer.from(told.frame, "base64"));
    await document.complete;
    const found = document.root.table();
    if (found === undefined) throw new Error("a frame has rows");
    table = found;
  }, 300_000);

  it("are those that a filter means", async () => {
    const wrong: string[] = [];
    for (const { filter, rows } of told.filters) {
      const found = await rowsOf(table, [], filter);
      if (typeof found === "string") wrong.push(`${filter}: ${found}`);
      else if (found.join() !== rows.join()) wrong.push(`${filter}: ${differing(found, rows)}`);
    }
    expect(wrong).toEqual([]);
    expect(told.filters.length).toBeGreaterThan(300);
  });

  it("come in the order that a stable sort gives, what is missing last", async () => {
    const wrong: string[] = [];
    for (const { by, rows } of told.sorts) {
      const sort = by.map(([name, descending]) => ({ column: told.columns.indexOf(name), descending }));
      const found = await rowsOf(table, sort, "");
      if (found.toString() !== rows.join()) wrong.push(JSON.stringify(by));
    }
    expect(wrong).toEqual([]);
    expect(told.sorts.length).toBeGreaterThan(80);
  });

  it("are sorted as they are when they are filtered, too", async () => {
    const rankOf = new Map(told.sorts.map(({ by, rows }) => [JSON.stringify(by), rows]));
    let compared = 0;
    for (const [at, { by }] of told.sorts.entries()) {
      const { filter, rows } = told.filters[(at * 7) % told.filters.length] ?? { filter: "", rows: [] };
      const wanted = new Set(rows);
      const sort = by.map(([name, descending]) => ({ column: told.columns.indexOf(name), descending }));
      const expected = (rankOf.get(JSON.stringify(by)) ?? []).filter((row) => wanted.has(row));
      expect(await rowsOf(table, sort, filter), `${filter} by ${JSON.stringify(by)}`).toEqual(expected);
      compared++;
    }
    expect(compared).toBeGreaterThan(80);
  });
});

async function rowsOf(table: Table, sort: readonly SortBy[], filter: string): Promise<number[] | string> {
  const arrangement = new Arrangement(table, sort, filter);
  await arrangement.done;
  if (arrangement.problem !== undefined) return JSON.stringify(arrangement.problem);
  return [...(await arrangement.rows(0, arrangement.rowCount))];
}

function differing(found: readonly number[], rows: readonly number[]): string {
  const more = found.filter((row) => !rows.includes(row)).slice(0, 5);
  const less = rows.filter((row) => !found.includes(row)).slice(0, 5);
  return `too many ${more.join()}, missing ${less.join()}`;
}
