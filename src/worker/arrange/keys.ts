import type { Slices } from "../../base/slices.ts";
import type { TableColumn } from "../../pickle/index.ts";
import { ranksOf } from "./ranks.ts";

/** Rows that are read at once: a fraction of a millisecond. */
export const BLOCK_ROWS = 1 << 15;

/** What rows sort by, as two words of an unsigned number of 64 bits, and which of them are missing. */
export interface Keys {
  /** Reads rows `from` to `to`, at most {@link BLOCK_ROWS}, into the beginning of the arrays. */
  read(from: number, to: number, high: Uint32Array, low: Uint32Array, missing: Uint8Array): void;
}

/** The keys of a column: exact, those of texts by their ranks. */
export async function keysOf(
  column: TableColumn,
  rowCount: number,
  isDescending: boolean,
  slices: Slices,
): Promise<Keys> {
  const { numbers, integers, categories } = column;
  const keys =
    categories !== undefined
      ? floatKeys(categories.codes)
      : numbers !== undefined && integers !== undefined
        ? integerKeys(numbers, integers, /^uint/i.test(column.dtype))
        : numbers !== undefined
          ? floatKeys(numbers)
          : rankKeys(await ranksOf(column, rowCount, slices));
  return isDescending ? turned(keys) : keys;
}

function floatKeys(read: NonNullable<TableColumn["numbers"]>): Keys {
  const values = new Float64Array(BLOCK_ROWS);
  const words = new Uint32Array(values.buffer);
  return {
    read: (from, to, high, low, missing) => {
      read(from, to, values);
      for (let at = 0; at < to - from; at++) {
        const value = values[at] ?? NaN;
        missing[at] = value === value ? 0 : 1;
        if (value === 0) values[at] = 0; // Minus zero is equal to zero.
        const top = words[2 * at + 1] ?? 0;
        // Of negative numbers all bits are turned, of others the sign.
        const sign = (top | 0) >> 31;
        high[at] = top ^ (sign | 0x80000000);
        low[at] = (words[2 * at] ?? 0) ^ sign;
      }
    },
  };
}

function integerKeys(
  readNumbers: NonNullable<TableColumn["numbers"]>,
  readIntegers: NonNullable<TableColumn["integers"]>,
  isUnsigned: boolean,
): Keys {
  const values = new Float64Array(BLOCK_ROWS);
  const integers = new BigInt64Array(BLOCK_ROWS);
  const words = new Uint32Array(integers.buffer);
  const sign = isUnsigned ? 0 : 0x80000000;
  return {
    read: (from, to, high, low, missing) => {
      readNumbers(from, to, values);
      readIntegers(from, to, integers);
      for (let at = 0; at < to - from; at++) {
        const value = values[at] ?? NaN;
        missing[at] = value === value ? 0 : 1;
        high[at] = (words[2 * at + 1] ?? 0) ^ sign;
        low[at] = words[2 * at] ?? 0;
      }
    },
  };
}

function rankKeys(ranks: Uint32Array): Keys {
  return {
    read: (from, to, high, low, missing) => {
      for (let at = 0; at < to - from; at++) {
        const rank = ranks[from + at] ?? 0;
        missing[at] = rank === 0 ? 1 : 0;
        high[at] = 0;
        low[at] = rank;
      }
    },
  };
}

/** For the other direction: equal rows keep their order, and what is missing stays last. */
function turned(keys: Keys): Keys {
  return {
    read: (from, to, high, low, missing) => {
      keys.read(from, to, high, low, missing);
      for (let at = 0; at < to - from; at++) {
        high[at] = ~(high[at] ?? 0);
        low[at] = ~(low[at] ?? 0);
      }
    },
  };
}
