import type { NdArrayShape, Span } from "../shapes.ts";
import { liesInBytes, sizeOfShape } from "./array.ts";
import { isBfloat16, leavesOf, type DType } from "./dtype.ts";
import { readBfloat16, readHalf } from "./elements.ts";

/** Elements of an array that lie as far apart in memory, one as the next: an axis of it, from a place on. */
export interface Run {
  readonly array: NdArrayShape;
  /** The place in memory of the first, counted in elements. */
  readonly start: number;
  /** How many places the next one is away. */
  readonly step: number;
}

/** Bytes that are looked at in one piece, at most: of a run with a wide step these are few numbers. */
const PIECE_BYTES = 1 << 22;
const FEW = 8;
/** So many are read past what is kept in memory: they are asked for one block after the other, seldom again. */
const MANY = 1 << 11;
/** The upper half of a date that is none; the lower one is 0. */
const NAT_HIGH = -(2 ** 31);
/** Numbers that lie further apart than so many bytes are read one by one: what lies between them is not worth a look. */
const FAR_BYTES = 1 << 10;

/** How many places the next element along an axis is away in memory. */
export function strideOf({ shape, order }: NdArrayShape, axis: number): number {
  return sizeOfShape(order === "C" ? shape.slice(axis + 1) : shape.slice(0, axis));
}

/** The run along an axis, at a position on each of the others. */
export function runAlong(array: NdArrayShape, axis: number, at: readonly number[]): Run {
  const start = array.shape.reduce(
    (place, _, other) => (other === axis ? place : place + (at[other] ?? 0) * strideOf(array, other)),
    0,
  );
  return { array, start, step: strideOf(array, axis) };
}

/** Whether elements of a dtype are numbers, or dates, which count. */
export function isNumeric({ kind, itemsize, subarray }: DType): boolean {
  return subarray === undefined && "biufMm".includes(kind) && itemsize <= 8 && itemsize > 0;
}

/** Every so many elements of a run, from one of them on. */
export function thinned({ array, start, step }: Run, from: number, every: number): Run {
  return { array, start: start + from * step, step: step * every };
}

/**
 * Reads elements of a run as numbers, the nearest of integers above 2^53. What is masked or NaT, and what has no bytes, is `NaN`.
 * @param into has room for `to - from` numbers
 * @param base of integers of 64 bits and dates what is taken off each: exact as long as no difference is above 2^53
 */
export function readNumbers(run: Run, from: number, to: number, into: Float64Array, base = 0n): void {
  const { array, start, step } = run;
  const { data, dtype, mask } = array;
  into.fill(NaN, 0, to - from);
  if (!liesInBytes(data) || !isNumeric(dtype)) return;
  const { itemsize } = dtype;
  if (isStraight(dtype, step, to - from)) {
    const there = readBytes(data, start + from, into.subarray(0, to - from));
    if (dtype.kind !== "f") toNumbers(dtype, into.subarray(0, there), base);
    if (mask !== undefined) hide(mask, dtype, start + from, 1, to - from, into);
    return;
  }
  const read = readerOf(dtype, base);
  const isFar = itemsize * step > FAR_BYTES;
  const atOnce = isFar ? 1 : Math.max(1, Math.floor(PIECE_BYTES / (itemsize * Math.max(1, step))));
  for (let first = from; first < to; first += atOnce) {
    const count = Math.min(atOnce, to - first);
    const begin = data.from + (start + first * step) * itemsize;
    const bytes = data.store.view(begin, Math.min(data.to, begin + ((count - 1) * step + 1) * itemsize));
    const there = Math.min(count, Math.floor((bytes.length - itemsize) / (itemsize * step)) + 1);
    const part = first === from ? into : into.subarray(first - from);
    // A few are read sooner than an array is made for them.
    if (there < FEW || !copied(dtype, bytes, step, there, part)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let index = 0; index < there; index++) part[index] = read(view, index * step * itemsize);
    }
    if (mask !== undefined) hide(mask, dtype, start + first * step, step, there, part);
  }
}

/** Whether so many elements of 64 bits lie one behind the other, as this machine has them. */
function isStraight({ itemsize, littleEndian }: DType, step: number, count: number): boolean {
  return step === 1 && count >= MANY && itemsize === 8 && littleEndian;
}

/** Reads such elements as they are, from wherever they are. @returns how many are there */
function readBytes({ store, from, to }: Span, start: number, into: Float64Array | BigInt64Array): number {
  const begin = from + start * 8;
  const end = Math.min(to, store.length, begin + into.length * 8);
  const count = Math.max(0, Math.floor((end - begin) / 8));
  store.readInto(begin, new Uint8Array(into.buffer, into.byteOffset, count * 8));
  return count;
}

/** Makes numbers of whole numbers of 64 bits or dates, where they lie. */
function toNumbers({ kind }: DType, values: Float64Array, base: bigint): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const [lowBase, highBase] = halvesOf(base);
  const [isTime, isUnsigned] = [kind === "M" || kind === "m", kind === "u"];
  for (let index = 0; index < values.length; index++) {
    const low = words[index * 2] ?? 0;
    const high = words[index * 2 + 1] ?? 0;
    values[index] =
      isTime && high === NAT_HIGH && low === 0
        ? NaN
        : ((isUnsigned ? high >>> 0 : high) - highBase) * 2 ** 32 + ((low >>> 0) - lowBase);
  }
}

/** The lower and the upper half of a whole number. */
function halvesOf(value: bigint): readonly [number, number] {
  return value === 0n ? [0, 0] : [Number(BigInt.asUintN(32, value)), Number(value >> 32n)];
}

/** Whether elements are whole numbers of 64 bits, or dates, which count: of those a number is not exact. */
export function isWide(dtype: DType): boolean {
  return isNumeric(dtype) && dtype.itemsize === 8 && dtype.kind !== "f";
}

/** Reads elements of a run of whole numbers of 64 bits as they are. What is masked or NaT, and what has no bytes, is anything. */
export function readIntegers(
  { array, start, step }: Run,
  from: number,
  to: number,
  into: BigInt64Array,
): void {
  const { data, dtype } = array;
  if (!liesInBytes(data) || !isWide(dtype)) return;
  if (isStraight(dtype, step, to - from)) {
    readBytes(data, start + from, into.subarray(0, to - from));
    return;
  }
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / (8 * Math.max(1, step))));
  for (let first = from; first < to; first += atOnce) {
    const count = Math.min(atOnce, to - first);
    const begin = data.from + (start + first * step) * 8;
    const bytes = data.store.view(begin, Math.min(data.to, begin + ((count - 1) * step + 1) * 8));
    const there = Math.min(count, Math.floor((bytes.length - 8) / (8 * step)) + 1);
    const part = into.subarray(first - from, to - from);
    if (step === 1 && dtype.littleEndian && there > 0) {
      new Uint8Array(part.buffer, part.byteOffset, there * 8).set(bytes.subarray(0, there * 8));
      continue;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let index = 0; index < there; index++)
      part[index] = view.getBigInt64(index * step * 8, dtype.littleEndian);
  }
}

/** By a typed array, where there is one of such elements: several times as fast as one by one. */
function copied(dtype: DType, bytes: Uint8Array, step: number, count: number, into: Float64Array): boolean {
  const { kind, itemsize, littleEndian } = dtype;
  const make = TYPED[`${kind}${itemsize}`];
  if (make === undefined || (!littleEndian && itemsize > 1) || count < 1) return false;
  // Where a pickle's bytes lie is chance: a copy of them lies as a typed array needs it, and costs more than it saves where few are wanted.
  if (bytes.byteOffset % itemsize !== 0 && step > 4) return false;
  const { buffer, byteOffset, length } = bytes.byteOffset % itemsize === 0 ? bytes : bytes.slice();
  const values = make(buffer, byteOffset, Math.floor(length / itemsize));
  if (step === 1) into.set(values.subarray(0, count));
  else for (let index = 0; index < count; index++) into[index] = values[index * step] ?? NaN;
  return true;
}

type MakeTyped = (
  buffer: ArrayBufferLike,
  at: number,
  length: number,
) =>
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const TYPED: Readonly<Record<string, MakeTyped>> = {
  b1: (buffer, at, length) => new Uint8Array(buffer, at, length),
  u1: (buffer, at, length) => new Uint8Array(buffer, at, length),
  i1: (buffer, at, length) => new Int8Array(buffer, at, length),
  u2: (buffer, at, length) => new Uint16Array(buffer, at, length),
  i2: (buffer, at, length) => new Int16Array(buffer, at, length),
  u4: (buffer, at, length) => new Uint32Array(buffer, at, length),
  i4: (buffer, at, length) => new Int32Array(buffer, at, length),
  f4: (buffer, at, length) => new Float32Array(buffer, at, length),
  f8: (buffer, at, length) => new Float64Array(buffer, at, length),
};

type ReadNumber = (view: DataView, at: number) => number;

function readerOf(dtype: DType, base: bigint): ReadNumber {
  const { kind, itemsize, littleEndian: little } = dtype;
  if (isBfloat16(dtype)) return (view, at) => readBfloat16(view.getUint16(at, little));
  if (itemsize === 8 && "iuMm".includes(kind)) return longReaderOf(dtype, base);
  switch (`${kind === "b" ? "u" : kind}${itemsize}`) {
    case "i1":
      return (view, at) => view.getInt8(at);
    case "u1":
      return (view, at) => view.getUint8(at);
    case "i2":
      return (view, at) => view.getInt16(at, little);
    case "u2":
      return (view, at) => view.getUint16(at, little);
    case "i4":
      return (view, at) => view.getInt32(at, little);
    case "u4":
      return (view, at) => view.getUint32(at, little);
    case "f2":
      return (view, at) => readHalf(view.getUint16(at, little));
    case "f4":
      return (view, at) => view.getFloat32(at, little);
    default:
      return (view, at) => view.getFloat64(at, little);
  }
}

/** By halves: a bigint for each would take ten times as long. */
function longReaderOf({ kind, littleEndian: little }: DType, base: bigint): ReadNumber {
  const [low, high] = little ? [0, 4] : [4, 0];
  const [lowBase, highBase] = halvesOf(base);
  if (kind === "u")
    return (view, at) =>
      (view.getUint32(at + high, little) - highBase) * 2 ** 32 + (view.getUint32(at + low, little) - lowBase);
  const isTime = kind !== "i";
  return (view, at) => {
    const upper = view.getInt32(at + high, little);
    const lower = view.getUint32(at + low, little);
    if (isTime && upper === NAT_HIGH && lower === 0) return NaN;
    return (upper - highBase) * 2 ** 32 + (lower - lowBase);
  };
}

/** A masked element is none. */
function hide(
  { store, from, to }: Span,
  dtype: DType,
  start: number,
  step: number,
  count: number,
  into: Float64Array,
): void {
  const width = leavesOf(dtype);
  const bytes = store.view(
    from + start * width,
    Math.min(to, from + (start + (count - 1) * step + 1) * width),
  );
  for (let index = 0; index < count; index++) if ((bytes[index * step * width] ?? 0) !== 0) into[index] = NaN;
}
