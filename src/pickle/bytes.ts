import { PickleError } from "./errors.ts";

/** Bytes of a segment: a power of two, quickly read back, large enough that edges are rare. What makes chunks of this size is spared a copy. */
export const SEGMENT_SIZE = 1 << 20;

/** Segments that may be on their way out of the memory before whoever adds more should wait. */
const MOST_LEAVING = 4;
/** Segments that are in memory at least: what is just read, and what it refers to. */
const LEAST_SEGMENTS = 4;
const NOTHING = new Uint8Array(0);
/** Bytes that are read of a segment outside for a few of them: a cell of each of many columns needs no more. */
const PART_SIZE = 1 << 14;
/** Parts of a segment that are read before all of it is. */
const MOST_PARTS = 4;
/** Parts that are kept. */
const MOST_KEPT = 256;

/** Bytes that a window has at least, unless the end is near: the longest opcode with its fixed-size argument has 9. */
const WINDOW_MIN = 16;

/** A run of consecutive bytes: `buffer[0]` lies at `base`. */
export interface ByteWindow {
  buffer: Uint8Array;
  base: number;
}

/** Bytes outside the memory, any part of which can be read at once. */
export interface OutsideBytes {
  /** Fills `into` with the bytes from `at` on. Throws where they cannot be read. */
  read(at: number, into: Uint8Array): void;
  close(): void;
}

/** A place outside the memory for bytes that are too many for it. */
export interface Spill extends OutsideBytes {
  /** Keeps the bytes that belong at `at`. Rejects where there is no room. */
  write(at: number, bytes: Uint8Array): Promise<void>;
}

/** What a store holds in memory, and where the rest of it is. */
export interface Room {
  /** Bytes in memory at most, in whole segments. */
  readonly memory: number;
  /** Makes the place for the others, once they are needed. */
  readonly spill: () => Spill;
}

/**
 * The bytes of a pickle, growing at the end. Offsets are plain numbers, so more than 4 GiB fit. Memory follows what was appended, never what a length in
 * the input claims, and is bounded: the segments that have been in memory longest are read back when they are looked at. INVARIANT: of segments that
 * were never outside, those with lower numbers go first.
 */
export class ByteStore {
  /** Bytes that are there. */
  length = 0;
  readonly #segments: (Uint8Array | undefined)[] = [];
  // A store made of one array given by the caller has one segment of any size and never grows.
  readonly #whole: Uint8Array | undefined;
  readonly #room: Room | undefined;
  // The full segments in memory, as they came there.
  readonly #inside: number[] = [];
  #mostInside: number;
  #outside: OutsideBytes | undefined;
  #spill: Spill | undefined;
  // The parts of segments that were read, the latest last, and how many of each segment.
  readonly #parts = new Map<number, Uint8Array>();
  readonly #partsOf = new Map<number, number>();
  // While a segment is on its way out.
  #writing: Promise<void> | undefined;
  // The segments below this number are outside, too.
  #spilled = 0;
  #isClosed = false;

  /** A store of one array, or an empty one. */
  constructor(whole?: Uint8Array, room?: Room) {
    // A plain Uint8Array, also of a Buffer: a Buffer's own methods mean other things.
    this.#whole = whole && new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
    if (whole !== undefined) this.length = whole.length;
    this.#room = room;
    this.#mostInside = Math.max(LEAST_SEGMENTS, Math.floor((room?.memory ?? Infinity) / SEGMENT_SIZE));
  }

  /** A store of bytes that all lie outside. */
  static of(outside: OutsideBytes, length: number, memory: number): ByteStore {
    const store = new ByteStore();
    store.length = length;
    store.#outside = outside;
    store.#spilled = Infinity;
    store.#mostInside = Math.max(LEAST_SEGMENTS, Math.floor(memory / SEGMENT_SIZE));
    return store;
  }

  /**
   * Adds the bytes of a chunk at the end.
   * @param isOwn whether nobody else will ever write to the memory that the chunk is a part of: then it is kept, where it fits, instead of a copy
   */
  append(chunk: Uint8Array, isOwn = false): void {
    let from = 0;
    while (from < chunk.length) {
      const at = this.length % SEGMENT_SIZE;
      const index = (this.length - at) / SEGMENT_SIZE;
      const take = Math.min(chunk.length - from, SEGMENT_SIZE - at);
      const piece = chunk.subarray(from, from + take);
      if (isOwn && at === 0) this.#adopt(index, piece);
      const segment = this.#roomFor(index, at + take);
      if (segment.buffer !== piece.buffer || segment.byteOffset + at !== piece.byteOffset)
        segment.set(piece, at);
      from += take;
      this.length += take;
      if (at + take === SEGMENT_SIZE) this.#keep(index);
    }
  }

  /** Makes the memory that begins with `piece` a segment, where it is as large as one. */
  #adopt(index: number, { buffer, byteOffset }: Uint8Array): void {
    if (buffer.byteLength - byteOffset >= SEGMENT_SIZE)
      this.#segments[index] = new Uint8Array(buffer, byteOffset, SEGMENT_SIZE);
  }

  /** The segment at `index`, with room for `size` bytes. */
  #roomFor(index: number, size: number): Uint8Array {
    const old = this.#segments[index];
    if (old !== undefined && old.length >= size) return old;
    // Segments behind the first are needed in full; the first one starts small, for most pickles are.
    const room = index > 0 ? SEGMENT_SIZE : Math.min(SEGMENT_SIZE, Math.max(size, (old?.length ?? 0) * 2));
    const segment = new Uint8Array(room);
    if (old !== undefined) segment.set(old);
    this.#segments[index] = segment;
    return segment;
  }

  /** Counts a segment among those in memory, and has others leave it when there are too many. */
  #keep(index: number): void {
    this.#inside.push(index);
    this.#makeRoom();
  }

  #makeRoom(): void {
    while (this.#inside.length > this.#mostInside && this.#writing === undefined) {
      const oldest = this.#inside[0] ?? 0;
      if (oldest >= this.#spilled) {
        this.#writing = this.#writeOut(oldest);
      } else {
        this.#inside.shift();
        this.#segments[oldest] = undefined;
      }
    }
  }

  /** Writes a segment outside. Where that cannot be done, memory is what there is. */
  async #writeOut(index: number): Promise<void> {
    await this.#write(index).catch(() => {
      this.#mostInside = Infinity;
    });
    this.#writing = undefined;
    this.#makeRoom();
  }

  async #write(index: number): Promise<void> {
    this.#spill ??= this.#room?.spill();
    if (this.#spill === undefined || this.#isClosed) throw new Error("there is no room outside");
    await this.#spill.write(index * SEGMENT_SIZE, this.#segments[index] ?? NOTHING);
    this.#outside = this.#spill;
    this.#spilled = index + 1;
  }

  /** Waits until what has to leave the memory has left it, but for a little. */
  async room(): Promise<void> {
    while (this.#writing !== undefined && this.#inside.length > this.#mostInside + MOST_LEAVING)
      await this.#writing;
  }

  /** The segment at `index`, which is read back where it is outside. */
  #at(index: number): Uint8Array {
    return this.#segments[index] ?? this.#readBack(index);
  }

  #readBack(index: number): Uint8Array {
    const from = index * SEGMENT_SIZE;
    if (from >= this.length) return NOTHING;
    const segment = this.#read(from, SEGMENT_SIZE);
    this.#segments[index] = segment;
    this.#keep(index);
    return segment;
  }

  /** The bytes `from` to `to` of a segment that is outside, where they lie in one part of it and few parts were looked at. */
  #inPart(from: number, to: number): Uint8Array | undefined {
    const index = Math.floor(from / PART_SIZE);
    const base = index * PART_SIZE;
    if (to > base + PART_SIZE) return undefined;
    const part = this.#parts.get(index) ?? this.#readPart(index);
    return part?.subarray(from - base, to - base);
  }

  #readPart(index: number): Uint8Array | undefined {
    const from = index * PART_SIZE;
    const segment = Math.floor(from / SEGMENT_SIZE);
    const count = this.#partsOf.get(segment) ?? 0;
    if (count === MOST_PARTS) return undefined;
    const part = this.#read(from, PART_SIZE);
    this.#partsOf.set(segment, count + 1);
    this.#parts.set(index, part);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > MOST_KEPT && oldest !== undefined) this.#parts.delete(oldest);
    return part;
  }

  /** Reads bytes that are outside, as many as there are. */
  #read(from: number, size: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(size, this.length - from));
    this.#readOutside(from, bytes);
    return bytes;
  }

  /** Throws where the bytes cannot be read. */
  #readOutside(from: number, into: Uint8Array): void {
    if (this.#isClosed) throw new PickleError("aborted", "the document was closed", from);
    try {
      this.#outside?.read(from, into);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PickleError("source", `the bytes could not be read: ${why}`, from, { cause });
    }
  }

  /** Lets go of what is outside. What is in memory stays. */
  close(): void {
    this.#isClosed = true;
    this.#outside?.close();
    this.#spill?.close();
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
    return { buffer: this.#at(index).subarray(0, filled), base };
  }

  /** The segment that an offset lies in, with room behind its bytes perhaps. */
  segment(at: number): Uint8Array {
    return this.#whole ?? this.#at(Math.floor(at / SEGMENT_SIZE));
  }

  /** Where in its segment an offset lies. */
  place(at: number): number {
    return this.#whole === undefined ? at % SEGMENT_SIZE : at;
  }

  /** The byte at an offset, -1 where there is none. */
  byte(at: number): number {
    if (at < 0 || at >= this.length) return -1;
    if (this.#whole !== undefined) return this.#whole[at] ?? -1;
    return this.#at(Math.floor(at / SEGMENT_SIZE))[at % SEGMENT_SIZE] ?? -1;
  }

  /** The bytes `from` to `to` as far as they are there: a view where they lie in one segment, else a copy. */
  view(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint8Array(0);
    if (this.#whole !== undefined) return this.#whole.subarray(from, end);
    const first = Math.floor(from / SEGMENT_SIZE);
    if (Math.floor((end - 1) / SEGMENT_SIZE) === first) {
      const part = this.#segments[first] === undefined ? this.#inPart(from, end) : undefined;
      if (part !== undefined) return part;
      const base = first * SEGMENT_SIZE;
      return this.#at(first).subarray(from - base, end - base);
    }
    const copy = new Uint8Array(end - from);
    let at = 0;
    for (const piece of this.pieces(from, end)) {
      copy.set(piece, at);
      at += piece.length;
    }
    return copy;
  }

  /** Puts the bytes from `from` on into an array, as far as they are there; what is outside the memory stays there. */
  readInto(from: number, into: Uint8Array): void {
    const end = Math.min(from + into.length, this.length);
    for (let at = from; at < end;) {
      const index = Math.floor(at / SEGMENT_SIZE);
      const next = Math.min(end, this.#whole === undefined ? (index + 1) * SEGMENT_SIZE : end);
      const part = into.subarray(at - from, next - from);
      if (this.#whole === undefined && this.#segments[index] === undefined) this.#readOutside(at, part);
      else part.set(this.view(at, next));
      at = next;
    }
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
