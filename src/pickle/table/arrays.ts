import { elementAtPlace, liesInBytes, loadedDtype, sizeOfShape } from "../numpy/array.ts";
import { dtypeName, leavesOf, type DType, type DTypeField } from "../numpy/dtype.ts";
import { runAlong, strideOf, type Run } from "../numpy/numbers.ts";
import { NpRecord } from "../numpy/values.ts";
import { timeOf, type NpElement } from "../numpy/elements.ts";
import type { NdArrayShape, ValueReader } from "../shapes.ts";
import { elementCell, elementKey, refCell, refKey, textCell } from "./cells.ts";
import { exactElement, exactRef } from "./exact.ts";
import { readQuickly } from "./quickly.ts";
import { familyOf, integersOf, keyOfRun, numbersOf, onlyMissing } from "./frames.ts";
import type { Missing, Slice, SortKey, Table, TableCell, TableColumn } from "./table.ts";
import { WITHOUT_LABELS } from "./labels.ts";

/** An array: of one axis a column, of a structured one its fields; of more axes the two that a slice chooses, the last two unless it is given. */
export function arrayTable(reader: ValueReader, given: NdArrayShape, slice?: Slice): Table | undefined {
  // Values of their own stand in C order, whatever the order of the array is.
  const array: NdArrayShape = liesInBytes(given.data) ? given : { ...given, order: "C" };
  const { shape, dtype } = array;
  if (shape.length === 0) return undefined;
  const one = {
    kind: "array",
    ...WITHOUT_LABELS,
    shape,
  } as const;
  if (shape.length > 1) {
    const chosen = slice === undefined ? lastAxes(shape) : checked(slice, shape);
    const rowsAreClose = strideOf(array, chosen.columns) < strideOf(array, chosen.rows);
    return {
      ...one,
      rowCount: shape[chosen.rows] ?? 0,
      columnCount: shape[chosen.columns] ?? 0,
      column: (at) => {
        const place = chosen.at.with(chosen.columns, at);
        return elementColumn(reader, runAlong(array, chosen.rows, place), textCell(String(at), "number"));
      },
      ...(rowsAreClose && {
        rowNumbers: (at) => numbersOf(runAlong(array, chosen.columns, chosen.at.with(chosen.rows, at))),
      }),
      slice: chosen,
      whole: {
        rowCount: sizeOfShape(shape),
        column: elementColumn(reader, { array, start: 0, step: 1 }, textCell("")),
      },
    };
  }
  const run = runAlong(array, 0, [0]);
  const { fields } = dtype;
  const rowCount = shape[0] ?? 0;
  if (fields !== undefined && fields.length > 0 && liesInBytes(array.data)) {
    return { ...one, rowCount, columnCount: fields.length, column: (at) => fieldColumn(run, fields, at) };
  }
  return {
    ...one,
    rowCount,
    columnCount: 1,
    column: () => elementColumn(reader, run, textCell("0", "number")),
  };
}

function lastAxes(shape: readonly number[]): Slice {
  return { rows: shape.length - 2, columns: shape.length - 1, at: shape.map(() => 0) };
}

/** A slice that lies in the array: what is outside is brought inside. */
function checked({ rows, columns, at }: Slice, shape: readonly number[]): Slice {
  const last = shape.length - 1;
  const own = Math.min(rows, last);
  const other = Math.min(columns, last);
  return {
    rows: own,
    columns: other === own ? (own === 0 ? 1 : own - 1) : other,
    at: shape.map((length, axis) => Math.max(0, Math.min(at[axis] ?? 0, length - 1))),
  };
}

function elementColumn(reader: ValueReader, run: Run, label: TableCell): TableColumn {
  const { array, start, step } = run;
  const { data } = array;
  const dtype = loadedDtype(array);
  const name = dtypeName(dtype);
  if (!liesInBytes(data)) {
    const ref = (row: number): number => data.at(start + row * step);
    return {
      labels: [label],
      dtype: name,
      family: "other",
      cell: (row) => refCell(reader, ref(row)),
      key: (row) => refKey(reader, ref(row)),
      exact: (row) => exactRef(reader, ref(row)),
      ...readQuickly(reader, ref),
    };
  }
  return {
    labels: [label],
    dtype: name,
    family: familyOf(name, dtype),
    cell: (row) => {
      const place = start + row * step;
      return elementCell(dtype, elementAtPlace(array, place), missingAt(array, place));
    },
    key: keyOfRun(run),
    exact: (row) => exactElement(dtype, elementAtPlace(array, start + row * step), missingOf(array)),
    numbers: numbersOf(run),
    integers: integersOf(run),
    missing: onlyMissing(run, missingOf(array)),
    timeText: "Mm".includes(dtype.kind) ? (count) => timeOf(dtype, count).toString() : undefined,
  };
}

/** A field of the records that a structured array has. */
function fieldColumn({ array }: Run, fields: readonly DTypeField[], at: number): TableColumn {
  const field = fields[at];
  const dtype = field?.dtype ?? array.dtype;
  const name = nameOf(dtype);
  const value = (row: number): NpElement | undefined => {
    const record = elementAtPlace(array, row);
    return record instanceof NpRecord ? (record.values[at] as NpElement) : record; // As it was read.
  };
  const key = (row: number): SortKey => elementKey(value(row));
  return {
    labels: [textCell(field?.name ?? "")],
    dtype: name,
    family: familyOf(name, dtype),
    cell: (row) => elementCell(dtype, value(row), missingOf(array)),
    key,
    exact: (row) => exactElement(dtype, value(row), missingOf(array)),
  };
}

function nameOf({ subarray, ...dtype }: DType): string {
  return subarray === undefined
    ? dtypeName({ ...dtype, subarray })
    : `${nameOf(subarray.base)}[${subarray.shape.join(", ")}]`;
}

/** What an element is that is not there: masked, or NaT. */
function missingAt({ mask, dtype }: NdArrayShape, place: number): Missing {
  if (mask === undefined || (leavesOf(dtype) === 1 && mask.store.byte(mask.from + place) === 0)) return "nat";
  return "masked";
}

function missingOf({ mask }: NdArrayShape): Missing {
  return mask === undefined ? "nat" : "masked";
}
