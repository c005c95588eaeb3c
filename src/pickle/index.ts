/** The non-executing pickle decoder: protocols 0 to 5, nothing is ever called. */
export { PickleError, type PickleErrorCode } from "./errors.ts";
export { openPickle } from "./document.ts";
export * from "./natural/classes.ts";
export * from "./natural/temporal.ts";
export { NdArray, type NdArrayData } from "./numpy/ndarray.ts";
export * from "./numpy/values.ts";
export { DataFrame, PandasIndex, PandasScalar, Series, type PandasKind } from "./pandas/classes.ts";
export { pyRepr } from "./natural/repr.ts";
export type {
  Categories,
  CellKind,
  CellValue,
  ColumnFamily,
  HowToRead,
  Missing,
  ReadIntegers,
  ReadNumbers,
  Slice,
  SortKey,
  Table,
  TableCell,
  TableColumn,
} from "./table/table.ts";
export type {
  Json,
  OpenPickleOptions,
  PickleEncoding,
  PickleLimits,
  PickleProgress,
  PickleSummary,
  PyChild,
  PyDocument,
  PyNode,
  PyPage,
  Tagged,
  TaggedLimits,
} from "./types.ts";
