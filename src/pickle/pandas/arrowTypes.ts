import { PLAIN, type DType, type DTypeKind } from "../numpy/dtype.ts";
import type { Members, Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { zoneByName, type Zone } from "./zones.ts";

/** Types inside types at most. */
const MOST_LEVELS = 8;

/** A type of Arrow that can be read here. */
export interface ArrowType {
  /** pyarrow's name: `int64`, `large_string`, `timestamp[us, tz=UTC]`. */
  readonly text: string;
  readonly kind: "number" | "bool" | "text" | "binary" | "time" | "null" | "decimal" | "list" | "dictionary";
  /** Of numbers and times how they lie. */
  readonly dtype: DType | undefined;
  /** Bytes of an offset into texts. */
  readonly offsetBytes: 4 | 8;
  /** Of times; of a date `D`. */
  readonly unit: string;
  /** Whether texts are views: 16 bytes each, in which short ones lie themselves. */
  readonly isView: boolean;
  /** Of decimals the digits behind the point. */
  readonly scale: number;
  readonly zone: Zone | undefined;
}

/** What lies in bytes as elements of this kind. */
export function dtypeOf(kind: DTypeKind, itemsize: number): DType {
  return { ...PLAIN, kind, itemsize, littleEndian: true };
}

/** Numbers by Arrow's names. */
export const NUMBERS: ReadonlyMap<string, DType> = new Map(
  Object.entries({
    int8: dtypeOf("i", 1),
    int16: dtypeOf("i", 2),
    int32: dtypeOf("i", 4),
    int64: dtypeOf("i", 8),
    uint8: dtypeOf("u", 1),
    uint16: dtypeOf("u", 2),
    uint32: dtypeOf("u", 4),
    uint64: dtypeOf("u", 8),
    halffloat: dtypeOf("f", 2),
    float: dtypeOf("f", 4),
    double: dtypeOf("f", 8),
  }),
);

/** What a type has unless it says otherwise. */
export const NOTHING = {
  dtype: undefined,
  offsetBytes: 4,
  isView: false,
  unit: "",
  zone: undefined,
  scale: 0,
} as const;

/** `list_(field)` or `list_(type)`, whose values are called `item` unless the field says otherwise. */
function listType(reader: ValueReader, isLarge: boolean, ref: Ref, level: number): ArrowType | undefined {
  const field = reader.shape(ref);
  const isField = field.t === "object" && field.name === "field" && field.args.length > 1;
  const type = typeOf(reader, isField ? field.args.at(1) : ref, level + 1);
  const name = isField ? reader.text(field.args.at(0)) : "item";
  if (type === undefined || name === undefined) return undefined;
  const text = `${isLarge ? "large_list" : "list"}<${name}: ${type.text}>`;
  return { ...NOTHING, text, kind: "list", offsetBytes: isLarge ? 8 : 4 };
}

/** `dictionary(indices, values, ordered)`. */
function dictionaryType(reader: ValueReader, args: Members, level: number): ArrowType | undefined {
  if (args.length < 2) return undefined;
  const [indices, values] = [0, 1].map((at) => typeOf(reader, args.at(at), level + 1));
  if (indices?.dtype === undefined || values === undefined) return undefined;
  const ordered = args.length > 2 ? reader.shape(args.at(2)) : undefined;
  const isOrdered = ordered?.t === "bool" && ordered.value;
  const text = `dictionary<values=${values.text}, indices=${indices.text}, ordered=${isOrdered ? 1 : 0}>`;
  return { ...NOTHING, text, kind: "dictionary", dtype: indices.dtype };
}

/** The type that a reference stands for. INVARIANT: as of `arrowType`. */
export function typeOf(reader: ValueReader, ref: Ref, level = 0): ArrowType | undefined {
  return arrowType(reader, reader.shape(ref), level);
}

/** Types are made by `type_for_alias(name)`; a timestamp with a zone by `timestamp(unit, zone)`. INVARIANT: recurses into lists, `level` deep. */
export function arrowType(reader: ValueReader, object: Shape, level = 0): ArrowType | undefined {
  if (level > MOST_LEVELS || object.t !== "object" || object.module !== "pyarrow.lib") return undefined;
  const texts = Array.from({ length: Math.min(object.args.length, 3) }, (_, at) =>
    reader.text(object.args.at(at)),
  );
  const [first = "", second] = texts;
  if (object.name === "timestamp" || object.name === "duration") {
    const zone = second === undefined ? undefined : zoneByName(second);
    if (second !== undefined && zone === undefined) return undefined;
    const text = `${object.name}[${first}${second === undefined ? "" : `, tz=${second}`}]`;
    return { ...NOTHING, text, kind: "time", dtype: dtypeOf("i", 8), unit: first, zone };
  }
  const { args } = object;
  switch (object.name) {
    case "type_for_alias":
      return typeByName(first);
    case "decimal128":
    case "decimal256": {
      const [precision, scale] = [0, 1].map((at) => (at < args.length ? reader.int(args.at(at)) : undefined));
      if (typeof precision !== "number" || typeof scale !== "number") return undefined;
      const dtype = dtypeOf("V", object.name === "decimal128" ? 16 : 32);
      return { ...NOTHING, text: `${object.name}(${precision}, ${scale})`, kind: "decimal", dtype, scale };
    }
    case "list_":
    case "large_list":
      return args.length === 0
        ? undefined
        : listType(reader, object.name === "large_list", args.at(0), level);
    case "dictionary":
      return dictionaryType(reader, args, level);
    default:
      return undefined;
  }
}

function typeByName(alias: string): ArrowType | undefined {
  const [, time, unit] = /^(timestamp|duration)\[(s|ms|us|ns)\]$/.exec(alias) ?? [];
  if (time !== undefined && unit !== undefined)
    return { ...NOTHING, text: alias, kind: "time", dtype: dtypeOf("i", 8), unit };
  if (alias === "date32" || alias === "date32[day]")
    return { ...NOTHING, text: "date32[day]", kind: "time", dtype: dtypeOf("i", 4), unit: "D" };
  const dtype = NUMBERS.get(alias);
  if (dtype !== undefined) return { ...NOTHING, text: alias, kind: "number", dtype };
  switch (alias) {
    case "bool":
    case "bool_":
      return { ...NOTHING, text: "bool", kind: "bool" };
    case "string":
    case "large_string":
      return { ...NOTHING, text: alias, kind: "text", offsetBytes: alias === "string" ? 4 : 8 };
    case "binary":
    case "large_binary":
      return { ...NOTHING, text: alias, kind: "binary", offsetBytes: alias === "binary" ? 4 : 8 };
    case "string_view":
    case "binary_view":
      return { ...NOTHING, text: alias, kind: alias === "string_view" ? "text" : "binary", isView: true };
    case "null":
      return { ...NOTHING, text: alias, kind: "null" };
    default:
      return undefined;
  }
}
