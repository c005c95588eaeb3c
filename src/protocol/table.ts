import type { ColumnFamily, Slice, Table, TableCell } from "../pickle/table/table.ts";
import { count, listOf, optional, record, whole } from "./check.ts";
import type { Check } from "./check.ts";
import type { NodeId } from "./nodes.ts";
import type { Checks } from "./rpc.ts";

export type { ColumnFamily, Slice, TableCell } from "../pickle/table/table.ts";

/** A value as a table; of an array with several axes the two that a slice chooses. */
export interface TablePlace {
  readonly node: NodeId;
  readonly slice?: Slice;
}

/** Positions `from` (included) to `to` (excluded). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a table is like. While the value is still read: so far. */
export type TableFacts = Pick<
  Table,
  "kind" | "rowCount" | "columnCount" | "rowLevels" | "columnLevels" | "slice" | "shape"
>;

/** What a column is like. */
export interface ColumnFacts {
  /** One for each level. */
  readonly labels: readonly TableCell[];
  readonly dtype: string;
  readonly family: ColumnFamily;
}

/** A row of a window of cells. */
export interface CellRow {
  /** Its place in the table, whatever the order that it is shown in. */
  readonly row: number;
  readonly labels: readonly TableCell[];
  /** From the first column of the window on. */
  readonly cells: readonly TableCell[];
}

/** Cells that are given at once at most, whatever is asked for. */
export const MOST_CELLS = 20_000;

/** A window of cells by positions. */
export interface CellWindow {
  readonly rows: Range;
  readonly columns: Range;
}

/** Which window of a table: positions of the order that it is shown in. */
export interface CellsParams extends TablePlace, CellWindow {
  /** The order; the table's own when absent. */
  readonly arrangement?: number;
}

/** The cells of a window, as many as there are, and no more than {@link MOST_CELLS}: of fewer rows then. */
export interface CellBlock {
  readonly rows: readonly CellRow[];
  /** Rows of the table, or of the arrangement, at the time of the answer. */
  readonly rowCount: number;
}

/** What columns are like is told in pages of so many. */
export const COLUMNS_PAGE = 100;

/** What a page shows of a table first, which comes with the table: in its own order. */
export interface FirstCells {
  readonly window: CellWindow;
  readonly cells: CellBlock;
  /** Those of all pages of columns that the window is on. */
  readonly columns: readonly ColumnFacts[];
}

/** The pages of columns that a range is on. */
export function columnPages({ from, to }: Range): Range {
  return {
    from: Math.floor(from / COLUMNS_PAGE) * COLUMNS_PAGE,
    to: Math.ceil(to / COLUMNS_PAGE) * COLUMNS_PAGE,
  };
}

/** A cell by its row's place in the table. */
interface CellOf {
  readonly row: number;
  readonly column: number;
}

/** Where the value of a cell stands in the value that the table is of. */
export interface Located {
  /** Positions of children on the way to it. */
  readonly path: readonly number[];
}

/** What is asked of a value as a table. */
export interface TableRequests {
  /** `null`: it has no rows and columns. */
  table: { params: TablePlace; result: TableFacts | null };
  columns: { params: TablePlace & Range; result: readonly ColumnFacts[] };
  cells: { params: CellsParams; result: CellBlock };
  /** The way to the value of a cell, by the row's place in the table; `null` where it has none in the tree. */
  locate: { params: TablePlace & CellOf; result: Located | null };
}

/** Reads a {@link Slice}. */
export const checkSlice: Check<Slice> = record<Slice>({ rows: count, columns: count, at: listOf(count) });
/** Reads a {@link Range}. */
export const checkRange: Check<Range> = record<Range>({ from: count, to: count });
/** The checks of the fields of a {@link CellWindow}. */
const cellWindow = { rows: checkRange, columns: checkRange };
/** Reads a {@link CellWindow}. */
export const checkCellWindow: Check<CellWindow> = record<CellWindow>(cellWindow);
/** The checks of the fields of a {@link TablePlace}. */
export const tablePlace = { node: whole, slice: optional(checkSlice) };

/** Reads a {@link TablePlace}. */
export const checkTablePlace = record<TablePlace>(tablePlace);

/** The checks at both borders: of the host, and of the decoding thread. */
export const tableChecks: Checks<TableRequests> = {
  table: checkTablePlace,
  columns: record<TablePlace & Range>({ ...tablePlace, from: count, to: count }),
  cells: record<CellsParams>({
    ...tablePlace,
    arrangement: optional(count),
    ...cellWindow,
  }),
  locate: record<TablePlace & CellOf>({ ...tablePlace, row: count, column: count }),
};
