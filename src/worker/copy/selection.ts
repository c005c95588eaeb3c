import type { Table, TableColumn } from "../../pickle/index.ts";
import type { Range } from "../../protocol/table.ts";
import { rowAt, type Rows } from "../rows.ts";

/** The cells of a table that are written, row by row. */
export interface Selection {
  readonly table: Table;
  readonly columns: readonly TableColumn[];
  /** The columns' places in the table. */
  readonly places: readonly number[];
  readonly rowCount: number;
  /** The place in the table of a row of the selection. */
  rowAt(index: number): number;
}

/** What lies in some ranges of rows and of columns. */
export function selectionOf(
  table: Table,
  { rows, columns }: { readonly rows: readonly Range[]; readonly columns: readonly Range[] },
  order?: Rows,
): Selection {
  const there = order?.count ?? table.rowCount;
  const ranges = rows
    .map(({ from, to }) => ({ from, to: Math.min(to, there) }))
    .filter(({ from, to }) => to > from);
  const places = columns.flatMap(({ from, to }) =>
    Array.from({ length: Math.max(0, Math.min(to, table.columnCount) - from) }, (_, index) => from + index),
  );
  // Where each range begins in the selection: rows are asked for in order, so the last one that fitted is looked at first.
  const starts: number[] = [];
  let rowCount = 0;
  for (const { from, to } of ranges) {
    starts.push(rowCount);
    rowCount += to - from;
  }
  let last = 0;
  const positionOf = (index: number): number => {
    while (last > 0 && index < (starts[last] ?? 0)) last--;
    while (last + 1 < starts.length && index >= (starts[last + 1] ?? 0)) last++;
    return (ranges[last]?.from ?? 0) + index - (starts[last] ?? 0);
  };
  return {
    table,
    columns: places.map((at) => table.column(at)),
    places,
    rowCount,
    rowAt: (index) => {
      const position = positionOf(index);
      return order === undefined ? position : rowAt(order, position);
    },
  };
}

/** All cells of a table. */
export function wholeTable(table: Table): Selection {
  return selectionOf(table, {
    rows: [{ from: 0, to: table.rowCount }],
    columns: [{ from: 0, to: table.columnCount }],
  });
}
