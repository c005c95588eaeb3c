import { rowsOf } from "../children.ts";
import { distinctPairs } from "../distinct.ts";
import { noMembers, type Members, type Shape, type ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { typeOfShape } from "../typeOf.ts";
import { missingCell, refCell, refKey, textCell } from "./cells.ts";
import { exactRef } from "./exact.ts";
import { readQuickly } from "./quickly.ts";
import type { ColumnFamily, Table, TableColumn } from "./table.ts";
import { WITHOUT_LABELS } from "./labels.ts";

/** Members that tell what the fields of records are. */
const LOOKED_AT = 200;
/** Members that tell whether a list is one of records. */
const FIRST_LOOK = 8;
const MOST_COLUMNS = 10_000;
/** Members of a record that tells positions alone, such as a pair. */
const MOST_POSITIONS = 1000;

/** A record's values by the names of its fields. */
type Fields = ReadonlyMap<string, Ref>;

/** A list of dicts, of namedtuples, of objects with attributes, or of rows of equal length; `undefined` for every other one. */
export function recordsTable(reader: ValueReader, members: Members): Table | undefined {
  const names = namesOf(reader, members);
  if (names === undefined) return undefined;
  const fieldsAt = remembering((row: number) => fieldsOf(reader, members.at(row)));
  return {
    kind: "records",
    rowCount: members.length,
    columnCount: names.length,
    ...WITHOUT_LABELS,
    column: (at) => {
      const name = names[at] ?? "";
      return refColumn(reader, name, members.length, (row) => fieldsAt(row)?.get(name));
    },
  };
}

/** Any list as one column. */
export function listTable(reader: ValueReader, members: Members): Table {
  return {
    kind: "series",
    rowCount: members.length,
    columnCount: 1,
    ...WITHOUT_LABELS,
    column: () => refColumn(reader, "0", members.length, (row) => members.at(row)),
  };
}

/** Whether a list looks like one of records, by its first members. */
export function looksLikeRecords(reader: ValueReader, members: Members): boolean {
  return (
    namesOf(reader, { length: Math.min(members.length, FIRST_LOOK), at: (row) => members.at(row) }) !==
    undefined
  );
}

/** The names of the fields in the order in which they come; `undefined` where the members are no records of one kind. */
function namesOf(reader: ValueReader, members: Members): string[] | undefined {
  if (members.length === 0) return undefined;
  const names = new Set<string>();
  let [known, widest, positions] = [0, 0, undefined as number | undefined];
  for (let row = 0; row < Math.min(members.length, LOOKED_AT); row++) {
    const shape = reader.shape(members.at(row));
    if (shape.t === "none") continue;
    const fields = fieldsOf(reader, members.at(row));
    if (fields === undefined) return undefined;
    // A record without fields says nothing of the others.
    if (fields.size === 0 && !isPositional(shape)) continue;
    // Rows of one length are a table, lists of any length are lists.
    if (isPositional(shape)) {
      if ((positions ??= fields.size) !== fields.size || fields.size < 2) return undefined;
    } else if (positions !== undefined) return undefined;
    for (const name of fields.keys()) names.add(name);
    widest = Math.max(widest, fields.size);
    known++;
    if (names.size > MOST_COLUMNS) return undefined;
  }
  // Dicts that share nothing are no table: it would be empty but for its diagonal.
  return known === 0 || names.size > 4 * widest ? undefined : [...names];
}

function isPositional(shape: Shape): boolean {
  return shape.t === "list" || shape.t === "tuple";
}

function fieldsOf(reader: ValueReader, ref: Ref): Fields | undefined {
  const shape = reader.shape(ref);
  const fields = new Map<string, Ref>();
  switch (shape.t) {
    case "dict": {
      if (shape.pairs.length > MOST_COLUMNS) return undefined;
      const pairs = distinctPairs(reader, shape.pairs);
      for (let at = 0; at < pairs.length; at++) {
        const name = reader.text(pairs.key(at));
        if (name === undefined) return undefined;
        fields.set(name, pairs.value(at));
      }
      return fields;
    }
    case "list":
    case "tuple":
      if (shape.members.length > MOST_POSITIONS) return undefined;
      for (let at = 0; at < shape.members.length; at++) fields.set(String(at), shape.members.at(at));
      return fields;
    case "object": {
      // What is made by a call is a value by itself: its arguments are no fields.
      if (shape.made === "call") return undefined;
      const rows = rowsOf(reader, shape, true);
      if (rows.length > MOST_COLUMNS) return undefined;
      for (let at = 0; at < rows.length; at++) {
        const { key, value } = rows.at(at);
        if (typeof key !== "string" || key === "state") return undefined;
        fields.set(key.replace(/^\./, ""), value);
      }
      return fields;
    }
    default:
      return undefined;
  }
}

/** A dict of columns: texts with lists of one length, as `frame.to_dict("list")` gives. */
export function columnsTable(reader: ValueReader, shape: Shape & { readonly t: "dict" }): Table | undefined {
  const pairs = distinctPairs(reader, shape.pairs);
  if (pairs.length === 0 || pairs.length > MOST_COLUMNS) return undefined;
  const columns: { readonly name: string; readonly members: Members }[] = [];
  for (let at = 0; at < pairs.length; at++) {
    const name = reader.text(pairs.key(at));
    const values = reader.shape(pairs.value(at));
    if (name === undefined || (values.t !== "list" && values.t !== "tuple")) return undefined;
    columns.push({ name, members: values.members });
  }
  const rowCount = columns[0]?.members.length ?? 0;
  // One row, or lists of lists, read better as what they are.
  if (rowCount < 2 || columns.some(({ members }) => members.length !== rowCount)) return undefined;
  return {
    kind: "columns",
    rowCount,
    columnCount: columns.length,
    ...WITHOUT_LABELS,
    column: (at) => {
      const { name, members } = columns[at] ?? { name: "", members: noMembers };
      return refColumn(reader, name, rowCount, (row) => (row < members.length ? members.at(row) : undefined));
    },
  };
}

/** A column of values that have nodes. */
function refColumn(
  reader: ValueReader,
  name: string,
  length: number,
  refAt: (row: number) => Ref | undefined,
): TableColumn {
  const { dtype, family } = typeOf(reader, length, refAt);
  return {
    labels: [textCell(name)],
    dtype,
    family,
    cell: (row) => {
      const ref = refAt(row);
      return ref === undefined ? missingCell("absent") : refCell(reader, ref);
    },
    key: (row) => {
      const ref = refAt(row);
      return ref === undefined ? undefined : refKey(reader, ref);
    },
    exact: (row) => {
      const ref = refAt(row);
      return ref === undefined ? { kind: "absent" } : exactRef(reader, ref);
    },
    ...readQuickly(reader, refAt),
  };
}

/** Python's type of the first values; `object` where they differ. */
function typeOf(
  reader: ValueReader,
  length: number,
  refAt: (row: number) => Ref | undefined,
): { readonly dtype: string; readonly family: ColumnFamily } {
  let dtype: string | undefined;
  for (let row = 0; row < Math.min(length, LOOKED_AT); row++) {
    const ref = refAt(row);
    const shape = ref === undefined ? undefined : reader.shape(ref);
    if (shape === undefined || shape.t === "none") continue;
    const own = typeOfShape(reader, shape);
    if (dtype !== undefined && dtype !== own && !(isNumber(dtype) && isNumber(own)))
      return { dtype: "object", family: "other" };
    dtype = dtype === undefined || dtype === own ? own : "float";
  }
  return { dtype: dtype ?? "object", family: familyOfType(dtype ?? "object") };
}

function isNumber(type: string): boolean {
  return type === "int" || type === "float";
}

function familyOfType(type: string): ColumnFamily {
  if (isNumber(type) || type === "decimal.Decimal" || /^numpy\.(u?int|float)\d+$/.test(type)) return "number";
  if (type === "bool" || type === "numpy.bool") return "bool";
  if (type === "str" || type === "numpy.str_") return "text";
  return /^(datetime\.|pandas\.Time|numpy\.(datetime|timedelta)64)/.test(type) ? "time" : "other";
}

/** Keeps what was asked last: a table is read row by row. */
function remembering<T>(find: (row: number) => T): (row: number) => T {
  let last: { readonly row: number; readonly found: T } | undefined;
  return (row) => {
    if (last?.row !== row) last = { row, found: find(row) };
    return last.found;
  };
}
