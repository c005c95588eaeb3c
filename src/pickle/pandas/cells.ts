import { plainDtype, type DType } from "../numpy/dtype.ts";
import type { NpElement } from "../numpy/elements.ts";
import { runAlong, type Run } from "../numpy/numbers.ts";
import type { NdArrayShape } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import type { PandasKind } from "./classes.ts";

/** One value of a column, or a label: missing (`undefined`), a value of its own, an element of a numpy array, what pandas prints, or a label of several levels. */
export type Cell =
  | undefined
  | { readonly ref: Ref }
  | { readonly element: NpElement; readonly dtype: DType }
  | PrintedCell
  | { readonly cells: Cells };

/** The members of a container in a cell, or of a label of several levels, each read when it is asked for. */
export interface Cells {
  readonly length: number;
  /** What it is in Python; a tuple where it is not told. */
  readonly form?: "list";
  /** Of a dict the key of each. */
  readonly names?: readonly string[];
  at(index: number): Cell;
}

/** A value that pandas has a class of its own for. */
export interface PrintedCell {
  readonly kind: PandasKind | "Decimal" | "date" | "time";
  /** In ISO form where pandas has one: a Timestamp's, a Timedelta's. */
  readonly text: string;
  /** What it sorts by, where its text does not tell that: nanoseconds, or a period's number. */
  readonly order?: bigint;
  /** Whether it counts nanoseconds, for which only pandas has a class. */
  readonly isFine?: boolean;
}

/** Values in a row, each read when it is asked for. */
export interface Column {
  /** Python: `str(dtype)`. */
  readonly dtype: string;
  readonly length: number;
  at(index: number): Cell;
  /** The numbers or dates in bytes that the cells are made of, one for each. */
  readonly run?: Run | undefined;
  /** Of times what counts so many of their unit. */
  readonly timeAt?: ((count: bigint) => Cell) | undefined;
  /** Of a Categorical: what its cells are, and for each row which one. */
  readonly coded?: { readonly codes: Run; readonly labels: Column } | undefined;
}

/** What pandas keeps values in: a column, or in two dimensions a row for each of several. */
export interface CellArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** By the place in C order. */
  at(index: number): Cell;
  /** The array whose elements the cells are made of, one for each. */
  readonly elements?: NdArrayShape | undefined;
  /** Of times what counts so many of their unit. */
  readonly timeAt?: ((count: bigint) => Cell) | undefined;
  /** Of a Categorical: what its cells are, and for each which one; -1 is missing. */
  readonly coded?: { readonly codes: NdArrayShape; readonly labels: Column } | undefined;
}

const FLOAT = plainDtype("f", 8);

/** A float of Python. */
export function floatCell(value: number): Cell {
  return { element: value, dtype: FLOAT };
}

/** What missing texts and categories are. Python: `numpy.nan`. */
export const NAN_CELL: Cell = floatCell(NaN);

/** The values of a column, or of a row of a two-dimensional array. */
export function columnOf(array: CellArray, row = 0): Column {
  const length = array.shape.at(-1) ?? 1;
  const first = row * length;
  const { elements, timeAt, coded } = array;
  const runIn = (own: NdArrayShape): Run => runAlong(own, own.shape.length - 1, [row]);
  return {
    dtype: array.dtype,
    length,
    at: (index) => array.at(first + index),
    run: elements && runIn(elements),
    timeAt,
    coded: coded && { codes: runIn(coded.codes), labels: coded.labels },
  };
}
