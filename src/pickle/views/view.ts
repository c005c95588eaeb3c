import type { DType } from "../numpy/dtype.ts";
import type { NpElement } from "../numpy/elements.ts";
import type { Cell, Column } from "../pandas/cells.ts";
import type { PartRows } from "../part.ts";
import type { NdArrayShape, ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";

/** How an object of a library is shown: as the value that it is, not as the calls that make it. Its lossless form stays that of an object. */
export interface View {
  /** Python's qualified name of the type. */
  readonly type: string;
  /** Python: `value.shape`, where it has one. */
  readonly shape?: readonly number[] | undefined;
  /** Python: `len(value)`, where it has one. */
  readonly length?: number | undefined;
  /** Writes a short text of it. */
  readonly print: (pen: Pen) => void;
  /** What is below it. */
  readonly rows: PartRows;
  /** It as rows and columns. */
  readonly sheet?: Sheet | undefined;
}

/** What a short text is written with; each member keeps to the room that there is. */
export interface Pen {
  text(text: string): void;
  value(ref: Ref): void;
  cell(cell: Cell): void;
  /** Members between brackets, as many as there is room for. */
  list(open: string, length: number, close: string, write: (index: number) => void): void;
}

/** What a table of a view is made of. */
export type Sheet =
  | { readonly t: "array"; readonly array: () => NdArrayShape | undefined }
  | { readonly t: "columns"; readonly length: number; readonly columns: readonly NamedColumn[] }
  | { readonly t: "grid"; readonly grid: Grid };

/** A column of a table that has one for each name. What is missing in it is None. */
export interface NamedColumn {
  readonly name: string;
  readonly values: Column;
}

/** Values in rows and columns, of which most are not stored. */
export interface Grid {
  readonly shape: readonly [rows: number, columns: number];
  readonly dtype: DType;
  /** What stands where nothing is stored. */
  readonly zero: NpElement;
  /** `undefined` where nothing is stored. */
  readonly at: (row: number, column: number) => NpElement | undefined;
}

/** Makes the view of an object, or leaves it alone when it is not what it usually is. Looks at a bounded number of its parts. */
export type MakeView = (object: ObjectShape, reader: ValueReader) => View | undefined;
