import type { ReadNumbers } from "../../pickle/index.ts";
import { rowAt, type Rows } from "../rows.ts";

/** At most so many of the rows, as far apart from one another: of all rows exactly, which are read sooner. */
export function strided(rows: Rows, most: number): Rows {
  if (rows.count <= most) return rows;
  if (rows.rowAt === undefined) {
    const every = Math.ceil(rows.count / most);
    return { count: Math.ceil(rows.count / every), rowAt: (at) => at * every, every };
  }
  return { count: most, rowAt: (at) => rowAt(rows, Math.floor((at * rows.count) / most)) };
}

/** The numbers of the rows at the places `from` to `to`; neighbours are read in one go, and rows that are evenly apart. */
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
  const { every } = rows;
  if (every !== undefined) {
    read(from * every, (to - 1) * every + 1, into, { base, every });
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
