import { plainDtype, type DType } from "../numpy/dtype.ts";
import { membersIn } from "../recognisers/arguments.ts";
import type { Members, Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { zoneByName, type Zone } from "./zones.ts";

/** Types inside types at most. */
const MOST_LEVELS = 8;
/** Fields of one type. */
const MOST_FIELDS = 1000;
/** Parts of types and arrays, and characters of their names, beyond those that the pickle has. */
const FREE_PARTS = 1000;
const MOST_CHARACTERS = 1 << 20;

/** A type of Arrow that can be read here. */
export interface ArrowType {
  /** pyarrow's name: `int64`, `large_string`, `timestamp[us, tz=UTC]`. */
  readonly text: string;
  readonly kind:
    | "number"
    | "bool"
    | "text"
    | "binary"
    | "time"
    /** Times of day, and days that are counted in milliseconds. */
    | "clock"
    | "null"
    | "decimal"
    | "list"
    | "map"
    | "struct"
    | "union"
    | "dictionary"
    /** Lists of one size. */
    | "array"
    /** Values that each stand for a run of equal ones. */
    | "runs";
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
  /** Of bytes and lists of one size how many there are in each; else 0. */
  readonly size: number;
  /** The names of a struct's fields. */
  readonly names: readonly string[];
  /** Of a union the numbers that its arrays go by, and whether each has its own values alone. */
  readonly codes: readonly number[];
  readonly isDense: boolean;
}

/** Numbers by Arrow's names. */
export const NUMBERS: ReadonlyMap<string, DType> = new Map(
  Object.entries({
    int8: plainDtype("i", 1),
    int16: plainDtype("i", 2),
    int32: plainDtype("i", 4),
    int64: plainDtype("i", 8),
    uint8: plainDtype("u", 1),
    uint16: plainDtype("u", 2),
    uint32: plainDtype("u", 4),
    uint64: plainDtype("u", 8),
    halffloat: plainDtype("f", 2),
    float: plainDtype("f", 4),
    double: plainDtype("f", 8),
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
  size: 0,
  names: [],
  codes: [],
  isDense: false,
} as const;

/** What may still be read of types and arrays, whose parts may be the same again and again: a pickler writes each of them. */
export interface Left {
  parts: number;
  characters: number;
  /** Types that were read. */
  readonly types: Map<Ref, ArrowType | undefined>;
}

export function leftIn(reader: ValueReader): Left {
  return { parts: reader.tape.itemCount + FREE_PARTS, characters: MOST_CHARACTERS, types: new Map() };
}

/** A name, unless they are too many. */
export function nameIn(reader: ValueReader, ref: Ref, left: Left): string | undefined {
  const name = left.characters < 0 ? undefined : reader.text(ref);
  left.characters -= name?.length ?? 0;
  return left.characters < 0 ? undefined : name;
}

/** The type that a reference stands for. */
export function typeOf(reader: ValueReader, ref: Ref, left: Left): ArrowType | undefined {
  if (!left.types.has(ref)) left.types.set(ref, arrowType(reader, reader.shape(ref), left));
  return left.types.get(ref);
}

/** Types are made by `type_for_alias(name)`; a timestamp with a zone by `timestamp(unit, zone)`. INVARIANT: recurses into the types that it is made of, `level` deep, as many as are `left`. */
export function arrowType(
  reader: ValueReader,
  object: Shape,
  left = leftIn(reader),
  level = 0,
): ArrowType | undefined {
  if (level > MOST_LEVELS || --left.parts < 0) return undefined;
  if (object.t !== "object" || object.module !== "pyarrow.lib" || object.args.length === 0) return undefined;
  const { name, args } = object;
  const part = (at: number): ArrowType | undefined =>
    at < args.length ? arrowType(reader, reader.shape(args.at(at)), left, level + 1) : undefined;
  const int = (at: number): number | undefined => {
    const value = at < args.length ? reader.int(args.at(at)) : undefined;
    return typeof value === "number" ? value : undefined;
  };
  switch (name) {
    case "type_for_alias":
      return typeByName(reader.text(args.at(0)) ?? "");
    case "timestamp":
    case "duration":
      return timeType(reader, name, args);
    case "decimal128":
    case "decimal256": {
      const [precision, scale] = [int(0), int(1)];
      if (precision === undefined || scale === undefined) return undefined;
      const dtype = plainDtype("V", name === "decimal128" ? 16 : 32);
      return { ...NOTHING, text: `${name}(${precision}, ${scale})`, kind: "decimal", dtype, scale };
    }
    case "binary": {
      const size = int(0) ?? 0;
      return size > 0 ? { ...NOTHING, text: `fixed_size_binary[${size}]`, kind: "binary", size } : undefined;
    }
    case "list_":
    case "large_list":
      return listType(name, fieldOf(reader, args.at(0), level, left, "item"), int(1));
    case "map_": {
      const [key, value] = [0, 1].map((at) =>
        at < args.length ? fieldOf(reader, args.at(at), level, left, "")?.type : undefined,
      );
      if (key === undefined || value === undefined) return undefined;
      return { ...NOTHING, text: `map<${key.text}, ${value.text}>`, kind: "map" };
    }
    case "struct": {
      const fields = fieldsIn(reader, args.at(0), level, left);
      if (fields === undefined) return undefined;
      const text = `struct<${fields.map((field) => field.text).join(", ")}>`;
      return { ...NOTHING, text, kind: "struct", names: fields.map((field) => field.name) };
    }
    case "union":
      return unionType(reader, args, fieldsIn(reader, args.at(0), level, left));
    case "run_end_encoded": {
      const [ends, values] = [part(0), part(1)];
      if (ends === undefined || values === undefined) return undefined;
      const text = `run_end_encoded<run_ends: ${ends.text}, values: ${values.text}>`;
      return { ...NOTHING, text, kind: "runs" };
    }
    case "dictionary":
      return dictionaryType(reader, args, part(0), part(1));
    default:
      return undefined;
  }
}

/** `timestamp(unit, zone)`, `duration(unit)`. */
function timeType(reader: ValueReader, name: string, args: Members): ArrowType | undefined {
  const [unit = "", zoneName] = Array.from({ length: Math.min(args.length, 2) }, (_, at) =>
    reader.text(args.at(at)),
  );
  const zone = zoneName === undefined ? undefined : zoneByName(zoneName);
  if (!/^[mun]?s$/.test(unit)) return undefined;
  if (zoneName !== undefined && zone === undefined) return undefined;
  const text = `${name}[${unit}${zoneName === undefined ? "" : `, tz=${zoneName}`}]`;
  return { ...NOTHING, text, kind: "time", dtype: plainDtype("i", 8), unit, zone };
}

/** What an array is made of. */
interface Field {
  readonly name: string;
  readonly type: ArrowType;
  /** As pyarrow prints it: `name: int64 not null`. */
  readonly text: string;
}

/** `field(name, type, nullable, metadata)`, or a type, whose values are called as `plain` says. */
function fieldOf(reader: ValueReader, ref: Ref, level: number, left: Left, plain: string): Field | undefined {
  const field = reader.shape(ref);
  const isField = field.t === "object" && field.name === "field" && field.args.length > 1;
  const type = arrowType(reader, isField ? reader.shape(field.args.at(1)) : field, left, level + 1);
  const name = isField ? nameIn(reader, field.args.at(0), left) : plain;
  if (type === undefined || name === undefined) return undefined;
  const isNeeded = isField && field.args.length > 2 && reader.int(field.args.at(2)) === 0;
  return { name, type, text: `${name}: ${type.text}${isNeeded ? " not null" : ""}` };
}

function fieldsIn(reader: ValueReader, ref: Ref, level: number, left: Left): readonly Field[] | undefined {
  const members = membersIn(reader, ref);
  if (members === undefined || members.length > MOST_FIELDS) return undefined;
  const fields: Field[] = [];
  for (let at = 0; at < members.length; at++) {
    const field = fieldOf(reader, members.at(at), level, left, "");
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
}

/** `list_(field)`, of one size `list_(field, size)`. */
function listType(name: string, field: Field | undefined, size = -1): ArrowType | undefined {
  if (field === undefined) return undefined;
  if (name === "list_" && size >= 0)
    return { ...NOTHING, text: `fixed_size_list<${field.text}>[${size}]`, kind: "array", size };
  const isLarge = name === "large_list";
  const text = `${isLarge ? "large_list" : "list"}<${field.text}>`;
  return { ...NOTHING, text, kind: "list", offsetBytes: isLarge ? 8 : 4 };
}

/** `union(fields, mode, codes)`. */
function unionType(
  reader: ValueReader,
  args: Members,
  fields: readonly Field[] | undefined,
): ArrowType | undefined {
  const mode = args.length > 2 ? reader.text(args.at(1)) : undefined;
  const numbers = args.length > 2 ? membersIn(reader, args.at(2)) : undefined;
  if (fields === undefined || mode === undefined || numbers?.length !== fields.length) return undefined;
  const codes = fields.map((_, at) => Number(reader.int(numbers.at(at)) ?? NaN));
  const text = fields.map((field, at) => `${field.text}=${codes[at]}`).join(", ");
  return { ...NOTHING, text: `${mode}_union<${text}>`, kind: "union", codes, isDense: mode === "dense" };
}

/** `dictionary(indices, values, ordered)`. */
function dictionaryType(
  reader: ValueReader,
  args: Members,
  indices: ArrowType | undefined,
  values: ArrowType | undefined,
): ArrowType | undefined {
  if (indices?.dtype === undefined || values === undefined) return undefined;
  const ordered = args.length > 2 ? reader.shape(args.at(2)) : undefined;
  const isOrdered = ordered?.t === "bool" && ordered.value;
  const text = `dictionary<values=${values.text}, indices=${indices.text}, ordered=${isOrdered ? 1 : 0}>`;
  return { ...NOTHING, text, kind: "dictionary", dtype: indices.dtype };
}

/** Times of day, of four or eight bytes. */
function clockType(itemsize: 4 | 8, unit: string): ArrowType {
  const text = `time${8 * itemsize}[${unit}]`;
  return { ...NOTHING, text, kind: "clock", dtype: plainDtype("i", itemsize), unit };
}

/** Days, counted in milliseconds. */
const DATE64: ArrowType = {
  ...NOTHING,
  text: "date64[ms]",
  kind: "clock",
  dtype: plainDtype("i", 8),
  unit: "D",
};

/** The type of a name that needs nothing else: as of `type_for_alias`. */
export function typeByName(alias: string): ArrowType | undefined {
  const [, time, unit] = /^(timestamp|duration)\[(s|ms|us|ns)\]$/.exec(alias) ?? [];
  if (time !== undefined && unit !== undefined)
    return { ...NOTHING, text: alias, kind: "time", dtype: plainDtype("i", 8), unit };
  if (alias === "date32" || alias === "date32[day]")
    return { ...NOTHING, text: "date32[day]", kind: "time", dtype: plainDtype("i", 4), unit: "D" };
  const [, size, part = ""] = /^time(32|64)\[(s|ms|us|ns)\]$/.exec(alias) ?? [];
  if (size !== undefined) return clockType(size === "32" ? 4 : 8, part);
  if (alias === "date64" || alias === "date64[ms]") return DATE64;
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
