import { partOf } from "../numpy/array.ts";
import type { Part } from "../part.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import { arrayTable } from "./arrays.ts";
import { columnTable, frameTable, indexTable, seriesTable } from "./frames.ts";
import { columnsTable, listTable, looksLikeRecords, recordsTable } from "./records.ts";
import type { Slice, Table } from "./table.ts";
import { viewOf } from "../views/index.ts";
import { sheetTable } from "./views.ts";

/** The value as rows and columns; `undefined` for what has none. Looks at a bounded number of its members. @param slice of an array with several axes, which are shown */
export function tableOf(reader: ValueReader, shape: Shape, slice?: Slice): Table | undefined {
  switch (shape.t) {
    case "dataframe":
      return frameTable(reader, shape.frame);
    case "series":
      return seriesTable(reader, shape.series);
    case "index":
      return indexTable(reader, shape.index);
    case "ndarray":
      return arrayTable(reader, shape, slice);
    case "list":
    case "tuple":
      return recordsTable(reader, shape.members) ?? listTable(reader, shape.members);
    case "dict":
      return columnsTable(reader, shape);
    case "object": {
      const sheet = viewOf(reader, shape)?.sheet;
      return sheet && sheetTable(reader, sheet, slice);
    }
    default:
      return undefined;
  }
}

/** The same of a part that the pickle has no value for. */
export function tableOfPart(reader: ValueReader, part: Part, slice?: Slice): Table | undefined {
  if (part.t === "elements") return arrayTable(reader, partOf(part.array, part.base, part.shape), slice);
  if (part.t === "view") return part.view.sheet && sheetTable(reader, part.view.sheet, slice);
  return part.t === "column" ? columnTable(reader, part) : undefined;
}

/** Whether a value has a table, at a glance: of the fields of records the first few are looked at. */
export function isTabular(reader: ValueReader, shape: Shape): boolean {
  switch (shape.t) {
    case "dataframe":
    case "series":
    case "index":
      return true;
    case "ndarray":
      return shape.shape.length > 0;
    case "list":
    case "tuple":
      return looksLikeRecords(reader, shape.members);
    case "dict":
      return columnsTable(reader, shape) !== undefined;
    case "object":
      return viewOf(reader, shape)?.sheet !== undefined;
    default:
      return false;
  }
}
