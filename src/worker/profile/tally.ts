import type { CellKind } from "../../pickle/index.ts";
import { MOST_COUNTED, type Distinct } from "./numberSet.ts";
import { Sketch, textHashes } from "./sketch.ts";

/** Characters of all the texts that are kept. */
const MOST_CHARACTERS = 1 << 23;
/** Longer texts are told apart by their lengths, their beginnings and two hashes. */
const LONG = 256;

/** Values that are looked for without a filter. */
const FEW = 1 << 10;
/** Sixteen bits for each value, so that most others are told by theirs. */
const FILTER_BYTES = MOST_COUNTED * 2;

/** A value that was counted: how often, and where it came first. */
export interface Counted {
  readonly key: string | number | bigint;
  readonly row: number;
  count: number;
  /** Once somebody looked. */
  kind?: CellKind;
}

/**
 * Counts how often each value is there: of the first {@link MOST_COUNTED} different ones, and of texts as long as the memory for them lasts.
 * Later ones are added to a sketch that tells about how many there are.
 */
export class Tally {
  readonly #counted = new Map<string | number | bigint, Counted>();
  /** Of all values: when there are too many it is late to begin. */
  readonly #sketch = new Sketch();
  /** A bit for each hash of the values that are counted. */
  readonly #hashes = new Uint8Array(FILTER_BYTES);
  #characters = 0;
  #isFull = false;

  get distinct(): Distinct {
    return this.#isFull
      ? { count: this.#sketch.estimate, exact: false }
      : { count: this.#counted.size, exact: true };
  }

  /** Whether some values were not counted, being too many. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get size(): number {
    return this.#counted.size;
  }

  get counted(): readonly Counted[] {
    return [...this.#counted.values()];
  }

  /** What is known of a value; `undefined` of those that are not counted. */
  get(value: string | number | bigint): Counted | undefined {
    return this.#counted.get(keyOf(value));
  }

  /** Counts a value; `undefined` where it is none of those that are counted. */
  add(value: string | number | bigint, row: number): Counted | undefined {
    const key = keyOf(value);
    // In a small map a value is found sooner than it is hashed.
    const early = this.size <= FEW ? this.#counted.get(key) : undefined;
    if (early !== undefined) return again(early);
    const [first, second] = textHashes(String(key));
    const known = this.#isNew(first) ? undefined : this.#counted.get(key);
    if (known !== undefined) return again(known);
    this.#sketch.add(first, second);
    if (typeof key === "string") this.#characters += key.length;
    this.#isFull ||= this.size >= MOST_COUNTED || this.#characters >= MOST_CHARACTERS;
    if (this.#isFull) return undefined;
    const byte = (first >>> 3) & (FILTER_BYTES - 1);
    this.#hashes[byte] = (this.#hashes[byte] ?? 0) | (1 << (first & 7));
    const counted = { key, row, count: 1 };
    this.#counted.set(key, counted);
    return counted;
  }

  /** Whether no value with this hash is counted: a large map is slow to say so. */
  #isNew(hash: number): boolean {
    return ((this.#hashes[(hash >>> 3) & (FILTER_BYTES - 1)] ?? 0) & (1 << (hash & 7))) === 0;
  }
}

function again(counted: Counted): Counted {
  counted.count++;
  return counted;
}

function keyOf(value: string | number | bigint): string | number | bigint {
  if (typeof value !== "string" || value.length <= LONG) return value;
  // Joined and not cut off: what is cut off keeps the whole text in memory.
  return [value.slice(0, 64), value.length, ...textHashes(value)].join("\n");
}
