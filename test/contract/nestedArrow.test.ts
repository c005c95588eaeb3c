/** Columns of Arrow whose values are containers, against what the libraries say of each value. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPickle, type Tagged } from "../../src/pickle/index.ts";
import { saidBy, STACKS } from "./libraryCases.ts";
import { difference } from "./taggedForm.ts";

interface Told {
  readonly name: string;
  /** The pickle, in base64. */
  readonly data: string;
  /** `null`: what polars calls a type is not Arrow's name for it. */
  readonly dtype: string | null;
  /** Python's text of each value; `null` where it is missing. */
  readonly texts: readonly (string | null)[];
  readonly tagged: Tagged | null;
}

const MISSING = new Set(["none", "na", "nan", "nat"]);

describe.each(STACKS.filter((stack) => stack !== "old"))(
  "a column of Arrow that %s libraries pickled",
  (stack) => {
    it("has cells that are the values which the library makes of them", async () => {
      const stdout = await saidBy(stack, join(import.meta.dirname, "nestedArrow.py"));
      const told = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Told);
      expect(told.length).toBeGreaterThan(200);
      const unlike: string[] = [];
      for (const { name, data, dtype, texts, tagged } of told) {
        const { root } = await openPickle(Buffer.from(data, "base64"));
        const table = root.table();
        if (table === undefined) {
          unlike.push(`${name}: no table, but ${root.preview}`);
          continue;
        }
        const column = table.column(0);
        const cells = Array.from({ length: table.rowCount }, (_, row) => column.cell(row));
        const found = cells.map(({ text, kind }) => (MISSING.has(kind) ? null : text));
        const nan = texts.map((text) => (text === "nan" ? null : text));
        if (JSON.stringify(found) !== JSON.stringify(nan))
          unlike.push(`${name}: ${JSON.stringify(found)}, not ${JSON.stringify(nan)}`);
        if (dtype !== null && column.dtype !== dtype) unlike.push(`${name}: ${column.dtype}, not ${dtype}`);
        const why = tagged === null ? undefined : difference(await root.tagged(), tagged, "");
        if (why !== undefined) unlike.push(`${name}: ${why}`);
        await root.toValue();
        for (const { value } of await root.children()) await value.children();
      }
      expect(unlike).toEqual([]);
    });
  },
);
