import { naturalValue, partValue } from "../natural/build.ts";
import { PyComplex } from "../natural/classes.ts";
import { reprFloat, reprText } from "../natural/repr.ts";
import { ownText } from "../natural/text.ts";
import type { DType } from "../numpy/dtype.ts";
import { elementText } from "../numpy/elementText.ts";
import type { NpElement } from "../numpy/elements.ts";
import { NpDateTime, NpTimeDelta } from "../numpy/values.ts";
import type { Cell, PrintedCell } from "../pandas/cells.ts";
import { printedCell, printedText } from "../pandas/text.ts";
import { preview } from "../preview.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { pythonSource, sourceOfNatural } from "./source.ts";
import type { CellValue, Missing } from "./table.ts";

/** Characters of what has no value of its own in JavaScript, such as a class. */
const MOST_CHARACTERS = 1 << 16;

/** What a cell holds, exactly. @param missing what a value that is not there is called */
export function exactCell(reader: ValueReader, cell: Cell, missing: Missing): CellValue {
  if (cell === undefined) return { kind: missing };
  if ("ref" in cell) return exactRef(reader, cell.ref);
  if ("element" in cell) return exactElement(cell.dtype, cell.element, missing);
  if ("text" in cell) return exactPrinted(cell);
  const value = (): unknown => partValue(reader, { t: "cell", cell });
  return { kind: "nested", value, source: () => sourceOfNatural(value()) };
}

/** The same of an element of an array. */
export function exactElement(dtype: DType, element: NpElement | undefined, missing: Missing): CellValue {
  if (element === undefined) return { kind: "pending" };
  if (element === null) return { kind: missing };
  if (typeof element === "string") return { kind: "text", value: element };
  if (typeof element === "boolean") return { kind: "bool", value: element };
  if (typeof element === "object") return exactObject(dtype, element);
  if (typeof element === "bigint" || dtype.kind !== "f") return { kind: "int", value: element };
  return Number.isNaN(element)
    ? { kind: "nan" }
    : { kind: "float", value: element, text: elementText(dtype, element, "") };
}

function exactObject(dtype: DType, element: NpElement & object): CellValue {
  if (element instanceof Uint8Array) return { kind: "bytes", value: element };
  if (element instanceof NpDateTime || element instanceof NpTimeDelta) {
    const unit =
      element.unit === "generic"
        ? ""
        : `, '${element.multiple === 1 ? "" : element.multiple}${element.unit}'`;
    const name = element instanceof NpDateTime ? "datetime64" : "timedelta64";
    const first = element instanceof NpDateTime ? `'${element.toString()}'` : element.count.toString();
    return { kind: "printed", text: element.toString(), source: `np.${name}(${first}${unit})` };
  }
  if (element instanceof PyComplex)
    return { kind: "printed", text: elementText(dtype, element, ""), source: sourceOfNatural(element) };
  return { kind: "nested", value: () => element, source: () => sourceOfNatural(element) };
}

/** The same of a value that has a node. */
export function exactRef(reader: ValueReader, ref: Ref): CellValue {
  const shape = reader.shape(ref);
  switch (shape.t) {
    case "none":
      return { kind: "none" };
    case "bool":
      return { kind: "bool", value: shape.value };
    case "int":
      return { kind: "int", value: shape.value };
    case "hugeint":
      return { kind: "int", value: shape.read() };
    case "float":
      return Number.isNaN(shape.value)
        ? { kind: "nan" }
        : { kind: "float", value: shape.value, text: reprFloat(shape.value) };
    case "str": {
      const text = reader.textOf(shape);
      return text === undefined ? { kind: "pending" } : { kind: "text", value: text };
    }
    case "bytes":
    case "bytearray":
      return { kind: "bytes", value: shape.span.store.copy(shape.span.from, shape.span.to) };
    case "npscalar":
      return exactElement(shape.dtype, elementOf(reader, ref), "nat");
    default:
      return exactOther(reader, ref, shape);
  }
}

function exactOther(reader: ValueReader, ref: Ref, shape: Shape): CellValue {
  const printed = printedCell(reader, shape);
  if (printed === "missing") return { kind: shape.t === "global" ? "na" : "nat" };
  if (printed !== undefined) return exactPrinted(printed);
  if (shape.t === "decimal")
    return { kind: "printed", text: shape.text, source: `decimal.Decimal(${reprText(shape.text)})` };
  if (isContainer(shape))
    return {
      kind: "nested",
      node: ref,
      value: () => naturalValue(reader, ref),
      source: () => pythonSource(reader, ref),
    };
  const value = naturalValue(reader, ref);
  const own = typeof value === "object" ? ownText(value) : undefined;
  const text = own ?? preview(reader, ref, MOST_CHARACTERS);
  return { kind: "printed", text, source: pythonSource(reader, ref) };
}

function isContainer({ t }: Shape): boolean {
  return [
    "list",
    "tuple",
    "set",
    "frozenset",
    "dict",
    "object",
    "ndarray",
    "dataframe",
    "series",
    "index",
  ].includes(t);
}

/** What pandas has a class of its own for. */
function exactPrinted(cell: PrintedCell): CellValue {
  const text = printedText(cell);
  switch (cell.kind) {
    case "Timestamp":
    case "Timedelta":
      return { kind: "printed", text, source: `pd.${cell.kind}(${reprText(text)})` };
    case "Decimal":
      return { kind: "printed", text, source: `decimal.Decimal(${reprText(text)})` };
    case "date":
    case "time":
      return { kind: "printed", text, source: `datetime.${cell.kind}.fromisoformat(${reprText(text)})` };
    default:
      return { kind: "printed", text, source: undefined };
  }
}

/** The element of a scalar of numpy. */
function elementOf(reader: ValueReader, ref: Ref): NpElement {
  return naturalValue(reader, ref) as NpElement; // A scalar's natural value is the element that it is.
}
