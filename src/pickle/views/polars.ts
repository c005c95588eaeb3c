import type { ObjectShape, Span, ValueReader } from "../shapes.ts";
import { asColumn } from "./arrow.ts";
import { columnsView, columnView } from "./columns.ts";
import { ipcColumns } from "./ipc.ts";
import { rowsOf } from "./rows.ts";
import type { NamedColumn, View } from "./view.ts";

/** polars' frames and series, from polars 1.0 on: an instance whose state are the bytes of an Arrow stream. */
export function polarsView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, states } = object;
  const [state] = states;
  const isFrame = name === "DataFrame";
  if (state === undefined || states.length !== 1 || (!isFrame && name !== "Series")) return undefined;
  const bytes = reader.shape(state);
  if (bytes.t !== "bytes" && bytes.t !== "bytearray") return undefined;
  const type = `${module}.${name}`;
  const columns = ipcColumns(bytes.span);
  if (typeof columns === "string") return opaqueView(type, name, bytes.span, columns, state);
  const read: NamedColumn[] = columns.map((column) => {
    const { array } = column;
    const unread = { dtype: "not read here", length: columns[0]?.array?.length ?? 0, at: () => undefined };
    return { name: column.name, values: array === undefined ? unread : asColumn(array) };
  });
  const length = read.reduce((most, { values }) => Math.max(most, values.length), 0);
  const [first] = read;
  if (!isFrame && (first === undefined || columns[0]?.array === undefined))
    return opaqueView(type, name, bytes.span, "of a type that is not read here", state);
  if (!isFrame && first !== undefined)
    return { ...columnView(type, name, first), shape: [first.values.length] };
  return columnsView(
    { type, label: name, column: type.replace("dataframe.frame.DataFrame", "series.series.Series") },
    length,
    read,
  );
}

/** A value whose bytes are not read, and why. */
function opaqueView(type: string, name: string, { from, to }: Span, why: string, state: number): View {
  return {
    type,
    print: (pen) => {
      pen.text(`<${name} in ${(to - from).toLocaleString("en-US")} bytes of Arrow: ${why}>`);
    },
    rows: rowsOf([{ key: "bytes", value: state }]),
  };
}
