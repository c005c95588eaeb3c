import { lenientTimeUs, TimeReader } from "./time.ts";

const NEWLINE = 10;
const BAR = 124;
const BRACKET = 93;
const LETTER_Z = 90;
const MARK = Buffer.from("[!");
const HEADER = Buffer.from("[MFLOG|0|");
const TIME_END = Buffer.from("Z|");
const CANONICAL_BYTES = 26;
const STRIDE = 4;

/** Bits of a line's flags; the bytes of its time text stand above them. */
const STRUCTURED = 1;
const MARKED = 2;
const CANONICAL = 4;
const TIME_LENGTH_SHIFT = 3;

/** Where the parts of one log line lie; filled by `LineScanner.header`, one object for all lines of a scan. */
export interface Header {
  /** The line had `[!` before its header: not yet persisted by whoever received it. */
  marked: boolean;
  canonical: boolean;
  /** Microseconds since the epoch. */
  timeUs: number;
  timeStart: number;
  timeEnd: number;
  sourceEnd: number;
  messageStart: number;
}

/** Finds the header of log lines. The format: `[MFLOG|0|<UTC time>Z|<source>|<id>]<message>`, see Metaflow's `mflog`. */
export class LineScanner {
  readonly #times = new TimeReader();
  /** The parts of the line for which `read` said true last. */
  readonly header: Header = {
    marked: false,
    canonical: false,
    timeUs: 0,
    timeStart: 0,
    timeEnd: 0,
    sourceEnd: 0,
    messageStart: 0,
  };

  /** Whether the line from `start` to `end` (without its newline) has a header that Metaflow would accept. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const { header } = this;
    header.marked = startsWith(bytes, start, end, MARK);
    const at = header.marked ? start + MARK.length : start;
    if (!startsWith(bytes, at, end, HEADER)) return false;
    header.timeStart = at + HEADER.length;
    if (!this.#readTime(bytes, end)) return false;
    // Each part has one byte at least, as in `(.+?)\|` and `(.+?)\]`; the next separator after it ends it.
    const sourceStart = header.timeEnd + TIME_END.length;
    header.sourceEnd = find(bytes, BAR, sourceStart + 1, end);
    if (header.sourceEnd < 0) return false;
    const idEnd = find(bytes, BRACKET, header.sourceEnd + 2, end);
    if (idEnd < 0) return false;
    header.messageStart = idEnd + 1;
    return true;
  }

  #readTime(bytes: Buffer, end: number): boolean {
    const { header } = this;
    const canonicalEnd = header.timeStart + CANONICAL_BYTES;
    if (startsWith(bytes, canonicalEnd, end, TIME_END)) {
      const timeUs = this.#times.canonical(bytes, header.timeStart);
      if (!Number.isNaN(timeUs)) {
        header.canonical = true;
        header.timeUs = timeUs;
        header.timeEnd = canonicalEnd;
        return true;
      }
    }
    const timeEnd = find(bytes, LETTER_Z, header.timeStart + 1, Math.min(end, canonicalEnd + 1));
    if (timeEnd < 0 || !startsWith(bytes, timeEnd, end, TIME_END)) return false;
    const timeUs = lenientTimeUs(bytes.toString("latin1", header.timeStart, timeEnd));
    if (timeUs === undefined) return false;
    header.canonical = false;
    header.timeUs = timeUs;
    header.timeEnd = timeEnd;
    return true;
  }
}

/** Like `indexOf`, but never looks past `end`: a search to the end of the log at each line would take time squared. */
function find(bytes: Buffer, byte: number, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] === byte) return at;
  }
  return -1;
}

function startsWith(bytes: Buffer, at: number, end: number, prefix: Buffer): boolean {
  if (at + prefix.length > end) return false;
  for (let index = 0; index < prefix.length; index++) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** The lines of one log file, as offsets into its bytes: nothing is copied, nothing is decoded. */
export class LineTable {
  readonly bytes: Buffer;
  /** Number of lines. */
  readonly length: number;
  readonly #timeUs: Float64Array;
  /** Per line: start of its time, or of the line where it has no header; start of its message; end of its message; flags. */
  readonly #parts: Float64Array | Uint32Array;

  constructor(log: Uint8Array) {
    const bytes = Buffer.from(log.buffer, log.byteOffset, log.byteLength);
    const scanner = new LineScanner();
    const { header } = scanner;
    // A guess from the beginning of the log; grown when it was too low.
    let capacity = 1 + Math.ceil(bytes.length / 100);
    let timeUs = new Float64Array(capacity);
    let parts = partsOf(bytes, capacity);
    let count = 0;
    for (let start = 0; start < bytes.length; count++) {
      if (count === capacity) {
        capacity *= 2;
        timeUs = grown(timeUs, new Float64Array(capacity));
        parts = grown(parts, partsOf(bytes, capacity));
      }
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      const next = newline < 0 ? end : newline + 1;
      const at = count * STRIDE;
      if (scanner.read(bytes, start, end)) {
        timeUs[count] = header.timeUs;
        parts[at] = header.timeStart;
        parts[at + 1] = header.messageStart;
        parts[at + 2] = end;
        parts[at + 3] =
          STRUCTURED |
          (header.marked ? MARKED : 0) |
          (header.canonical ? CANONICAL : 0) |
          ((header.timeEnd - header.timeStart) << TIME_LENGTH_SHIFT);
      } else {
        // A line without header keeps its newline, as in Python.
        timeUs[count] = Number.POSITIVE_INFINITY;
        parts[at] = start;
        parts[at + 1] = start;
        parts[at + 2] = next;
        parts[at + 3] = 0;
      }
      start = next;
    }
    this.bytes = bytes;
    this.length = count;
    this.#timeUs = timeUs;
    this.#parts = parts;
  }

  /** Whether the line has a header. */
  isStructured(line: number): boolean {
    return (this.#flags(line) & STRUCTURED) !== 0;
  }

  /** Whether the line's header has the `[!` mark. */
  isMarked(line: number): boolean {
    return (this.#flags(line) & MARKED) !== 0;
  }

  /** Whether the order of `timeUs` is that of the time's text. */
  isCanonical(line: number): boolean {
    return (this.#flags(line) & CANONICAL) !== 0;
  }

  /** Microseconds since the epoch; infinite for a line without header. */
  timeUs(line: number): number {
    return this.#timeUs[line] ?? Number.NaN;
  }

  /** Start of the line's time; of the whole line where it has no header. */
  timeStart(line: number): number {
    return this.#parts[line * STRIDE] ?? 0;
  }

  timeEnd(line: number): number {
    return this.timeStart(line) + (this.#flags(line) >> TIME_LENGTH_SHIFT);
  }

  messageStart(line: number): number {
    return this.#parts[line * STRIDE + 1] ?? 0;
  }

  messageEnd(line: number): number {
    return this.#parts[line * STRIDE + 2] ?? 0;
  }

  /** Where the source of a line with header lies. */
  source(line: number): readonly [start: number, end: number] {
    const start = this.timeEnd(line) + TIME_END.length;
    return [start, find(this.bytes, BAR, start + 1, this.messageStart(line))];
  }

  #flags(line: number): number {
    return this.#parts[line * STRIDE + 3] ?? 0;
  }
}

/** Offsets need more than 32 bits only in a log of more than 4 GiB. */
function partsOf(bytes: Buffer, lines: number): Float64Array | Uint32Array {
  return bytes.length > 0xffff_ffff ? new Float64Array(lines * STRIDE) : new Uint32Array(lines * STRIDE);
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
