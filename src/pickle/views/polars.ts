import type { Members, ObjectShape, Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { asColumn } from "./arrow.ts";
import { columnsView, columnView } from "./columns.ts";
import { ipcColumns, type IpcColumn } from "./ipc.ts";
import { rowsOf } from "./rows.ts";
import type { NamedColumn, View } from "./view.ts";

/** polars' frames and series, from polars 0.20 on: an instance whose state are the bytes of an Arrow stream, or of a frame before 1.10 its series. */
export function polarsView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, states } = object;
  const [state] = states;
  const isFrame = name === "DataFrame";
  if (state === undefined || states.length !== 1 || (!isFrame && name !== "Series")) return undefined;
  const type = `${module}.${name}`;
  const bytes = reader.shape(state);
  const columns = isFrame && bytes.t === "list" ? columnsOf(reader, bytes.members) : streamIn(reader, state);
  if (columns === undefined) return undefined;
  if (typeof columns === "string") return opaqueView(type, name, bytes, columns, state);
  const read: NamedColumn[] = columns.map((column) => {
    const { array } = column;
    const unread = { dtype: "not read here", length: columns[0]?.array?.length ?? 0, at: () => undefined };
    return { name: column.name, values: array === undefined ? unread : asColumn(array) };
  });
  const length = read.reduce((most, { values }) => Math.max(most, values.length), 0);
  const [first] = read;
  if (!isFrame && (first === undefined || columns[0]?.array === undefined))
    return opaqueView(type, name, bytes, "of a type that is not read here", state);
  if (!isFrame && first !== undefined)
    return { ...columnView(type, name, first), shape: [first.values.length] };
  return columnsView(
    { type, label: name, column: type.replace("dataframe.frame.DataFrame", "series.series.Series") },
    length,
    read,
  );
}

/** The columns of a stream; a text tells why they are not read, `undefined` for what are no bytes. */
function streamIn(reader: ValueReader, state: Ref): readonly IpcColumn[] | string | undefined {
  const bytes = reader.shape(state);
  return bytes.t === "bytes" || bytes.t === "bytearray" ? ipcColumns(bytes.span) : undefined;
}

const MOST_COLUMNS = 10_000;

/** Of each series in a list its column. */
function columnsOf(reader: ValueReader, series: Members): readonly IpcColumn[] | string | undefined {
  const columns: IpcColumn[] = [];
  if (series.length > MOST_COLUMNS) return "too many columns";
  for (let at = 0; at < series.length; at++) {
    const shape = reader.shape(series.at(at));
    const [state] = shape.t === "object" && shape.name === "Series" ? shape.states : [];
    const stream = state === undefined ? undefined : streamIn(reader, state);
    const column = typeof stream === "string" ? undefined : stream?.[0];
    // Before polars 0.20 they are of another format.
    if (column === undefined) return typeof stream === "string" ? stream : "bytes that are no Arrow stream";
    columns.push(column);
  }
  return columns;
}

/** A value whose bytes are not read, and why. */
function opaqueView(type: string, name: string, bytes: Shape, why: string, state: Ref): View {
  const span = bytes.t === "bytes" || bytes.t === "bytearray" ? bytes.span : undefined;
  const size = span === undefined ? "" : `${(span.to - span.from).toLocaleString("en-US")} bytes of `;
  return {
    type,
    print: (pen) => {
      pen.text(`<${name} in ${size}Arrow: ${why}>`);
    },
    rows: rowsOf([{ key: "bytes", value: state }]),
  };
}
