import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Table } from "../../../src/pickle/index.ts";
import { Arrangement } from "../../../src/worker/arrange/arrangement.ts";
import { randomNumbers } from "../../helpers/random.ts";
import { numbersColumn, tableOf, valuesColumn } from "./tables.ts";

const ROWS = 200_000;

function large(): Table {
  const next = randomNumbers(1);
  const values = Float64Array.from({ length: ROWS }, () =>
    next() < 0.05 ? NaN : Math.floor(next() * 5000) - 2500,
  );
  const other = Float64Array.from({ length: ROWS }, () => Math.floor(next() * 10));
  return tableOf(ROWS, [numbersColumn("x", values), numbersColumn("y", other)]);
}

describe("Arrangement", () => {
  it("has the first page before the order, and it is the beginning of it", async () => {
    const table = large();
    for (const sort of [
      [{ column: 0, descending: false }],
      [{ column: 0, descending: true }],
      [
        { column: 1, descending: true },
        { column: 0, descending: false },
      ],
    ]) {
      for (const filter of ["", "y > 3", "x is null", "x > 2400"]) {
        const arrangement = new Arrangement(table, sort, filter);
        await arrangement.begun;
        const first = await arrangement.rows(0, 1000);
        await arrangement.done;
        expect(first.length).toBe(Math.min(1000, arrangement.rowCount));
        expect(await arrangement.rows(0, 1000), `${filter} ${JSON.stringify(sort)}`).toEqual(first);
      }
    }
  });

  it("keeps equal rows in their order, in both directions, and what is missing last", async () => {
    const value = fc.oneof(fc.constantFrom(0, -0, 1, Infinity, -Infinity, NaN, 5e-324), fc.double());
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 300 }), fc.boolean(), async (values, descending) => {
        const table = tableOf(values.length, [numbersColumn("x", Float64Array.from(values))]);
        const arrangement = new Arrangement(table, [{ column: 0, descending }], "");
        await arrangement.done;
        const expected = values
          .map((_, row) => row)
          .sort((a, b) => {
            const [one, other] = [values[a] ?? 0, values[b] ?? 0];
            if (Number.isNaN(one) || Number.isNaN(other))
              return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
            return one === other ? 0 : one < other === descending ? 1 : -1;
          });
        expect([...(await arrangement.rows(0, values.length))]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("shows the rows of a filter as they are found", async () => {
    const arrangement = new Arrangement(large(), [], "y < 5");
    await arrangement.begun;
    expect(arrangement.rowCount).toBeGreaterThanOrEqual(1000);
    const first = await arrangement.rows(0, 100);
    await arrangement.done;
    expect(await arrangement.rows(0, 100)).toEqual(first);
  });

  it("is given up at once, and lets others have the thread meanwhile", async () => {
    const words = valuesColumn(
      "w",
      Array.from({ length: ROWS }, (_, row) => `word ${(row * 7919) % ROWS}`),
    );
    const arrangement = new Arrangement(
      tableOf(ROWS, [words]),
      [{ column: 0, descending: false }],
      "w contains 1",
    );
    let turns = 0;
    await new Promise<void>((resolve) => {
      const turn = (): void => {
        if (++turns < 5) setImmediate(turn);
        else resolve();
      };
      setImmediate(turn);
    });
    expect(arrangement.complete).toBe(false);
    const stopped = process.cpuUsage();
    arrangement.stop();
    await expect(arrangement.done).rejects.toThrow();
    // Processor time: other processes may hold this one for longer.
    expect(process.cpuUsage(stopped).user / 1000).toBeLessThan(100);
  });

  it("ends a pattern that tries the same characters over and over", async () => {
    const words = valuesColumn("w", [`${"a".repeat(60)}!`, "b"]);
    const arrangement = new Arrangement(tableOf(2, [words]), [], 'w ~ "(a+)+$"');
    await arrangement.done;
    expect(arrangement.problem).toEqual({ code: "slow-pattern", about: "(a+)+$", from: 4, to: 12 });
  });

  it("tells what a filter asks for in vain", async () => {
    const table = tableOf(1, [numbersColumn("x", Float64Array.of(1))]);
    const problemOf = async (filter: string): Promise<unknown> => {
      const arrangement = new Arrangement(table, [], filter);
      await arrangement.done;
      expect(arrangement.rowCount).toBe(0);
      return arrangement.problem;
    };
    expect(await problemOf("y > 1")).toEqual({ code: "unknown-column", about: "y", from: 0, to: 1 });
    expect(await problemOf("x > blue")).toEqual({ code: "number-expected", about: "x", from: 4, to: 8 });
    expect(await problemOf('x ~ "("')).toMatchObject({ code: "bad-pattern", from: 4, to: 7 });
  });
});
