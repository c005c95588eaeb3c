import { describe, expect, it } from "vitest";
import { openPickle, type Table, type TableCell, type TableColumn } from "../../../src/pickle/index.ts";
import { Bins } from "../../../src/worker/profile/histogram.ts";
import { profileColumns, type ProfileOptions } from "../../../src/worker/profile/index.ts";
import { NumberSet } from "../../../src/worker/profile/numberSet.ts";
import { Sketch, textHashes } from "../../../src/worker/profile/sketch.ts";
import { NumberSummary } from "../../../src/worker/profile/summary.ts";
import { Tally } from "../../../src/worker/profile/tally.ts";

const options: ProfileOptions = { exact: true, signal: new AbortController().signal };

/** A table of one column of texts or numbers, each made when it is asked for. */
function tableOf(rowCount: number, cell: (row: number) => TableCell): Table {
  const column: TableColumn = {
    labels: [],
    dtype: "object",
    family: "other",
    cell,
    key: (row) => cell(row).text,
    exact: () => ({ kind: "na" }),
  };
  return {
    kind: "columns",
    rowCount,
    columnCount: 1,
    rowLevels: [],
    columnLevels: [""],
    rowLabels: () => [],
    rowKeys: () => [],
    column: () => column,
  };
}

function numbersTable(rowCount: number, at: (row: number) => number): Table {
  const table = tableOf(rowCount, (row) => ({ text: String(at(row)), kind: "number" }));
  const column: TableColumn = {
    ...table.column(0),
    dtype: "float64",
    family: "number",
    key: at,
    missing: "nan",
    numbers: (from, to, into, { every = 1 } = {}) => {
      for (let row = from; row < to; row += every) into[(row - from) / every] = at(row);
    },
  };
  return { ...table, column: () => column };
}

describe("a count of different values", () => {
  it("is exact up to 131,072 numbers, both zeros being one and NaN none", () => {
    const set = new NumberSet();
    set.add(Float64Array.of(0, -0, NaN, 1.5, 1.5, -Infinity));
    expect(set.distinct).toEqual({ count: 3, exact: true });
    set.add(Float64Array.from({ length: 131_000 }, (_, at) => at + 10));
    expect(set.distinct).toEqual({ count: 131_003, exact: true });
  });

  it("is within two hundredths of a million numbers and of a million texts", () => {
    const numbers = new NumberSet();
    numbers.add(Float64Array.from({ length: 1_000_000 }, (_, at) => at * 0.1));
    expect(numbers.distinct.exact).toBe(false);
    expect(Math.abs(numbers.distinct.count - 1e6)).toBeLessThan(20_000);
    const sketch = new Sketch();
    for (let at = 0; at < 1_000_000; at++) sketch.add(...textHashes(`id-${at}`));
    expect(Math.abs(sketch.estimate - 1e6)).toBeLessThan(20_000);
  });

  it("keeps the texts that came first when there are too many, and counts these to the end", () => {
    const tally = new Tally();
    for (let at = 0; at < 200_000; at++) tally.add(`id-${at}`, at);
    for (let at = 0; at < 5; at++) tally.add("id-7", at);
    expect(tally.isFull).toBe(true);
    expect(tally.size).toBe(131_072);
    expect(tally.get("id-7")?.count).toBe(6);
    expect(Math.abs(tally.distinct.count - 200_000)).toBeLessThan(4000);
  });

  it("keeps long texts in a few bytes, and tells them apart by their ends", () => {
    const tally = new Tally();
    for (let at = 0; at < 40; at++) tally.add(`${"x".repeat(1_000_000)}${at % 4}`, at);
    expect(tally.distinct).toEqual({ count: 4, exact: true });
    expect(tally.counted.every(({ key }) => String(key).length < 100)).toBe(true);
  });
});

describe("a summary of numbers", () => {
  it("keeps the digits of large numbers that lie close together, over all blocks", () => {
    const summary = new NumberSummary();
    for (let block = 0; block < 100; block++)
      summary.add(
        Float64Array.from({ length: 1000 }, (_, at) => 1e12 + (at % 2)),
        (at) => at,
      );
    expect(summary.mean).toBe(1e12 + 0.5);
    expect(summary.deviation).toBeCloseTo(Math.sqrt((0.25 * 100_000) / 99_999), 12);
  });

  it("finds the row of the least integer where doubles are the same", () => {
    const exact = [2n ** 60n + 3n, 2n ** 60n + 1n, 2n ** 60n + 2n];
    const summary = new NumberSummary(0n, (row) => exact[row]);
    summary.add(Float64Array.from(exact, Number), (at) => at);
    expect([summary.leastRow, summary.greatestRow]).toEqual([1, 0]);
    expect(summary.isFine).toBe(false);
  });
});

describe("a histogram", () => {
  it("has bins of whole widths for whole numbers, whose bounds are values", () => {
    const bins = new Bins(0, 999, true);
    bins.add(Float64Array.from({ length: 1000 }, (_, at) => at));
    const { bins: made } = bins.histogram();
    expect(made).toHaveLength(63);
    expect(made[0]).toEqual({ from: "0", to: "15", count: 16 });
    expect(made.at(-1)).toEqual({ from: "992", to: "999", count: 8 });
  });

  it("reaches from the least double to the greatest", () => {
    const bins = new Bins(-Number.MAX_VALUE, Number.MAX_VALUE, true);
    bins.add(Float64Array.of(-Number.MAX_VALUE, 0, Number.MAX_VALUE, Infinity, NaN));
    const counts = bins.histogram().bins.map(({ count }) => count);
    expect([counts.length, counts[0], counts[32], counts[63]]).toEqual([64, 1, 1, 1]);
  });
});

describe("a profile", () => {
  it("estimates from at most 4,096 rows that are evenly chosen, each read once, and says of how many", async () => {
    const rows: number[] = [];
    const table = numbersTable(1_000_000, (row) => {
      rows.push(row);
      return row;
    });
    const [profile] = await profileColumns(table, { from: 0, to: 1 }, { ...options, exact: false });
    expect(profile?.rows).toEqual({ read: 4082, of: 1_000_000 });
    expect(Math.max(...rows)).toBe(999_845);
    // The ends, and what kind of number the first one is, are asked for by themselves.
    expect(new Set(rows).size).toBe(4082);
    expect(rows.length).toBe(4085);
    expect(profile?.constant).toBeUndefined();
  });

  it("is of the rows that are given alone", async () => {
    const table = numbersTable(100, (row) => row);
    const rows = { count: 3, rowAt: (at: number) => at * 10 };
    const [profile] = await profileColumns(table, { from: 0, to: 1 }, { ...options, rows });
    expect(profile?.measures).toMatchObject({ min: "0", max: "20", mean: "10.0", zeros: 1 });
    expect(profile?.rows).toEqual({ read: 3, of: 3 });
  });

  it("counts the values of times that are objects, and where they lie", async () => {
    const texts = ["2024-01-31 12:30:00", "2023-12-31 00:00:00", "2024-01-31 12:30:00"];
    const table = tableOf(3, (row) => ({ text: texts[row]!, kind: "time" }));
    const [profile] = await profileColumns(table, { from: 0, to: 1 }, options);
    expect(profile?.measures).toEqual({
      min: "2023-12-31 00:00:00",
      max: "2024-01-31 12:30:00",
      mean: "2024-01-21 00:20:00",
    });
    expect(profile?.distinct).toEqual({ count: 2, exact: true });
  });

  it("ends when it is given up, having held the thread for some milliseconds at a time", async () => {
    const abort = new AbortController();
    const table = tableOf(1_000_000_000, (row) => ({ text: `id-${row}`, kind: "text" }));
    let longest = 0;
    let last = process.cpuUsage();
    let turns = 0;
    const watch = setInterval(() => {
      const { user } = process.cpuUsage(last);
      last = process.cpuUsage();
      longest = Math.max(longest, user / 1000);
      if (++turns === 50) abort.abort();
    }, 0);
    const profiling = profileColumns(table, { from: 0, to: 1 }, { exact: true, signal: abort.signal });
    await expect(profiling).rejects.toThrow("abort");
    clearInterval(watch);
    expect(turns).toBeLessThan(60);
    // Processor time: other processes may hold this one for longer.
    expect(longest).toBeLessThan(50);
  });

  it("is of what a pickle holds, and there is none where it claims to hold more", async () => {
    const table = await arrayOf(1);
    if (table === undefined) throw new Error("eight bytes are one number");
    const [profile] = await profileColumns(table, { from: 0, to: 1 }, options);
    expect(profile?.rows).toEqual({ read: 1, of: 1 });
    expect(await arrayOf(2 ** 40)).toBeUndefined();
  });
});

/** The table of an array of doubles that claims a length, as `_reconstruct` makes it of eight bytes. */
async function arrayOf(length: number): Promise<Table | undefined> {
  const text = [
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR",
    `(I1\n(L${length}L\ntcnumpy\ndtype\n(S'f8'\nI00\nI01\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'abcdefgh'\ntb.`,
  ].join("");
  const document = await openPickle(new Uint8Array(Buffer.from(text, "latin1")));
  await document.complete;
  return document.root.table();
}
