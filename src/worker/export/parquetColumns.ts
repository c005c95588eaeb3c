import type { SchemaElement } from "hyparquet-writer";
import type { Slices } from "../../base/slices.ts";
import type { CellValue, SortKey } from "../../pickle/index.ts";
import { isMissing } from "../missing.ts";
import { instantOf } from "./instants.ts";
import { cellText } from "../copy/cellText.ts";

/** A column as it is written: its type in the file, and how a cell becomes a value of it. `null`: not there. */
export interface ParquetColumn {
  readonly element: SchemaElement;
  value(row: number): ParquetValue;
}

/** What hyparquet-writer takes. */
export type ParquetValue = number | bigint | boolean | string | Uint8Array | null;

/** What is read of a column. */
export interface ColumnSource {
  readonly name: string;
  /** pandas' name of the dtype; empty where the values tell. */
  readonly dtype: string;
  readonly rowCount: number;
  exact(row: number): CellValue;
  /** The count of a date's or a span's unit, where the values lie in bytes. */
  readonly count: ((row: number) => SortKey) | undefined;
}

type Type = Omit<SchemaElement, "name" | "repetition_type">;

const INT64: Type = { type: "INT64" };
const STRING: Type = { type: "BYTE_ARRAY", converted_type: "UTF8" };

/** Types of numbers by the name of the dtype, whatever keeps it: numpy, pandas' own with missing values, Arrow. */
const TYPES: Readonly<Record<string, Type>> = {
  int8: { type: "INT32", converted_type: "INT_8" },
  int16: { type: "INT32", converted_type: "INT_16" },
  int32: { type: "INT32" },
  int64: INT64,
  uint8: { type: "INT32", converted_type: "UINT_8" },
  uint16: { type: "INT32", converted_type: "UINT_16" },
  uint32: { type: "INT32", converted_type: "UINT_32" },
  uint64: { type: "INT64", converted_type: "UINT_64" },
  float16: { type: "FLOAT" },
  float32: { type: "FLOAT" },
  float: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  double: { type: "DOUBLE" },
  bool: { type: "BOOLEAN" },
  boolean: { type: "BOOLEAN" },
};

const UNITS: Readonly<Record<string, readonly [unit: "MILLIS" | "MICROS" | "NANOS", factor: bigint]>> = {
  s: ["MILLIS", 1000n],
  ms: ["MILLIS", 1n],
  us: ["MICROS", 1n],
  ns: ["NANOS", 1n],
};

/** How a column is written: by its dtype where that is a number or a time, else by what all its values are. */
export async function parquetColumn(source: ColumnSource, slices: Slices): Promise<ParquetColumn> {
  const plain = source.dtype.replace(/\[pyarrow\]$/, "").toLowerCase();
  const time = timeColumn(source);
  if (time !== undefined) return time;
  const known = Object.hasOwn(TYPES, plain) ? TYPES[plain] : undefined;
  return columnOf(source, known ?? (await typeOfValues(source, slices)));
}

/** Dates with an instant; a span is the count of its unit. */
function timeColumn(source: ColumnSource): ParquetColumn | undefined {
  const { dtype, count } = source;
  const [, kind, unit = "", zone] = /^(datetime|timedelta)64\[(\w+)(, .+)?\]$/.exec(dtype) ?? [];
  const [logical, factor] = UNITS[unit] ?? [];
  if (kind === undefined || count === undefined || logical === undefined || factor === undefined)
    return undefined;
  const isSpan = kind === "timedelta";
  return {
    element: elementOf(source, isSpan ? INT64 : stamp(zone !== undefined, logical)),
    value: (row) => {
      const found = count(row);
      return typeof found === "bigint" || typeof found === "number"
        ? BigInt(found) * (isSpan ? 1n : factor)
        : null;
    },
  };
}

function stamp(isAdjustedToUTC: boolean, unit: "MILLIS" | "MICROS" | "NANOS"): Type {
  return { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit } };
}

function columnOf(source: ColumnSource, type: Type): ParquetColumn {
  const isText = type === STRING;
  return {
    element: elementOf(source, type),
    value: (row) => {
      const value = source.exact(row);
      if (isText) return cellText(value) ?? null;
      if (type.logical_type?.type === "TIMESTAMP") return instantOf(value)?.nanoseconds ?? null;
      if (value.kind === "nan") return type.type === "DOUBLE" || type.type === "FLOAT" ? NaN : null;
      if (!("value" in value) || value.kind === "nested") return null;
      if (type.type === "INT64") return BigInt(value.value as number | bigint); // All are ints.
      if (type.type === "DOUBLE" && typeof value.value === "bigint") return Number(value.value);
      return value.value;
    },
  };
}

function elementOf({ name }: ColumnSource, type: Type): SchemaElement {
  return { name, repetition_type: "OPTIONAL", ...type };
}

const LEAST_INT64 = -(2n ** 63n);

/** One type that holds all values exactly; text where there is none. */
async function typeOfValues(source: ColumnSource, slices: Slices): Promise<Type> {
  const kinds = new Set<CellValue["kind"] | "local" | "instant">();
  for (let row = 0; row < source.rowCount; row++) {
    if (row % 64 === 0 && slices.areDue) await slices.pause();
    const value = source.exact(row);
    if (!isMissing(value.kind) && value.kind !== "pending") kinds.add(kindOf(value));
    if (kinds.size > 1) return STRING;
    if (value.kind === "int" && !isInt64(value.value)) return STRING;
  }
  const [kind] = kinds;
  switch (kind) {
    case "bool":
      return { type: "BOOLEAN" };
    case "int":
      return INT64;
    case "float":
      return { type: "DOUBLE" };
    case "bytes":
      return { type: "BYTE_ARRAY" };
    case "local":
    case "instant":
      return stamp(kind === "instant", "NANOS");
    default:
      return STRING;
  }
}

/** A moment is told from other values that have a text alone. */
function kindOf(value: CellValue): CellValue["kind"] | "local" | "instant" {
  const instant = instantOf(value);
  return instant === undefined ? value.kind : instant.inZone ? "instant" : "local";
}

function isInt64(value: number | bigint): boolean {
  return BigInt(value) >= LEAST_INT64 && BigInt(value) < -LEAST_INT64;
}
