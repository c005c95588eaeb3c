import { elementAt, liesInBytes } from "../numpy/array.ts";
import { plainDtype } from "../numpy/dtype.ts";
import { narrow } from "../literals.ts";
import { type Attributes, mapOf, membersIn } from "../recognisers/arguments.ts";
import type { NdArrayShape, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { cellArrayOf, endsOf, intervals } from "./arrays.ts";
import { NAN_CELL, columnOf, type Cell, type Column } from "./cells.ts";
import { classOfCall, indexAt, isPandas } from "./objects.ts";

/** An axis of labels. */
export interface Index {
  /** The class, as the pickle names it. */
  readonly type: string;
  /** Of each level; one has its own. */
  readonly names: readonly Cell[];
  readonly dtypes: readonly string[];
  /** One label for each row: of several levels a list. */
  readonly labels: Column;
}

const MAKERS = /^_new_(?:Index|DatetimeIndex|PeriodIndex|TimedeltaIndex|IntervalIndex)$/;
const MOST_LEVELS = 1000;
const INT = plainDtype("i", 8);

/** The index that `_new_Index(cls, dict)`, or one of its kinds, makes. */
export function indexOf(reader: ValueReader, object: ObjectShape): Index | undefined {
  if (!isPandas(object) || !MAKERS.test(object.name) || object.args.length !== 2) return undefined;
  const cls = reader.nameOf(object.args.at(0));
  const parts = mapOf(reader, object.args.at(1));
  if (cls === undefined || !isPandas(cls) || parts === undefined) return undefined;
  const type = `${cls.module}.${cls.name}`;
  if (cls.name === "MultiIndex") return multiIndex(reader, type, parts);
  const labels = labelsOf(reader, cls.name, parts);
  if (labels === undefined) return undefined;
  const name = parts.get("name");
  return { type, names: [name === undefined ? undefined : { ref: name }], dtypes: [labels.dtype], labels };
}

function labelsOf(reader: ValueReader, kind: string, parts: Attributes): Column | undefined {
  if (kind === "RangeIndex") return rangeLabels(reader, parts);
  const [left, right] = [parts.get("left"), parts.get("right")];
  if (left !== undefined && right !== undefined) return intervalLabels(reader, left, right, parts);
  const data = parts.get("data");
  const array = data === undefined ? undefined : cellArrayOf(reader, data);
  return array?.shape.length === 1 ? columnOf(array) : undefined;
}

function rangeLabels(reader: ValueReader, parts: Attributes): Column | undefined {
  const [start, stop, step] = ["start", "stop", "step"].map((name) => {
    const ref = parts.get(name);
    const value = ref === undefined ? undefined : reader.int(ref);
    return value === undefined ? undefined : BigInt(value);
  });
  if (start === undefined || stop === undefined || step === undefined || step === 0n) return undefined;
  const steps = (stop - start + step - (step > 0n ? 1n : -1n)) / step;
  const length = steps > 0n ? Number(steps) : 0;
  if (!Number.isSafeInteger(length)) return undefined;
  return {
    dtype: "int64",
    length,
    at: (index) => ({ element: narrow(start + BigInt(index) * step), dtype: INT }),
  };
}

function intervalLabels(reader: ValueReader, left: Ref, right: Ref, parts: Attributes): Column | undefined {
  const [first, last] = [left, right].map((ref) => endsOf(reader, ref));
  const closedRef = parts.get("closed");
  const closed = closedRef === undefined ? "right" : reader.text(closedRef);
  if (first === undefined || last === undefined || closed === undefined) return undefined;
  return columnOf(intervals(reader, first, last, closed));
}

interface Level {
  readonly index: Index;
  readonly codes: NdArrayShape;
}

/** Levels, each an index of its own, and for each row the places in them. */
function multiIndex(reader: ValueReader, type: string, parts: Attributes): Index | undefined {
  const members = (name: string): Ref[] | undefined => {
    const ref = parts.get(name);
    const found = ref === undefined ? undefined : membersIn(reader, ref);
    if (found === undefined || found.length > MOST_LEVELS) return undefined;
    return Array.from({ length: found.length }, (_, at) => found.at(at));
  };
  const levels = members("levels")?.map((ref) =>
    // Levels of levels would be looked at again and again.
    classOfCall(reader, ref)?.name === "MultiIndex" ? undefined : indexAt(reader, ref),
  );
  const codes = (members("codes") ?? members("labels"))?.map((ref) => reader.shape(ref));
  const names = members("names");
  if (levels === undefined || codes?.length !== levels.length || levels.length === 0) return undefined;
  const read: Level[] = [];
  for (const [at, index] of levels.entries()) {
    const own = codes[at];
    if (index === undefined || own?.t !== "ndarray" || !liesInBytes(own.data)) return undefined;
    read.push({ index, codes: own });
  }
  const length = read[0]?.codes.shape[0] ?? 0;
  return {
    type,
    names: read.map(({ index }, at) => {
      const ref = names?.[at];
      return ref === undefined ? index.names[0] : { ref };
    }),
    dtypes: read.map(({ index }) => index.labels.dtype),
    labels: {
      dtype: "object",
      length,
      at: (row) => ({ cells: { length: read.length, at: (level) => labelAt(read[level], row) } }),
    },
  };
}

/** The label that a level has for a row. Python: `index[row][level]`, NaN where it is missing, whatever the level is. */
function labelAt(level: Level | undefined, row: number): Cell {
  if (level === undefined) return undefined;
  const { index, codes } = level;
  const code = elementAt(codes, row);
  return typeof code === "number" && code >= 0 ? index.labels.at(code) : NAN_CELL;
}
