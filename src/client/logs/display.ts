import { LineScanner } from "./lines.ts";

const NEWLINE = 10;
const HEADER = Buffer.from("[MFLOG|0|");
/** A header has about 80 bytes. */
const HEADER_BYTES = 256;
/** A line longer than this is given in pieces, so that no line can fill the memory. */
const PIECE_BYTES = 1 << 20;

/** One line of a log as people want to see it: at its place in its file, without header. */
export interface LogLine {
  /** When it was captured, in microseconds since the epoch; `undefined` for a line without header. */
  readonly timeUs: number | undefined;
  /** The latest time seen in the file up to this line: never goes back within a file, so files can be merged by it. */
  readonly orderUs: number;
  /** Who captured the line, `runtime` or `task`; `undefined` for a line without header. */
  readonly source: string | undefined;
  /** Without newline. Bytes that are not UTF-8 are U+FFFD. May contain carriage returns and escape sequences. */
  readonly text: string;
  /** Where the line begins in its file, in bytes. */
  readonly offset: number;
  /** The next line of the same file continues this one: it was cut because it is very long. */
  readonly open?: true;
}

/** How a file is cut into lines. */
export interface SplitOptions {
  /** Where in the file the first byte to be pushed lies. */
  readonly offset?: number;
  /** Lines end at newlines only, as in Python; otherwise also before a header in the midst of a line. */
  readonly asStored?: boolean;
}

/**
 * Cuts the bytes of one log file into lines as they arrive. Every byte is in exactly one line; an incomplete line waits for its newline.
 */
export class LineSplitter {
  readonly #scanner = new LineScanner();
  readonly #asStored: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #consumed: number;
  #orderUs = Number.NEGATIVE_INFINITY;
  /** The line of which pieces were given already. */
  #opened: LogLine | undefined;

  constructor(options: SplitOptions = {}) {
    this.#consumed = options.offset ?? 0;
    this.#asStored = options.asStored ?? false;
  }

  /** The offset in the file of the first byte that is not in a line yet. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Begins anew at the start of the file; an incomplete line is forgotten. */
  restart(): void {
    this.#rest = Buffer.alloc(0);
    this.#opened = undefined;
    this.#consumed = 0;
  }

  /** The bytes pushed so far now end at another offset of the file. */
  moveTo(offset: number): void {
    this.#consumed = offset - this.#rest.length;
  }

  /** The lines that these bytes complete. */
  push(chunk: Uint8Array): LogLine[] {
    const bytes = this.#rest.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#rest, chunk]);
    const lines: LogLine[] = [];
    let start = 0;
    let nextHeader = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      // Looked for only once a header: the next one is mostly that of the next line.
      if (nextHeader >= 0 && nextHeader <= start) nextHeader = bytes.indexOf(HEADER, start + 1);
      nextHeader = this.#line(lines, bytes, start, end, nextHeader);
      this.#consumed += end + 1 - start;
      start = end + 1;
    }
    while (bytes.length - start >= PIECE_BYTES) {
      const end = characterStart(bytes, start + PIECE_BYTES);
      lines.push(this.#piece(bytes, start, end));
      this.#consumed += end - start;
      start = end;
    }
    // Copied, so that a short rest does not keep a whole chunk alive.
    this.#rest = Buffer.from(bytes.subarray(start));
    return lines;
  }

  /** The last line, where the file does not end with a newline. Call it when nothing follows. */
  end(): LogLine[] {
    const lines: LogLine[] = [];
    const rest = this.#rest;
    if (rest.length > 0 || this.#opened !== undefined)
      this.#line(lines, rest, 0, rest.length, rest.indexOf(HEADER, 1));
    this.#consumed += rest.length;
    this.#rest = Buffer.alloc(0);
    return lines;
  }

  /**
   * Reads one line. Text that was printed without a newline has the next line's header in its midst: there a new line begins.
   * Gives the next header that is not in this line.
   */
  #line(lines: LogLine[], bytes: Buffer, start: number, end: number, nextHeader: number): number {
    let from = start;
    let header = nextHeader;
    let message: number | undefined;
    while (header >= 0 && header < end) {
      const marked = bytes[header - 1] === 33 && bytes[header - 2] === 91 ? header - 2 : header;
      message ??= this.#messageStart(bytes, from, end);
      // Bounded, for a line may hold any number of beginnings of headers.
      if (
        !this.#asStored &&
        marked > message &&
        this.#scanner.read(bytes, marked, Math.min(end, marked + HEADER_BYTES))
      ) {
        message = this.#scanner.header.messageStart;
        lines.push(this.#read(bytes, from, marked, this.#consumed + from - start));
        from = marked;
      }
      header = bytes.indexOf(HEADER, header + 1);
    }
    lines.push(this.#read(bytes, from, end, this.#consumed + from - start));
    return header;
  }

  #messageStart(bytes: Buffer, start: number, end: number): number {
    return this.#scanner.read(bytes, start, end) ? this.#scanner.header.messageStart : start;
  }

  #read(bytes: Buffer, start: number, end: number, offset: number): LogLine {
    const opened = this.#opened;
    if (opened !== undefined) {
      this.#opened = undefined;
      const { timeUs, orderUs, source } = opened;
      return { timeUs, orderUs, source, text: bytes.toString("utf8", start, end), offset };
    }
    if (!this.#scanner.read(bytes, start, end)) {
      const text = bytes.toString("utf8", start, end);
      return { timeUs: undefined, orderUs: this.#orderUs, source: undefined, text, offset };
    }
    const { timeUs, timeEnd, sourceEnd, messageStart } = this.#scanner.header;
    this.#orderUs = Math.max(this.#orderUs, timeUs);
    return {
      timeUs,
      orderUs: this.#orderUs,
      source: bytes.toString("utf8", timeEnd + 2, sourceEnd),
      text: bytes.toString("utf8", messageStart, end),
      offset,
    };
  }

  #piece(bytes: Buffer, start: number, end: number): LogLine {
    const line: LogLine = { ...this.#read(bytes, start, end, this.#consumed), open: true };
    this.#opened = line;
    return line;
  }
}

/** The start of the UTF-8 character that the byte at `at` belongs to. */
function characterStart(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back++) {
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  }
  return at;
}

/** The same bytes as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
