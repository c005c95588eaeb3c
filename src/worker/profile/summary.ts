/** From here on not every whole number is a double. */
const COARSE = 2 ** 53;

/** What a value is exactly, where its double may be another's as well. */
export type ExactAt = (row: number) => number | bigint | undefined;

/** What numbers come to, taken in block by block. Those that are `NaN` are passed over. */
export class NumberSummary {
  /** Numbers, with infinite ones. */
  count = 0;
  zeros = 0;
  negatives = 0;
  /** Infinite ones, above and below. */
  infinite = { above: 0, below: 0 };
  /** The rows of the least and the greatest. */
  leastRow = -1;
  greatestRow = -1;
  /** Of the finite ones. */
  least = Infinity;
  greatest = -Infinity;
  /** Whether all finite ones are whole. */
  isWhole = true;
  #min = Infinity;
  #max = -Infinity;
  #finite = 0;
  #mean = 0;
  #squares = 0;
  readonly #zero: number;
  readonly #exactAt: ExactAt | undefined;

  /** @param base what was taken off each of the numbers @param exactAt for integers, which may be larger than doubles tell apart */
  constructor(base = 0n, exactAt?: ExactAt) {
    this.#zero = -Number(base);
    this.#exactAt = exactAt;
  }

  /** The mean of what was taken in, as Python has it: of infinite ones infinite or nan. */
  get mean(): number {
    const { above, below } = this.infinite;
    if (above + below > 0) return above === 0 ? -Infinity : below === 0 ? Infinity : NaN;
    return this.#finite === 0 ? NaN : this.#mean;
  }

  /** The standard deviation of a sample. Python: `Series.std()`. */
  get deviation(): number {
    const { above, below } = this.infinite;
    return above + below > 0 || this.#finite < 2 ? NaN : Math.sqrt(this.#squares / (this.#finite - 1));
  }

  /** Whether doubles told all integers apart. */
  get isFine(): boolean {
    return this.#exactAt === undefined || (this.least > -COARSE && this.greatest < COARSE);
  }

  /** @param rowOf the row of the number at a place of the block */
  add(values: Float64Array, rowOf: (at: number) => number): void {
    const zero = this.#zero;
    let [sum, finite, zeros, negatives] = [0, 0, 0, 0];
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? NaN;
      if (Number.isNaN(value)) continue;
      this.count++;
      if (value <= this.#min) this.#lessAt(value, rowOf(at));
      if (value >= this.#max) this.#greaterAt(value, rowOf(at));
      if (value < zero) negatives++;
      else if (value === zero) zeros++;
      if (value - value !== 0) {
        if (value > 0) this.infinite.above++;
        else this.infinite.below++;
        continue;
      }
      if (value < this.least) this.least = value;
      if (value > this.greatest) this.greatest = value;
      if (this.isWhole && value !== Math.floor(value)) this.isWhole = false;
      sum += value;
      finite++;
    }
    this.zeros += zeros;
    this.negatives += negatives;
    if (finite > 0) this.#merge(values, sum / finite, finite);
  }

  /**
   * By Chan, Golub and LeVeque: of each block its own mean and squares, so that large numbers close together keep their digits.
   * @param about the mean of the block, but for what rounding has done to their sum
   */
  #merge(values: Float64Array, about: number, count: number): void {
    let [squares, rest] = [0, 0];
    for (const value of values) {
      if (value - value !== 0) continue;
      const apart = value - about;
      rest += apart;
      squares += apart * apart;
    }
    const total = this.#finite + count;
    const apart = about + rest / count - this.#mean;
    this.#squares += squares - (rest * rest) / count + (apart * apart * this.#finite * count) / total;
    this.#mean += (apart * count) / total;
    this.#finite = total;
  }

  #lessAt(value: number, row: number): void {
    if (value === this.#min && this.leastRow >= 0 && !this.#differs(value, row, this.leastRow, -1)) return;
    this.#min = value;
    this.leastRow = row;
  }

  #greaterAt(value: number, row: number): void {
    if (value === this.#max && this.greatestRow >= 0 && !this.#differs(value, row, this.greatestRow, 1))
      return;
    this.#max = value;
    this.greatestRow = row;
  }

  /** Whether a row's value is beyond another's with the same double, on the side that `sign` tells. */
  #differs(value: number, row: number, other: number, sign: 1 | -1): boolean {
    if (this.#exactAt === undefined || Math.abs(value) < COARSE) return false;
    const [own, known] = [this.#exactAt(row), this.#exactAt(other)];
    if (own === undefined || known === undefined) return false;
    return sign > 0 ? own > known : own < known;
  }
}
