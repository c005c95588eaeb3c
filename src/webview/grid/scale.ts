/**
 * Pixels that a spacer has at most. A browser's own limit is 33.5 million device pixels, so less at a larger zoom; what is longer is scrolled by a
 * bar that jumps and by wheel and keys that move exactly.
 */
const LONGEST = 4_000_000;

/** One direction of a surface that may be longer than a browser can scroll: exact offsets, and where the bar stands for them. */
export class Scale {
  /** Pixels of the whole surface. */
  readonly length: number;
  /** Pixels of it that are seen at once. */
  readonly seen: number;

  constructor(length: number, seen: number) {
    this.length = length;
    this.seen = seen;
  }

  /** Pixels of the element that makes the bar. */
  get spacer(): number {
    return Math.min(this.length, LONGEST);
  }

  /** Whether the bar moves as far as the surface, so that the browser may scroll by itself. */
  get isExact(): boolean {
    return this.length <= LONGEST;
  }

  /** The largest offset. */
  get end(): number {
    return Math.max(0, this.length - this.seen);
  }

  /** An offset that there is. */
  within(offset: number): number {
    return Math.max(0, Math.min(offset, this.end));
  }

  /** Where the bar stands for an offset. */
  toBar(offset: number): number {
    return this.isExact ? offset : offset / this.#ratio;
  }

  /** The offset that a place of the bar stands for. */
  fromBar(bar: number): number {
    return this.within(this.isExact ? bar : bar * this.#ratio);
  }

  get #ratio(): number {
    const barEnd = Math.max(1, this.spacer - this.seen);
    return this.end / barEnd;
  }
}
