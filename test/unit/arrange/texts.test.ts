import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Slices } from "../../../src/base/slices.ts";
import { ByteNeedle } from "../../../src/pickle/byteNeedle.ts";
import { openPickle } from "../../../src/pickle/index.ts";
import type { TableColumn } from "../../../src/pickle/index.ts";
import { columnWith, Needle } from "../../../src/worker/arrange/containing.ts";
import { assemble, le, list, text } from "../pickle/assemble.ts";

/** A column of a list of dictionaries with these texts, `null` is `None`. */
async function columnOf(texts: readonly (string | null)[]): Promise<TableColumn> {
  const rows = texts.map((one) => assemble("}", text("name"), one === null ? "N" : longText(one), "s"));
  const document = await openPickle(assemble("\x80\x04", list(...rows), "."));
  await document.complete;
  const column = document.root.table()?.column(0);
  if (column === undefined) throw new Error("it has a column");
  return column;
}

/** A text of any length. */
function longText(value: string): Uint8Array {
  const data = Buffer.from(value, "utf8");
  return data.length < 256 ? text(value) : assemble("X", le(data.length, 4), data);
}

async function found(column: TableColumn, count: number, needle: Needle): Promise<boolean[]> {
  const wanted = new Uint8Array(count).fill(1);
  await columnWith(column, needle).narrow(0, count, wanted, new Slices());
  return Array.from(wanted, (one) => one === 1);
}

/** Few letters, so that parts come again, among them those whose small letters are others, or more. */
const letters = fc.constantFrom(
  "a",
  "b",
  "A",
  "B",
  "k",
  "K",
  "\u212a",
  "i",
  "İ",
  "é",
  "É",
  "Σ",
  "ς",
  "中",
  "😀",
  "1",
  " ",
  "\0",
);
const texts = fc.oneof(
  fc.string({ unit: letters, maxLength: 12 }),
  fc.string({ unit: letters, minLength: 200, maxLength: 600 }),
);

describe("a search in the texts of a column", () => {
  it("finds what is in the texts, in whatever case", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(texts, fc.constant(null)), { minLength: 1, maxLength: 8 }),
        fc.string({ unit: letters, minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (all, wanted, matchCase) => {
          const column = await columnOf(["some", ...all]);
          const needle = new Needle(wanted, matchCase);
          const isIn = (one: string | null): boolean => one !== null && needle.isIn(one);
          expect(await found(column, all.length + 1, needle)).toEqual(["some", ...all].map(isIn));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("looks at the bytes alone of what has no other letters", async () => {
    const column = await columnOf(["Apple", "é pear", "ban\u212a", null, "a".repeat(1000)]);
    const rows = [0, 1, 2, 3, 4];
    const told = (needle: ByteNeedle | undefined): unknown =>
      needle && rows.map((row) => column.has?.(row, needle));
    expect(told(ByteNeedle.of("p", false))).toEqual([true, true, undefined, undefined, false]);
    expect(told(ByteNeedle.of("p", true))).toEqual([true, true, false, undefined, false]);
    expect(told(ByteNeedle.of("aple", true))).toEqual([false, false, false, undefined, false]);
    expect(ByteNeedle.of("é", false)).toBeUndefined();
    expect(ByteNeedle.of("a".repeat(1000), false)).toBeUndefined();
    expect(ByteNeedle.of("", false)).toBeUndefined();
  });

  it("has each row where it is, in whatever order they are asked for, of a list that was made in parts", async () => {
    let count = 0;
    const part = (size: number): Uint8Array => {
      const rows = Array.from({ length: size }, () => assemble("}", text("n"), text(`row ${count++}`), "s"));
      return assemble("(", ...rows, "e");
    };
    const parts = [700, 1, 1000, 0, 1000, 3].map(part);
    const document = await openPickle(assemble("\x80\x04]", ...parts, "."));
    await document.complete;
    const column = document.root.table()?.column(0);
    fc.assert(
      fc.property(fc.array(fc.nat(count - 1)), (rows) => {
        expect(rows.map((row) => column?.cell(row).text)).toEqual(rows.map((row) => `row ${row}`));
      }),
    );
  });
});
