import type { ByteNeedle } from "../byteNeedle.ts";

/** What a cell holds, for its look and for filters. The kinds of missing are told apart: `absent` is a record without this field, `pending` has not arrived. */
export type CellKind =
  | "number"
  | "bool"
  | "text"
  | "bytes"
  | "time"
  | "other"
  /** A container: its text is a preview. */
  | "nested"
  | Missing
  | "pending";

/** The ways in which a value is not there. Python: `None`, `float("nan")`, `pandas.NA`, `NaT`, a masked element, no such key. */
export type Missing = "none" | "nan" | "na" | "nat" | "masked" | "absent";

/** A value as a cell shows it: made from the exact value, never to be read back as a number. */
export interface TableCell {
  /** As Python prints it, `str(value)`; control characters as they are. */
  readonly text: string;
  /** What it holds. */
  readonly kind: CellKind;
  /** Whether the value is longer than the text. */
  readonly cut?: boolean;
  /** The value's node, where it has one of its own: `PyDocument.node`. */
  readonly node?: number;
}

/** What a cell holds, exactly and whole, for whoever writes it elsewhere. */
export type CellValue =
  | { readonly kind: Missing | "pending" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: number | bigint }
  /** `text`: the shortest digits that Python reads the same float from. */
  | { readonly kind: "float"; readonly value: number; readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  /** What has a text alone: `str(value)`, and Python's source for it where there is one. */
  | { readonly kind: "printed"; readonly text: string; readonly source: string | undefined }
  /** A container. `value` makes the natural value, `source` Python's source where there is one; `node` is its node where it has one. */
  | {
      readonly kind: "nested";
      readonly node?: number;
      value(): unknown;
      source(): string | undefined;
    };

/** What a value sorts and filters by. `undefined`: missing, or without an order. */
export type SortKey = number | bigint | string | undefined;

/**
 * Reads the values `from` to `to` as numbers, `NaN` where one is missing. Dates count their unit. `into` has room for them. Integers of 64 bits
 * and dates are given less a `base`, exactly as long as no difference is above 2^53.
 */
export type ReadNumbers = (from: number, to: number, into: Float64Array, how?: HowToRead) => void;

/** How many numbers are read at once. */
export interface HowToRead {
  /** What integers of 64 bits and dates are given less of. */
  readonly base?: bigint | undefined;
  /** Reads the first of so many alone; 1 where it is not given. */
  readonly every?: number | undefined;
}

/** Reads whole numbers of 64 bits as they are, also those that no number is, and dates. What is there for a missing one means nothing. */
export type ReadIntegers = (from: number, to: number, into: BigInt64Array) => void;

/** The values that a column has, where each row only tells which one it is. Python: `Categorical`. */
export interface Categories {
  /** How many there are. */
  readonly length: number;
  /** The places of the rows' values among them, `NaN` where one is missing. */
  readonly codes: ReadNumbers;
  /** One of them as a cell. */
  cell(code: number): TableCell;
  /** What it sorts and filters by. */
  key(code: number): SortKey;
}

/** What most values of a column are. */
export type ColumnFamily = "number" | "bool" | "time" | "text" | "other";

/** A column of a table. */
export interface TableColumn {
  /** Its labels, one for each level. */
  readonly labels: readonly TableCell[];
  /** Python: `str(dtype)`; of records what the first values are. */
  readonly dtype: string;
  /** What most of its values are. */
  readonly family: ColumnFamily;
  /** The cell of a row. */
  cell(row: number): TableCell;
  /** What a row sorts and filters by. */
  key(row: number): SortKey;
  /** What a row holds, exactly and whole. */
  exact(row: number): CellValue;
  /** A value that takes no closer look: `str`, `int`, `float`, `bool`, `None`. `undefined` for all others, and for some of these. */
  readonly scalar?: ((row: number) => string | number | boolean | null | undefined) | undefined;
  /** Whether the text of a row has another one in it. `undefined` for what is no text, and for texts that take a closer look. @internal */
  readonly has?: ((row: number, needle: ByteNeedle) => boolean | undefined) | undefined;
  /** Many numbers at once, where the values lie in a row in bytes. */
  readonly numbers?: ReadNumbers | undefined;
  /** The same of those numbers that take 64 bits and are whole. */
  readonly integers?: ReadIntegers | undefined;
  /** How a value is missing where `numbers` has none; `undefined` where its cell tells. */
  readonly missing?: Missing | undefined;
  /** Of times the text of the cell that counts so many of their unit. */
  readonly timeText?: ((count: bigint) => string) | undefined;
  /** The values in their order, where the column has an order of its own. */
  readonly categories?: Categories | undefined;
}

/** Where the rows and columns of a table lie in an array of several axes. */
export interface Slice {
  /** The axis whose positions are the rows. */
  readonly rows: number;
  /** The axis whose positions are the columns. */
  readonly columns: number;
  /** A position for each axis; of the two that are shown it counts for nothing. */
  readonly at: readonly number[];
}

/** A value as rows and columns, each cell read when it is asked for. */
export interface Table {
  /** What it is of: a frame, a column by itself or an axis, an array, records in a list, lists in a dict. */
  readonly kind: "frame" | "series" | "array" | "records" | "columns";
  /** How many rows there are; while the value is read: so far. */
  readonly rowCount: number;
  /** How many columns there are. */
  readonly columnCount: number;
  /** The names of the levels of the rows' labels; empty where rows have positions alone. */
  readonly rowLevels: readonly string[];
  /** The names of the levels of the columns' labels. */
  readonly columnLevels: readonly string[];
  /** A column by its position. */
  column(at: number): TableColumn;
  /** The labels of a row, one for each level. */
  rowLabels(row: number): readonly TableCell[];
  /** The same, exactly and whole. */
  rowKeys(row: number): readonly CellValue[];
  /** A level of the rows' labels as a column; absent where rows have positions alone. */
  rowColumn?(level: number): TableColumn;
  /** Of an array with several axes all its elements, in the order of the memory, and how many these are. */
  readonly whole?: { readonly rowCount: number; readonly column: TableColumn } | undefined;
  /** The numbers of a row, of an array whose rows lie closer together in bytes than its columns. */
  readonly rowNumbers?: ((row: number) => ReadNumbers | undefined) | undefined;
  /** Of an array with more axes than are shown. */
  readonly slice?: Slice | undefined;
  /** Of an array its lengths along each axis. */
  readonly shape?: readonly number[] | undefined;
}
