import type { DType } from "../numpy/dtype.ts";
import { isNumeric, isWide, readIntegers, readNumbers, thinned } from "../numpy/numbers.ts";
import type { Cell, Column } from "../pandas/cells.ts";
import type { Frame, Series } from "../pandas/frames.ts";
import type { Index } from "../pandas/indexes.ts";
import type { ValueReader } from "../shapes.ts";
import { elementKey, sortKey, tableCell } from "./cells.ts";
import { exactCell } from "./exact.ts";
import { readQuickly } from "./quickly.ts";
import { elementAtPlace } from "../numpy/array.ts";
import type {
  Categories,
  CellValue,
  ColumnFamily,
  HowToRead,
  Missing,
  ReadIntegers,
  ReadNumbers,
  SortKey,
  Table,
  TableCell,
  TableColumn,
} from "./table.ts";
import { WITHOUT_LABELS } from "./labels.ts";

/** A frame: its columns, with the labels of both axes. */
export function frameTable(reader: ValueReader, frame: Frame): Table {
  const { columns, index } = frame;
  return {
    kind: "frame",
    rowCount: index.labels.length,
    columnCount: columns.labels.length,
    columnLevels: levelNames(reader, columns),
    ...rowLabelsOf(reader, index),
    column: (at) => columnOf(reader, labelsAt(reader, columns, at), frame.column(at)),
  };
}

/** A column by itself, with the labels of its rows. */
export function seriesTable(reader: ValueReader, { values, index, name }: Series): Table {
  return columnTable(reader, { column: values, index, name });
}

/** The same of one column of a frame. */
export function columnTable(
  reader: ValueReader,
  { column: values, index, name }: { readonly column: Column; readonly index: Index; readonly name: Cell },
): Table {
  return {
    kind: "series",
    rowCount: values.length,
    columnCount: 1,
    columnLevels: [""],
    ...rowLabelsOf(reader, index),
    column: () => columnOf(reader, [tableCell(reader, name, "none")], values),
  };
}

/** An axis: a column for each of its levels. */
export function indexTable(reader: ValueReader, index: Index): Table {
  const { labels, names } = index;
  return {
    kind: "series",
    rowCount: labels.length,
    columnCount: names.length,
    ...WITHOUT_LABELS,
    column: (at) => levelColumn(reader, index, at),
  };
}

function levelColumn(reader: ValueReader, { labels, names, dtypes }: Index, at: number): TableColumn {
  const values: Column =
    names.length === 1
      ? labels
      : { dtype: dtypes[at] ?? "object", length: labels.length, at: (row) => levelOf(labels.at(row), at) };
  return columnOf(reader, [tableCell(reader, names[at], "none")], values);
}

function levelOf(label: Cell, level: number): Cell {
  return label !== undefined && "cells" in label ? label.cells.at(level) : label;
}

function rowLabelsOf(
  reader: ValueReader,
  index: Index,
): Pick<Table, "rowLevels" | "rowLabels" | "rowKeys" | "rowColumn"> {
  return {
    rowLevels: levelNames(reader, index),
    rowLabels: (row) => labelsAt(reader, index, row),
    rowKeys: (row) => keysAt(reader, index, row),
    rowColumn: (level) => levelColumn(reader, index, level),
  };
}

function keysAt(reader: ValueReader, { labels, names }: Index, at: number): CellValue[] {
  const label = labels.at(at);
  if (names.length === 1) return [exactCell(reader, label, missingIn(labels.dtype))];
  return names.map((_, level) => exactCell(reader, levelOf(label, level), "nan"));
}

function levelNames(reader: ValueReader, { names }: Index): string[] {
  return names.map((name) => {
    const cell = tableCell(reader, name, "none");
    return cell.kind === "none" ? "" : cell.text;
  });
}

function labelsAt(reader: ValueReader, { labels, names }: Index, at: number): TableCell[] {
  const label = labels.at(at);
  if (names.length === 1) return [tableCell(reader, label, missingIn(labels.dtype))];
  return names.map((_, level) => tableCell(reader, levelOf(label, level), "nan"));
}

/** A column of pandas, or of whatever keeps its values as pandas' cells. @param none what is missing in it, unless the dtype tells that */
export function columnOf(
  reader: ValueReader,
  labels: readonly TableCell[],
  values: Column | undefined,
  none?: Missing,
): TableColumn {
  if (values === undefined)
    return {
      labels,
      dtype: "",
      family: "other",
      cell: () => tableCell(reader, undefined, "na"),
      key: () => undefined,
      exact: () => ({ kind: "na" }),
    };
  const { dtype, run, timeAt } = values;
  const missing = none ?? missingIn(dtype);
  return {
    labels,
    dtype,
    family: familyOf(dtype, run?.array.dtype),
    cell: (row) => tableCell(reader, values.at(row), missing),
    key: run === undefined ? (row) => sortKey(reader, values.at(row)) : keyOfRun(run),
    exact: (row) => exactCell(reader, values.at(row), missing),
    ...readQuickly(reader, (row) => {
      const cell = values.at(row);
      return cell !== undefined && "ref" in cell ? cell.ref : undefined;
    }),
    numbers: run && numbersOf(run),
    missing: run && onlyMissing(run, missing),
    timeText: timeAt && ((count) => tableCell(reader, timeAt(count), missing).text),
    integers: run && integersOf(run),
    categories: values.coded && categoriesOf(reader, values.coded, missing),
  };
}

function categoriesOf(
  reader: ValueReader,
  { codes, labels }: NonNullable<Column["coded"]>,
  missing: Missing,
): Categories {
  return {
    length: labels.length,
    codes: (from, to, into, how) => {
      readRun(codes, from, to, into, how);
      const count = Math.ceil((to - from) / (how?.every ?? 1));
      for (let at = 0; at < count; at++) if ((into[at] ?? 0) < 0) into[at] = NaN;
    },
    cell: (code) => tableCell(reader, labels.at(code), missing),
    key: (code) => sortKey(reader, labels.at(code)),
  };
}

/** How an element is missing, where that is the same for all: of floats with a mask the masked ones and NaN are not. */
export function onlyMissing({ array }: Run, masked: Missing): Missing | undefined {
  if (array.dtype.kind !== "f") return masked;
  return array.mask === undefined ? "nan" : undefined;
}

type Run = NonNullable<Column["run"]>;

/** Exact: also of integers and dates that no number is. */
export function keyOfRun({ array, start, step }: Run): (row: number) => SortKey {
  return (row) => elementKey(elementAtPlace(array, start + row * step));
}

/** Many numbers at once; `undefined` where the elements are none. */
export function numbersOf(run: Run): ReadNumbers | undefined {
  if (!isNumeric(run.array.dtype)) return undefined;
  return (from, to, into, how) => {
    readRun(run, from, to, into, how);
  };
}

function readRun(run: Run, from: number, to: number, into: Float64Array, how: HowToRead = {}): void {
  const { base, every = 1 } = how;
  if (every === 1) readNumbers(run, from, to, into, base);
  else readNumbers(thinned(run, from, every), 0, Math.ceil((to - from) / every), into, base);
}

/** Whole numbers of 64 bits at once; `undefined` where the elements are none. */
export function integersOf(run: Run): ReadIntegers | undefined {
  if (!isWide(run.array.dtype)) return undefined;
  return (from, to, into) => {
    readIntegers(run, from, to, into);
  };
}

/** What a value that is not there is called in a column. */
export function missingIn(dtype: string): Missing {
  return /^(datetime64|timedelta64|period|Sparse\[(datetime|timedelta))/.test(dtype) ? "nat" : "na";
}

/** What the values of a column mostly are, by pandas' name of their dtype and by that of the elements. */
export function familyOf(dtype: string, element: DType | undefined): ColumnFamily {
  if (/^(datetime|time(delta|\d)|period|timestamp|duration|date)/.test(dtype)) return "time";
  if (/^(bool|boolean)/.test(dtype)) return "bool";
  if (/^(u?int|float|complex|double|halffloat|decimal|Sparse\[(u?int|float))/i.test(dtype)) return "number";
  if (/^(str(?!uct)|large_string|<U|\|S|category|StringDType)/.test(dtype)) return "text";
  return element !== undefined && "biufc".includes(element.kind) ? "number" : "other";
}
