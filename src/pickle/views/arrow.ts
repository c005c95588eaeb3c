import { arrowArray, type ArrowArray } from "../pandas/arrow.ts";
import { arrowType, leftIn, nameIn, type Left } from "../pandas/arrowTypes.ts";
import type { Cell, Column } from "../pandas/cells.ts";
import { timeDeltaOf } from "../pandas/stamps.ts";
import { membersIn } from "../recognisers/arguments.ts";
import type { Members, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { isDelta } from "../taggedCell.ts";
import { columnsView, columnView } from "./columns.ts";
import { rowsOf } from "./rows.ts";
import type { NamedColumn, View } from "./view.ts";

/** Columns of a table at most. */
const MOST_COLUMNS = 10_000;

/** pyarrow's arrays, tables and types, by the functions of `pyarrow.lib` that make them. */
export function arrowView(object: ObjectShape, reader: ValueReader): View | undefined {
  if (object.module !== "pyarrow.lib" || object.args.length === 0) return undefined;
  switch (object.name) {
    case "_restore_array":
    case "chunked_array":
      return arrayView(object, reader);
    case "_reconstruct_table":
      return tableView(object, reader, "Table", "ChunkedArray");
    case "_reconstruct_record_batch":
      return tableView(object, reader, "RecordBatch", "Array");
    case "field":
      return fieldView(object.args, reader);
    case "schema":
      return schemaView(object.args, reader);
    default:
      return typeView(object, reader);
  }
}

function arrayView(object: ObjectShape, reader: ValueReader): View | undefined {
  const array = arrowArray(reader, object);
  const isChunked = object.name === "chunked_array";
  if (array === undefined) return isChunked ? undefined : unreadView(object.args.at(0), reader);
  const type = isChunked ? "pyarrow.lib.ChunkedArray" : `pyarrow.lib.${className(array.type.text)}`;
  return columnView(type, isChunked ? "ChunkedArray" : "Array", { name: "", values: asColumn(array) });
}

/** An array of a type that is not read here. */
function unreadView(ref: Ref, reader: ValueReader): View | undefined {
  const parts = reader.tuple(ref);
  const length = parts === undefined || parts.length < 5 ? undefined : reader.int(parts.at(1));
  if (parts === undefined || typeof length !== "number") return undefined;
  return {
    type: `pyarrow.lib.${className(nameOfType(reader, parts.at(0)))}`,
    length,
    print: (pen) => {
      pen.text(`<an array of ${length} values of a type that is not read here: `);
      pen.value(parts.at(0));
      pen.text(">");
    },
    rows: rowsOf([
      { key: ".type", value: parts.at(0) },
      { key: "buffers", value: parts.at(4) },
    ]),
  };
}

/** The name of a type that is not read here, by the function that makes it. */
function nameOfType(reader: ValueReader, ref: Ref): string {
  const object = reader.shape(ref);
  if (object.t !== "object" || object.args.length === 0) return "";
  switch (object.name) {
    case "type_for_alias":
      return reader.text(object.args.at(0)) ?? "";
    case "binary":
      return "fixed_size_binary";
    case "list_":
      return object.args.length > 1 ? "fixed_size_list" : "list";
    default:
      return object.name.replace(/_$/, "").replace(/^(dense|sparse)_/, "");
  }
}

/** An array as a column of a table. */
export function asColumn(array: ArrowArray): Column {
  const { type, length, run } = array;
  return { dtype: type.text, length, at: (index) => asPython(array.at(index)), run };
}

/** A duration as Python's `timedelta` writes it. */
function asPython(cell: Cell): Cell {
  if (cell === undefined || !("text" in cell) || cell.order === undefined || !isDelta(cell)) return cell;
  return { ...cell, text: timeDeltaOf(cell.order).toString() };
}

/** `_reconstruct_table(columns, schema)`. */
function tableView(
  { args }: ObjectShape,
  reader: ValueReader,
  label: string,
  column: string,
): View | undefined {
  const members = args.length < 2 ? undefined : membersIn(reader, args.at(0));
  const left = leftIn(reader);
  const fields = args.length < 2 ? undefined : fieldsOf(reader, args.at(1), left);
  if (members === undefined || fields?.length !== members.length) return undefined;
  const columns: NamedColumn[] = [];
  for (let at = 0; at < members.length; at++) {
    const object = reader.shape(members.at(at));
    const array = object.t === "object" ? arrowArray(reader, object, left) : undefined;
    const field = fields[at];
    if (field === undefined) return undefined;
    const unread: Column = {
      dtype: "not read",
      length: columns[0]?.values.length ?? 0,
      at: () => ({ ref: members.at(at) }),
    };
    columns.push({ name: field.name, values: array === undefined ? unread : asColumn(array) });
  }
  const length = columns.reduce((most, { values }) => Math.max(most, values.length), 0);
  const names = { type: `pyarrow.lib.${label}`, label, column: `pyarrow.lib.${column}` };
  return columnsView(names, length, columns);
}

interface Field {
  readonly name: string;
  readonly type: Ref;
}

/** The fields of `schema([field(name, type, nullable, metadata), …], metadata)`. */
function fieldsOf(reader: ValueReader, ref: Ref, left: Left): readonly Field[] | undefined {
  const object = reader.shape(ref);
  if (object.t !== "object" || object.name !== "schema" || object.args.length === 0) return undefined;
  return fieldsIn(reader, object.args.at(0), left);
}

function fieldsIn(reader: ValueReader, ref: Ref, left = leftIn(reader)): readonly Field[] | undefined {
  const members = membersIn(reader, ref);
  if (members === undefined || members.length > MOST_COLUMNS) return undefined;
  const fields: Field[] = [];
  for (let at = 0; at < members.length; at++) {
    const field = reader.shape(members.at(at));
    if (field.t !== "object" || field.name !== "field" || field.args.length < 2) return undefined;
    const name = nameIn(reader, field.args.at(0), left);
    if (name === undefined) return undefined;
    fields.push({ name, type: field.args.at(1) });
  }
  return fields;
}

function schemaView(args: Members, reader: ValueReader): View | undefined {
  const fields = fieldsIn(reader, args.at(0));
  if (fields === undefined) return undefined;
  const metadata = args.length > 1 && reader.shape(args.at(1)).t !== "none" ? [args.at(1)] : [];
  return {
    type: "pyarrow.lib.Schema",
    length: fields.length,
    print: (pen) => {
      pen.list("Schema(", fields.length, ")", (index) => {
        const field = fields[index];
        if (field === undefined) return;
        pen.text(`${field.name}: `);
        pen.value(field.type);
      });
    },
    rows: rowsOf([
      ...fields.map(({ name, type }) => ({ key: name, value: type })),
      ...metadata.map((value) => ({ key: ".metadata", value })),
    ]),
  };
}

/** `field(name, type, nullable, metadata)`. */
function fieldView(args: Members, reader: ValueReader): View | undefined {
  const name = reader.text(args.at(0));
  if (name === undefined || args.length < 2) return undefined;
  const keys = [".name", ".type", ".nullable", ".metadata"].slice(0, args.length);
  return {
    type: "pyarrow.lib.Field",
    print: (pen) => {
      pen.text(`Field(${name}: `);
      pen.value(args.at(1));
      pen.text(")");
    },
    rows: rowsOf(keys.map((key, at) => ({ key, value: args.at(at) }))),
  };
}

/** Types with a class of their own. */
const OWN_TYPES =
  /^(timestamp|duration|time32|time64|decimal\d+|list|large_list|dictionary|fixed_size_(binary|list)|map|struct|(dense|sparse)_union|run_end_encoded)\b/;

/** A type by its name. */
function typeView(object: ObjectShape, reader: ValueReader): View | undefined {
  const type = arrowType(reader, object);
  if (type === undefined) return undefined;
  return {
    type: `pyarrow.lib.${OWN_TYPES.test(type.text) ? className(type.text).replace(/Array$/, "Type") : "DataType"}`,
    length: type.kind === "struct" ? type.names.length : undefined,
    print: (pen) => {
      pen.text(type.text);
    },
    rows: rowsOf([]),
  };
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ["dense_union", "Union"],
  ["sparse_union", "Union"],
  ["bool", "Boolean"],
  ["halffloat", "HalfFloat"],
]);

/** The class of the arrays of a type: `Int64Array`, `LargeStringArray`. */
function className(text: string): string {
  const name = /^\w{1,60}/.exec(text)?.[0] ?? "";
  const camel = name.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());
  return `${CLASSES.get(name) ?? camel.replace(/^Uint/, "UInt")}Array`;
}
