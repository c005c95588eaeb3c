import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Slices } from "../../../src/base/slices.ts";
import type { TableColumn } from "../../../src/pickle/index.ts";
import { datetimeText } from "../../../src/pickle/numpy/calendar.ts";
import { containing } from "../../../src/worker/arrange/containing.ts";

type TimeText = (count: bigint) => string;

/** As `str()` of a Timestamp: no fraction that is nought, else six digits or nine. */
function stampText(text: string): string {
  const [second = "", fraction = ""] = text.replace("T", " ").split(".");
  const digits = fraction.padEnd(9, "0");
  if (Number(digits) === 0) return second;
  return `${second}.${digits.endsWith("000") ? digits.slice(0, 6) : digits}`;
}

function timesColumn(unit: string, counts: readonly bigint[], timeText: TimeText): TableColumn {
  const text = (row: number): string => timeText(counts[row] ?? 0n);
  return {
    labels: [{ text: "when", kind: "text" }],
    dtype: `datetime64[${unit}]`,
    family: "time",
    cell: (row) => ({ text: text(row), kind: "time" }),
    key: (row) => counts[row],
    exact: (row) => ({ kind: "printed", text: text(row), source: undefined }),
    numbers: (from, to, into) => {
      for (let row = from; row < to; row++) into[row - from] = Number(counts[row]);
    },
    integers: (from, to, into) => {
      for (let row = from; row < to; row++) into[row - from] = counts[row] ?? 0n;
    },
    timeText,
  };
}

const perSecond = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;

describe("containing", () => {
  it.each(["s", "ms", "us", "ns"] as const)("finds in times of %s what is in their texts", async (unit) => {
    const seconds = fc.oneof(
      fc.bigInt({ min: -9_223_372_036n, max: 9_223_372_035n }),
      fc.bigInt({ min: -200_000n, max: 200_000n }),
      fc.bigInt({ min: 1_577_836_800n, max: 1_609_459_200n }),
    );
    const rest = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: perSecond[unit] - 1n }));
    const counts = fc.array(
      fc.tuple(seconds, rest).map(([whole, part]) => whole * perSecond[unit] + part),
      { minLength: 1, maxLength: 20 },
    );
    const needle = fc.oneof(
      fc.tuple(fc.nat(25), fc.integer({ min: 1, max: 5 })),
      fc.constantFrom("0", "00", "000", "59", "-", ":", "12:", "2020-0", "1:0", " 0"),
    );
    await fc.assert(
      fc.asyncProperty(counts, needle, fc.boolean(), async (all, wanted, isStamp) => {
        const timeText: TimeText = (count) => {
          const text = datetimeText(count, unit, 1);
          return isStamp ? stampText(text) : text;
        };
        const [first = 0n] = all;
        const text =
          typeof wanted === "string" ? wanted : timeText(first).slice(wanted[0], wanted[0] + wanted[1]);
        fc.pre(text !== "");
        const found = new Uint8Array(all.length).fill(1);
        await containing(timesColumn(unit, all, timeText), text).narrow(0, all.length, found, new Slices());
        expect([...found]).toEqual(all.map((count) => Number(timeText(count).includes(text))));
      }),
      { numRuns: 500 },
    );
  });
});
