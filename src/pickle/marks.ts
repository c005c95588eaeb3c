import type { Tape } from "./tape.ts";

/** The marks on the stack. INVARIANT: they ascend; nothing below the last one, the fence, is popped. */
export class Marks {
  count = 0;
  /** Where the values above the last mark begin; 0 without one. */
  fence = 0;
  readonly #tape: Tape;
  #places = new Int32Array(64);
  #offsets = new Float64Array(64);

  /** `tape`: whose limit the marks count towards. */
  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** The places of the marks on the stack, from the bottom. */
  get places(): Int32Array {
    return this.#places.subarray(0, this.count);
  }

  /** The offsets of their opcodes. */
  get offsets(): Float64Array {
    return this.#offsets.subarray(0, this.count);
  }

  /** Sets a mark above `top` values, by the opcode at `offset`. */
  push(top: number, offset: number): void {
    if (this.count === this.#places.length) this.#grow();
    this.#offsets[this.count] = offset;
    this.#places[this.count++] = this.fence = top;
  }

  /** Takes the last mark away; where it was, -1 when there is none. */
  pop(): number {
    if (this.count === 0) return -1;
    const place = this.fence;
    this.count--;
    this.fence = this.count > 0 ? (this.#places[this.count - 1] ?? 0) : 0;
    return place;
  }

  #grow(): void {
    this.#places = this.#tape.grow(this.#places, this.count + 1);
    const offsets = new Float64Array(this.#places.length);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
  }
}
