import type { Column } from "../pandas/cells.ts";
import { MOST_MEMBERS, partOfCell, type PartRows } from "../part.ts";
import type { NamedColumn, Pen, View } from "./view.ts";

/** The values of a column one below the other. */
export function cellRows(values: Column): PartRows {
  return { length: values.length, at: (index) => ({ value: partOfCell(values.at(index)) }) };
}

/** A column by itself, as its library calls it. @param label what it is called in a short text */
export function columnView(type: string, label: string, { name, values }: NamedColumn): View {
  return {
    type,
    shape: undefined,
    length: values.length,
    print: (pen) => {
      printColumn(pen, label, values);
    },
    rows: cellRows(values),
    sheet: { t: "columns", length: values.length, columns: [{ name, values }] },
  };
}

/** `Array([1, None, …], int64, length=1000)`. */
function printColumn(pen: Pen, label: string, values: Column): void {
  pen.list(`${label}([`, values.length, "]", (index) => {
    const cell = values.at(index);
    if (cell === undefined) pen.text("None");
    else pen.cell(cell);
  });
  pen.text(`, ${values.dtype}${values.length > MOST_MEMBERS ? `, length=${values.length}` : ""})`);
}

/** Columns of one length side by side. @param type of each column by itself */
export function columnsView(
  {
    type,
    label,
    column: columnType,
  }: { readonly type: string; readonly label: string; readonly column: string },
  length: number,
  columns: readonly NamedColumn[],
): View {
  return {
    type,
    shape: [length, columns.length],
    length,
    print: (pen) => {
      pen.list(`${label}(${length} × ${columns.length}: `, columns.length, ")", (index) => {
        const column = columns[index];
        pen.text(`${column?.name ?? ""} ${column?.values.dtype ?? ""}`);
      });
    },
    rows: {
      length: columns.length,
      at: (index) => {
        const column = columns[index];
        if (column === undefined) return { value: { t: "cell", cell: undefined } };
        const short = columnType.replace(/^.*\./, "");
        return { key: column.name, value: { t: "view", view: columnView(columnType, short, column) } };
      },
    },
    sheet: { t: "columns", length, columns },
  };
}
