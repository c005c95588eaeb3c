import type { PyNode, Slice, Table, TableCell } from "../pickle/index.ts";
import { MOST_CELLS } from "../protocol/table.ts";
import type {
  CellBlock,
  CellsParams,
  ColumnFacts,
  Range,
  TableFacts,
  TablePlace,
} from "../protocol/table.ts";

/** Characters of a cell that are sent with a window. */
const MOST_CHARACTERS = 200;

/** What a table is like, as the view is told. */
export function tableFacts(table: Table): TableFacts {
  const { kind, rowCount, columnCount, rowLevels, columnLevels, slice, shape } = table;
  return {
    kind,
    rowCount,
    columnCount,
    rowLevels,
    columnLevels,
    ...(slice !== undefined && { slice }),
    ...(shape !== undefined && { shape }),
  };
}

/** The columns `from` to `to`. */
export function columnsOf(table: Table, { from, to }: Range): ColumnFacts[] {
  const end = Math.min(to, table.columnCount, from + MOST_CELLS);
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => {
    const { labels, dtype, family } = table.column(from + index);
    return { labels: labels.map(shortened), dtype: dtype.slice(0, MOST_CHARACTERS), family };
  });
}

/** Rows in another order than the table's own. */
export interface RowOrder {
  readonly rowCount: number;
  /** The rows at the positions `from` to `to`, as many as there are. */
  rows(from: number, to: number): Promise<Uint32Array>;
}

/** The cells of a window. @param order the table's own when absent */
export async function cellsOf(
  table: Table,
  { rows, columns }: Pick<CellsParams, "rows" | "columns">,
  order?: RowOrder,
): Promise<CellBlock> {
  const lastColumn = Math.min(columns.to, table.columnCount, columns.from + MOST_CELLS);
  const width = Math.max(0, lastColumn - columns.from);
  const { rowCount } = order ?? table;
  const lastRow = Math.min(rows.to, rowCount, rows.from + Math.floor(MOST_CELLS / Math.max(1, width)));
  const count = Math.max(0, lastRow - rows.from);
  const places =
    (await order?.rows(rows.from, rows.from + count)) ??
    Array.from({ length: count }, (_, index) => rows.from + index);
  const shown = Array.from({ length: width }, (_, index) => table.column(columns.from + index));
  return {
    rowCount,
    rows: Array.from(places, (row) => ({
      row,
      labels: table.rowLabels(row).map(shortened),
      cells: shown.map((column) => shortened(column.cell(row))),
    })),
  };
}

function shortened(cell: TableCell): TableCell {
  return cell.text.length <= MOST_CHARACTERS
    ? cell
    : { ...cell, text: cell.text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, ""), cut: true };
}

/** The tables of one document: the one that is looked at is kept, so that what it knows of its rows is. */
export class Tables {
  #last: { readonly name: string; readonly table: Table | undefined } | undefined;

  /** @param settled whether the value is whole; until then a table is of what is there */
  of(node: PyNode, slice: Slice | undefined, settled: boolean): Table | undefined {
    const name = JSON.stringify([node.id, slice, settled]);
    if (!settled) return node.table(slice);
    if (this.#last?.name !== name) this.#last = { name, table: node.table(slice) };
    return this.#last.table;
  }
}

/** A request for the table of a value that has none. */
export class NoTable extends Error {
  readonly code = "no-table";

  constructor({ node }: TablePlace) {
    super(`the value ${node} has no rows and columns`);
    this.name = "NoTable";
  }
}
