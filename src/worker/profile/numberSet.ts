import { mixed, Sketch } from "./sketch.ts";

/** So many different values are counted exactly; of more about how many. */
export const MOST_COUNTED = 1 << 17;
const FIRST_SLOTS = 1 << 10;

/** How many different values there are. */
export interface Distinct {
  readonly count: number;
  /** `false`: about so many. */
  readonly exact: boolean;
}

/** Counts different numbers, `NaN` not among them: exactly up to {@link MOST_COUNTED}, in 2 MB. */
export class NumberSet {
  #slots = new Float64Array(FIRST_SLOTS).fill(NaN);
  #count = 0;
  #sketch: Sketch | undefined;

  get distinct(): Distinct {
    return this.#sketch === undefined
      ? { count: this.#count, exact: true }
      : { count: this.#sketch.estimate, exact: false };
  }

  add(values: Float64Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? NaN;
      if (Number.isNaN(value)) continue;
      // Both zeros are one value.
      const low = value === 0 ? 0 : (words[2 * at] ?? 0);
      const high = value === 0 ? 0 : (words[2 * at + 1] ?? 0);
      const hash = mixed(low, high, 1);
      if (this.#sketch !== undefined) this.#sketch.add(hash, mixed(low, high, 2));
      else if (this.#isNew(value, hash)) this.#grow();
    }
  }

  /** Puts the value into its slot. INVARIANT: half of the slots is free. */
  #isNew(value: number, hash: number): boolean {
    const slots = this.#slots;
    const last = slots.length - 1;
    for (let at = hash & last; ; at = (at + 1) & last) {
      const there = slots[at] ?? NaN;
      if (there === value) return false;
      if (!Number.isNaN(there)) continue;
      slots[at] = value;
      this.#count++;
      return true;
    }
  }

  #grow(): void {
    if (this.#count <= this.#slots.length * 0.5) return;
    const known = this.#slots.filter((value) => !Number.isNaN(value));
    if (this.#count > MOST_COUNTED) {
      this.#sketch = new Sketch();
      this.#slots = new Float64Array(0);
    } else {
      this.#slots = new Float64Array(this.#slots.length * 2).fill(NaN);
      this.#count = 0;
    }
    this.add(known);
  }
}
