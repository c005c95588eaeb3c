import { COLUMN_WIDTH } from "./sizes.ts";

interface Own {
  readonly column: number;
  readonly width: number;
  /** Pixels by which the columns before it and itself are wider than if none had a width of its own. */
  readonly extra: number;
}

/**
 * How wide each of very many columns is: all alike, but for those that have a width of their own. What is hidden, or pinned and so drawn elsewhere, has the
 * width 0.
 */
export class ColumnWidths {
  readonly count: number;
  readonly #widths: ReadonlyMap<number, number>;
  /** INVARIANT: in the order of the columns. */
  readonly #own: readonly Own[];

  constructor(count: number, widths: ReadonlyMap<number, number> = new Map()) {
    this.count = count;
    this.#widths = widths;
    let extra = 0;
    this.#own = [...widths]
      .filter(([column]) => column < count)
      .sort(([a], [b]) => a - b)
      .map(([column, width]) => ({ column, width, extra: (extra += width - COLUMN_WIDTH) }));
  }

  /** Pixels of all. */
  get total(): number {
    return this.startOf(this.count);
  }

  widthOf(column: number): number {
    return this.#widths.get(column) ?? COLUMN_WIDTH;
  }

  /** The pixel where a column starts. */
  startOf(column: number): number {
    const before = this.#own[this.#ownBefore(column) - 1];
    return column * COLUMN_WIDTH + (before?.extra ?? 0);
  }

  /** The column that a pixel lies in; the last one where it lies behind. */
  at(pixel: number): number {
    let [low, high] = [0, Math.max(0, this.count - 1)];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.startOf(middle + 1) > pixel) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The next column to one side that is seen; the same where there is none. */
  beside(column: number, step: 1 | -1): number {
    for (let next = column + step; next >= 0 && next < this.count; next += step)
      if (this.widthOf(next) > 0) return next;
    return column;
  }

  /** How many columns with a width of their own stand before one. */
  #ownBefore(column: number): number {
    let [low, high] = [0, this.#own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#own[middle]?.column ?? 0) < column) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
