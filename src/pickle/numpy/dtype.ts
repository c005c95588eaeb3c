import type { Json } from "../types.ts";

/** A field of a structured dtype. */
export interface DTypeField {
  readonly name: string;
  /** Bytes from the beginning of the record. */
  readonly offset: number;
  readonly dtype: DType;
  readonly title: string | undefined;
}

/** The kinds of numpy's dtypes, by its letters; `T` is StringDType. */
export type DTypeKind = "b" | "i" | "u" | "f" | "c" | "S" | "U" | "V" | "M" | "m" | "O" | "T";

/** What every element of an array is. Python: `numpy.dtype`. */
export interface DType {
  readonly kind: DTypeKind;
  /** Bytes of an element. */
  readonly itemsize: number;
  readonly littleEndian: boolean;
  /** Of datetime64 and timedelta64: the unit, and how many of it are one. `generic` where there is none. */
  readonly unit: string;
  readonly multiple: number;
  /** Of a structured dtype, in the order of their names. */
  readonly fields: readonly DTypeField[] | undefined;
  /** Of a field that is an array itself: what its elements are, and its shape. */
  readonly subarray: { readonly base: DType; readonly shape: readonly number[] } | undefined;
  /** The name of what numpy has no letter for: `StringDType(na_object=nan)`, `bfloat16`. */
  readonly label?: string | undefined;
}

/** How many values an element is made of: of a record the fields, of an array in it its elements. A mask has a byte for each. */
export function leavesOf({ fields, subarray }: DType): number {
  if (subarray !== undefined)
    return subarray.shape.reduce((product, length) => product * length, leavesOf(subarray.base));
  if (fields === undefined) return 1;
  const leaves = leafCounts.get(fields) ?? fields.reduce((sum, { dtype }) => sum + leavesOf(dtype), 0);
  leafCounts.set(fields, leaves);
  return leaves;
}

/** Bytes that an element counts as: those with a value for each byte at most are no more than the pickle, others are as many as it says. */
export function weightOf(dtype: DType): number {
  const leaves = leavesOf(dtype);
  return leaves <= dtype.itemsize ? leaves : 16 * leaves;
}

const leafCounts = new WeakMap<readonly DTypeField[], number>();

/** What only some dtypes have, for those that do not. */
export const PLAIN = { unit: "generic", multiple: 1, fields: undefined, subarray: undefined } as const;

/** Elements of this kind as most machines write them. */
export function plainDtype(kind: DTypeKind, itemsize: number): DType {
  return { ...PLAIN, kind, itemsize, littleEndian: true };
}

/** The upper half of a float32, which torch has and numpy has not. */
export const BFLOAT16: DType = {
  ...PLAIN,
  kind: "f",
  itemsize: 2,
  littleEndian: true,
  label: "bfloat16",
};

/** Python: `dtype.str`: `<f8`, `|S3`, `<M8[ns]`. */
export function dtypeStr(dtype: DType): string {
  const { kind, itemsize, littleEndian } = dtype;
  if (isBfloat16(dtype)) return "bfloat16";
  if (kind === "T") return "|T16";
  const order = itemsize === 1 || "SVO".includes(kind) ? "|" : littleEndian ? "<" : ">";
  // Of characters, which have four bytes, their number.
  const size = kind === "U" ? itemsize / 4 : itemsize;
  return `${order}${kind}${kind === "O" ? "" : size}${unitText(dtype)}`;
}

/** Whether elements are upper halves of float32. */
export function isBfloat16({ label }: DType): boolean {
  return label === BFLOAT16.label;
}

/** Python: `dtype.name`, shorter where that says nothing more: `float64`, `<U3`, `datetime64[ns]`, `record`. */
export function dtypeName(dtype: DType): string {
  const { kind, itemsize, fields } = dtype;
  switch (kind) {
    case "b":
      return "bool";
    case "i":
      return `int${itemsize * 8}`;
    case "u":
      return `uint${itemsize * 8}`;
    case "f":
      return dtype.label ?? `float${itemsize * 8}`;
    case "c":
      return `complex${itemsize * 8}`;
    case "M":
      return `datetime64${unitText(dtype)}`;
    case "m":
      return `timedelta64${unitText(dtype)}`;
    case "O":
      return "object";
    case "T":
      return dtype.label ?? "StringDType()";
    case "V":
      return fields === undefined ? dtypeStr(dtype) : "record";
    default:
      return dtypeStr(dtype);
  }
}

/** The class of one element: `float64`, `str_`, `datetime64`. */
export function scalarName(dtype: DType): string {
  switch (dtype.kind) {
    case "S":
      return "bytes_";
    case "U":
      return "str_";
    case "V":
      return "void";
    case "M":
      return "datetime64";
    case "m":
      return "timedelta64";
    default:
      return dtypeName(dtype);
  }
}

function unitText({ kind, unit, multiple }: DType): string {
  if ((kind !== "M" && kind !== "m") || unit === "generic") return "";
  return `[${multiple === 1 ? "" : multiple}${unit}]`;
}

/** One list for all values that share a dtype. */
const descriptions = new WeakMap<DType, Json>();

/** Of a structured dtype Python's `dtype.descr`, of every other one its `dtype.str`; so also where `descr` raises, because fields overlap. */
export function dtypeJson(dtype: DType): Json {
  if (dtype.fields === undefined) return dtype.kind === "T" ? dtypeName(dtype) : dtypeStr(dtype);
  const known = descriptions.get(dtype) ?? descrOf(dtype) ?? dtypeStr(dtype);
  descriptions.set(dtype, known);
  return known;
}

/** As numpy's `_internal._array_descr`: what lies between fields is named, too. */
function descrOf(dtype: DType): Json | undefined {
  if (dtype.fields === undefined) return dtypeStr(dtype);
  const described: Json[] = [];
  let offset = 0;
  const padding = (to: number): void => {
    if (to > offset) described.push(["", `|V${to - offset}`]);
    offset = Math.max(offset, to);
  };
  for (const { name, title, offset: at, dtype: own } of dtype.fields) {
    if (at < offset) return undefined;
    padding(at);
    const { subarray } = own;
    const format = descrOf(subarray?.base ?? own);
    if (format === undefined) return undefined;
    const label = title === undefined ? name : [title, name];
    described.push(subarray === undefined ? [label, format] : [label, format, [...subarray.shape]]);
    offset += own.itemsize;
  }
  padding(dtype.itemsize);
  return described;
}
