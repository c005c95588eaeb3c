import { PickleError } from "./errors.ts";
import { FAR_OFFSET } from "./tape.ts";
import type { Ref } from "./tape.ts";

/** The memo of a pickle: real ones count from 0, so an array that follows the numbers seen; far numbers go to a map. */
export class Memo {
  #dense = new Int32Array(256).fill(FAR_OFFSET);
  #sparse: Map<number, Ref> | undefined;
  /** Entries in the memo: the number that MEMOIZE uses next. */
  count = 0;

  put(index: number, ref: Ref, offset: number): void {
    if (index >= this.#dense.length && !this.#grow(index)) {
      // More entries than bytes: nobody writes that but to exhaust memory.
      if (index > 0xff_ffff && index > offset) {
        throw new PickleError("memo", `memo entry ${index} is out of proportion`, offset);
      }
      this.#sparse ??= new Map();
      if (!this.#sparse.has(index)) this.count++;
      this.#sparse.set(index, ref);
      return;
    }
    if (this.#dense[index] === FAR_OFFSET) {
      if (this.#sparse?.delete(index) !== true) this.count++;
    }
    this.#dense[index] = ref;
  }

  get(index: number, offset: number): Ref {
    const dense = this.#dense[index] ?? FAR_OFFSET;
    const ref = dense === FAR_OFFSET ? this.#sparse?.get(index) : dense;
    if (ref === undefined) throw new PickleError("memo", `memo entry ${index} was never set`, offset);
    return ref;
  }

  #grow(index: number): boolean {
    if (index > 2 * this.count + 256) return false;
    const grown = new Int32Array(Math.max(index + 1, this.#dense.length * 2)).fill(FAR_OFFSET);
    grown.set(this.#dense);
    this.#dense = grown;
    return true;
  }
}
