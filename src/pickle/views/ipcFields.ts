import { plainDtype, type DType } from "../numpy/dtype.ts";
import { NOTHING, NUMBERS, typeByName, type ArrowType } from "../pandas/arrowTypes.ts";
import { zoneByName } from "../pandas/zones.ts";
import type { FlatTable } from "./flatbuffer.ts";

/** A column of an Arrow stream, or a part of one. */
export interface IpcField {
  readonly name: string;
  /** `undefined`: not read here. */
  readonly type: ArrowType | undefined;
  /** Buffers that it has in a batch, but for those that views lie in. */
  readonly buffers: number;
  readonly isView: boolean;
  /** The dictionary that its values are in, and what its codes are. */
  readonly dictionary: { readonly id: number; readonly codes: DType } | undefined;
  readonly children: readonly IpcField[];
}

const MOST_LEVELS = 8;
/** Fields of a schema, each of which may be a part of many, and characters of their names. */
const MOST_FIELDS = 100_000;
const MOST_CHARACTERS = 1 << 22;

/** Buffers of the types by their number in Schema.fbs, where they are not two. */
const BUFFERS: Readonly<Record<number, number>> = {
  1: 0,
  4: 3,
  5: 3,
  13: 1,
  16: 1,
  19: 3,
  20: 3,
  22: 0,
  25: 3,
  26: 3,
};
const UNION = 14;
const VIEWS = new Set([23, 24]);
const UNITS = ["s", "ms", "us", "ns"] as const;

/** The fields of a schema. Throws a RangeError where they are too many. */
export function fieldsOf(fields: readonly FlatTable[]): readonly IpcField[] {
  const left = { fields: MOST_FIELDS, characters: MOST_CHARACTERS };
  return fields.map((field) => fieldOf(field, left, 0));
}

/** INVARIANT: recurses into children, `level` deep, as many as are `left`. */
function fieldOf(field: FlatTable, left: { fields: number; characters: number }, level: number): IpcField {
  const name = field.text(0) ?? "";
  left.characters -= name.length;
  if (level > MOST_LEVELS || --left.fields < 0 || left.characters < 0)
    throw new RangeError("fields in fields in fields");
  const below = field.tables(5).map((child) => fieldOf(child, left, level + 1));
  const [kind, own] = [field.byte(2), field.table(3)];
  const dictionary = field.table(4);
  const codes = dictionary?.table(1);
  return {
    name,
    type: own && typeOf(kind, own, below),
    buffers: kind === UNION && own?.short(0) === 0 ? 1 : (BUFFERS[kind] ?? 2),
    isView: VIEWS.has(kind),
    dictionary: dictionary && {
      id: dictionary.long(0),
      codes: (codes && NUMBERS.get(intName(codes))) ?? INT32,
    },
    children: below,
  };
}

/** The fields whose values are in dictionaries, by these. INVARIANT: recurses as deep as the fields. */
export function codedIn(
  fields: readonly IpcField[],
  found = new Map<number, IpcField>(),
): Map<number, IpcField> {
  for (const field of fields) {
    const { id } = field.dictionary ?? {};
    if (id !== undefined && !found.has(id)) found.set(id, field);
    codedIn(field.children, found);
  }
  return found;
}

const INT32 = plainDtype("i", 4);

function intName(type: FlatTable): string {
  return `${type.byte(1) === 0 ? "u" : ""}int${type.int(0)}`;
}

/** By the number of the type in Schema.fbs. */
function typeOf(kind: number, type: FlatTable, children: readonly IpcField[]): ArrowType | undefined {
  switch (kind) {
    case 1:
      return typeByName("null");
    case 2:
      return typeByName(intName(type));
    case 3:
      return typeByName(["halffloat", "float", "double"][type.short(0)] ?? "");
    case 4:
    case 19:
      return { ...NOTHING, text: "binary", kind: "binary", offsetBytes: kind === 4 ? 4 : 8 };
    case 5:
    case 20:
      return { ...NOTHING, text: "string", kind: "text", offsetBytes: kind === 5 ? 4 : 8 };
    case 6:
      return typeByName("bool");
    case 7: {
      const [precision, scale, bits] = [type.int(0), type.int(1), type.int(2, 128)];
      if (bits !== 128 && bits !== 256) return undefined;
      const text = `decimal${bits}(${precision}, ${scale})`;
      return { ...NOTHING, text, kind: "decimal", dtype: plainDtype("V", bits / 8), scale };
    }
    case 8:
      return typeByName(type.short(0, 1) === 0 ? "date32" : "date64");
    case 9:
      return typeByName(`time${type.int(1, 32)}[${UNITS[type.short(0, 1)] ?? ""}]`);
    case 10:
    case 18:
      return timeType(kind, type);
    case 12:
    case 21: {
      const [member] = children;
      const text = `list<${member?.type?.text ?? "?"}>`;
      return { ...NOTHING, text, kind: "list", offsetBytes: kind === 12 ? 4 : 8 };
    }
    case 13: {
      const text = children.map(({ name, type: own }) => `${name}: ${own?.text ?? "?"}`).join(", ");
      return { ...NOTHING, text: `struct<${text}>`, kind: "struct", names: children.map(({ name }) => name) };
    }
    case 16: {
      const [member] = children;
      const size = type.int(0);
      const text = `fixed_size_list<${member?.type?.text ?? "?"}>[${size}]`;
      return size < 0 ? undefined : { ...NOTHING, text, kind: "array", size };
    }
    case 23:
    case 24:
      return {
        ...NOTHING,
        text: kind === 24 ? "string" : "binary",
        kind: kind === 24 ? "text" : "binary",
        isView: true,
      };
    default:
      return undefined;
  }
}

/** A timestamp, or a duration. */
function timeType(kind: number, type: FlatTable): ArrowType | undefined {
  const unit = UNITS[type.short(0, kind === 18 ? 1 : 0)];
  const name = kind === 10 ? type.text(1) : undefined;
  const zone = name === undefined ? undefined : zoneByName(name);
  if (unit === undefined || (name !== undefined && zone === undefined)) return undefined;
  const text = `${kind === 10 ? "timestamp" : "duration"}[${unit}${name === undefined ? "" : `, tz=${name}`}]`;
  return { ...NOTHING, text, kind: "time", dtype: plainDtype("i", 8), unit, zone };
}
