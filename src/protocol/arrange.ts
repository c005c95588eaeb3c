import { count, flag, listOf, optional, record, text, whole } from "./check.ts";
import type { Check } from "./check.ts";
import type { Checks } from "./rpc.ts";
import { checkTablePlace } from "./table.ts";
import type { TableCell, TablePlace } from "./table.ts";

/** A column that rows are sorted by. */
export interface SortBy {
  /** Its position; below zero a level of the rows' labels: -1 is the first. */
  readonly column: number;
  readonly descending: boolean;
}

/** Which rows of a table, and in which order. */
export interface RowOrder {
  /** The first one counts most. Empty: the table's own order. Missing values come last, whatever the direction. */
  readonly sort: readonly SortBy[];
  /** In the language of filters; empty: all rows. */
  readonly filter: string;
}

/** The rows of which table. */
export interface ArrangeParams extends TablePlace, RowOrder {}

/** What can be wrong with a filter. */
export const FILTER_PROBLEMS = [
  "value-expected",
  "list-expected",
  "and-expected",
  "closing-expected",
  "kind-expected",
  "unexpected",
  "open-quote",
  "too-long",
  "too-deep",
  "unknown-column",
  "number-expected",
  "time-expected",
  "bad-pattern",
  "slow-pattern",
] as const;

/** What is wrong with a filter, and where in its text. */
export interface FilterProblem {
  readonly code: (typeof FILTER_PROBLEMS)[number];
  /** What the sentence about it names: the word before, the name of the column, what a pattern lacks. */
  readonly about: string;
  /** Positions in the text, `from` included, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

/** Rows in an order. */
export interface Arranged {
  /** Names it in later requests, as long as it is one of the last few. */
  readonly arrangement: number;
  /** While it is not complete: so far. */
  readonly rowCount: number;
  readonly complete: boolean;
}

/** The rows, or why there are none. */
export type ArrangeAnswer = Arranged | { readonly problem: FilterProblem };

/** One of the arrangements of a table. */
export interface ArrangedPlace extends TablePlace {
  readonly arrangement: number;
}

/** Which values of a column are there. */
export interface DistinctParams extends TablePlace {
  readonly column: number;
  /** Values that are told at most. */
  readonly limit: number;
}

/** One of the values of a column. */
export interface DistinctValue {
  readonly cell: TableCell;
  /** How many rows have it. */
  readonly count: number;
}

/** The values of a column, the most frequent first. */
export interface Distinct {
  readonly values: readonly DistinctValue[];
  /** Whether these are all of them, and all rows were counted. */
  readonly complete: boolean;
}

/** Where a cell is, by its place in the order that is shown. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** What to look for in the cells of a table. */
export interface FindParams extends TablePlace {
  readonly arrangement?: number;
  readonly text: string;
  readonly matchCase: boolean;
  /** The first cell that counts as next. */
  readonly from: CellPlace;
  /** Whether those before that cell are wanted instead, the nearest ones. */
  readonly backwards: boolean;
  /** Hits that are told at most. */
  readonly limit: number;
}

/** The cells that were found, row by row. */
export interface FindAnswer {
  readonly hits: readonly CellPlace[];
  /** How many lie before the first of these, or before the place that was asked for. */
  readonly before: number;
  /** All that there are; while it is not complete: so far. */
  readonly total: number;
  /** Whether every cell was looked at: if not, the same request goes on. */
  readonly complete: boolean;
}

/** Columns by their positions. */
export interface ColumnPositions {
  readonly positions: readonly number[];
  /** Their names, in the same order; labels of several levels with dots between them. */
  readonly names: readonly string[];
}

/** Columns that tell nothing that another place does not tell. */
export interface UnlikeColumns {
  /** All rows have the same value. */
  readonly constant: readonly number[];
  /** Each is like one before it. */
  readonly equal: readonly { readonly column: number; readonly to: number }[];
}

/** What is asked of the order of a table's rows, and of what is in them. */
export interface ArrangeRequests {
  /** Answered when the first page of it is known, or after a second. A newer one ends an older one that is not complete. */
  arrange: { params: ArrangeParams; result: ArrangeAnswer };
  /** How far it is; answered when it is complete, or after half a second. */
  arranged: { params: ArrangedPlace; result: ArrangeAnswer };
  distinct: { params: DistinctParams; result: Distinct };
  /** Looks on for a quarter of a second. */
  find: { params: FindParams; result: FindAnswer };
  /** Columns whose name has a text in it, in whatever case. */
  matchingColumns: {
    params: TablePlace & { readonly text: string; readonly limit: number };
    result: ColumnPositions;
  };
  unlikeColumns: { params: TablePlace; result: UnlikeColumns };
}

/** Reads a place with more about it. */
function placed<T extends object>(more: Check<T>): Check<TablePlace & T> {
  return (value, at) => ({ ...checkTablePlace(value, at), ...more(value, at) });
}

/** Reads the columns that rows are sorted by. */
export const checkSorts: Check<readonly SortBy[]> = listOf(
  record<SortBy>({ column: whole, descending: flag }),
);

/** Reads a {@link RowOrder}. */
export const checkRowOrder: Check<RowOrder> = record<RowOrder>({
  sort: checkSorts,
  filter: text,
});

/** The checks at both borders. */
export const arrangeChecks: Checks<ArrangeRequests> = {
  arrange: placed(checkRowOrder),
  arranged: placed(record<{ readonly arrangement: number }>({ arrangement: count })),
  distinct: placed(record<Omit<DistinctParams, keyof TablePlace>>({ column: whole, limit: count })),
  find: placed(
    record<Omit<FindParams, keyof TablePlace>>({
      arrangement: optional(count),
      text,
      matchCase: flag,
      from: record<CellPlace>({ row: count, column: count }),
      backwards: flag,
      limit: count,
    }),
  ),
  matchingColumns: placed(record<{ readonly text: string; readonly limit: number }>({ text, limit: count })),
  unlikeColumns: checkTablePlace,
};
