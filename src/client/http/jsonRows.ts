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
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (scanner.hasEnded()) {
      refuseMore(bytes);
      continue;
    }
    const end = scanner.scan(bytes, rest.length);
    if (end - scanner.begin < BATCH_BYTES && !scanner.hasEnded()) {
      rest = bytes;
      continue;
    }
    yield parseBatch(bytes, scanner.begin, end);
    rest = scanner.cut(bytes, end);
    if (!scanner.hasEnded()) continue;
    refuseMore(rest);
    rest = new Uint8Array();
  }
  if (!scanner.hasEnded()) throw new SyntaxError("the answer ends before its JSON does");
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
    for (let index = at; index < bytes.length && !this.#isOver; index++) this.#take(bytes[index] ?? 0, index);
    return this.#end;
  }

  /** What is left behind the elements that were given out. */
  cut(bytes: Uint8Array, end: number): Uint8Array {
    const next = this.#isOver || bytes[end] === COMMA ? end + 1 : end;
    this.begin = 0;
    this.#end = 0;
    return bytes.subarray(next);
  }

  #take(byte: number, index: number): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return;
    }
    if (this.#depth === 0) {
      if (byte === OPEN_ARRAY) this.#open(index);
      else if (!isSpace(byte)) throw new SyntaxError("the answer is no JSON array");
      return;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      this.#depth--;
      if (this.#depth > 0) return;
      if (byte !== CLOSE_ARRAY) throw new SyntaxError("the answer's JSON is not well formed");
      this.#end = index;
      this.#isOver = true;
    } else if (byte === COMMA && this.#depth === 1) this.#end = index;
  }

  #open(index: number): void {
    this.#depth = 1;
    this.begin = index + 1;
    this.#end = index + 1;
  }
}
