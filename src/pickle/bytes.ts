/** Bytes of a segment: a power of two, small enough to be found on a heap in pieces, large enough that edges are rare. */
const SEGMENT_SIZE = 1 << 24;

const NOTHING = new Uint8Array(0);

/** Bytes that a window has at least, unless the end is near: the longest opcode with its fixed-size argument has 9. */
const WINDOW_MIN = 16;

/** A run of consecutive bytes: `buffer[0]` lies at `base`. */
export interface ByteWindow {
  buffer: Uint8Array;
  base: number;
}

/**
 * The bytes of a pickle, growing at the end. Offsets are plain numbers, so more than 4 GiB fit. Memory follows what was appended, never what a length in
 * the input claims.
 */
export class ByteStore {
  /** Bytes that are there. */
  length = 0;
  readonly #segments: Uint8Array[] = [];
  // A store made of one array given by the caller has one segment of any size and never grows.
  readonly #whole: Uint8Array | undefined;

  constructor(whole?: Uint8Array) {
    // A plain Uint8Array, also of a Buffer: a Buffer's own methods mean other things.
    this.#whole = whole && new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
    if (whole !== undefined) this.length = whole.length;
  }

  /** Copies the bytes of a chunk to the end. */
  append(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const at = this.length % SEGMENT_SIZE;
      const take = Math.min(chunk.length - from, SEGMENT_SIZE - at);
      const segment = this.#room(Math.floor(this.length / SEGMENT_SIZE), at + take);
      segment.set(chunk.subarray(from, from + take), at);
      from += take;
      this.length += take;
    }
  }

  /** The segment at `index`, with room for `size` bytes. */
  #room(index: number, size: number): Uint8Array {
    const old = this.#segments[index];
    if (old !== undefined && old.length >= size) return old;
    // Segments behind the first are needed in full; the first one starts small, for most pickles are.
    const room = index > 0 ? SEGMENT_SIZE : Math.min(SEGMENT_SIZE, Math.max(size, (old?.length ?? 0) * 2));
    const segment = new Uint8Array(room);
    if (old !== undefined) segment.set(old);
    this.#segments[index] = segment;
    return segment;
  }

  /**
   * The longest run of bytes that starts at `from`, which must be there. Near the end of a segment it is a copy that bridges the edge, so it has `WINDOW_MIN`
   * bytes or reaches the end.
   */
  window(from: number): ByteWindow {
    if (this.#whole !== undefined) return { buffer: this.#whole, base: 0 };
    const index = Math.floor(from / SEGMENT_SIZE);
    const base = index * SEGMENT_SIZE;
    const filled = Math.min(SEGMENT_SIZE, this.length - base);
    if (base + filled - from < WINDOW_MIN && base + filled < this.length) {
      return { buffer: this.view(from, Math.min(this.length, from + 2 * WINDOW_MIN)), base: from };
    }
    return { buffer: (this.#segments[index] ?? new Uint8Array(0)).subarray(0, filled), base };
  }

  /** The segment that an offset lies in, with room behind its bytes perhaps. */
  segment(at: number): Uint8Array {
    return this.#whole ?? this.#segments[Math.floor(at / SEGMENT_SIZE)] ?? NOTHING;
  }

  /** Where in its segment an offset lies. */
  place(at: number): number {
    return this.#whole === undefined ? at % SEGMENT_SIZE : at;
  }

  /** The byte at an offset, -1 where there is none. */
  byte(at: number): number {
    if (at < 0 || at >= this.length) return -1;
    if (this.#whole !== undefined) return this.#whole[at] ?? -1;
    return this.#segments[Math.floor(at / SEGMENT_SIZE)]?.[at % SEGMENT_SIZE] ?? -1;
  }

  /** The bytes `from` to `to` as far as they are there: a view where they lie in one segment, else a copy. */
  view(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint8Array(0);
    if (this.#whole !== undefined) return this.#whole.subarray(from, end);
    const first = Math.floor(from / SEGMENT_SIZE);
    if (Math.floor((end - 1) / SEGMENT_SIZE) === first) {
      const base = first * SEGMENT_SIZE;
      return (this.#segments[first] ?? new Uint8Array(0)).subarray(from - base, end - base);
    }
    const copy = new Uint8Array(end - from);
    let at = 0;
    for (const piece of this.pieces(from, end)) {
      copy.set(piece, at);
      at += piece.length;
    }
    return copy;
  }

  /** The bytes `from` to `to` as far as they are there, for whoever may keep or change them. */
  copy(from: number, to: number): Uint8Array {
    return new Uint8Array(this.view(from, to));
  }

  /** The bytes `from` to `to` piece by piece, without a copy. */
  *pieces(from: number, to: number): IterableIterator<Uint8Array> {
    const end = Math.min(to, this.length);
    let at = from;
    while (at < end) {
      const next =
        this.#whole !== undefined ? end : Math.min(end, (Math.floor(at / SEGMENT_SIZE) + 1) * SEGMENT_SIZE);
      yield this.view(at, next);
      at = next;
    }
  }

  /** The first place of a byte value at or behind `from`, -1 where there is none. */
  indexOf(value: number, from: number): number {
    let at = from;
    for (const piece of this.pieces(from, this.length)) {
      const found = piece.indexOf(value);
      if (found >= 0) return at + found;
      at += piece.length;
    }
    return -1;
  }
}
