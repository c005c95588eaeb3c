import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonRows } from "../../../../src/client/http/jsonRows.ts";

/** The text in chunks of a length. */
async function* chunksOf(text: string, length: number): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield Promise.resolve(bytes.subarray(at, at + length));
}

async function rowsOf(text: string, length = 7): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of jsonRows(chunksOf(text, length))) rows.push(...batch);
  return rows;
}

describe("jsonRows", () => {
  it("gives what JSON.parse gives, however the answer is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (rows, length, pretty) => {
          const text = JSON.stringify(rows, undefined, pretty ? 2 : 0);
          expect(await rowsOf(text, length)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it("does so also for an answer that is too long to be parsed as a whole", async () => {
    const long = { text: '"\\\\" [{,}]'.repeat(8000) };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.integer({ min: 1000, max: 70_000 }),
        async (rows, length) => {
          const text = JSON.stringify([...rows, long, ...rows, [long]]);
          expect(await rowsOf(text, length)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it("gives the first rows of a long answer before the last of it has come", async () => {
    const row = { text: "x".repeat(1000) };
    const endless = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from(`[${JSON.stringify(row)}`);
      for (;;) yield Promise.resolve(Buffer.from(`, ${JSON.stringify(row)}`));
    };
    for await (const batch of jsonRows(endless())) {
      expect(batch[0]).toEqual(row);
      break;
    }
  });

  it("refuses what is no array, what ends early and what goes on after its end", async () => {
    const wrong = ["", "  ", "{}", "<html>", '"text"', "[", '[{"a": 1}', '[{"a": 1},', '["a'];
    for (const text of [...wrong, "[1] [2]", "[1],", ",[1]", "[1, oops]", "[1}"]) {
      await expect(rowsOf(text), text).rejects.toThrow(SyntaxError);
      // And where what is wrong follows much that is right, or stands before it.
      const padding = " ".repeat(1 << 17);
      await expect(rowsOf(padding + text, 5000), text).rejects.toThrow(SyntaxError);
    }
  });

  it("takes time in proportion to the answer, whatever the size of its chunks", async () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, id) => ({ id, tags: ["a", "b"] })));
    expect(await rowsOf(text, 64)).toHaveLength(20_000);
  });
});
