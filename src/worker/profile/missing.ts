import type { Slices } from "../../base/slices.ts";
import type { Missing, TableColumn } from "../../pickle/index.ts";
import { isMissing } from "../missing.ts";
import { rowAt, type Rows } from "../rows.ts";

/** Rows between two looks at the clock. */
const LOOKS = 256;

/** How many values are missing, each kind by itself. */
export type MissingCounts = Partial<Record<Missing, number>>;

/** Counts the kinds in which numbers are missing. */
export class MissingCount {
  readonly counts: MissingCounts = {};
  /** Rows whose bytes are not there. */
  pending = 0;
  readonly #column: TableColumn;
  readonly #rows: Rows;

  constructor(column: TableColumn, rows: Rows) {
    this.#column = column;
    this.#rows = rows;
  }

  /** Counts those of a block that are `NaN`. @param from the place of the first @param absent how many these are */
  async add(block: Float64Array, from: number, absent: number, slices: Slices): Promise<void> {
    const { missing } = this.#column;
    // What is not there lies behind what is: the last one tells.
    const last = block.findLastIndex((value) => Number.isNaN(value));
    if (missing !== undefined && this.#kindAt(from + last) !== "pending") {
      this.counts[missing] = (this.counts[missing] ?? 0) + absent;
      return;
    }
    for (let at = 0; at <= last; at++) {
      if (at % LOOKS === 0 && slices.areDue) await slices.pause();
      if (!Number.isNaN(block[at])) continue;
      const kind = this.#kindAt(from + at);
      if (isMissing(kind)) this.counts[kind] = (this.counts[kind] ?? 0) + 1;
      else this.pending++;
    }
  }

  #kindAt(at: number): string {
    return this.#column.cell(rowAt(this.#rows, at)).kind;
  }
}
