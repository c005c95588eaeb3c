import type { ReadNumbers, Table } from "../pickle/index.ts";
import type { Extreme } from "../protocol/raster.ts";

/** The numbers of a table line by line, along the axis where they lie closest together. */
export interface Plane {
  /** Whether its lines are the table's columns. */
  readonly byColumns: boolean;
  /** The numbers of a line; `undefined` where they are none. */
  line(at: number): ReadNumbers | undefined;
}

/** A table's numbers as lines; `undefined` where none of the columns that are looked at has any. */
export function planeOf(
  table: Table,
  columns: { readonly from: number; readonly to: number },
): Plane | undefined {
  const { rowNumbers } = table;
  if (rowNumbers !== undefined)
    return rowNumbers(0) === undefined ? undefined : { byColumns: false, line: rowNumbers };
  const line = (at: number): ReadNumbers | undefined => table.column(at).numbers;
  const last = Math.min(columns.to, table.columnCount, columns.from + LOOKED_AT);
  for (let at = columns.from; at < last; at++) if (line(at) !== undefined) return { byColumns: true, line };
  return undefined;
}

/** Columns that tell whether a table has numbers. */
const LOOKED_AT = 1000;

/**
 * Where the next pixel begins on a line whose place `at` is of pixel `floor(at * pixels / size)`; behind `at`, however the division is
 * rounded.
 */
export function endOfPixel(pixel: number, pixels: number, size: number, at: number): number {
  return Math.max(at + 1, Math.ceil(((pixel + 1) * size) / pixels));
}

/** The least and the greatest finite number that were seen, and where. */
export class Extremes {
  #least = Infinity;
  #leastLine = 0;
  #leastAt = 0;
  #greatest = -Infinity;
  #greatestLine = 0;
  #greatestAt = 0;

  /** Whether a number has to be seen: most lie between others. */
  areBeyond(value: number): boolean {
    return value < this.#least || value > this.#greatest;
  }

  /** Sees a number. @param line @param at where it stands */
  see(value: number, line: number, at: number): void {
    if (value < this.#least && value !== -Infinity) {
      this.#least = value;
      this.#leastLine = line;
      this.#leastAt = at;
    }
    if (value > this.#greatest && value !== Infinity) {
      this.#greatest = value;
      this.#greatestLine = line;
      this.#greatestAt = at;
    }
  }

  /** Their exact values, of the table that they were seen in. @param byColumns whether its columns were the lines */
  of(table: Table, byColumns: boolean): { readonly least?: Extreme; readonly greatest?: Extreme } {
    if (this.#least > this.#greatest) return {};
    const extreme = (value: number, line: number, at: number): Extreme => {
      const [row, column] = byColumns ? [at, line] : [line, at];
      return { value, row, column, text: table.column(column).cell(row).text };
    };
    return {
      least: extreme(this.#least, this.#leastLine, this.#leastAt),
      greatest: extreme(this.#greatest, this.#greatestLine, this.#greatestAt),
    };
  }
}
