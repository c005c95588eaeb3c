import { PyComplex } from "../natural/classes.ts";
import { elementAt, liesInBytes, scalarElement, sizeOfShape } from "../numpy/array.ts";
import { PLAIN, type DType, type DTypeKind } from "../numpy/dtype.ts";
import type { NpElement } from "../numpy/elements.ts";
import type { Attributes } from "../recognisers/arguments.ts";
import type { NdArrayShape, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";

/** A sparse matrix as it is pickled. */
export interface Source {
  readonly reader: ValueReader;
  readonly object: ObjectShape;
  readonly attributes: Attributes;
  readonly shape: readonly [rows: number, columns: number];
}

/** The values that a sparse matrix stores. */
export interface Stored {
  /** How many there are. Python: `nnz`. */
  readonly count: number;
  readonly dtype: DType;
  /** `undefined` where nothing is stored. No function where there are too many values to find one of them. */
  readonly at: ((line: number, place: number) => NpElement | undefined) | undefined;
}

/** An attribute that is an array in bytes. */
export function arrayOf({ reader, attributes }: Source, name: string): NdArrayShape | undefined {
  const ref = attributes.get(name);
  return ref === undefined ? undefined : arrayIn(reader, ref);
}

/** An array whose elements lie in bytes. */
export function arrayIn(reader: ValueReader, ref: Ref): NdArrayShape | undefined {
  const array = reader.shape(ref);
  return array.t === "ndarray" && liesInBytes(array.data) ? array : undefined;
}

/** How many elements an array has. */
export function lengthOf(array: NdArrayShape): number {
  return sizeOfShape(array.shape);
}

/** An element of an array of ints; NaN where there is none. */
export function intAt(array: NdArrayShape, index: number): number {
  if (index < 0 || index >= lengthOf(array)) return NaN;
  return Number(elementAt(array, index) ?? NaN);
}

/** The sum of two values that are stored at one place, as scipy reads them. */
export function sum(first: NpElement | undefined, second: NpElement | undefined): NpElement | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  if (typeof first === "boolean" || typeof second === "boolean") return Boolean(first) || Boolean(second);
  if (first instanceof PyComplex && second instanceof PyComplex)
    return new PyComplex(first.re + second.re, first.im + second.im);
  if (typeof first === "number" && typeof second === "number") return first + second;
  return BigInt(first as number | bigint) + BigInt(second as number | bigint); // Ints, of which one is large.
}

/** A value of the pickle as an element. */
export function elementOf(reader: ValueReader, ref: Ref): NpElement | undefined {
  const shape = reader.shape(ref);
  switch (shape.t) {
    case "bool":
    case "int":
    case "float":
      return shape.value;
    case "complex":
      return new PyComplex(shape.re, shape.im);
    case "npscalar":
      return scalarElement(shape);
    default:
      return undefined;
  }
}

const SIMPLE = /^([biufc])(\d+)$/;

/** The dtype that `numpy.dtype("f8")` makes, of numbers and bools alone. */
export function numberDtype(reader: ValueReader, ref: Ref | undefined): DType | undefined {
  const object = ref === undefined ? undefined : reader.shape(ref);
  if (object?.t !== "object" || object.module !== "numpy" || object.name !== "dtype") return undefined;
  const name = object.args.length > 0 ? reader.text(object.args.at(0)) : undefined;
  const [, kind, size] = SIMPLE.exec(name ?? "") ?? [];
  if (kind === undefined) return undefined;
  return { ...PLAIN, kind: kind as DTypeKind, itemsize: Number(size), littleEndian: true }; // As the expression says.
}
