import { reprFloat } from "../../pickle/natural/repr.ts";
import type { Histogram } from "../../protocol/profile.ts";

/** Bins at most. */
const MOST_BINS = 64;
/** Whole numbers up to here are told apart by doubles. */
const FINE = 2 ** 53;

/** Bins of one width, and how their bounds are written. */
export class Bins {
  readonly #least: number;
  readonly #greatest: number;
  readonly #width: number;
  /** Whether a bin holds whole numbers, from its first to its last. */
  readonly #isWhole: boolean;
  readonly #isHuge: boolean;
  readonly #counts: number[];

  /** @param isWhole whether there are whole numbers alone */
  constructor(least: number, greatest: number, isWhole: boolean) {
    const span = greatest - least;
    this.#isWhole = isWhole && span < FINE;
    this.#least = least;
    this.#greatest = greatest;
    this.#isHuge = span === Infinity;
    const wholeWidth = Math.ceil((span + 1) / MOST_BINS);
    this.#width = this.#isWhole ? wholeWidth : greatest / MOST_BINS - least / MOST_BINS;
    const count = this.#isWhole ? Math.ceil((span + 1) / wholeWidth) : this.#width > 0 ? MOST_BINS : 1;
    this.#counts = new Array<number>(count).fill(0);
  }

  /** Counts numbers; what is not finite is passed over. */
  add(values: Float64Array): void {
    for (const value of values) if (value - value === 0) this.addOne(value, 1);
  }

  /** Counts a finite number so many times. */
  addOne(value: number, times: number): void {
    const counts = this.#counts;
    const last = counts.length - 1;
    const [least, width] = [this.#least, this.#width];
    // The way from one end to the other may be longer than a double holds: then each is measured by itself.
    const place = this.#isHuge ? value / width - least / width : (value - least) / width;
    const at = place < last ? Math.floor(place) : last;
    counts[at] = (counts[at] ?? 0) + times;
  }

  /** @param text how a bound is written; of floats in as few digits as tell the bounds apart, unless it is given */
  histogram(text?: (value: number) => string): Histogram {
    const [least, greatest, width] = [this.#least, this.#greatest, this.#width];
    const write = text ?? (this.#isWhole ? String : floatWriter(least, greatest, width));
    const bins = this.#counts.map((count, at) => {
      const from = least + at * width;
      const next = at === this.#counts.length - 1 ? greatest : from + width;
      const to = this.#isWhole ? Math.min(greatest, from + width - 1) : next;
      return { from: write(from), to: write(to), count };
    });
    return { bins };
  }
}

function floatWriter(least: number, greatest: number, width: number): (value: number) => string {
  const largest = Math.max(Math.abs(least), Math.abs(greatest));
  const digits = width > 0 ? Math.ceil(Math.log10(largest / width)) + 2 : 17;
  const precision = Math.min(17, Math.max(3, digits));
  return (value) =>
    reprFloat(value === least || value === greatest ? value : Number(value.toPrecision(precision)));
}
