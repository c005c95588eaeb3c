import { PyComplex } from "../natural/classes.ts";
import { joined, pyRepr, reprParts, type ReprPart } from "../natural/repr.ts";
import type { NdArrayShape, Span } from "../shapes.ts";
import { elementAt, liesInBytes, loadedDtype, sizeOfShape, swapBytes } from "./array.ts";
import { dtypeStr, isBfloat16, type DType } from "./dtype.ts";
import { readBfloat16, readHalf, type NpElement } from "./elements.ts";
import { elementText } from "./elementText.ts";
import { NpDateTime, NpTimeDelta } from "./values.ts";

/** The elements of an array in a row. Complex numbers are two numbers each, bools are 0 and 1, dates are counts of their unit. */
export type NdArrayData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | readonly unknown[];

/** Elements that a `repr` shows of each axis. */
const SHOWN = 6;
/** Elements that it shows in all, of an array of many axes. Python: `numpy.get_printoptions()["threshold"]`. */
const MOST_SHOWN = 1000;
const NAT = -(2n ** 63n);

/** Python: `numpy.ndarray`. */
export class NdArray {
  /** Python: `dtype.str`: `<f8`, `|O`, `<M8[ns]`. What `data` holds is always in this machine's byte order. */
  readonly dtype: string;
  /** How many elements there are along each axis; empty for a single one. */
  readonly shape: readonly number[];
  /** How `data` is ordered: C has the last index change first, F the first. */
  readonly order: "C" | "F";
  /** All elements. float16 and longdouble are numbers like the others; texts, bytes, records and objects are values of their own. */
  readonly data: NdArrayData;
  /** Of a masked array 1 for each element that is missing, ordered as `data`. */
  readonly mask: Uint8Array | undefined;
  readonly #type: DType;

  get #missing(): string {
    return this.mask === undefined ? "NaT" : "--";
  }

  /** @internal */
  constructor(
    type: DType,
    shape: readonly number[],
    order: "C" | "F",
    data: NdArrayData,
    mask: Uint8Array | undefined,
  ) {
    this.#type = type;
    this.dtype = dtypeStr(type);
    this.shape = shape;
    this.order = order;
    this.data = data;
    this.mask = mask;
  }

  /** Python: `array[i, j, …]` for an index along each axis; negative ones count from the end. `null` is NaT, or masked. Throws RangeError. */
  at(...indices: number[]): unknown {
    const { shape, order, mask, data } = this;
    if (indices.length !== shape.length)
      throw new RangeError(`an array of ${shape.length} axes takes as many indices, not ${indices.length}`);
    let place = 0;
    for (let step = 0; step < shape.length; step++) {
      const axis = order === "C" ? step : shape.length - 1 - step;
      const length = shape[axis] ?? 0;
      const given = indices[axis] ?? 0;
      const index = given < 0 ? given + length : given;
      if (!Number.isInteger(index) || index < 0 || index >= length)
        throw new RangeError(`index ${given} is out of bounds for axis ${axis} with size ${length}`);
      place = place * length + index;
    }
    if (mask?.[place] === 1) return null;
    const value: unknown = data[place];
    if (Array.isArray(data)) return value ?? null;
    const { kind, unit, multiple } = this.#type;
    switch (kind) {
      case "b":
        return value !== 0;
      case "c":
        return new PyComplex(Number(data[2 * place]), Number(data[2 * place + 1]));
      case "M":
      case "m":
        if (typeof value !== "bigint" || value === NAT) return null;
        return kind === "M" ? new NpDateTime(value, unit, multiple) : new NpTimeDelta(value, unit, multiple);
      default:
        return value;
    }
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return ["array(", ...this.#parts([], { elements: MOST_SHOWN }), `, dtype=${this.dtype})`];
  }

  /** As numpy writes it, six of each axis: `array([1, 2, …], dtype=<i8)`. */
  toString(): string {
    return pyRepr(this);
  }

  #parts(indices: readonly number[], left: { elements: number }): ReprPart[] {
    const length = this.shape[indices.length];
    if (length === undefined) {
      left.elements -= 1;
      const element = this.at(...indices);
      return this.#type.kind === "O"
        ? [{ value: element }]
        : [elementText(this.#type, element as NpElement, this.#missing)]; // As it was read.
    }
    const shown: ReprPart[][] = [];
    for (let index = 0; index < Math.min(length, SHOWN) && left.elements > 0; index++)
      shown.push(this.#parts([...indices, index], left));
    return ["[", ...joined(length > shown.length ? [...shown, ["…"]] : shown), "]"];
  }
}

/** The array that a shape describes; one of objects is given its elements afterwards. */
export function ndArrayOf(array: NdArrayShape, objects: unknown[] | undefined): NdArray {
  const { dtype, shape, order, data, mask } = array;
  const loaded = loadedDtype(array);
  if (objects !== undefined || !liesInBytes(data))
    return new NdArray(loaded, shape, "C", objects ?? [], undefined);
  const missing = mask?.store.copy(mask.from, mask.to);
  const typed = typedData(dtype, data, sizeOfShape(shape));
  if (typed !== undefined) return new NdArray(loaded, shape, order, typed, missing);
  const elements: (NpElement | undefined)[] = [];
  for (let index = 0; index < sizeOfShape(shape); index++) elements.push(elementAt(array, index));
  return new NdArray(loaded, shape, "C", elements, undefined);
}

/** The elements as numbers in a row; `undefined` where they are none. */
function typedData(dtype: DType, span: Span, size: number): NdArrayData | undefined {
  const { kind, itemsize, littleEndian } = dtype;
  const make = isBfloat16(dtype) ? BFLOAT16_NUMBERS : MAKERS[`${kind}${itemsize}`];
  if (make === undefined) return undefined;
  const bytes = new Uint8Array(size * itemsize);
  let at = 0;
  for (const piece of span.store.pieces(span.from, span.to)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (!littleEndian) swapBytes(bytes, dtype);
  return make(bytes.buffer);
}

const BFLOAT16_NUMBERS = (buffer: ArrayBuffer): NdArrayData =>
  Float32Array.from(new Uint16Array(buffer), readBfloat16);

/** Numbers of this machine's byte order, which has been little-endian for as long as Node runs. */
const MAKERS: Readonly<Record<string, (buffer: ArrayBuffer) => NdArrayData>> = {
  b1: (buffer) => new Uint8Array(buffer).map((byte) => Number(byte !== 0)),
  i1: (buffer) => new Int8Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
  i2: (buffer) => new Int16Array(buffer),
  u2: (buffer) => new Uint16Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u4: (buffer) => new Uint32Array(buffer),
  i8: (buffer) => new BigInt64Array(buffer),
  u8: (buffer) => new BigUint64Array(buffer),
  f2: (buffer) => Float32Array.from(new Uint16Array(buffer), readHalf),
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
  c8: (buffer) => new Float32Array(buffer),
  c16: (buffer) => new Float64Array(buffer),
  M8: (buffer) => new BigInt64Array(buffer),
  m8: (buffer) => new BigInt64Array(buffer),
};
