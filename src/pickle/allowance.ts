import type { ValueReader } from "./shapes.ts";
import { Kind } from "./tape.ts";
import type { Ref } from "./tape.ts";

/** Members and bytes that every answer may repeat, however short its pickle is. */
const FREE_MEMBERS = 1 << 20;
const FREE_BYTES = 1 << 26;

/**
 * How much an answer may repeat. What a pickle holds once and refers to often is written once; but calls may be given the same arguments again and again, and
 * each makes a value of its own: a short pickle could ask for any amount. INVARIANT: whatever a pickler wrote fits, for it holds every member and byte once.
 */
export class Allowance {
  readonly #reader: ValueReader;
  #members: number;
  #bytes: number;

  constructor(reader: ValueReader) {
    this.#reader = reader;
    this.#members = 2 * reader.tape.itemCount + FREE_MEMBERS;
    this.#bytes = 2 * reader.bytes.length + FREE_BYTES;
  }

  /** How many of `count` members may still be written; they count as written then. */
  members(count: number): number {
    const allowed = Math.min(count, Math.max(0, this.#members));
    this.#members -= count;
    return allowed;
  }

  /** Counts bytes that are written or looked at. */
  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Whether a value must be left out without a look at it: a call when nothing is left. */
  refuses(ref: Ref): boolean {
    if (this.#bytes >= 0 && this.#members >= 0) return false;
    const kind = this.#reader.tape.kind(ref);
    return kind === Kind.Reduce || kind === Kind.NewObj;
  }
}

/** Why a value was left out. */
export const REPEATED = "left out: the pickle repeats its parts without end";
