import { liesInBytes, sizeOfShape } from "../numpy/array.ts";
import { isUnit } from "../numpy/calendar.ts";
import { leavesOf, PLAIN, type DType, type DTypeField, type DTypeKind } from "../numpy/dtype.ts";
import { preview } from "../preview.ts";
import type { Members, NdArrayShape, ObjectShape, Recogniser, Shape, Span, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { byteSpan, isBare, smallInts } from "./arguments.ts";

/** Axes of an array at most. Python: `numpy.MAXDIMS` of numpy 2. */
const MOST_AXES = 64;
/** Levels of records in records; a dtype is written whole for each array, so that they are few. */
const DEEPEST = 16;
/** Fields in all of its records. */
const MOST_FIELDS = 10_000;
/** Values that an element is made of: a record may hold an image, and each look at it reads them all. */
const MOST_LEAVES = 1 << 18;

/** numpy's arrays, scalars and masked arrays, by the names of numpy 1; those of numpy 2 are aliases. */
export const numpy: Readonly<Record<string, Recogniser>> = {
  "numpy.core.multiarray._reconstruct": (object, reader) => reconstructed(object, reader),
  "numpy.ma.core._mareconstruct": (object, reader) => masked(object, reader),
  "numpy.core.numeric._frombuffer": (object, reader) => fromBuffer(object, reader),
  "numpy.core.multiarray.scalar": (object, reader) => scalar(object, reader),
};

/** Subclasses of ndarray that have nothing of their own. */
const ARRAYS = new Set([
  "numpy.ndarray",
  "numpy.matrix",
  "numpy.memmap",
  "numpy.recarray",
  "numpy.rec.recarray",
  "numpy.chararray",
  "numpy.char.chararray",
  "numpy.core.memmap.memmap",
  "numpy.core.records.recarray",
  "numpy.core.defchararray.chararray",
  "numpy.matrixlib.defmatrix.matrix",
  "pandas.core.indexes.frozen.FrozenNDArray",
]);

/** `_reconstruct(cls, (0,), b"b")` with the state (version, shape, dtype, isFortran, data). Of a memmap nothing is left but its array. */
function reconstructed(object: ObjectShape, reader: ValueReader): Shape | undefined {
  const { args, states, items, entries } = object;
  const [state] = states;
  if (args.length !== 3 || states.length !== 1 || state === undefined) return undefined;
  if (items.length > 0 || entries.length > 0) return undefined;
  const named = reader.nameOf(args.at(0));
  if (named === undefined || !ARRAYS.has(withoutUnderscore(`${named.module}.${named.name}`)))
    return undefined;
  const fields = reader.tuple(state);
  return fields?.length === 5 ? arrayOf(reader, fields, undefined) : undefined;
}

/** numpy 2 moved what was in `numpy.core` to `numpy._core`. */
function withoutUnderscore(name: string): string {
  return name.replace(/^numpy\._core\./, "numpy.core.");
}

/** `_mareconstruct(cls, base, (0,), b"b")` with the state (version, shape, dtype, isFortran, data, mask, fill value). */
function masked({ args, states }: ObjectShape, reader: ValueReader): Shape | undefined {
  const [state] = states;
  if (args.length !== 4 || states.length !== 1 || state === undefined) return undefined;
  const fields = reader.tuple(state);
  if (fields?.length !== 7) return undefined;
  const mask = byteSpan(reader, fields.at(5));
  return mask && arrayOf(reader, fields, mask);
}

function arrayOf(reader: ValueReader, fields: Members, mask: Span | undefined): NdArrayShape | undefined {
  const shape = shapeOf(reader, fields.at(1));
  const dtype = dtypeOf(reader, fields.at(2));
  const order = reader.shape(fields.at(3));
  if (shape === undefined || dtype === undefined) return undefined;
  const isFortran = order.t === "bool" ? order.value : reader.int(fields.at(3)) === 1;
  const list = reader.shape(fields.at(4));
  const data = list.t === "list" ? list.members : byteSpan(reader, fields.at(4));
  // numpy's __setstate__ turns numbers around that are of another byte order, but not those in records.
  const turned = dtype.kind !== "V";
  return (
    data &&
    checked(
      brokenOff(reader, { t: "ndarray", dtype, turned, shape, order: isFortran ? "F" : "C", data, mask }),
    )
  );
}

/** An array at the end of a pickle that broke off, without the rows whose bytes are not there. */
function brokenOff(reader: ValueReader, array: NdArrayShape): NdArrayShape {
  const { data, shape, order } = array;
  const [length, ...rest] = shape;
  if (!liesInBytes(data) || data.store !== reader.bytes || data.to !== reader.end) return array;
  if (length === undefined || (order === "F" && rest.length > 0)) return array;
  const rowBytes = sizeOfShape(rest) * array.dtype.itemsize;
  const rows = rowBytes > 0 ? Math.floor((data.to - data.from) / rowBytes) : length;
  if (rows >= length) return array;
  return { ...array, shape: [rows, ...rest], data: { ...data, to: data.from + rows * rowBytes } };
}

/** What lies in an array must be as much as it says. */
function checked(array: NdArrayShape): NdArrayShape | undefined {
  const { dtype, shape, data, mask } = array;
  const size = sizeOfShape(shape);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(size * dtype.itemsize)) return undefined;
  const isObjects = hasObjects(dtype);
  if (!liesInBytes(data)) return isObjects && data.length === size && mask === undefined ? array : undefined;
  if (isObjects || data.to - data.from !== size * dtype.itemsize) return undefined;
  // Of records it has a byte for each field.
  const isWhole = mask === undefined || mask.to - mask.from === size * leavesOf(dtype);
  return isWhole ? array : undefined;
}

function hasObjects({ kind, fields, subarray }: DType): boolean {
  if (subarray !== undefined) return hasObjects(subarray.base);
  if (fields === undefined) return kind === "O" || kind === "T";
  const known = holders.get(fields) ?? fields.some(({ dtype }) => hasObjects(dtype));
  holders.set(fields, known);
  return known;
}

const holders = new WeakMap<readonly DTypeField[], boolean>();

function shapeOf(reader: ValueReader, ref: Ref): readonly number[] | undefined {
  const lengths = reader.tuple(ref);
  if (lengths === undefined || lengths.length > MOST_AXES) return undefined;
  const shape: number[] = [];
  for (let axis = 0; axis < lengths.length; axis++) {
    const length = reader.int(lengths.at(axis));
    if (typeof length !== "number" || length < 0) return undefined;
    shape.push(length);
  }
  return shape;
}

/** Protocol 5: `_frombuffer(buffer, dtype, shape, order)`; from numpy 2.4 on with the axes' order behind it, where that is another one (`K`). */
function fromBuffer(object: ObjectShape, reader: ValueReader): Shape | undefined {
  const { args } = object;
  if (!isBare(object) || args.length < 3 || args.length > 4) return undefined;
  const data = byteSpan(reader, args.at(0));
  const dtype = dtypeOf(reader, args.at(1));
  const shape = shapeOf(reader, args.at(2));
  const order = args.length === 4 ? reader.text(args.at(3)) : "C";
  if (data === undefined || dtype === undefined || shape === undefined) return undefined;
  if (order !== "C" && order !== "F") return undefined;
  return checked({ t: "ndarray", dtype, turned: false, shape, order, data, mask: undefined });
}

/** `scalar(dtype, bytes)`; one of an object dtype is the object. */
function scalar(object: ObjectShape, reader: ValueReader): Shape | undefined {
  const { args } = object;
  if (!isBare(object) || args.length !== 2) return undefined;
  const dtype = dtypeOf(reader, args.at(0));
  if (dtype === undefined) return undefined;
  if (dtype.kind === "O") return reader.shape(args.at(1));
  const span = byteSpan(reader, args.at(1));
  if (hasObjects(dtype) || span === undefined || span.to - span.from !== dtype.itemsize) return undefined;
  return { t: "npscalar", dtype, span };
}

/** What dtypes are, by the object that the reader keeps of them: values by the thousand share one. */
const found = new WeakMap<ObjectShape, { readonly dtype: DType | undefined }>();

/** The dtype that a reference stands for; `undefined` for what is none, or none that numpy would accept. */
export function dtypeOf(reader: ValueReader, ref: Ref): DType | undefined {
  const object = reader.shape(ref);
  if (object.t !== "object") return undefined;
  const known = found.get(object);
  if (known !== undefined) return known.dtype;
  const read = dtypeIn(reader, object, { fields: MOST_FIELDS, levels: DEEPEST });
  const dtype = read !== undefined && leavesOf(read) <= MOST_LEAVES ? read : undefined;
  found.set(object, { dtype });
  return dtype;
}

/** What may still be read of a dtype, whose parts may be each other's. */
interface Room {
  fields: number;
  levels: number;
}

/** The same of a part of a dtype. INVARIANT: recurses as deep as there is room. */
function dtypeIn(reader: ValueReader, object: Shape, room: Room): DType | undefined {
  if (object.t !== "object" || room.levels < 0) return undefined;
  const name = withoutUnderscore(`${object.module}.${object.name}`);
  if (name === "numpy.core._internal._convert_to_stringdtype_kwargs")
    return { ...PLAIN, kind: "T", itemsize: 16, littleEndian: true, label: stringLabel(reader, object) };
  const [state] = object.states;
  if (name !== "numpy.dtype" || object.args.length < 1) return undefined;
  const [, kind = "", digits = ""] = DTYPE.exec(dtypeText(reader, object.args.at(0)) ?? "") ?? [];
  if (kind === "") return undefined;
  const fields = state === undefined ? undefined : reader.tuple(state);
  if (state !== undefined && (fields === undefined || fields.length < 8)) return undefined;
  const order = fields && reader.text(fields.at(1));
  const written = fields === undefined ? undefined : smallInts(reader, slice(fields, 5, 6))?.[0];
  const known = Number(digits) * (kind === "U" ? 4 : 1);
  const itemsize =
    written !== undefined && written >= 0 ? written : kind === "?" ? 1 : kind === "O" ? 8 : known;
  const plain = { kind: (kind === "?" ? "b" : kind) as DTypeKind, itemsize, littleEndian: order !== ">" }; // As the expression says.
  if (fields === undefined) return validated({ ...PLAIN, ...plain });
  const unit = plain.kind === "M" || plain.kind === "m" ? unitOf(reader, fields) : PLAIN;
  const subarray = subarrayOf(reader, fields.at(2), room);
  const records = recordOf(reader, fields, room);
  if (unit === undefined || subarray === "wrong" || records === "wrong") return undefined;
  return validated({ ...PLAIN, ...unit, ...plain, subarray, fields: records });
}

/** `_convert_to_stringdtype_kwargs(coerce, na_object)`, as numpy calls it. */
function stringLabel(reader: ValueReader, { args }: ObjectShape): string {
  const coerce = args.length > 0 ? reader.shape(args.at(0)) : undefined;
  // A value of its own might hold texts of this dtype.
  const isPlain = args.length > 1 && (args.at(1) >= 0 || reader.nameOf(args.at(1)) !== undefined);
  const missing = isPlain ? preview(reader, args.at(1)) : "…";
  const parts = [
    ...(args.length > 1 ? [`na_object=${missing}`] : []),
    ...((coerce?.t === "bool" && !coerce.value) || (coerce?.t === "int" && coerce.value === 0)
      ? ["coerce=False"]
      : []),
  ];
  return `StringDType(${parts.join(", ")})`;
}

const DTYPE = /^([biufcSUVMmO?])(\d*)$/;

/** Of a record array it is a class: that of its records. */
function dtypeText(reader: ValueReader, ref: Ref): string | undefined {
  return reader.text(ref) ?? (reader.nameOf(ref)?.name === "record" ? "V" : undefined);
}

/** What can be read without a look behind the element. */
function validated(dtype: DType): DType | undefined {
  const { kind, itemsize, fields, subarray } = dtype;
  if (subarray !== undefined) {
    return subarray.base.itemsize * sizeOfShape(subarray.shape) === itemsize ? dtype : undefined;
  }
  const sizes = SIZES[kind];
  if (sizes?.includes(itemsize) === false) return undefined;
  if (kind === "U" && itemsize % 4 !== 0) return undefined;
  const isInside = fields?.every(
    ({ offset, dtype: own }) => offset >= 0 && offset + own.itemsize <= itemsize,
  );
  return isInside === false ? undefined : dtype;
}

const SIZES: Readonly<Partial<Record<DTypeKind, readonly number[]>>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8, 12, 16],
  c: [8, 16, 24, 32],
  M: [8],
  m: [8],
  O: [4, 8],
};

/** The unit of a datetime64: in the last part of its state, `({}, (b"ns", 1, 1, 1))`, or in older ones directly. */
function unitOf(reader: ValueReader, fields: Members): Pick<DType, "unit" | "multiple"> | undefined {
  if (fields.length < 9) return PLAIN;
  const outer = reader.tuple(fields.at(8));
  const inner = outer?.length === 2 ? reader.tuple(outer.at(1)) : outer;
  if (inner === undefined || inner.length < 2) return undefined;
  const span = byteSpan(reader, inner.at(0), 16);
  const multiple = reader.int(inner.at(1));
  if (span === undefined || typeof multiple !== "number") return undefined;
  const unit = Buffer.from(span.store.view(span.from, Math.min(span.to, span.from + 16))).toString("latin1");
  return isUnit(unit) ? { unit, multiple } : undefined;
}

function dtypeBelow(reader: ValueReader, ref: Ref, room: Room): DType | undefined {
  room.levels -= 1;
  const dtype = dtypeIn(reader, reader.shape(ref), room);
  room.levels += 1;
  return dtype;
}

function subarrayOf(reader: ValueReader, ref: Ref, room: Room): DType["subarray"] | "wrong" {
  if (reader.shape(ref).t === "none") return undefined;
  const parts = reader.tuple(ref);
  const base = parts?.length === 2 ? dtypeBelow(reader, parts.at(0), room) : undefined;
  if (parts === undefined || base === undefined) return "wrong";
  const length = reader.int(parts.at(1));
  const shape = typeof length === "number" ? [length] : shapeOf(reader, parts.at(1));
  return shape === undefined ? "wrong" : { base, shape };
}

/** The fields by the tuple of their names and the dict of (dtype, offset) or (dtype, offset, title). */
function recordOf(
  reader: ValueReader,
  state: Members,
  room: Room,
): readonly DTypeField[] | undefined | "wrong" {
  if (reader.shape(state.at(3)).t === "none") return undefined;
  const names = reader.tuple(state.at(3));
  const dict = reader.dict(state.at(4));
  if (names === undefined || dict === undefined || dict.length > room.fields) return "wrong";
  room.fields -= dict.length;
  const byName = new Map<string, Ref>();
  for (let index = 0; index < dict.length; index++) {
    const name = reader.text(dict.key(index));
    if (name !== undefined) byName.set(name, dict.value(index));
  }
  const fields: DTypeField[] = [];
  for (let index = 0; index < names.length; index++) {
    const name = reader.text(names.at(index));
    const ref = name === undefined ? undefined : byName.get(name);
    const parts = ref === undefined ? undefined : reader.tuple(ref);
    if (name === undefined || parts === undefined || parts.length < 2) return "wrong";
    const dtype = dtypeBelow(reader, parts.at(0), room);
    const offset = reader.int(parts.at(1));
    if (dtype === undefined || typeof offset !== "number") return "wrong";
    fields.push({ name, dtype, offset, title: parts.length > 2 ? reader.text(parts.at(2)) : undefined });
  }
  return fields;
}

function slice(members: Members, from: number, to: number): Members {
  return { length: to - from, at: (index) => members.at(from + index) };
}
