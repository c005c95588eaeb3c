import { distinctMembers, distinctPairs } from "../distinct.ts";
import { PyComplex, PyDecimal } from "../natural/classes.ts";
import { reprBytes, reprFloat, reprText } from "../natural/repr.ts";
import { PyDate } from "../natural/temporal.ts";
import { isoDate, isoOffset, isoTime } from "../natural/time.ts";
import { NpRecord } from "../numpy/values.ts";
import { PandasScalar } from "../pandas/classes.ts";
import type { Members, Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";

/** Levels of containers; what is nested more deeply has no source. */
const MOST_LEVELS = 32;
/** Members and characters of one value's source, roughly. */
const MOST_PARTS = 1 << 20;

/** Python source that makes an equal float. */
export function floatSource(value: number, text = reprFloat(value)): string {
  return Number.isFinite(value) ? text : `float('${text}')`;
}

/**
 * Python source that makes an equal value, of the standard library's types alone: modules are named `datetime`, `decimal` and `uuid`. `undefined` where
 * there is none: for objects of a class, and for what is cyclic, too deep or too large.
 */
export function pythonSource(reader: ValueReader, ref: Ref): string | undefined {
  const left = { parts: MOST_PARTS };
  return write(reader, ref, 0, left);
}

interface Left {
  parts: number;
}

/** INVARIANT: recurses as deep as MOST_LEVELS. */
function write(reader: ValueReader, ref: Ref, level: number, left: Left): string | undefined {
  if (level > MOST_LEVELS || --left.parts < 0) return undefined;
  const shape = reader.shape(ref);
  switch (shape.t) {
    case "list":
      return members(reader, shape.members, level, left, "[", "]");
    case "tuple":
      return members(reader, shape.members, level, left, "(", shape.members.length === 1 ? ",)" : ")");
    case "set":
    case "frozenset": {
      const own = members(reader, distinctMembers(reader, shape.members), level, left, "{", "}");
      if (own === undefined) return undefined;
      const set = own === "{}" ? "set()" : own;
      return shape.t === "set" ? set : `frozenset(${own === "{}" ? "" : own})`;
    }
    case "dict": {
      const pairs = distinctPairs(reader, shape.pairs);
      const parts: string[] = [];
      for (let at = 0; at < pairs.length; at++) {
        const key = write(reader, pairs.key(at), level + 1, left);
        const value = write(reader, pairs.value(at), level + 1, left);
        if (key === undefined || value === undefined) return undefined;
        parts.push(`${key}: ${value}`);
      }
      return `{${parts.join(", ")}}`;
    }
    default:
      return leafSource(reader, shape, left);
  }
}

function members(
  reader: ValueReader,
  refs: Members,
  level: number,
  left: Left,
  opening: string,
  closing: string,
): string | undefined {
  const parts: string[] = [];
  for (let at = 0; at < refs.length; at++) {
    const part = write(reader, refs.at(at), level + 1, left);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return `${opening}${parts.join(", ")}${closing}`;
}

function leafSource(reader: ValueReader, shape: Shape, left: Left): string | undefined {
  switch (shape.t) {
    case "none":
      return "None";
    case "bool":
      return shape.value ? "True" : "False";
    case "int":
      return shape.value.toString();
    case "hugeint":
      return `0x${shape.read().toString(16)}`.replace("0x-", "-0x");
    case "float":
      return floatSource(shape.value);
    case "complex":
      return `complex(${floatSource(shape.re)}, ${floatSource(shape.im)})`;
    case "str": {
      const text = reader.textOf(shape);
      left.parts -= shape.span.to - shape.span.from;
      return text === undefined || left.parts < 0 ? undefined : reprText(text);
    }
    case "bytes":
    case "bytearray": {
      const { store, from, to } = shape.span;
      left.parts -= to - from;
      if (left.parts < 0) return undefined;
      const bytes = reprBytes(store.copy(from, to));
      return shape.t === "bytes" ? bytes : `bytearray(${bytes})`;
    }
    case "range":
      return `range(${shape.start}, ${shape.stop}, ${shape.step})`;
    case "decimal":
      return `decimal.Decimal(${reprText(shape.text)})`;
    case "uuid":
      return `uuid.UUID(${reprText(shape.text)})`;
    case "datetime": {
      const offset = shape.offset === undefined ? "" : isoOffset(shape.offset);
      const fold = shape.fold === 0 ? "" : ".replace(fold=1)";
      return `datetime.datetime.fromisoformat('${isoDate(shape.date)}T${isoTime(shape.time)}${offset}')${fold}`;
    }
    case "date":
      return `datetime.date.fromisoformat('${isoDate(shape.date)}')`;
    case "time": {
      const offset = shape.offset === undefined ? "" : isoOffset(shape.offset);
      return `datetime.time.fromisoformat('${isoTime(shape.time)}${offset}')`;
    }
    case "timedelta":
      return `datetime.timedelta(${shape.days}, ${shape.seconds}, ${shape.microseconds})`;
    default:
      return undefined;
  }
}

/** The same of what an array or a column of Arrow holds in one element: a record as a tuple, as numpy makes one of it. */
export function sourceOfNatural(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return reprText(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0) ? value.toString() : floatSource(value);
    case "object":
      return value === null ? "None" : sourceOfObject(value);
    default:
      return undefined;
  }
}

/** INVARIANT: recurses as deep as the dtype or Arrow's lists, which are bounded. */
function sourceOfObject(value: object): string | undefined {
  if (value instanceof Uint8Array) return reprBytes(value);
  if (value instanceof PyComplex) return `complex(${floatSource(value.re)}, ${floatSource(value.im)})`;
  if (value instanceof PyDecimal) return `decimal.Decimal(${reprText(value.toString())})`;
  if (value instanceof PyDate) return `datetime.date.fromisoformat('${value.isoformat()}')`;
  if (value instanceof PandasScalar && (value.kind === "Timestamp" || value.kind === "Timedelta"))
    return `pd.${value.kind}(${reprText(value.text)})`;
  const parts =
    value instanceof NpRecord ? value.values : Array.isArray(value) ? (value as unknown[]) : undefined;
  if (parts === undefined) return undefined;
  const sources = parts.map(sourceOfNatural);
  if (sources.some((source) => source === undefined)) return undefined;
  const inner = sources.join(", ");
  return value instanceof NpRecord ? `(${inner}${sources.length === 1 ? "," : ""})` : `[${inner}]`;
}
