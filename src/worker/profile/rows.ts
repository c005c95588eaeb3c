import type { ReadNumbers } from "../../pickle/index.ts";
import { rowAt, type Rows } from "../rows.ts";

/** At most so many of the rows, as far apart from one another. */
export function strided(rows: Rows, most: number): Rows {
  if (rows.count <= most) return rows;
  return { count: most, rowAt: (at) => rowAt(rows, Math.floor((at * rows.count) / most)) };
}

/** The numbers of the rows at the places `from` to `to`; neighbours are read in one go. */
export function readRows(
  read: ReadNumbers,
  rows: Rows,
  { from, to }: { readonly from: number; readonly to: number },
  into: Float64Array,
  base: bigint,
): void {
  if (rows.rowAt === undefined) {
    read(from, to, into, { base });
    return;
  }
  for (let at = from; at < to;) {
    const first = rows.rowAt(at);
    let length = 1;
    while (at + length < to && rows.rowAt(at + length) === first + length) length++;
    read(first, first + length, into.subarray(at - from), { base });
    at += length;
  }
}
