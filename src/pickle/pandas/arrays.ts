import { elementAt, liesInBytes, loadedDtype, sizeOfShape } from "../numpy/array.ts";
import { reprFloat } from "../natural/repr.ts";
import { dtypeName } from "../numpy/dtype.ts";
import { timeOf } from "../numpy/elements.ts";
import { NpDateTime, NpTimeDelta } from "../numpy/values.ts";
import type { NdArrayShape, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { arrowArray } from "./arrow.ts";
import { NAN_CELL, floatCell, type Cell, type CellArray } from "./cells.ts";
import { periodsOf } from "./periods.ts";
import { attributesOf, indexAt, isPandas } from "./objects.ts";
import { mapOf, type Attributes } from "../recognisers/arguments.ts";
import { deltaText, nanosecondsOf, stampText } from "./stamps.ts";
import { intervalText } from "./text.ts";
import { geometryCells } from "./geometries.ts";
import { zoneOf, type Zone } from "./zones.ts";

/** What pandas keeps values in, as cells; `undefined` for what is none of its arrays. */
export function cellArrayOf(reader: ValueReader, ref: Ref): CellArray | undefined {
  const shape = reader.shape(ref);
  if (shape.t === "ndarray") return numpyCells(shape);
  if (shape.t !== "object") return undefined;
  const { name } = shape;
  if (name === "GeometryArray") return geometryCells(reader, shape);
  if (!isPandas(shape)) return undefined;
  if (name === BACKED) return backedCells(reader, shape);
  if (MIXIN.test(name)) return mixinCells(reader, shape);
  const attributes = attributesOf(reader, shape);
  return attributes && keptCells(reader, name, attributes);
}

/** What makes an array of numpy an array of pandas. */
const BACKED = "__pyx_unpickle_NDArrayBacked";
/** What makes an array whose base is compiled, of its attributes. */
const MIXIN = /^__pyx_unpickle_(Interval|Period)Mixin$/;
/** Periods that are none. */
const NAT = -(2n ** 63n);

type ReadArray = (reader: ValueReader, attributes: Attributes) => CellArray | undefined;

const READERS: ReadonlyMap<string, ReadArray> = new Map<string, ReadArray>(
  Object.entries<ReadArray>({
    IntegerArray: maskedCells,
    FloatingArray: maskedCells,
    BooleanArray: maskedCells,
    SparseArray: sparseCells,
    IntervalArray: intervalCells,
    ArrowStringArray: arrowTexts,
    ArrowStringArrayNumpySemantics: (reader, attributes) => arrowTexts(reader, attributes, NAN_CELL),
    ArrowExtensionArray: arrowCells,
  }),
);

/** The array of a class with these attributes; before pandas 1.3 also those that later are made of a dtype and numpy's array. */
function keptCells(reader: ValueReader, name: string, attributes: Attributes): CellArray | undefined {
  const read = READERS.get(name);
  if (read !== undefined) return read(reader, attributes);
  const dtype = attributes.get("_dtype");
  const data = attributes.get("_ndarray") ?? attributes.get("_data") ?? attributes.get("_codes");
  return dtype === undefined || data === undefined ? undefined : classCells(reader, name, dtype, data);
}

/** A numpy array: dates are Timestamps in pandas, and lists of objects are values of their own. */
function numpyCells(array: NdArrayShape): CellArray {
  const { data, shape } = array;
  const dtype = loadedDtype(array);
  const name = dtypeName(dtype);
  if (!liesInBytes(data)) return { dtype: name, shape, at: (index) => ({ ref: data.at(index) }) };
  if (dtype.kind === "M" || dtype.kind === "m") {
    return {
      dtype: name,
      shape,
      at: (index) => timeCell(elementAt(array, index), undefined),
      elements: array,
      timeAt: (count) => timeCell(timeOf(dtype, count), undefined),
    };
  }
  return {
    dtype: name,
    shape,
    at: (index) => {
      const element = elementAt(array, index);
      return element === undefined || element === null ? undefined : { element, dtype };
    },
    elements: array,
  };
}

function timeCell(element: unknown, zone: Zone | undefined): Cell {
  if (!(element instanceof NpDateTime || element instanceof NpTimeDelta)) return undefined;
  const kind = element instanceof NpDateTime ? "Timestamp" : "Timedelta";
  const perUnit = nanosecondsOf(element.unit);
  if (perUnit === undefined) return { kind, text: element.toString() };
  const nanoseconds = element.count * BigInt(element.multiple) * perUnit;
  const text = kind === "Timestamp" ? stampText(nanoseconds, zone) : deltaText(nanoseconds);
  return { kind, text, order: nanoseconds };
}

/** `__pyx_unpickle_NDArrayBacked(cls, checksum, None)` with the state (dtype, ndarray, attributes). */
function backedCells(reader: ValueReader, object: ObjectShape): CellArray | undefined {
  const [state] = object.states;
  const cls = object.args.length > 0 ? reader.nameOf(object.args.at(0)) : undefined;
  const parts = state === undefined ? undefined : reader.tuple(state);
  if (cls === undefined || !isPandas(cls) || parts === undefined || parts.length < 2) return undefined;
  // Python's writer has the array first where the class sets its state by itself.
  const isFirst = reader.shape(parts.at(0)).t === "ndarray";
  return isFirst
    ? classCells(reader, cls.name, parts.at(1), parts.at(0))
    : classCells(reader, cls.name, parts.at(0), parts.at(1));
}

/** What a class keeps in an array of numpy. */
function classCells(reader: ValueReader, name: string, dtype: Ref, data: Ref): CellArray | undefined {
  const array = reader.shape(data);
  if (array.t !== "ndarray") return undefined;
  switch (name) {
    case "Categorical":
      return categoryCells(reader, dtype, array);
    case "DatetimeArray":
      return datetimeCells(reader, dtype, array);
    case "PeriodArray":
      return periodCells(reader, dtype, array);
    case "StringArray":
    case "StringArrayNumpySemantics":
      return textCells(reader, data, dtype);
    case "TimedeltaArray":
    case "PandasArray":
    case "NumpyExtensionArray":
      return numpyCells(array);
    default:
      return undefined;
  }
}

function categoryCells(reader: ValueReader, dtype: Ref, codes: NdArrayShape): CellArray | undefined {
  const parts = attributesOf(reader, reader.shape(dtype));
  const found = parts?.get("categories");
  const categories = indexAt(reader, found);
  if (categories === undefined || !liesInBytes(codes.data)) return undefined;
  return {
    dtype: "category",
    shape: codes.shape,
    at: (index) => {
      const code = elementAt(codes, index);
      return typeof code === "number" && code >= 0 ? categories.labels.at(code) : NAN_CELL;
    },
    coded: { codes, labels: categories.labels },
  };
}

function datetimeCells(reader: ValueReader, dtype: Ref, array: NdArrayShape): CellArray | undefined {
  const cells = numpyCells(array);
  const object = reader.shape(dtype);
  if (object.t !== "object" || object.name !== "DatetimeTZDtype") return cells;
  const tz = attributesOf(reader, object)?.get("tz");
  const zone = tz === undefined ? undefined : zoneOf(reader, tz);
  if (zone === undefined) return undefined;
  return {
    dtype: cells.dtype.replace(/\]$/, `, ${zone.text}]`),
    shape: array.shape,
    at: (index) => timeCell(elementAt(array, index), zone),
    elements: array,
    timeAt: (count) => timeCell(timeOf(array.dtype, count), zone),
  };
}

function periodCells(reader: ValueReader, dtype: Ref, array: NdArrayShape): CellArray | undefined {
  const periods = periodsOf(reader, dtype);
  if (periods === undefined) return undefined;
  const period = (count: bigint): Cell => ({ kind: "Period", text: periods.text(count) });
  return {
    dtype: `period[${periods.freq}]`,
    shape: array.shape,
    at: (index) => {
      const ordinal = elementAt(array, index);
      if (typeof ordinal !== "bigint" && !Number.isSafeInteger(ordinal)) return undefined;
      const count = BigInt(ordinal as number | bigint); // As the condition says.
      return count === NAT ? undefined : period(count);
    },
    // Ordinals with a NaT among them, as a timedelta's.
    elements: { ...array, dtype: { ...array.dtype, kind: "m" } },
    timeAt: period,
  };
}

/** Texts as objects, of pandas' own dtype: `string`, or from pandas 3 on `str`, whose missing ones are NaN. */
function textCells(
  reader: ValueReader,
  data: Ref | undefined,
  dtype: Ref | undefined,
): CellArray | undefined {
  const array = data === undefined ? undefined : reader.shape(data);
  if (array?.t !== "ndarray" || liesInBytes(array.data)) return undefined;
  const { data: members, shape } = array;
  return { dtype: textDtype(reader, dtype), shape, at: (index) => ({ ref: members.at(index) }) };
}

/** StringDtype(storage, na_value): with NaN it is called `str`. */
function textDtype(reader: ValueReader, dtype: Ref | undefined): string {
  const object = dtype === undefined ? undefined : reader.shape(dtype);
  return object?.t === "object" && hasNan(reader, object) ? "str" : "string";
}

function hasNan(reader: ValueReader, dtype: ObjectShape): boolean {
  const { args } = dtype;
  const missing = attributesOf(reader, dtype)?.get("_na_value") ?? (args.length > 1 ? args.at(1) : undefined);
  return missing !== undefined && reader.shape(missing).t === "float";
}

/** The nullable arrays: data, and a mask of what is missing. */
function maskedCells(reader: ValueReader, attributes: Attributes): CellArray | undefined {
  const [dataRef, maskRef] = [attributes.get("_data"), attributes.get("_mask")];
  const data = dataRef === undefined ? undefined : reader.shape(dataRef);
  const mask = maskRef === undefined ? undefined : reader.shape(maskRef);
  if (data?.t !== "ndarray" || mask?.t !== "ndarray" || sizeOfShape(data.shape) !== sizeOfShape(mask.shape))
    return undefined;
  const cells = numpyCells(data);
  // `Int64`, `UInt8`, `Float32`, and `boolean`.
  const name = cells.dtype
    .replace(/^uint/, "UInt")
    .replace(/^int/, "Int")
    .replace(/^float/, "Float");
  return {
    dtype: name === "bool" ? "boolean" : name,
    shape: data.shape,
    at: (index) => (elementAt(mask, index) === false ? cells.at(index) : undefined),
    elements: liesInBytes(mask.data) && mask.order === data.order ? { ...data, mask: mask.data } : undefined,
  };
}

function sparseCells(reader: ValueReader, attributes: Attributes): CellArray | undefined {
  const [indexRef, valuesRef, dtypeRef] = ["_sparse_index", "_sparse_values", "_dtype"].map((name) =>
    attributes.get(name),
  );
  if (indexRef === undefined || valuesRef === undefined || dtypeRef === undefined) return undefined;
  const values = reader.shape(valuesRef);
  const places = sparsePlaces(reader, reader.shape(indexRef));
  const parts = attributesOf(reader, reader.shape(dtypeRef));
  const fillRef = parts?.get("_fill_value");
  if (values.t !== "ndarray" || places === undefined || fillRef === undefined) return undefined;
  const stored = numpyCells(values);
  const fill = fillOf(reader, fillRef, stored.dtype);
  return {
    dtype: `Sparse[${stored.dtype}, ${fill.text}]`,
    shape: [places.length],
    at: (index) => {
      const at = places.find(index);
      return at === undefined ? fill.cell : stored.at(at);
    },
  };
}

function fillOf(
  reader: ValueReader,
  ref: Ref,
  dtype: string,
): { readonly text: string; readonly cell: Cell } {
  const shape = reader.shape(ref);
  if (shape.t === "float") {
    const { value } = shape;
    return { text: reprFloat(value), cell: floatCell(value) };
  }
  if (shape.t === "bool") return { text: shape.value ? "True" : "False", cell: { ref } };
  if (shape.t === "int")
    return { text: dtype.startsWith("float") ? `${shape.value}.0` : String(shape.value), cell: { ref } };
  return { text: shape.t === "none" ? "None" : "nan", cell: { ref } };
}

/** Where the values of a sparse array lie: IntIndex(length, indices), or BlockIndex(length, begins, lengths). */
function sparsePlaces(
  reader: ValueReader,
  object: ReturnType<ValueReader["shape"]>,
): { readonly length: number; find(index: number): number | undefined } | undefined {
  if (object.t !== "object" || object.args.length < 2) return undefined;
  const length = reader.int(object.args.at(0));
  const first = intsOf(reader, object.args.at(1));
  if (typeof length !== "number" || first === undefined) return undefined;
  if (object.name === "IntIndex") {
    return {
      length,
      find: (index) => {
        const at = lastUpTo(first, index);
        return first.at(at) === index ? at : undefined;
      },
    };
  }
  const lengths = object.args.length > 2 ? intsOf(reader, object.args.at(2)) : undefined;
  if (object.name !== "BlockIndex" || lengths === undefined) return undefined;
  return {
    length,
    find: (index) => {
      const block = lastUpTo(first, index);
      const within = index - first.at(block);
      return within >= 0 && within < lengths.at(block) ? sumBefore(lengths, block) + within : undefined;
    },
  };
}

/** Ints of an array, read one by one: there may be millions, of which a page needs a few. */
interface Ints {
  /** What they are read from, always the same object for the same array. */
  readonly array: NdArrayShape;
  readonly length: number;
  at(index: number): number;
}

function intsOf(reader: ValueReader, ref: Ref): Ints | undefined {
  const array = reader.shape(ref);
  if (array.t !== "ndarray" || !liesInBytes(array.data)) return undefined;
  return { array, length: sizeOfShape(array.shape), at: (index) => Number(elementAt(array, index)) };
}

/** The place of the last of ascending ints that is not above a value; 0 where all are. */
function lastUpTo(ints: Ints, value: number): number {
  let [low, high] = [0, ints.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ints.at(middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Sums of lengths, kept because each value needs one. */
const sums = new WeakMap<NdArrayShape, Float64Array>();
const MOST_SUMS = 1 << 22;

/** The sum of the lengths before a place. */
function sumBefore(lengths: Ints, place: number): number {
  let known = sums.get(lengths.array);
  if (known === undefined) {
    known = new Float64Array(Math.min(lengths.length, MOST_SUMS));
    for (let at = 1; at < known.length; at++) known[at] = (known[at - 1] ?? 0) + lengths.at(at - 1);
    sums.set(lengths.array, known);
  }
  let sum = known[Math.min(place, known.length - 1)] ?? 0;
  for (let at = known.length - 1; at < place; at++) sum += lengths.at(at);
  return sum;
}

function mixinCells(reader: ValueReader, object: ObjectShape): CellArray | undefined {
  const [state] = object.states;
  const cls = object.args.length > 0 ? reader.nameOf(object.args.at(0)) : undefined;
  const parts = state === undefined ? undefined : reader.tuple(state);
  const attributes = parts === undefined || parts.length === 0 ? undefined : mapOf(reader, parts.at(0));
  return cls && attributes && keptCells(reader, cls.name, attributes);
}

function intervalCells(reader: ValueReader, attributes: Attributes): CellArray | undefined {
  const [leftRef, rightRef, dtypeRef] = ["_left", "_right", "_dtype"].map((name) => attributes.get(name));
  if (leftRef === undefined || rightRef === undefined) return undefined;
  const ends = [leftRef, rightRef].map((ref) => endsOf(reader, ref));
  const closedRef =
    (dtypeRef === undefined ? undefined : attributesOf(reader, reader.shape(dtypeRef))?.get("closed")) ??
    attributes.get("_closed");
  const closed = closedRef === undefined ? undefined : reader.text(closedRef);
  const [left, right] = ends;
  if (left === undefined || right === undefined || closed === undefined) return undefined;
  return intervals(reader, left, right, closed);
}

/** The ends of intervals on one side: numbers or times, in an array or an index. Never intervals, which might be their own ends. */
export function endsOf(reader: ValueReader, ref: Ref): CellArray | undefined {
  const shape = reader.shape(ref);
  if (shape.t === "index") {
    const { labels } = shape.index;
    return { dtype: labels.dtype, shape: [labels.length], at: (index) => labels.at(index) };
  }
  const isIntervals = shape.t === "object" && /Interval(Array|Mixin)$/.test(shape.name);
  return isIntervals ? undefined : cellArrayOf(reader, ref);
}

/** Intervals by their two ends. */
export function intervals(reader: ValueReader, left: CellArray, right: CellArray, closed: string): CellArray {
  return {
    dtype: `interval[${left.dtype}, ${closed}]`,
    shape: left.shape,
    at: (index) => {
      const text = intervalText(reader, left.at(index), right.at(index), closed);
      return text === undefined ? NAN_CELL : { kind: "Interval", text };
    },
  };
}

/** @param nothing what is missing where the dtype does not say that it is NaN */
function arrowTexts(reader: ValueReader, attributes: Attributes, nothing?: Cell): CellArray | undefined {
  const data = attributes.get("_pa_array") ?? attributes.get("_data");
  const array = data === undefined ? undefined : arrowArray(reader, reader.shape(data));
  if (array === undefined) return undefined;
  const dtype = textDtype(reader, attributes.get("_dtype"));
  const missing = dtype === "str" ? NAN_CELL : nothing;
  return { dtype, shape: [array.length], at: (index) => array.at(index) ?? missing };
}

function arrowCells(reader: ValueReader, attributes: Attributes): CellArray | undefined {
  const data = attributes.get("_pa_array") ?? attributes.get("_data");
  const array = data === undefined ? undefined : arrowArray(reader, reader.shape(data));
  if (array === undefined) return undefined;
  return {
    dtype: `${array.type.text}[pyarrow]`,
    shape: [array.length],
    at: (index) => array.at(index),
  };
}
