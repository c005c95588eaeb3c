import { Slices } from "../../base/slices.ts";
import type { IoOptions } from "../../base/io.ts";
import type { TableColumn } from "../../pickle/index.ts";
import type { Distinct } from "../../protocol/arrange.ts";
import { Tally } from "../profile/tally.ts";
import { BLOCK_ROWS } from "./keys.ts";
import { FEW_ROWS } from "./matcher.ts";

/** Different values that are counted: of more nobody picks one from a list. */
const MOST_VALUES = 10_000;

/** The values of a column with how often each is there, the most frequent first. */
export async function distinctOf(
  column: TableColumn,
  rowCount: number,
  limit: number,
  io?: IoOptions,
): Promise<Distinct> {
  const slices = new Slices(io);
  const tally = new Tally();
  const values = new Float64Array(BLOCK_ROWS);
  const read = column.categories?.codes ?? column.numbers;
  let complete = true;
  for (let from = 0; from < rowCount && complete; from += BLOCK_ROWS) {
    const to = Math.min(rowCount, from + BLOCK_ROWS);
    read?.(from, to, values);
    for (let row = from; row < to; row++) {
      if (row % FEW_ROWS === 0 && slices.areDue) await slices.pause();
      tally.add(valueAt(column, row, read === undefined ? undefined : values[row - from]), row);
      complete = !tally.isFull && tally.size <= MOST_VALUES;
      if (!complete) break;
    }
  }
  const all = tally.counted.toSorted((a, b) => b.count - a.count || a.row - b.row);
  return {
    values: all.slice(0, limit).map(({ row, count }) => ({ cell: column.cell(row), count })),
    complete: complete && all.length <= limit,
  };
}

/** What tells a value from others; of those without a key their text and kind. */
function valueAt(column: TableColumn, row: number, number: number | undefined): string | number | bigint {
  // Minus zero is the same key of a map as zero.
  if (number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  const key = column.key(row);
  if (key !== undefined) return key;
  const { kind, text } = column.cell(row);
  return `${kind}\u0000${text}`;
}
