import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { descendingInSlices, Slices, sortInSlices } from "../../../src/base/slices.ts";

describe("sortInSlices", () => {
  it("sorts as Array.sort does, equals in the order in which they came", async () => {
    const items = fc.array(fc.nat(50), { minLength: 1, maxLength: 9000, size: "max" });
    await fc.assert(
      fc.asyncProperty(items, async (keys) => {
        const numbered = keys.map((key, index) => ({ key, index }));
        const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
        const sorted = await sortInSlices([...numbered], compare, new Slices());
        expect(sorted).toEqual([...numbered].sort(compare));
      }),
      { numRuns: 20 },
    );
  });

  it("lets others have turns while it sorts a hundred thousand", async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003);
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns++;
      turning = setImmediate(turn);
    });
    const sorted = await sortInSlices(items, (a, b) => a - b, new Slices());
    clearImmediate(turning);
    expect(sorted.every((item, index) => index === 0 || item >= (sorted[index - 1] ?? 0))).toBe(true);
    expect(turns).toBeGreaterThan(3);
  });

  it("stops when nobody waits any more", async () => {
    const abort = new AbortController();
    const items = Array.from({ length: 100_000 }, (_, index) => -index);
    const sorting = sortInSlices(items, (a, b) => a - b, new Slices({ signal: abort.signal }));
    abort.abort();
    await expect(sorting).rejects.toBe(abort.signal.reason);
  });
});

describe("descendingInSlices", () => {
  it("puts the largest number first", async () => {
    const numbers = fc.array(fc.nat(), { maxLength: 9000, size: "max" });
    await fc.assert(
      fc.asyncProperty(numbers, async (given) => {
        const sorted = await descendingInSlices(Float64Array.from(given), new Slices());
        expect([...sorted]).toEqual(given.sort((a, b) => b - a));
      }),
      { numRuns: 20 },
    );
  });

  it("lets others have turns while it sorts a hundred thousand", async () => {
    const numbers = Float64Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003);
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns++;
      turning = setImmediate(turn);
    });
    await descendingInSlices(numbers, new Slices());
    clearImmediate(turning);
    expect(turns).toBeGreaterThan(1);
  });
});
