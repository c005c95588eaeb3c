import { ByteStore } from "./bytes.ts";
import { PickleError } from "./errors.ts";
import {
  LONGEST_NAME,
  lineText,
  narrow,
  parseFloat64,
  parseInteger,
  rawUnicode,
  unquote,
} from "./literals.ts";
import { modernName } from "./names.ts";
import type { QualifiedName } from "./names.ts";
import { objectShape } from "./objects.ts";
import { Op } from "./opcodes.ts";
import { QuickScalars } from "./quick.ts";
import { noMembers } from "./shapes.ts";
import type { Codec, InnerPickle, Members, Pairs, Shape, Span, ValueReader } from "./shapes.ts";
import { Scanner } from "./scan.ts";
import { RunCache } from "./spans.ts";
import { Edit, Kind, Tape } from "./tape.ts";
import type { Ref } from "./tape.ts";
import { bufferOn, isAscii, decodeAscii, decodeUtf8, endOfCharacter } from "./text.ts";

/** Ints of more bytes than this are read only on demand. */
const SMALL_INT = 1024;
/** What a JavaScript bigint can hold, generously rounded down: 2^30 bits. */
const LARGEST_INT = 1 << 26;
/** Recognised values inside recognised values: a frame has an index, whose levels have categories, which have an index. */
const DEEPEST = 8;
/** Parts of a recognised value that are looked at: a frame of 100,000 columns has a million. */
const MOST_LOOKS = 1 << 21;
/** Values of libraries that are kept. */
const MOST_KEPT = 1 << 16;
/** Digits of an int in text, whose making takes a second or two. */
const MOST_DIGITS = 3_000_000;
/** Python 2's texts from this size on are looked through once. */
const LONG_PYTHON2 = 256;
/** Bytes of the index of a pickle in bytes. */
const MOST_INNER = 1 << 20;
/** Characters of a JavaScript string, rounded down. */
const LARGEST_TEXT = (1 << 29) - 64;

/** Reads references: what a value is, one level at a time. Nothing here recurses, and nothing costs more than the one value. */
export class Reader implements ValueReader {
  readonly bytes: ByteStore;
  readonly tape: Tape;
  readonly quick: QuickScalars;
  /** Where the bytes end, once no more will come: then nothing reaches beyond. */
  end = Infinity;
  readonly #cache: RunCache;
  readonly #protocol: () => number;
  // Whether a long text of Python 2 at an offset is ASCII.
  readonly #python2Texts = new Map<number, boolean>();
  // A recogniser looks at parts, which may be recognised themselves. A set of a set of a set … must not become a recursion.
  #nesting = 0;
  // How many of them it looked at.
  #looks = 0;
  // What was built, until something is added to the tape that may be a part of it.
  readonly #kept = new Map<number, Shape>();
  #keptVersion = -1;

  constructor(bytes: ByteStore, tape: Tape, protocol: () => number) {
    this.bytes = bytes;
    this.tape = tape;
    this.quick = new QuickScalars(bytes);
    this.#cache = new RunCache(tape);
    this.#protocol = protocol;
  }

  get protocol(): number {
    return this.#protocol();
  }

  /** The offset of a scalar's opcode, -1 for nodes. */
  offset(ref: Ref): number {
    if (ref >= 0) return ref;
    return this.tape.kind(ref) === Kind.Far ? this.tape.a(ref) + this.tape.b(ref) * 2 ** 31 : -1;
  }

  /** What a reference stands for. */
  shape(ref: Ref): Shape {
    const offset = this.offset(ref);
    return offset >= 0 ? this.#scalar(offset) : this.#node(ref);
  }

  #node(ref: Ref): Shape {
    const { tape } = this;
    switch (tape.kind(ref)) {
      case Kind.Tuple:
        return { t: "tuple", members: this.runs(ref, Edit.Items) };
      case Kind.List:
        return { t: "list", members: this.runs(ref, Edit.Items) };
      case Kind.Set:
        return { t: "set", members: this.runs(ref, Edit.Items) };
      case Kind.FrozenSet:
        return { t: "frozenset", members: this.runs(ref, Edit.Items) };
      case Kind.Dict:
        return { t: "dict", pairs: this.runs(ref, Edit.Entries) };
      case Kind.Global:
        return this.#named(this.#name(tape.a(ref)), this.#name(tape.b(ref)));
      case Kind.PersId:
        return { t: "opaque", why: "a persistent id: the value is stored elsewhere" };
      case Kind.Buffer:
        return { t: "opaque", why: `out-of-band buffer ${tape.a(ref)}: the value is stored elsewhere` };
      default:
        return this.#built(ref);
    }
  }

  /** What a call built. That of a library is kept: it is looked at often, and may be a part of a thousand others. */
  #built(ref: Ref): Shape {
    if (this.#nesting >= DEEPEST) return { t: "opaque", why: "calls nested too deeply" };
    if (this.#nesting === 0) this.#looks = 0;
    else if (++this.#looks > MOST_LOOKS) return { t: "opaque", why: "a call of too many parts" };
    const { nodeCount, editCount, itemCount, revision } = this.tape;
    const version = nodeCount + editCount + itemCount + revision + (this.end < Infinity ? 0.5 : 0);
    if (version !== this.#keptVersion || this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#keptVersion = version;
    // What is too deep depends on where it is.
    const place = ~ref * DEEPEST + this.#nesting;
    const kept = this.#kept.get(place);
    if (kept !== undefined) return kept;
    this.#nesting++;
    try {
      const shape = objectShape(this, ref);
      if (isOfLibrary(shape)) this.#kept.set(place, shape);
      return shape;
    } finally {
      this.#nesting--;
    }
  }

  runs(ref: Ref, what: number): Members & Pairs {
    return this.#cache.runs(ref, what);
  }

  tuple(ref: Ref): Members | undefined {
    if (this.tape.kind(ref) === Kind.Tuple) return this.#cache.runs(ref, Edit.Items);
    const op = this.#op(ref);
    return op === Op.EMPTY_TUPLE || op === Op.TUPLE ? noMembers : undefined;
  }

  dict(ref: Ref): Pairs | undefined {
    return this.tape.kind(ref) === Kind.Dict ? this.#cache.runs(ref, Edit.Entries) : undefined;
  }

  /** The opcode of a scalar, -1 for nodes. */
  #op(ref: Ref): number {
    const offset = this.offset(ref);
    return offset < 0 ? -1 : this.bytes.byte(offset);
  }

  #scalar(at: number): Shape {
    const { bytes } = this;
    const op = bytes.byte(at);
    switch (op) {
      case Op.NONE:
        return { t: "none" };
      case Op.NEWTRUE:
      case Op.NEWFALSE:
        return { t: "bool", value: op === Op.NEWTRUE };
      case Op.EMPTY_TUPLE:
      case Op.TUPLE:
        return { t: "tuple", members: noMembers };
      case Op.BININT:
        return { t: "int", value: this.#uint(at + 1, 4) | 0 };
      case Op.BININT1:
        return { t: "int", value: bytes.byte(at + 1) };
      case Op.BININT2:
        return { t: "int", value: this.#uint(at + 1, 2) };
      case Op.LONG1:
        return this.#long(at + 2, bytes.byte(at + 1));
      case Op.LONG4:
        return this.#long(at + 5, this.#uint(at + 1, 4));
      case Op.INT:
      case Op.LONG:
        return this.#textInt(at, op === Op.LONG);
      case Op.BINFLOAT: {
        const data = bytes.view(at + 1, at + 9);
        return { t: "float", value: new DataView(data.buffer, data.byteOffset, 8).getFloat64(0) };
      }
      case Op.FLOAT:
        return { t: "float", value: parseFloat64(lineText(bytes, at + 1, this.#line(at + 1))) };
      case Op.BYTEARRAY8:
        return { t: "bytearray", span: this.#span(at, 8) };
      case Op.SHORT_BINBYTES:
        return { t: "bytes", span: this.#span(at, 1) };
      case Op.BINBYTES:
        return { t: "bytes", span: this.#span(at, 4) };
      case Op.BINBYTES8:
        return { t: "bytes", span: this.#span(at, 8) };
      case Op.GLOBAL:
      case Op.INST: {
        const middle = this.#line(at + 1);
        const end = this.#line(middle + 1);
        return this.#named(decodeUtf8(bytes.view(at + 1, middle)), decodeUtf8(bytes.view(middle + 1, end)));
      }
      case Op.EXT1:
      case Op.EXT2:
      case Op.EXT4: {
        const size = op === Op.EXT4 ? 4 : op - Op.EXT1 + 1;
        return {
          t: "opaque",
          why: `extension code ${this.#uint(at + 1, size)}: known only to the program that wrote it`,
        };
      }
      case Op.PERSID:
        return { t: "opaque", why: "a persistent id: the value is stored elsewhere" };
      default:
        return this.#string(at, op);
    }
  }

  #string(at: number, op: number): Shape {
    const text = (span: Span, codec: Codec): Shape => ({ t: "str", span, codec });
    switch (op) {
      case Op.SHORT_BINUNICODE:
        return text(this.#span(at, 1), "utf8");
      case Op.BINUNICODE:
        return text(this.#span(at, 4), "utf8");
      case Op.BINUNICODE8:
        return text(this.#span(at, 8), "utf8");
      case Op.UNICODE:
        return text({ store: this.bytes, from: at + 1, to: this.#line(at + 1) }, "raw-unicode-escape");
      case Op.SHORT_BINSTRING:
        return this.#python2(this.#span(at, 1));
      case Op.BINSTRING:
        return this.#python2(this.#span(at, 4));
      case Op.STRING: {
        const store = new ByteStore(unquote(lineText(this.bytes, at + 1, this.#line(at + 1))));
        return this.#python2({ store, from: 0, to: store.length });
      }
      default:
        return { t: "opaque", why: "not read yet" };
    }
  }

  /** Python 2's `str`. */
  #python2(span: Span): Shape {
    const isLong = span.store === this.bytes && span.to - span.from >= LONG_PYTHON2;
    let isText = isLong ? this.#python2Texts.get(span.from) : undefined;
    if (isText === undefined) {
      isText = true;
      for (const piece of span.store.pieces(span.from, span.to)) isText &&= isAscii(piece);
      // While bytes arrive, the answer may change.
      if (isLong && this.end < Infinity) this.#python2Texts.set(span.from, isText);
    }
    return isText ? { t: "str", span, codec: "ascii" } : { t: "bytes", span };
  }

  /** The text of a name, `undefined` where it is none or far too long for one. */
  #name(ref: Ref): string | undefined {
    const offset = this.offset(ref);
    const shape = offset < 0 ? undefined : this.#scalar(offset);
    return shape?.t === "str" && shape.span.to - shape.span.from <= LONGEST_NAME
      ? this.textOf(shape)
      : undefined;
  }

  #named(module: string | undefined, name: string | undefined): Shape {
    if (module === undefined || name === undefined || name === "")
      return { t: "opaque", why: "a name that is empty, not UTF-8, or far too long" };
    return { t: "global", ...modernName(module, name, this.#protocol()) };
  }

  #span(at: number, width: number): Span {
    const from = at + 1 + width;
    return { store: this.bytes, from, to: Math.min(this.end, from + this.#uint(at + 1, width)) };
  }

  /** The offset of the newline at or behind `from`. */
  #line(from: number): number {
    return this.bytes.indexOf(10, from);
  }

  #uint(at: number, size: number): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.bytes.byte(at + i);
    return value;
  }

  #long(at: number, size: number): Shape {
    if (size > LARGEST_INT) return { t: "opaque", why: `an int of ${size} bytes` };
    if (size > SMALL_INT) return { t: "hugeint", size, read: () => BigInt(this.#longValue(at, size)) };
    return { t: "int", value: this.#longValue(at, size) };
  }

  /** A little-endian two's complement number. */
  #longValue(at: number, size: number): number | bigint {
    if (size === 0) return 0;
    const data = this.bytes.view(at, at + size);
    const negative = (data[size - 1] ?? 0) > 127;
    if (size <= 6) {
      const value = this.#uint(at, size);
      return negative ? value - 2 ** (8 * size) : value;
    }
    const value = BigInt(`0x${bufferOn(new Uint8Array(data).reverse()).toString("hex")}`);
    return narrow(negative ? value - (1n << BigInt(8 * size)) : value);
  }

  #textInt(at: number, long: boolean): Shape {
    const end = this.#line(at + 1);
    if (end - at > MOST_DIGITS) return { t: "opaque", why: `an int of ${end - at} digits` };
    const text = lineText(this.bytes, at + 1, end);
    // Protocols 0 and 1 write bools as these ints.
    if (!long && (text === "00" || text === "01")) return { t: "bool", value: text === "01" };
    if (text.length > 2 * SMALL_INT) {
      return {
        t: "hugeint",
        size: Math.ceil(text.length * 0.4153),
        read: () => BigInt(parseInteger(text, long) ?? 0),
      };
    }
    const value = parseInteger(text, long);
    return value === undefined ? { t: "opaque", why: "a malformed int" } : { t: "int", value: narrow(value) };
  }

  text(ref: Ref): string | undefined {
    const offset = this.offset(ref);
    const shape = offset < 0 ? undefined : this.#scalar(offset);
    return shape?.t === "str" ? this.textOf(shape) : undefined;
  }

  /** The text of a string shape, `undefined` where its bytes are not what they claim to be, or are more than a string can hold. */
  textOf({ span, codec }: { readonly span: Span; readonly codec: Codec }): string | undefined {
    if (span.to - span.from > LARGEST_TEXT) return undefined;
    const data = span.store.view(span.from, span.to);
    if (codec === "raw-unicode-escape") return rawUnicode(data);
    if (codec === "ascii") return decodeAscii(data);
    // Where the bytes break off, a character may be cut.
    return decodeUtf8(span.to === this.end ? data.subarray(0, endOfCharacter(data)) : data);
  }

  int(ref: Ref): number | bigint | undefined {
    const offset = this.offset(ref);
    const shape = offset < 0 ? undefined : this.#scalar(offset);
    return shape?.t === "int" ? shape.value : shape?.t === "bool" ? Number(shape.value) : undefined;
  }

  /** The name of a class or function, also of one inside a class as protocols 0 to 3 write it; `undefined` where it has none. */
  nameOf(ref: Ref): QualifiedName | undefined {
    const inner: string[] = [];
    for (let at = ref; inner.length < 64;) {
      const { tape } = this;
      const kind = tape.kind(at);
      if (kind === Kind.Wrap) {
        at = tape.a(at);
        continue;
      }
      if (kind !== Kind.Reduce) {
        const named = this.#global(at);
        return named && { module: named.module, name: [named.name, ...inner].join(".") };
      }
      // getattr(Outer, "Inner"): the attribute of a class, by name.
      const callee = this.#global(tape.a(at));
      const args = this.tuple(tape.b(at));
      if (callee?.module !== "builtins" || callee.name !== "getattr" || args?.length !== 2) return undefined;
      const name = this.text(args.at(1));
      if (name === undefined) return undefined;
      inner.unshift(name);
      at = args.at(0);
    }
    return undefined;
  }

  pickles(bytes: Uint8Array, most: number): InnerPickle[] {
    const found: InnerPickle[] = [];
    for (let end = 0; found.length < most;) {
      const store = new ByteStore(bytes.subarray(end));
      const scanner = new Scanner(store, new Tape(MOST_INNER));
      try {
        scanner.run();
      } catch (error) {
        if (error instanceof PickleError) return found;
        throw error;
      }
      if (scanner.result === undefined) return found;
      end += scanner.offset;
      const reader = new Reader(store, scanner.tape, () => scanner.protocol);
      reader.end = scanner.offset;
      found.push({ reader, root: scanner.result, end });
    }
    return found;
  }

  /** The name that a GLOBAL or STACK_GLOBAL is; `undefined` for everything else. */
  #global(ref: Ref): QualifiedName | undefined {
    const op = this.#op(ref);
    if (this.tape.kind(ref) !== Kind.Global && op !== Op.GLOBAL && op !== Op.INST) return undefined;
    const shape = this.shape(ref);
    return shape.t === "global" ? shape : undefined;
  }
}

/** Whether it takes a closer look to tell what a shape is. */
function isOfLibrary(shape: Shape): boolean {
  if (shape.t === "object")
    return /^(numpy|pandas|torch|scipy|pyarrow|polars|PIL|sklearn|matplotlib|metaflow)\b/.test(shape.module);
  return ["ndarray", "npscalar", "dataframe", "series", "index"].includes(shape.t);
}
