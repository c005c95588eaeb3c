import type { ValueReader } from "../shapes.ts";
import type { Grid, NamedColumn, Sheet } from "../views/view.ts";
import { arrayTable } from "./arrays.ts";
import { elementCell, elementKey, textCell } from "./cells.ts";
import { exactElement } from "./exact.ts";
import { columnOf, familyOf } from "./frames.ts";
import { dtypeName } from "../numpy/dtype.ts";
import type { Slice, Table } from "./table.ts";
import { WITHOUT_LABELS } from "./labels.ts";

/** What a view has as rows and columns. */
export function sheetTable(reader: ValueReader, sheet: Sheet, slice?: Slice): Table | undefined {
  switch (sheet.t) {
    case "array": {
      const array = sheet.array();
      return array && arrayTable(reader, array, slice);
    }
    case "columns":
      return columnsTable(reader, sheet.length, sheet.columns);
    case "grid":
      return gridTable(sheet.grid);
  }
}

function columnsTable(reader: ValueReader, rowCount: number, columns: readonly NamedColumn[]): Table {
  return {
    ...WITHOUT_LABELS,
    kind: "columns",
    rowCount,
    columnCount: columns.length,
    column: (at) => {
      const { name, values } = columns[at] ?? { name: "", values: undefined };
      return columnOf(reader, [textCell(name)], values, "none");
    },
  };
}

/** A matrix with zeros where nothing is stored, which are marked as absent. */
function gridTable({ shape, dtype, zero, at }: Grid): Table {
  const name = dtypeName(dtype);
  const absent = { text: elementCell(dtype, zero, "none").text, kind: "absent" } as const;
  return {
    ...WITHOUT_LABELS,
    kind: "array",
    rowCount: shape[0],
    columnCount: shape[1],
    shape,
    column: (column) => ({
      labels: [textCell(String(column), "number")],
      dtype: name,
      family: familyOf(name, dtype),
      cell: (row) => {
        const element = at(row, column);
        return element === undefined ? absent : elementCell(dtype, element, "none");
      },
      key: (row) => elementKey(at(row, column) ?? zero),
      exact: (row) => exactElement(dtype, at(row, column) ?? zero, "none"),
    }),
  };
}
