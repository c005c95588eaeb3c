import { elementRows } from "./elementRows.ts";
import { elementsThere, liesInBytes, sizeOfShape } from "./numpy/array.ts";
import { scalarName, type DType } from "./numpy/dtype.ts";
import { FEW, type NpElement } from "./numpy/elements.ts";
import type { Column } from "./pandas/cells.ts";
import type { Index } from "./pandas/indexes.ts";
import { cellOf, partOfCell, type Part, type PartRows } from "./part.ts";
import { previewCell, previewColumn, previewElements, previewView } from "./preview.ts";
import type { Shape, ValueReader } from "./shapes.ts";
import { viewOf } from "./views/index.ts";
import { textPart } from "./views/rows.ts";

/** The rows below an array whose elements lie in bytes, a frame, a column, an axis or what has a view; `undefined` for other values. */
export function partRowsOf(reader: ValueReader, shape: Shape): PartRows | undefined {
  switch (shape.t) {
    case "object":
      return viewOf(reader, shape)?.rows;
    case "ndarray":
      return liesInBytes(shape.data) ? elementRows(shape, 0, shape.shape) : undefined;
    case "dataframe": {
      const { frame } = shape;
      const { labels } = frame.columns;
      return {
        length: labels.length,
        at: (index) => {
          const name = labels.at(index);
          const column = frame.column(index);
          const value: Part = column
            ? { t: "column", column, name, index: frame.index }
            : { t: "cell", cell: undefined };
          return { key: partOfCell(name), value };
        },
      };
    }
    case "series":
      return columnRows(shape.series.values, shape.series.index);
    case "index": {
      const { labels } = shape.index;
      return { length: labels.length, at: (index) => ({ value: partOfCell(labels.at(index)) }) };
    }
    default:
      return undefined;
  }
}

const NO_ROWS: PartRows = { length: 0, at: () => ({ value: { t: "cell", cell: undefined } }) };

/** The rows below a part. */
export function rowsOfPart(part: Part): PartRows {
  switch (part.t) {
    case "elements":
      return elementRows(part.array, part.base, part.shape);
    case "element":
      return NO_ROWS;
    case "column":
      return columnRows(part.column, part.index);
    case "view":
      return part.view.rows;
    case "cell": {
      if (part.cell === undefined || !("cells" in part.cell)) return NO_ROWS;
      const { cells } = part.cell;
      const { names } = cells;
      return {
        length: cells.length,
        at: (index) => {
          const value = partOfCell(cells.at(index));
          return names === undefined ? { value } : { key: textPart(names[index] ?? ""), value };
        },
      };
    }
  }
}

/** Whether what is shown of the rows up to `to` is there. */
export function areThere({ there, length }: PartRows, to: number): boolean {
  return there === undefined || there >= Math.min(to, length);
}

/** Whether all of a part is there. */
export function isThere(part: Part): boolean {
  if (part.t === "elements") return elementsThere(part.array) >= part.base + sizeOfShape(part.shape);
  return part.t !== "element" || elementsThere(part.array) > part.at;
}

function columnRows(values: Column, index: Index): PartRows {
  return {
    length: values.length,
    at: (row) => ({ key: partOfCell(index.labels.at(row)), value: partOfCell(values.at(row)) }),
  };
}

/** Python's name of a part's type. */
export function typeOfPart(part: Part): string {
  if (part.t === "elements") return "numpy.ndarray";
  if (part.t === "column") return "pandas.Series";
  if (part.t === "view") return part.view.type;
  if (part.t === "element" && part.array.plain === true)
    return part.array.dtype.kind === "f" ? "float" : "int";
  const cell = part.t === "element" ? cellOf(part, FEW) : part.cell;
  if (cell === undefined) return "NoneType";
  if ("text" in cell)
    return cell.kind === "Decimal"
      ? "decimal.Decimal"
      : cell.kind === "date" || cell.kind === "time"
        ? `datetime.${cell.kind}`
        : `pandas.${cell.kind}`;
  if ("cells" in cell) return cell.cells.names === undefined ? (cell.cells.form ?? "tuple") : "dict";
  return "element" in cell ? elementType(cell) : "object";
}

function elementType({ element, dtype }: { readonly element: NpElement; readonly dtype: DType }): string {
  return typeof element === "string" && dtype.itemsize === 0 ? "str" : `numpy.${scalarName(dtype)}`;
}

/** A short text of a part. */
export function previewOfPart(reader: ValueReader, part: Part): string {
  switch (part.t) {
    case "elements":
      return previewElements(reader, part.array, part.base, part.shape);
    case "element":
      return previewCell(reader, cellOf(part, FEW));
    case "column":
      return previewColumn(reader, "Series", part.column, [part.name]);
    case "cell":
      return previewCell(reader, part.cell);
    case "view":
      return previewView(reader, part.view);
  }
}
