import type { ByteStore } from "./bytes.ts";
import { PickleError } from "./errors.ts";
import { Op } from "./opcodes.ts";

/** Text arguments longer than this are checked only when they are read. */
const CHECKED_LENGTH = 1 << 16;
/** Characters of a float or a memo number at most. Python has no bound, and writes two dozen. */
const LONGEST_NUMBER = 1 << 12;
/** Bytes of the name of a module or class; Python's are not even a hundredth of it. */
export const LONGEST_NAME = 1 << 12;

const DECIMAL = /^[+-]?(0+(_0+)*|[1-9][0-9]*(_[0-9]+)*)$/;
/** INT is read by C's strtol first, to which a leading zero means octal digits. */
const OCTAL = /^([+-]?)0([0-7]+)$/;
const BASED = /^([+-]?)0([xXoObB])_?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/;
const FLOAT = /^[+-]?((\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?|inf(inity)?|nan)$/i;

/**
 * Checks the text argument of the opcode at `from`, whose last newline ends at `to`: throws where Python would refuse it. The memo index for GET and PUT.
 */
export function checkLine(op: number, bytes: ByteStore, from: number, to: number): number {
  if (op === Op.UNICODE || op === Op.PERSID) return 0;
  if (op === Op.GLOBAL || op === Op.INST) {
    if (to - from > 2 * LONGEST_NAME) throw bad("a name is too long", from);
    return 0;
  }
  if (op === Op.STRING) {
    if (!isQuoted(bytes, from + 1, to - 1)) throw bad("a string has no quotes", from);
    return 0;
  }
  if (op === Op.GET || op === Op.PUT || op === Op.FLOAT) {
    if (to - from > LONGEST_NUMBER) throw bad("a number is too long", from);
  } else if (to - from > CHECKED_LENGTH) {
    return 0;
  }
  const text = lineText(bytes, from + 1, to);
  if (op === Op.FLOAT) {
    if (!FLOAT.test(text)) throw bad("a float is malformed", from);
  } else if (op === Op.GET || op === Op.PUT) {
    const index = /^[0-9]+$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(index))
      throw new PickleError("memo", `a memo number is malformed at byte ${from}`, from);
    return index;
  } else if (parseInteger(text, op === Op.LONG) === undefined) {
    throw bad("an int is malformed", from);
  }
  return 0;
}

function bad(what: string, offset: number): PickleError {
  return new PickleError("value", `${what} at byte ${offset}`, offset);
}

/** The text between an opcode and its newline, without white space around it. */
export function lineText(bytes: ByteStore, from: number, to: number): string {
  return Buffer.from(bytes.view(from, to)).toString("latin1").trim();
}

/** Python: `int(text, 0)`, with the `L` at the end that LONG has, or C's octal numbers for INT; `undefined` where it would raise. */
export function parseInteger(text: string, long: boolean): number | bigint | undefined {
  const digits = long && text.endsWith("L") ? text.slice(0, -1) : text;
  const octal = long ? null : OCTAL.exec(digits);
  if (octal !== null) {
    const value = BigInt(`0o${octal[2] ?? "0"}`);
    return octal[1] === "-" ? -value : value;
  }
  if (DECIMAL.test(digits)) {
    const bare = digits.replaceAll("_", "");
    return bare.length < 16 ? Number(bare) + 0 : BigInt(bare.startsWith("+") ? bare.slice(1) : bare);
  }
  const match = BASED.exec(digits);
  if (match === null) return undefined;
  const [, sign, base = "", body = ""] = match;
  try {
    const value = BigInt(`0${base.toLowerCase()}${body.replaceAll("_", "")}`);
    return sign === "-" ? -value : value;
  } catch {
    return undefined; // digits that the base does not have
  }
}

/** Python: `float(text)` for text that `checkLine` accepted. */
export function parseFloat64(text: string): number {
  const bare = text.replaceAll("_", "").toLowerCase();
  if (/^[+-]?inf/.test(bare)) return bare.startsWith("-") ? -Infinity : Infinity;
  return bare.endsWith("nan") ? NaN : Number(bare);
}

function isQuoted(bytes: ByteStore, from: number, to: number): boolean {
  let [start, end] = [from, to];
  while (end > start && isSpace(bytes.byte(end - 1))) end--;
  while (start < end && isSpace(bytes.byte(start))) start++;
  const quote = bytes.byte(start);
  return end - start >= 2 && (quote === 34 || quote === 39) && bytes.byte(end - 1) === quote;
}

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  "\\": 92,
  "'": 39,
  '"': 34,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** The bytes of the quoted argument of STRING. Python: `codecs.escape_decode`. */
export function unquote(line: string): Uint8Array {
  const body = line.slice(1, -1);
  const out = new Uint8Array(body.length);
  let length = 0;
  for (let at = 0; at < body.length; at++) {
    if (body[at] !== "\\") {
      out[length++] = body.charCodeAt(at);
      continue;
    }
    const char = body[++at] ?? "\\";
    const octal = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))?.[0];
    const hex = char === "x" ? /^[0-9a-fA-F]{2}/.exec(body.slice(at + 1, at + 3))?.[0] : undefined;
    const simple = SIMPLE_ESCAPES[char];
    if (octal !== undefined) {
      out[length++] = parseInt(octal, 8) & 0xff;
      at += octal.length - 1;
    } else if (hex !== undefined) {
      out[length++] = parseInt(hex, 16);
      at += 2;
    } else if (simple !== undefined) {
      out[length++] = simple;
    } else if (char !== "\n") {
      out[length++] = 92; // an escape that is none stays as it is
      out[length++] = char.charCodeAt(0);
    }
  }
  return out.subarray(0, length);
}

/** The argument of UNICODE. Python: the codec raw-unicode-escape; `undefined` where it would raise. */
export function rawUnicode(data: Uint8Array): string | undefined {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1");
  if (!text.includes("\\")) return text;
  const parts: string[] = [];
  let last = 0;
  for (const match of text.matchAll(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g)) {
    const [whole, escape = ""] = match;
    if (escape === "u" || escape === "U") return undefined;
    if (escape.length === 1) continue; // a backslash that escapes nothing stands for itself
    const code = parseInt(escape.slice(1), 16);
    if (code > 0x10ffff) return undefined;
    parts.push(text.slice(last, match.index), String.fromCodePoint(code));
    last = match.index + whole.length;
  }
  return parts.join("") + text.slice(last);
}

/** Where the last escape of an argument of UNICODE ends that is wholly there. */
export function endOfEscape(data: Uint8Array): number {
  // The longest is `\U` with eight digits.
  let start = data.lastIndexOf(92);
  if (start < Math.max(0, data.length - 9)) return data.length;
  // Which of several backslashes begins an escape, only all of them tell.
  while (data[start - 1] === 92) start--;
  return start;
}

/** A bigint as a number where that is exact. */
export function narrow(value: number | bigint): number | bigint {
  if (typeof value === "number") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
