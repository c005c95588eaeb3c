import { isoTime, validTime } from "../natural/time.ts";
import { plainDtype } from "../numpy/dtype.ts";
import { readElement } from "../numpy/elements.ts";
import { runAlong, type Run } from "../numpy/numbers.ts";
import { decimalStr } from "../recognisers/numbers.ts";
import { byteSpan, membersIn } from "../recognisers/arguments.ts";
import type { Members, Shape, Span, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { bufferOn } from "../text.ts";
import { intAt, nestedReader } from "./arrowNested.ts";
import { leftIn, typeOf, type ArrowType, type Left } from "./arrowTypes.ts";
import type { Cell } from "./cells.ts";
import { dateText, deltaText, nanosecondsOf, stampText } from "./stamps.ts";
import type { Zone } from "./zones.ts";

/** An array of Arrow, of one or several chunks. */
export interface ArrowArray {
  readonly type: ArrowType;
  readonly length: number;
  /** Arrays in it, one in the other, itself included. INVARIANT: at most `MOST_DEEP`; whoever walks down its cells recurses no deeper. */
  readonly levels: number;
  at(index: number): Cell;
  /** Numbers or dates in a row, none of them missing. */
  readonly run?: Run | undefined;
}

const MOST_CHUNKS = 100_000;
/** Elements of one chunk, so that those of all of them can be counted. */
const MOST_ELEMENTS = 2 ** 36;
const MOST_LEVELS = 8;
const MOST_DEEP = 32;
/** Arrays that one is made of. */
const MOST_ARRAYS = 1000;
/** Buffers of one array: views may lie in many. */
const MOST_BUFFERS = 10_000;

/** The array that `chunked_array` or `_restore_array` would make; `undefined` for types that are not read here. */
export function arrowArray(
  reader: ValueReader,
  object: Shape,
  left = leftIn(reader),
): ArrowArray | undefined {
  if (object.t !== "object" || object.module !== "pyarrow.lib" || object.args.length === 0) return undefined;
  if (object.name !== "chunked_array") return restored(reader, object, left);
  const members = membersIn(reader, object.args.at(0));
  const type = object.args.length > 1 ? typeOf(reader, object.args.at(1), left) : undefined;
  if (members === undefined || type === undefined || members.length > MOST_CHUNKS) return undefined;
  const chunks: ArrowArray[] = [];
  for (let at = 0; at < members.length; at++) {
    const chunk = restored(reader, reader.shape(members.at(at)), left);
    if (chunk === undefined) return undefined;
    chunks.push(chunk);
  }
  return joined(type, chunks);
}

/** What `_restore_array` makes. */
function restored(reader: ValueReader, object: Shape, left: Left): ArrowArray | undefined {
  if (object.t !== "object" || object.module !== "pyarrow.lib" || object.name !== "_restore_array")
    return undefined;
  return object.args.length === 0 ? undefined : chunkOf(reader, object.args.at(0), left);
}

/** Chunks one behind the other. */
export function joined(type: ArrowType, chunks: readonly ArrowArray[]): ArrowArray {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const ends: number[] = [];
  for (const { length } of chunks) ends.push((ends.at(-1) ?? 0) + length);
  return {
    type,
    length: ends.at(-1) ?? 0,
    levels: deepest(chunks),
    at: (index) => {
      let [low, high] = [0, chunks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle] ?? 0) <= index) low = middle + 1;
        else high = middle;
      }
      return chunks[low]?.at(index - (ends[low - 1] ?? 0));
    },
  };
}

function deepest(arrays: readonly (ArrowArray | undefined)[]): number {
  return arrays.reduce((most, array) => Math.max(most, array?.levels ?? 0), 0);
}

/** What `_restore_array` is given: (type, length, null count, offset, buffers, children, dictionary). INVARIANT: recurses into children, `level` deep, as many as are `left`. */
function chunkOf(reader: ValueReader, ref: Ref, left: Left, level = 0): ArrowArray | undefined {
  const parts = level > MOST_LEVELS || --left.parts < 0 ? undefined : reader.tuple(ref);
  if (parts === undefined || parts.length < 5) return undefined;
  const type = typeOf(reader, parts.at(0), left);
  const [length, , offset] = [1, 2, 3].map((at) => reader.int(parts.at(at)));
  const buffers = membersIn(reader, parts.at(4));
  if (type === undefined || typeof length !== "number" || typeof offset !== "number") return undefined;
  if (buffers === undefined || length < 0 || offset < 0) return undefined;
  left.parts -= buffers.length;
  const spans = Array.from({ length: Math.min(buffers.length, MOST_BUFFERS) }, (_, at) =>
    bufferOf(reader, buffers.at(at)),
  );
  const refs = type.kind === "dictionary" ? dictionaryIn(parts) : childrenIn(reader, parts);
  const children = refs.map((child) => chunkOf(reader, child, left, level + 1));
  return arrayOfBuffers(type, { length, offset, spans, children });
}

/** The arrays that an array of this type is made of. */
function childrenIn(reader: ValueReader, parts: Members): readonly Ref[] {
  const members = parts.length > 5 ? membersIn(reader, parts.at(5)) : undefined;
  const length = Math.min(members?.length ?? 0, MOST_ARRAYS);
  return Array.from({ length }, (_, at) => members?.at(at) ?? 0);
}

function dictionaryIn(parts: Members): readonly Ref[] {
  return parts.length > 6 ? [parts.at(6)] : [];
}

/** What an array is made of. */
export interface ArrowBuffers {
  readonly length: number;
  /** Where it begins in its buffers, counted in elements. */
  readonly offset: number;
  /** A bit for each element that is there, or nothing where all are; then what the type says. */
  readonly spans: readonly (Span | undefined)[];
  /** Of lists their members, of structs their fields, of a dictionary its values; `undefined` where one is not read. */
  readonly children: readonly (ArrowArray | undefined)[];
}

/** The array that buffers hold; `undefined` where some are missing. */
export function arrayOfBuffers(
  type: ArrowType,
  { length, offset, spans, children }: ArrowBuffers,
): ArrowArray | undefined {
  const levels = deepest(children) + 1;
  if (levels > MOST_DEEP || !(length <= MOST_ELEMENTS && offset <= MOST_ELEMENTS)) return undefined;
  // Whatever its type, a value has a bit or more in each of the first two buffers that are there.
  if (spans.slice(0, 2).some((span) => span !== undefined && (span.to - span.from) * 8 < offset + length))
    return undefined;
  const [validity, data, ...more] = spans;
  const isThere = (at: number): boolean => validity === undefined || bitAt(validity, at);
  const read = NESTED.has(type.kind)
    ? nestedReader(type, spans.slice(1), children)
    : type.isView
      ? data && viewReader(type, data, more)
      : readerOf(type, data, more[0]);
  if (read === undefined) return undefined;
  return {
    type,
    length,
    levels,
    at: (index) => (isThere(offset + index) ? read(offset + index) : undefined),
    run: validity === undefined && data !== undefined ? runOf(type, data, offset, length) : undefined,
  };
}

/** Elements in a row, as those of an array of numpy. */
function runOf(
  { kind, dtype, unit }: ArrowType,
  data: Span,
  offset: number,
  length: number,
): Run | undefined {
  if (dtype === undefined || (kind !== "number" && (kind !== "time" || unit === "D"))) return undefined;
  const from = data.from + offset * dtype.itemsize;
  if (from + length * dtype.itemsize > data.to) return undefined;
  const span = { store: data.store, from, to: from + length * dtype.itemsize };
  return runAlong(
    { t: "ndarray", dtype, turned: false, shape: [length], order: "C", data: span, mask: undefined },
    0,
    [0],
  );
}

function bufferOf(reader: ValueReader, ref: Ref): Span | undefined {
  const object = reader.shape(ref);
  if (object.t !== "object" || object.name !== "py_buffer" || object.args.length === 0) return undefined;
  return byteSpan(reader, object.args.at(0));
}

/** False where there is no such bit. */
function bitAt({ store, from, to }: Span, at: number): boolean {
  const place = from + Math.floor(at / 8);
  return place < to && ((store.byte(place) >> (at % 8)) & 1) === 1;
}

function readerOf(
  type: ArrowType,
  data: Span | undefined,
  texts: Span | undefined,
): ((at: number) => Cell) | undefined {
  if (type.kind === "null") return () => undefined;
  if (data === undefined) return undefined;
  const { dtype, unit, zone, offsetBytes } = type;
  const bytesAt = (at: number, size: number): DataView | undefined => {
    const bytes = data.store.view(data.from + at, Math.min(data.from + at + size, data.to));
    return bytes.length < size ? undefined : new DataView(bytes.buffer, bytes.byteOffset, size);
  };
  switch (type.kind) {
    case "bool":
      return (at) => (at < 8 * (data.to - data.from) ? { element: bitAt(data, at), dtype: BOOL } : undefined);
    case "number":
      return (
        dtype &&
        ((at) => {
          const view = bytesAt(at * dtype.itemsize, dtype.itemsize);
          return view && { element: readElement(dtype, view, 0), dtype };
        })
      );
    case "decimal": {
      const size = dtype?.itemsize ?? 16;
      return (at) => {
        const bytes = data.store.view(data.from + at * size, Math.min(data.from + (at + 1) * size, data.to));
        return bytes.length < size ? undefined : { kind: "Decimal", text: decimalText(bytes, type.scale) };
      };
    }
    case "clock":
      return (at) => {
        const count = intAt(data, at, dtype?.itemsize ?? 8);
        return count === undefined ? undefined : clockCell(count, unit);
      };
    case "time":
      return (at) => {
        const size = dtype?.itemsize ?? 8;
        const view = bytesAt(at * size, size);
        const count = view && (size === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true));
        if (count === undefined) return undefined;
        const kind = type.text.startsWith("duration") ? "Timedelta" : unit === "D" ? "date" : "Timestamp";
        const order = count * (nanosecondsOf(unit) ?? 86_400_000_000_000n);
        return { kind, text: timeText(type, count, unit, zone), order, isFine: unit === "ns" };
      };
    default:
      if (type.size > 0)
        return (at) => {
          const view = bytesAt(at * type.size, type.size);
          return view && textCell(type, new Uint8Array(view.buffer, view.byteOffset, type.size));
        };
      return (at) => {
        const view = bytesAt(at * offsetBytes, 2 * offsetBytes);
        if (view === undefined || texts === undefined) return undefined;
        const [from, to] =
          offsetBytes === 4
            ? [view.getInt32(0, true), view.getInt32(4, true)]
            : [Number(view.getBigInt64(0, true)), Number(view.getBigInt64(8, true))];
        if (from < 0 || to < from || texts.from + to > texts.to) return undefined;
        return textCell(type, texts.store.view(texts.from + from, texts.from + to));
      };
  }
}

/** Texts that are views: a length, then the text itself, or its beginning, the buffer that it lies in, and where. */
function viewReader(
  type: ArrowType,
  { store, from, to }: Span,
  buffers: readonly (Span | undefined)[],
): (at: number) => Cell {
  return (at) => {
    const begin = from + at * 16;
    const bytes = store.view(begin, Math.min(begin + 16, to));
    if (bytes.length < 16) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
    const [length, number, start] = [0, 8, 12].map((place) => view.getInt32(place, true));
    if (length === undefined || number === undefined || start === undefined || length < 0) return undefined;
    if (length <= 12) return textCell(type, bytes.subarray(4, 4 + length));
    const buffer = buffers[number];
    if (buffer === undefined || start < 0 || buffer.from + start + length > buffer.to) return undefined;
    return textCell(type, buffer.store.view(buffer.from + start, buffer.from + start + length));
  };
}

function textCell({ kind }: ArrowType, bytes: Uint8Array): Cell {
  return kind === "text"
    ? { element: bufferOn(bytes).toString("utf8"), dtype: TEXT }
    : { element: bytes.slice(), dtype: BYTES };
}

/** An int of 16 or 32 bytes in two's complement, with a point in it. */
function decimalText(bytes: Uint8Array, scale: number): string {
  const digits = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const value = BigInt.asIntN(bytes.length * 8, digits);
  return decimalStr(`${value}e${-scale}`) ?? value.toString();
}

/** A time of day; Python's has microseconds. Of the unit of days a day, in milliseconds. */
function clockCell(count: number, unit: string): Cell {
  if (unit === "D") {
    const day = BigInt(Math.floor(count / 86_400_000));
    return { kind: "date", text: dateText(day), order: day };
  }
  const order = BigInt(count) * (nanosecondsOf(unit) ?? 1n);
  const microseconds = Number(order / 1000n);
  const seconds = Math.floor(microseconds / 1e6);
  const time = {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: microseconds % 1e6,
  };
  return validTime(time) ? { kind: "time", text: isoTime(time), order } : undefined;
}

function timeText(type: ArrowType, count: bigint, unit: string, zone: Zone | undefined): string {
  if (unit === "D") return dateText(count);
  const nanoseconds = count * (nanosecondsOf(unit) ?? 1n);
  return type.text.startsWith("duration") ? deltaText(nanoseconds) : stampText(nanoseconds, zone);
}

const NESTED: ReadonlySet<ArrowType["kind"]> = new Set([
  "list",
  "map",
  "array",
  "struct",
  "union",
  "runs",
  "dictionary",
]);
const BOOL = plainDtype("b", 1);
const TEXT = plainDtype("U", 0);
const BYTES = plainDtype("S", 0);
