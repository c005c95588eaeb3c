import { DataFrame, NdArray, PandasIndex, pyRepr, Series } from "../../pickle/index.ts";
import { ownText } from "../../pickle/natural/text.ts";

/** Levels that are written as JSON; what is nested more deeply is written as Python's text. */
const MOST_LEVELS = 64;

/** A natural value as JSON in one line; what JSON has no form for as Python's text, bytes in base64. Ints have all their digits, NaN is `null`. */
export function nestedJson(value: unknown): string {
  return write(value, 0, new Set());
}

/** INVARIANT: recurses as deep as MOST_LEVELS. */
function write(value: unknown, level: number, active: Set<unknown>): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
    case "bigint":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? (Object.is(value, -0) ? "-0.0" : value.toString()) : "null";
    case "object":
      if (value === null) return "null";
      if (level >= MOST_LEVELS || active.has(value)) return JSON.stringify(pyRepr(value));
      active.add(value);
      try {
        return writeObject(value, level, active);
      } finally {
        active.delete(value);
      }
    default:
      return "null";
  }
}

function writeObject(value: object, level: number, active: Set<unknown>): string {
  const members = (items: Iterable<unknown>): string =>
    `[${Array.from(items, (item) => write(item, level + 1, active)).join(", ")}]`;
  if (Array.isArray(value) || value instanceof Set) return members(value as Iterable<unknown>);
  if (value instanceof Map) {
    const pairs = [...(value as Map<unknown, unknown>)].map(
      ([key, own]) => `${keyText(key)}: ${write(own, level + 1, active)}`,
    );
    return `{${pairs.join(", ")}}`;
  }
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (value instanceof NdArray) return writeArray(value, [], level, active);
  if (value instanceof Series || value instanceof PandasIndex || value instanceof DataFrame)
    return level === 0 ? pyRepr(value) : JSON.stringify(pyRepr(value));
  const own = ownText(value) ?? pyRepr(value);
  return level === 0 ? own : JSON.stringify(own);
}

/** INVARIANT: recurses as deep as an array has axes. */
function writeArray(array: NdArray, at: readonly number[], level: number, active: Set<unknown>): string {
  const length = array.shape[at.length];
  if (length === undefined) return write(array.at(...at), level + 1, active);
  return `[${Array.from({ length }, (_, index) => writeArray(array, [...at, index], level, active)).join(", ")}]`;
}

/** Keys as Python's `json.dumps` has them. */
function keyText(key: unknown): string {
  if (typeof key === "string") return JSON.stringify(key);
  if (key === null) return '"null"';
  if (typeof key === "boolean") return key ? '"true"' : '"false"';
  return JSON.stringify(pyRepr(key));
}
