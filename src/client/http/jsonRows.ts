/** Splits a JSON array into its elements while it arrives, so that a long answer is never held as text and as objects at once. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** So many elements are parsed at once: a call for each of a hundred thousand would take longer than the parsing. */
const BATCH_BYTES = 1 << 16;

/**
 * The elements of a JSON array, in batches as they arrive.
 * Throws SyntaxError for what is no JSON array, and for one that ends early.
 */
export async function* jsonRows(chunks: AsyncIterable<Uint8Array>): AsyncIterable<readonly unknown[]> {
  const scanner = new Scanner();
  let rest: Uint8Array = new Uint8Array();
  let scanned = 0;
  let isShort = true;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    isShort &&= bytes.length < BATCH_BYTES;
    if (isShort) {
      rest = bytes;
      continue;
    }
    if (scanner.hasEnded()) {
      refuseMore(bytes);
      continue;
    }
    const end = scanner.scan(bytes, scanned);
    if (end - scanner.begin < BATCH_BYTES && !scanner.hasEnded()) {
      rest = bytes;
      scanned = bytes.length;
      continue;
    }
    yield parseBatch(bytes, scanner.begin, end);
    rest = scanner.cut(bytes, end);
    scanned = rest.length;
    if (!scanner.hasEnded()) continue;
    refuseMore(rest);
    rest = new Uint8Array();
  }
  // What is no more than a batch needs nobody to look where its elements end.
  if (isShort) yield parseWhole(rest);
  else if (!scanner.hasEnded()) throw new SyntaxError("the answer ends before its JSON does");
}

function parseWhole(bytes: Uint8Array): readonly unknown[] {
  const value: unknown = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"),
  );
  if (!Array.isArray(value)) throw new SyntaxError("the answer is no JSON array");
  return value;
}

function refuseMore(bytes: Uint8Array): void {
  if (!bytes.every(isSpace)) throw new SyntaxError("something follows the JSON");
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function parseBatch(bytes: Uint8Array, from: number, to: number): readonly unknown[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
  return JSON.parse(`[${text}]`) as unknown[];
}

/** Where elements end; knows strings and nesting, and leaves everything else to the parser. */
class Scanner {
  /** Where the elements begin that were not given out yet. */
  begin = 0;
  #depth = 0;
  #isOver = false;
  #inString = false;
  #escaped = false;
  /** Behind the last whole element; before its comma. */
  #end = 0;

  /** Whether the array is closed. */
  hasEnded(): boolean {
    return this.#isOver;
  }

  /** Reads on from `at` and gives the place behind the last whole element. */
  scan(bytes: Uint8Array, at: number): number {
    // Long answers have tens of millions of bytes: what is looked at for each of them is kept in variables.
    let index = this.#inString ? this.#afterString(bytes, at) : at;
    let depth = this.#depth;
    for (; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      if (byte === QUOTE && depth > 0) index = this.#afterString(bytes, index + 1) - 1;
      else if (byte === COMMA && depth > 0) {
        if (depth === 1) this.#end = index;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === 0) this.#open(byte, index);
        depth++;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        depth--;
        if (depth > 0) continue;
        if (depth < 0 || byte !== CLOSE_ARRAY) throw new SyntaxError("the answer's JSON is not well formed");
        this.#end = index;
        this.#isOver = true;
        break;
      } else if (depth === 0 && !isSpace(byte)) throw new SyntaxError("the answer is no JSON array");
    }
    this.#depth = depth;
    return this.#end;
  }

  /** The place behind the string that goes on at `from`; the end of the bytes where it goes on behind them. */
  #afterString(bytes: Uint8Array, from: number): number {
    let index = this.#escaped ? from + 1 : from;
    if (from < bytes.length) this.#escaped = false;
    for (; index < bytes.length; index++) {
      const byte = bytes[index];
      if (byte === QUOTE) {
        this.#inString = false;
        return index + 1;
      }
      if (byte === BACKSLASH) index++; // Whatever it is, it ends nothing.
    }
    this.#inString = true;
    // Behind a backslash that was the last byte.
    this.#escaped ||= index > bytes.length;
    return bytes.length;
  }

  /** What is left behind the elements that were given out. */
  cut(bytes: Uint8Array, end: number): Uint8Array {
    const next = this.#isOver || bytes[end] === COMMA ? end + 1 : end;
    this.begin = 0;
    this.#end = 0;
    return bytes.subarray(next);
  }

  #open(byte: number, index: number): void {
    if (byte !== OPEN_ARRAY) throw new SyntaxError("the answer is no JSON array");
    this.begin = index + 1;
    this.#end = index + 1;
  }
}
