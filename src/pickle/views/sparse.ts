import { PyComplex } from "../natural/classes.ts";
import { dtypeName, plainDtype, type DType } from "../numpy/dtype.ts";
import type { NpElement } from "../numpy/elements.ts";
import type { PartRow } from "../part.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { blocks, compressed } from "./compressed.ts";
import { coordinates, diagonals, keyed, lists } from "./coordinates.ts";
import { stateOf } from "../recognisers/arguments.ts";
import { rowsOf, textPart } from "./rows.ts";
import type { Source, Stored } from "./stored.ts";
import type { View } from "./view.ts";

/** How each format of scipy keeps its values; in `csc` a line is a column. */
const FORMATS: Readonly<Record<string, (source: Source) => Stored | undefined>> = {
  csr: compressed,
  csc: compressed,
  bsr: blocks,
  coo: coordinates,
  dia: diagonals,
  lil: lists,
  dok: keyed,
};

const INT = plainDtype("i", 8);
/** What says nothing of the value. */
const HIDDEN = new Set(["_shape", "shape", "dtype", "maxprint"]);

/** scipy's sparse matrices and arrays: `scipy.sparse._csr.csr_matrix` with the state `{"_shape", "data", "indices", "indptr", …}`. */
export function sparseView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name } = object;
  const format = /^(csr|csc|bsr|coo|dia|lil|dok)_(matrix|array)$/.exec(name)?.[1];
  if (!module.startsWith("scipy.sparse.") || format === undefined) return undefined;
  const attributes = stateOf(reader, object);
  const shapeRef = attributes?.get("_shape");
  const shape = shapeRef === undefined ? undefined : shapeOf(reader, shapeRef);
  if (attributes === undefined || shapeRef === undefined || shape === undefined) return undefined;
  const stored = FORMATS[format]?.({ reader, object, attributes, shape });
  if (stored === undefined) return undefined;
  const { count, dtype, at } = stored;
  const [rows, columns] = shape;
  const inside: PartRow[] = [
    { key: ".shape", value: shapeRef },
    { key: ".dtype", value: textPart(dtypeName(dtype)) },
    { key: ".nnz", value: { t: "cell", cell: { element: count, dtype: INT } } },
  ];
  for (const [key, value] of attributes) if (!HIDDEN.has(key)) inside.push({ key: `.${key}`, value });
  return {
    type: `${module}.${name}`,
    shape,
    length: format === "dok" ? count : undefined,
    print: (pen) => {
      pen.text(`${name}(${rows} × ${columns}, dtype=${dtypeName(dtype)}, ${count} stored)`);
    },
    rows: rowsOf(inside),
    sheet: at && {
      t: "grid",
      grid: {
        shape,
        dtype,
        zero: zeroOf(dtype),
        at: format === "csc" ? (row, column) => at(column, row) : at,
      },
    },
  };
}

function shapeOf(reader: ValueReader, ref: Ref): readonly [number, number] | undefined {
  const members = reader.tuple(ref);
  if (members?.length !== 2) return undefined;
  const [rows, columns] = [reader.int(members.at(0)), reader.int(members.at(1))];
  if (typeof rows !== "number" || typeof columns !== "number" || rows < 0 || columns < 0) return undefined;
  return [rows, columns];
}

function zeroOf({ kind }: DType): NpElement {
  if (kind === "b") return false;
  return kind === "c" ? new PyComplex(0, 0) : 0;
}
