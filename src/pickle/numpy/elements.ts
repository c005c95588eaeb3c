import { floatJson, intJson } from "../json.ts";
import { PyComplex } from "../natural/classes.ts";
import type { Json } from "../types.ts";
import { datetimeText } from "./calendar.ts";
import { isBfloat16, type DType, type DTypeField } from "./dtype.ts";
import { NpDateTime, NpRecord, NpTimeDelta, NpVoid } from "./values.ts";

/** What one element is by itself: a bool, a number, a bigint where a number is not exact, a text, or one of the classes. `null` is NaT. */
export type NpElement =
  | boolean
  | number
  | bigint
  | string
  | null
  | Uint8Array
  | PyComplex
  | NpDateTime
  | NpTimeDelta
  | NpRecord
  | NpVoid
  | readonly NpElement[];

const NAT = -(2n ** 63n);
/** Bits of an int that a number holds exactly. */
const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Values of a record, or of an array in one, that a short text shows; fewer of what is in these. */
export const FEW = 32;
/** Bytes of a text of which it shows the beginning. */
const FEW_BYTES = 1024;

/**
 * Reads the element whose bytes begin at `at`. All of them must be there. INVARIANT: recurses as deep as the dtype, which is bounded where it is parsed.
 * @param most how many values of a record are read, and then only the beginning of texts
 */
export function readElement(dtype: DType, view: DataView, at: number, most = Infinity): NpElement {
  const { kind, itemsize, littleEndian: little, subarray, fields } = dtype;
  if (subarray !== undefined) return readSubarray(subarray.base, subarray.shape, view, at, most);
  const size = most === Infinity || !"SUV".includes(kind) ? itemsize : Math.min(itemsize, FEW_BYTES);
  switch (kind) {
    case "b":
      return view.getUint8(at) !== 0;
    case "i":
      return readInt(view, at, size, little, true);
    case "u":
      return readInt(view, at, size, little, false);
    case "f":
      if (isBfloat16(dtype)) return readBfloat16(view.getUint16(at, little));
      return readFloat(view, at, size, little);
    case "c":
      return new PyComplex(
        readFloat(view, at, size / 2, little),
        readFloat(view, at + size / 2, size / 2, little),
      );
    case "S":
      return withoutNulls(bytesAt(view, at, size));
    case "U":
      return readText(view, at, size, little);
    case "M":
    case "m": {
      const count = view.getBigInt64(at, little);
      if (count === NAT) return null;
      return kind === "M"
        ? new NpDateTime(count, dtype.unit, dtype.multiple)
        : new NpTimeDelta(count, dtype.unit, dtype.multiple);
    }
    default:
      return fields === undefined
        ? new NpVoid(bytesAt(view, at, size))
        : new NpRecord(
            namesOf(fields),
            fields
              .slice(0, most)
              .map((field) => readElement(field.dtype, view, at + field.offset, Math.floor(most / 4))),
          );
  }
}

const fieldNames = new WeakMap<readonly DTypeField[], readonly string[]>();

/** The names of fields: one list for all records that have them. */
function namesOf(fields: readonly DTypeField[]): readonly string[] {
  const known = fieldNames.get(fields) ?? fields.map(({ name }) => name);
  fieldNames.set(fields, known);
  return known;
}

function readSubarray(
  base: DType,
  [length = 0, ...rest]: readonly number[],
  view: DataView,
  at: number,
  most: number,
): NpElement {
  const step = rest.reduce((product, own) => product * own, base.itemsize);
  return Array.from({ length: Math.min(length, most) }, (_, index) =>
    rest.length === 0
      ? readElement(base, view, at + index * step, Math.floor(most / 4))
      : readSubarray(base, rest, view, at + index * step, Math.floor(most / 4)),
  );
}

function readInt(
  view: DataView,
  at: number,
  size: number,
  little: boolean,
  isSigned: boolean,
): number | bigint {
  switch (size) {
    case 1:
      return isSigned ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return isSigned ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4:
      return isSigned ? view.getInt32(at, little) : view.getUint32(at, little);
    default: {
      const value = isSigned ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
      return value >= -EXACT && value <= EXACT ? Number(value) : value;
    }
  }
}

function readFloat(view: DataView, at: number, size: number, little: boolean): number {
  switch (size) {
    case 2:
      return readHalf(view.getUint16(at, little));
    case 4:
      return view.getFloat32(at, little);
    case 8:
      return view.getFloat64(at, little);
    default:
      return readExtended(view, at, size, little);
  }
}

/** IEEE 754's binary16. */
export function readHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const FLOAT_BITS = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
export function readBfloat16(bits: number): number {
  FLOAT_BITS.setUint32(0, bits * 65_536);
  return FLOAT_BITS.getFloat32(0);
}

/** x86's 80 bits, in 12 or 16 bytes, as the nearest number. */
function readExtended(view: DataView, at: number, size: number, little: boolean): number {
  const [fractionAt, headAt] = little ? [at, at + 8] : [at + size - 8, at + size - 10];
  const fraction = view.getBigUint64(fractionAt, little);
  const head = view.getUint16(headAt, little);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  if (exponent === 0x7fff)
    return fraction << 1n === 0n || BigInt.asUintN(63, fraction) === 0n ? sign * Infinity : NaN;
  if (fraction === 0n) return sign * 0;
  return sign * scaled(fraction, exponent - 16_383 - 63);
}

/** `fraction * 2 ** power`, rounded once, to even. */
function scaled(fraction: bigint, power: number): number {
  const length = fraction.toString(2).length;
  // The power of a number's last bit: of small ones it does not fall any more.
  const lastBit = Math.max(power + length - 53, -1074);
  const drop = lastBit - power;
  if (drop <= 0) return Number(fraction) * 2 ** power;
  if (drop > length + 1) return 0;
  const shift = BigInt(drop);
  const half = 1n << (shift - 1n);
  const rest = BigInt.asUintN(drop, fraction);
  let kept = fraction >> shift;
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  // In two steps: a power below -1022 is no number by itself.
  return lastBit < -1000 ? Number(kept) * 2 ** (lastBit + 500) * 2 ** -500 : Number(kept) * 2 ** lastBit;
}

function bytesAt(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size).slice();
}

/** Texts and bytes are filled up with nulls, which numpy leaves out. */
function withoutNulls(bytes: Uint8Array): Uint8Array {
  let to = bytes.length;
  while (to > 0 && bytes[to - 1] === 0) to--;
  return bytes.subarray(0, to);
}

function readText(view: DataView, at: number, size: number, little: boolean): string {
  let to = at + size;
  while (to > at && view.getUint32(to - 4) === 0) to -= 4;
  let text = "";
  for (let place = at; place < to; place += 4) {
    const code = view.getUint32(place, little);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }
  return text;
}

/** An element in the lossless form. */
export function elementJson(element: NpElement): Json {
  if (element === null || typeof element === "boolean" || typeof element === "string") return element;
  if (typeof element === "number") return floatJson(element);
  if (typeof element === "bigint") return intJson(element);
  if (element instanceof PyComplex) return [floatJson(element.re), floatJson(element.im)];
  if (element instanceof Uint8Array) return Buffer.from(element).toString("latin1");
  if (element instanceof NpDateTime) return datetimeText(element.count, element.unit, element.multiple);
  if (element instanceof NpTimeDelta) return intJson(exact(element.count));
  if (element instanceof NpRecord) return element.values.map((value) => elementJson(value as NpElement)); // As it was read.
  if (element instanceof NpVoid) return Buffer.from(element.bytes).toString("hex");
  return element.map(elementJson);
}

function exact(value: bigint): number | bigint {
  return value >= -EXACT && value <= EXACT ? Number(value) : value;
}

/** The date or span of time that counts so many of the unit that a dtype has. */
export function timeOf({ kind, unit, multiple }: DType, count: bigint): NpDateTime | NpTimeDelta {
  return kind === "M" ? new NpDateTime(count, unit, multiple) : new NpTimeDelta(count, unit, multiple);
}
