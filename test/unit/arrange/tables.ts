import type { SortKey, Table, TableColumn } from "../../../src/pickle/index.ts";

/** A column of numbers, `NaN` where one is missing. */
export function numbersColumn(name: string, values: Float64Array): TableColumn {
  return {
    labels: [{ text: name, kind: "text" }],
    dtype: "float64",
    family: "number",
    cell: (row) => ({ text: String(values[row]), kind: Number.isNaN(values[row]) ? "nan" : "number" }),
    key: (row) => (Number.isNaN(values[row]) ? undefined : values[row]),
    exact: (row) => ({ kind: "float", value: values[row] ?? NaN, text: String(values[row]) }),
    numbers: (from, to, into) => {
      into.set(values.subarray(from, to));
    },
  };
}

/** A column of texts, or of other values, each by itself. */
export function valuesColumn(name: string, values: readonly SortKey[]): TableColumn {
  return {
    labels: [{ text: name, kind: "text" }],
    dtype: "object",
    family: "text",
    cell: (row) =>
      values[row] === undefined
        ? { text: "None", kind: "none" }
        : { text: String(values[row]), kind: "text" },
    key: (row) => values[row],
    exact: (row) => ({ kind: "text", value: String(values[row]) }),
  };
}

/** A table of columns. */
export function tableOf(rowCount: number, columns: readonly TableColumn[]): Table {
  return {
    kind: "frame",
    rowCount,
    columnCount: columns.length,
    rowLevels: [],
    columnLevels: [""],
    rowLabels: () => [],
    rowKeys: () => [],
    column: (at) => {
      const column = columns[at];
      if (column === undefined) throw new RangeError(`no column ${at}`);
      return column;
    },
  };
}
