import type { Slices } from "../../base/slices.ts";

/** Rows with what they sort by: two words of an unsigned number of 64 bits. */
export interface Keyed {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly rows: Uint32Array;
}

/** So few are sorted one by one. */
const FEW = 48;
/** Rows between two looks at the clock. */
const AT_ONCE = 1 << 15;

/** Room for `length` rows. */
export function keyedRoom(length: number): Keyed {
  return {
    high: new Uint32Array(length),
    low: new Uint32Array(length),
    rows: new Uint32Array(length),
  };
}

/** Elements of a page of memory, or fewer. */
const PAGE = 1024;

/**
 * An array of zeros whose memory is there. The system gives it page by page where it is first written to: to write all over a large one would hold the
 * thread for as long as that takes.
 */
export async function numbersThere(length: number, slices: Slices): Promise<Uint32Array> {
  const numbers = new Uint32Array(length);
  for (let at = 0; at < length; at += PAGE) {
    numbers[at] = 0;
    if (at % AT_ONCE === 0 && slices.areDue) await slices.pause();
  }
  return numbers;
}

/** Sorts runs of rows in place, stable, by the bytes in which they differ. */
export class Radix {
  readonly #slices: Slices;
  #spare = keyedRoom(0);
  #done = 0;

  constructor(slices: Slices) {
    this.#slices = slices;
  }

  /** Sorts the places `from` to `to`. */
  async sort(keyed: Keyed, from: number, to: number): Promise<void> {
    const count = to - from;
    if (count < FEW) insert(keyed, from, to);
    else await this.#byBytes(keyed, from, to);
    this.#done += count;
    if (this.#done >= AT_ONCE) {
      this.#done = 0;
      if (this.#slices.areDue) await this.#slices.pause();
    }
  }

  async #byBytes(keyed: Keyed, from: number, to: number): Promise<void> {
    const count = to - from;
    if (this.#spare.rows.length < count) this.#spare = keyedRoom(count);
    let source: Keyed = {
      high: keyed.high.subarray(from, to),
      low: keyed.low.subarray(from, to),
      rows: keyed.rows.subarray(from, to),
    };
    const own = source;
    let target: Keyed = this.#spare;
    for (const word of ["low", "high"] as const) {
      const differing = await this.#differing(source[word], count);
      for (let shift = 0; shift < 32; shift += 8) {
        if (((differing >>> shift) & 0xff) === 0) continue;
        await this.#pass(source, target, count, word, shift);
        [source, target] = [target, source];
      }
    }
    if (source === own) return;
    own.high.set(source.high.subarray(0, count));
    own.low.set(source.low.subarray(0, count));
    own.rows.set(source.rows.subarray(0, count));
  }

  /** The bits in which words are not all alike. */
  async #differing(words: Uint32Array, count: number): Promise<number> {
    const first = words[0] ?? 0;
    let differing = 0;
    for (let begin = 0; begin < count; begin += AT_ONCE) {
      const end = Math.min(count, begin + AT_ONCE);
      for (let at = begin; at < end; at++) differing |= (words[at] ?? 0) ^ first;
      if (this.#slices.areDue) await this.#slices.pause();
    }
    return differing;
  }

  async #pass(
    source: Keyed,
    target: Keyed,
    count: number,
    word: "high" | "low",
    shift: number,
  ): Promise<void> {
    const places = new Uint32Array(256);
    const words = source[word];
    for (let begin = 0; begin < count; begin += AT_ONCE) {
      const end = Math.min(count, begin + AT_ONCE);
      for (let at = begin; at < end; at++) {
        const byte = ((words[at] ?? 0) >>> shift) & 0xff;
        places[byte] = (places[byte] ?? 0) + 1;
      }
      if (this.#slices.areDue) await this.#slices.pause();
    }
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const size = places[byte] ?? 0;
      places[byte] = sum;
      sum += size;
    }
    for (let begin = 0; begin < count; begin += AT_ONCE) {
      scatter(source, target, words, shift, places, begin, Math.min(count, begin + AT_ONCE));
      if (this.#slices.areDue) await this.#slices.pause();
    }
  }
}

function scatter(
  source: Keyed,
  target: Keyed,
  words: Uint32Array,
  shift: number,
  places: Uint32Array,
  begin: number,
  end: number,
): void {
  const { high, low, rows } = source;
  const { high: toHigh, low: toLow, rows: toRows } = target;
  for (let at = begin; at < end; at++) {
    const byte = ((words[at] ?? 0) >>> shift) & 0xff;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    toHigh[place] = high[at] ?? 0;
    toLow[place] = low[at] ?? 0;
    toRows[place] = rows[at] ?? 0;
  }
}

function insert({ high, low, rows }: Keyed, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    const [ownHigh, ownLow, row] = [high[at] ?? 0, low[at] ?? 0, rows[at] ?? 0];
    let place = at;
    for (; place > from; place--) {
      const before = high[place - 1] ?? 0;
      if (before < ownHigh || (before === ownHigh && (low[place - 1] ?? 0) <= ownLow)) break;
      high[place] = before;
      low[place] = low[place - 1] ?? 0;
      rows[place] = rows[place - 1] ?? 0;
    }
    high[place] = ownHigh;
    low[place] = ownLow;
    rows[place] = row;
  }
}
