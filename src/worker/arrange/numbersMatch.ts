import type { ReadNumbers, TableColumn } from "../../pickle/index.ts";
import { above, below, boundOf, numberOf } from "./constants.ts";
import type { Bound } from "./constants.ts";
import { BLOCK_ROWS } from "./keys.ts";
import { byRow, nobody } from "./matcher.ts";
import type { Matcher } from "./matcher.ts";
import type { Comparison } from "./tree.ts";

/** Values from `low` to `high`, both included. */
export interface Interval<T> {
  readonly low: T;
  readonly high: T;
}

/** The floats that compare so with one of them. */
export function floatInterval(by: Comparison, value: number): Interval<number> {
  switch (by) {
    case "==":
      return { low: value, high: value };
    case "<":
      return { low: -Infinity, high: value === -Infinity ? NaN : below(value) };
    case "<=":
      return { low: -Infinity, high: value };
    case ">":
      return { low: value === Infinity ? NaN : above(value), high: Infinity };
    case ">=":
      return { low: value, high: Infinity };
  }
}

/** The whole numbers that compare so with a number; without an end where there is none, `undefined` where it has none of them. */
export function wholeInterval(
  by: Comparison,
  { floor, isWhole }: Bound,
): Interval<bigint | undefined> | undefined {
  const ceiling = isWhole ? floor : floor + 1n;
  switch (by) {
    case "==":
      return isWhole ? { low: floor, high: floor } : undefined;
    case "<":
      return { low: undefined, high: ceiling - 1n };
    case "<=":
      return { low: undefined, high: floor };
    case ">":
      return { low: floor + 1n, high: undefined };
    case ">=":
      return { low: ceiling, high: undefined };
  }
}

/** Both at once. */
export function overlap(
  one: Interval<bigint | undefined>,
  other: Interval<bigint | undefined>,
): Interval<bigint | undefined> {
  const { low: a, high: b } = one;
  const { low: c, high: d } = other;
  return {
    low: a === undefined ? c : c === undefined || a > c ? a : c,
    high: b === undefined ? d : d === undefined || b < d ? b : d,
  };
}

/** The rows with a number in an interval. */
export function inFloats(read: ReadNumbers, { low, high }: Interval<number>): Matcher {
  const values = new Float64Array(BLOCK_ROWS);
  return {
    narrow: (from, to, wanted) => {
      read(from, to, values);
      for (let at = 0; at < to - from; at++) {
        const value = values[at] ?? NaN;
        if (!(value >= low && value <= high)) wanted[at] = 0;
      }
    },
  };
}

/** The rows with a whole number in an interval, exact: what lies as near to an end as a number tells is looked at by itself. */
export function inWhole(
  column: TableColumn,
  read: ReadNumbers,
  { low, high }: Interval<bigint | undefined>,
): Matcher {
  const [least, most] = [
    low === undefined ? -Infinity : Number(low),
    high === undefined ? Infinity : Number(high),
  ];
  const rough = inFloats(read, { low: least, high: most });
  if (isExact(low) && isExact(high)) return rough;
  const values = new Float64Array(BLOCK_ROWS);
  const lies = (row: number): boolean => {
    const key = column.key(row);
    if (key === undefined || typeof key === "string") return false;
    return (low === undefined || key >= low) && (high === undefined || key <= high);
  };
  return {
    narrow: async (from, to, wanted, slices) => {
      await rough.narrow(from, to, wanted, slices);
      read(from, to, values);
      for (let at = 0; at < to - from; at++) {
        if (wanted[at] === 0 || (values[at] !== least && values[at] !== most)) continue;
        if (slices.areDue) await slices.pause();
        if (!lies(from + at)) wanted[at] = 0;
      }
    },
  };
}

/** Whether a whole number has a number of its own, and its neighbours have others. */
function isExact(value: bigint | undefined): boolean {
  return value === undefined || (value > -(2n ** 53n) && value < 2n ** 53n);
}

/** Rounds as the elements of a column are rounded. */
export function rounding(dtype: string): (value: number) => number {
  if (dtype.startsWith("Sparse")) return (value) => value;
  if (/float32|halffloat|^float\b/i.test(dtype)) return Math.fround;
  return /float16/i.test(dtype) ? toHalf : (value) => value;
}

/** The nearest number with the eleven bits of a half. */
function toHalf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const lastBit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
  const places = value / lastBit;
  const floor = Math.floor(places);
  const rest = places - floor;
  const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  const rounded = (isUp ? floor + 1 : floor) * lastBit;
  return Math.abs(rounded) >= 65_520 ? Math.sign(rounded) * Infinity : rounded;
}

/** The rows with one of some numbers, as they are typed. */
export function amongNumbers(
  column: TableColumn,
  read: ReadNumbers,
  typed: readonly string[],
  isWhole: boolean,
): Matcher {
  const round = rounding(column.dtype);
  const bounds = typed.flatMap((text) => boundOf(text) ?? []).filter((bound) => bound.isWhole);
  if (isWhole && bounds.some(({ floor }) => !isExact(floor))) {
    const exact = new Set(bounds.map(({ floor }) => String(floor)));
    return byRow((row) => exact.has(String(column.key(row))));
  }
  const wantedValues = new Set(
    isWhole ? bounds.map(({ floor }) => Number(floor)) : typed.map((text) => round(numberOf(text) ?? NaN)),
  );
  wantedValues.delete(NaN);
  return amongSet(read, wantedValues);
}

/** The rows with one of some numbers. */
export function amongSet(read: ReadNumbers, wantedValues: ReadonlySet<number>): Matcher {
  if (wantedValues.size === 0) return nobody;
  const values = new Float64Array(BLOCK_ROWS);
  return {
    narrow: (from, to, wanted) => {
      read(from, to, values);
      for (let at = 0; at < to - from; at++) {
        // A set takes minus zero for zero.
        if (wanted[at] === 1 && !wantedValues.has(values[at] ?? NaN)) wanted[at] = 0;
      }
    },
  };
}

/** The rows without a number. */
export function withoutNumber(read: ReadNumbers): Matcher {
  const values = new Float64Array(BLOCK_ROWS);
  return {
    narrow: (from, to, wanted) => {
      read(from, to, values);
      for (let at = 0; at < to - from; at++) if (!Number.isNaN(values[at])) wanted[at] = 0;
    },
  };
}
