import type { Table, TableColumn } from "../../pickle/index.ts";
import type { ReadNumbers } from "../../pickle/table/table.ts";
import { rowAt, type Rows } from "../rows.ts";

/** A table that has only some rows of another one, in their order. */
export function arrangedTable(table: Table, rows: Rows): Table {
  const at = (row: number): number => rowAt(rows, row);
  const column = (own: TableColumn): TableColumn => {
    const { labels, dtype, family, numbers, missing, timeText, scalar } = own;
    return {
      labels,
      dtype,
      family,
      missing,
      timeText,
      cell: (row) => own.cell(at(row)),
      key: (row) => own.key(at(row)),
      exact: (row) => own.exact(at(row)),
      scalar: scalar && ((row) => scalar(at(row))),
      numbers: numbers && oneByOne(numbers, at),
    };
  };
  return {
    kind: table.kind,
    rowCount: rows.count,
    columnCount: table.columnCount,
    rowLevels: table.rowLevels,
    columnLevels: table.columnLevels,
    column: (place) => column(table.column(place)),
    rowLabels: (row) => table.rowLabels(at(row)),
    rowKeys: (row) => table.rowKeys(at(row)),
  };
}

function oneByOne(read: ReadNumbers, at: (row: number) => number): ReadNumbers {
  const one = new Float64Array(1);
  return (from, to, into, { every = 1, base } = {}) => {
    for (let row = from, place = 0; row < to; row += every, place++) {
      const own = at(row);
      read(own, own + 1, one, { base });
      into[place] = one[0] ?? NaN;
    }
  };
}
