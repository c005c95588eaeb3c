import type { ByteNeedle } from "./byteNeedle.ts";
import { SEGMENT_SIZE } from "./bytes.ts";
import type { ByteStore } from "./bytes.ts";
import { Op } from "./opcodes.ts";
import type { Ref } from "./tape.ts";
import { bufferOn } from "./text.ts";

/** Texts up to this many bytes are kept: the keys of a million dicts are few. */
const KEPT_TEXT = 64;
const CACHE_SIZE = 2048;
/** Texts of this many bytes and more are worth a place of their own. */
const LONG_TEXT = 256;

/**
 * Reads the scalars that nearly every value consists of, without making anything but the value. `undefined` for all others: the reader knows them.
 */
export class QuickScalars {
  readonly #bytes: ByteStore;
  #segment: Uint8Array = new Uint8Array(0);
  /** Where it begins. */
  #base = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #buffer: Buffer = Buffer.alloc(0);
  readonly #textRefs = new Int32Array(CACHE_SIZE).fill(-1);
  // Texts that are too long for that, while someone asks for all of them.
  #long: Map<Ref, string> | undefined;
  readonly #texts: string[] = new Array<string>(CACHE_SIZE).fill("");

  constructor(bytes: ByteStore) {
    this.#bytes = bytes;
  }

  /** Keeps long texts, too, or forgets them: one that is referred to a million times is then one text. */
  keepLong(on: boolean): void {
    this.#long = on ? new Map() : undefined;
  }

  /** The natural value of a small scalar. */
  value(ref: Ref): string | number | boolean | null | undefined {
    const at = this.#enter(ref);
    if (at < 0) return undefined;
    const segment = this.#segment;
    switch (segment[at]) {
      case Op.NONE:
        return null;
      case Op.NEWTRUE:
        return true;
      case Op.NEWFALSE:
        return false;
      case Op.BININT1:
        return segment[at + 1];
      case Op.BININT2:
        return this.#view.getUint16(at + 1, true);
      case Op.BININT:
        return this.#view.getInt32(at + 1, true);
      case Op.BINFLOAT:
        return this.#view.getFloat64(at + 1);
      default:
        return this.#textAt(ref, at);
    }
  }

  /** A text in UTF-8; `undefined` for everything else, and for texts that need a closer look. */
  text(ref: Ref): string | undefined {
    const at = this.#enter(ref);
    return at < 0 ? undefined : this.#textAt(ref, at);
  }

  /** Whether a text has another one in it; `undefined` for everything else, and for texts that need a closer look. */
  has(ref: Ref, { next, found, unclear }: ByteNeedle): boolean | undefined {
    const at = this.#enter(ref);
    const length = at < 0 ? -1 : this.#textBytes(ref, at);
    if (length < 0) return undefined;
    const segment = this.#segment;
    const from = at + (segment[at] === Op.SHORT_BINUNICODE ? 2 : 5);
    let state = 0;
    for (let place = from; place < from + length; place++) state = next[state | (segment[place] ?? 0)] ?? 0;
    return state === unclear ? undefined : state === found;
  }

  /** Whether a reference is an int that is not a bool. */
  isInt(ref: Ref): boolean {
    const at = this.#enter(ref);
    const op = at < 0 ? -1 : this.#segment[at];
    return op === Op.BININT || op === Op.BININT1 || op === Op.BININT2;
  }

  /** Where a scalar lies in the current segment; -1 for nodes, and near a segment's end. */
  #enter(ref: Ref): number {
    if (ref < 0) return -1;
    const near = ref - this.#base;
    // Most lie in the same segment as the one before. A smaller one gives way to a larger one when more bytes come.
    if (near >= 0 && near + 16 <= this.#segment.length && this.#segment.length >= SEGMENT_SIZE) return near;
    const segment = this.#bytes.segment(ref);
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
      this.#buffer = bufferOn(segment);
    }
    const at = this.#bytes.place(ref);
    this.#base = ref - at;
    return at + 16 > segment.length ? -1 : at;
  }

  /** How many bytes a text has whose opcode is there; -1 for everything else, and where some of them are not in the segment. */
  #textBytes(ref: Ref, at: number): number {
    const op = this.#segment[at];
    const isShort = op === Op.SHORT_BINUNICODE;
    if (!isShort && op !== Op.BINUNICODE) return -1;
    const length = isShort ? (this.#segment[at + 1] ?? 0) : this.#view.getUint32(at + 1, true);
    const size = length + (isShort ? 2 : 5);
    // A segment has room behind the bytes that are there.
    return at + size > this.#segment.length || ref + size > this.#bytes.length ? -1 : length;
  }

  #textAt(ref: Ref, at: number): string | undefined {
    const segment = this.#segment;
    const slot = ref & (CACHE_SIZE - 1);
    if (this.#textRefs[slot] === ref) return this.#texts[slot];
    const length = this.#textBytes(ref, at);
    if (length < 0) return undefined;
    if (length >= LONG_TEXT) {
      const known = this.#long?.get(ref);
      if (known !== undefined) return known;
    }
    const from = at + (segment[at] === Op.SHORT_BINUNICODE ? 2 : 5);
    const to = from + length;
    let ascii = length <= 1024;
    for (let i = from; i < to && ascii; i++) ascii = (segment[i] ?? 0) < 128;
    const text = this.#buffer.toString(ascii ? "latin1" : "utf8", from, to);
    if (!ascii && text.includes("\ufffd")) return undefined; // perhaps no UTF-8
    if (length <= KEPT_TEXT) {
      this.#textRefs[slot] = ref;
      this.#texts[slot] = text;
    } else if (length >= LONG_TEXT) {
      this.#long?.set(ref, text);
    }
    return text;
  }
}
