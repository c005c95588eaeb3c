import { describe, expect, it } from "vitest";
import { compareTexts } from "../../../src/worker/arrange/compare.ts";
import { boundOf, numberOf } from "../../../src/worker/arrange/constants.ts";
import { clockOf, timeBound } from "../../../src/worker/arrange/times.ts";

describe("constants of a filter", () => {
  it("are exact, however many digits they have", () => {
    expect(boundOf("9007199254740993")).toEqual({ floor: 9007199254740993n, isWhole: true });
    expect(boundOf("-2.5")).toEqual({ floor: -3n, isWhole: false });
    expect(boundOf("1e3")).toEqual({ floor: 1000n, isWhole: true });
    expect(boundOf("-1e-999999999")).toEqual({ floor: -1n, isWhole: false });
    expect(boundOf("1e999999999")).toBeUndefined();
    expect(numberOf("1e999999999")).toBe(Infinity);
    expect(["", ".", "e5", "1x", "--1", "0x10"].map(numberOf)).toEqual(Array(6).fill(undefined));
  });

  it("are dates of the calendar, in the zone of the column", () => {
    const clock = clockOf("datetime64[s, Europe/Berlin]");
    if (clock === undefined) throw new Error("it counts seconds");
    // Python: int(pandas.Timestamp("2024-07-01 12:00", tz="Europe/Berlin").timestamp())
    expect(timeBound("2024-07-01 12:00", clock)).toEqual({ floor: 1719828000n, isWhole: true });
    expect(timeBound("2024-02-30", clock)).toBeUndefined();
    expect(timeBound("yesterday", clock)).toBeUndefined();
    expect(clockOf("datetime64[M]")).toBeUndefined();
  });

  it("are lengths of time", () => {
    const clock = clockOf("timedelta64[ms]");
    if (clock === undefined) throw new Error("it counts milliseconds");
    // Python: pandas.Timedelta("1 days 02:00:00.5").value // 10**6
    expect(timeBound("1 days 02:00:00.5", clock)).toEqual({ floor: 93600500n, isWhole: true });
    expect(timeBound("1.5h", clock)).toEqual({ floor: 5400000n, isWhole: true });
    expect(timeBound("5 apples", clock)).toBeUndefined();
  });
});

describe("compareTexts", () => {
  it("orders by code points, as Python does", () => {
    // Python: "\uff5e" < "\U0001f680"
    expect(compareTexts("\uff5e", "\u{1f680}")).toBeLessThan(0);
    expect(compareTexts("a", "ab")).toBeLessThan(0);
    expect(compareTexts("\u{1f680}", "\u{1f680}")).toBe(0);
  });
});
