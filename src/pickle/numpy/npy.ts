/**
 * numpy's file format, as a pickle: its header says what a pickled array says, and its data are the same bytes. Source:
 * numpy/lib/format.py ("NEP 1"), versions 1 to 3.
 */

const MAGIC = Buffer.from("\x93NUMPY", "latin1");
/** numpy itself reads no longer ones. */
const MOST_HEADER = 1 << 20;
const DEEPEST = 16;

/** What goes around the data of a file, so that it is a pickle. */
export interface NpyFrame {
  /** Bytes of the file before its data. */
  readonly dataFrom: number;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

/** Whether a file begins as numpy's do. */
export function isNpy(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

/** How many bytes the header of a file has, by its first twelve; `undefined` where that is no header. */
export function npyHeaderBytes(head: Uint8Array): number | undefined {
  if (!isNpy(head) || head.length < 12) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const isLong = (head[6] ?? 0) > 1;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  return length > MOST_HEADER ? undefined : length + (isLong ? 12 : 10);
}

/**
 * The pickle that a file's data are put into. Objects are a pickle of their own in such a file: nothing is put around them. Throws SyntaxError for a
 * header that numpy would not read.
 */
export function npyFrame(header: Uint8Array, fileBytes: number): NpyFrame {
  const text = Buffer.from(header.subarray((header[6] ?? 0) > 1 ? 12 : 10)).toString("utf8");
  const described: unknown = new Literal(text).read();
  if (!(described instanceof Map)) throw new SyntaxError("the header of the .npy file is no dict");
  const known: ReadonlyMap<unknown, unknown> = described;
  const [descr, fortran, shape] = ["descr", "fortran_order", "shape"].map((key) => known.get(key));
  if (!Array.isArray(shape) || typeof fortran !== "boolean" || descr === undefined)
    throw new SyntaxError("the header of the .npy file does not say what is in it");
  const dataFrom = header.length;
  if (descr === "|O" || descr === "O")
    return { dataFrom, prefix: new Uint8Array(), suffix: new Uint8Array() };
  const out = new Pickle();
  out.raw("\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01");
  out.tuple(
    shape.map((length: unknown) => () => {
      out.int(length);
    }),
  );
  out.dtype(descr, 0);
  out.raw(fortran ? "\x88" : "\x89");
  out.raw("\x8e");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Math.max(0, fileBytes - dataFrom)));
  out.bytes(length);
  return { dataFrom, prefix: out.made(), suffix: Buffer.from("tb.", "latin1") };
}

/** Writes the opcodes that numpy's pickles have. */
class Pickle {
  readonly #parts: Buffer[] = [];

  made(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  raw(codes: string): void {
    this.#parts.push(Buffer.from(codes, "latin1"));
  }

  bytes(bytes: Buffer): void {
    this.#parts.push(bytes);
  }

  text(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    const length = Buffer.alloc(5);
    length.write("X", "latin1");
    length.writeUInt32LE(bytes.length, 1);
    this.#parts.push(length, bytes);
  }

  int(value: unknown): void {
    if (typeof value !== "number" || !Number.isSafeInteger(value))
      throw new SyntaxError("a length of the .npy file is no int");
    const bytes = Buffer.alloc(10);
    bytes.write("\x8a\x08", "latin1");
    bytes.writeBigInt64LE(BigInt(value), 2);
    this.#parts.push(bytes);
  }

  tuple(members: readonly (() => void)[]): void {
    this.raw("(");
    for (const write of members) write();
    this.raw("t");
  }

  /** A dtype by its `descr`, and how many bytes an element has. INVARIANT: recurses into fields, `level` deep. */
  dtype(descr: unknown, level: number): number {
    if (level > DEEPEST) throw new SyntaxError("the dtype of the .npy file is nested too deeply");
    if (Array.isArray(descr)) return this.#record(descr, level);
    const [, order = "", kind = "", digits = "", unit] =
      /^([<>|=]?)([biufcSUVMm])(\d+)(?:\[(.+)\])?$/.exec(typeof descr === "string" ? descr : "") ?? [];
    if (kind === "") throw new SyntaxError(`the .npy file has a dtype that is not known: ${String(descr)}`);
    const itemsize = Number(digits) * (kind === "U" ? 4 : 1);
    const isFlexible = "SUV".includes(kind);
    this.raw("cnumpy\ndtype\n");
    this.text(`${kind}${digits}`);
    this.raw(`\x89\x88\x87R(K${unit === undefined ? "\x03" : "\x04"}`);
    this.text(order === "" ? "|" : order);
    this.raw("NNN");
    this.int(isFlexible ? itemsize : -1);
    this.int(isFlexible ? 1 : -1);
    this.raw("K\0");
    if (unit !== undefined) this.#unit(unit);
    this.raw("tb");
    return itemsize;
  }

  #unit(unit: string): void {
    const [, multiple = "", name = ""] = /^(\d*)([A-Za-z]+)$/.exec(unit) ?? [];
    this.raw(`}(C${String.fromCharCode(name.length)}${name}`);
    this.int(multiple === "" ? 1 : Number(multiple));
    this.raw("K\x01K\x01t\x86");
  }

  /** Fields: (name, format) or (name, format, shape); a name may be a (title, name). */
  #record(descr: readonly unknown[], level: number): number {
    const fields: { readonly name: string; readonly dtype: Buffer; readonly offset: number }[] = [];
    let offset = 0;
    for (const field of descr) {
      const [label, format, shape] = Array.isArray(field) ? (field as unknown[]) : [];
      const name = Array.isArray(label) ? (label as unknown[])[1] : label;
      if (typeof name !== "string") throw new SyntaxError("a field of the .npy file has no name");
      const own = new Pickle();
      const size = shape === undefined ? own.dtype(format, level + 1) : own.#subarray(format, shape, level);
      // Without a name it is padding.
      if (name !== "") fields.push({ name, dtype: Buffer.from(own.made()), offset });
      offset += size;
    }
    this.raw("cnumpy\ndtype\n");
    this.text(`V${offset}`);
    this.raw("\x89\x88\x87R(K\x03");
    this.text("|");
    this.raw("N");
    this.tuple(
      fields.map(({ name }) => () => {
        this.text(name);
      }),
    );
    this.raw("}(");
    for (const { name, dtype, offset: at } of fields) {
      this.text(name);
      this.bytes(dtype);
      this.int(at);
      this.raw("\x86");
    }
    this.raw("u");
    this.int(offset);
    this.raw("K\x01K\0tb");
    return offset;
  }

  #subarray(format: unknown, shape: unknown, level: number): number {
    if (!Array.isArray(shape)) throw new SyntaxError("a field of the .npy file has no shape");
    const base = new Pickle();
    const lengths = shape as unknown[];
    const size = lengths.reduce<number>(
      (product, length) => product * Number(length),
      base.dtype(format, level + 1),
    );
    this.raw("cnumpy\ndtype\n");
    this.text(`V${size}`);
    this.raw("\x89\x88\x87R(K\x03");
    this.text("|");
    this.bytes(Buffer.from(base.made()));
    this.tuple(
      lengths.map((length) => () => {
        this.int(length);
      }),
    );
    this.raw("\x86NN");
    this.int(size);
    this.raw("K\x01K\0tb");
    return size;
  }
}

/** Reads a Python literal of texts, ints, booleans, lists, tuples and dicts. */
class Literal {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(level = 0): unknown {
    if (level > DEEPEST) throw this.#wrong();
    const opening = this.#next();
    if (opening === "{") return this.#dict(level);
    if (opening === "(" || opening === "[") return this.#list(opening === "(" ? ")" : "]", level);
    const rest = this.#text.slice(this.#at - 1);
    const text = /^'((?:[^'\\]|\\.)*)'|^"((?:[^"\\]|\\.)*)"/s.exec(rest);
    const word = /^(?:True|False|None|-?\d+)L?/.exec(rest)?.[0];
    const found = text?.[0] ?? word;
    if (found === undefined) throw this.#wrong();
    this.#at += found.length - 1;
    if (text !== null) return (text[1] ?? text[2] ?? "").replace(/\\(.)/gs, "$1");
    return word === "True" ? true : word === "False" ? false : word === "None" ? null : parseInt(found, 10);
  }

  #dict(level: number): Map<unknown, unknown> {
    const dict = new Map<unknown, unknown>();
    while (!this.#ends("}")) {
      const key = this.read(level + 1);
      if (this.#next() !== ":") throw this.#wrong();
      dict.set(key, this.read(level + 1));
      this.#comma();
    }
    return dict;
  }

  #list(closing: string, level: number): unknown[] {
    const members: unknown[] = [];
    while (!this.#ends(closing)) {
      members.push(this.read(level + 1));
      this.#comma();
    }
    return members;
  }

  #ends(closing: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== closing) return false;
    this.#at++;
    return true;
  }

  #comma(): void {
    this.#space();
    if (this.#text[this.#at] === ",") this.#at++;
  }

  #next(): string {
    this.#space();
    const character = this.#text[this.#at];
    if (character === undefined) throw this.#wrong();
    this.#at++;
    return character;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #wrong(): SyntaxError {
    return new SyntaxError("the header of the .npy file cannot be read");
  }
}
