import { endOfEscape } from "../literals.ts";
import { reprBytes } from "../natural/repr.ts";
import { elementText } from "../numpy/elementText.ts";
import type { DType } from "../numpy/dtype.ts";
import type { NpElement } from "../numpy/elements.ts";
import { NpDateTime, NpTimeDelta } from "../numpy/values.ts";
import type { Cell } from "../pandas/cells.ts";
import { nestedText } from "../pandas/nestedText.ts";
import { printedCell, printedText } from "../pandas/text.ts";
import { scalarElement } from "../numpy/array.ts";
import { utcMillis } from "../natural/time.ts";
import { preview } from "../preview.ts";
import type { Shape, ValueReader } from "../shapes.ts";
import { endOfCharacter } from "../text.ts";
import type { Ref } from "../tape.ts";
import type { CellKind, Missing, SortKey, TableCell } from "./table.ts";

/** Characters of a cell; the rest is shown where it is asked for. */
const MOST_CHARACTERS = 500;

/** Python's words for what is not there. */
export const MISSING_TEXT: Readonly<Record<Missing, string>> = {
  none: "None",
  nan: "nan",
  na: "<NA>",
  nat: "NaT",
  masked: "--",
  absent: "",
};

/** A cell of what is not there. */
export function missingCell(kind: Missing): TableCell {
  return { text: MISSING_TEXT[kind], kind };
}

/** A text as a cell. */
export function textCell(text: string, kind: CellKind = "text"): TableCell {
  return text.length <= MOST_CHARACTERS
    ? { text, kind }
    : { text: text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, ""), kind, cut: true };
}

/** What pandas keeps in a frame, as a cell. @param missing what a value that is not there is called */
export function tableCell(reader: ValueReader, cell: Cell, missing: Missing): TableCell {
  if (cell === undefined) return missingCell(missing);
  if ("ref" in cell) return refCell(reader, cell.ref);
  if ("element" in cell) return elementCell(cell.dtype, cell.element, missing);
  if ("text" in cell)
    return textCell(printedText(cell), cell.kind === "Decimal" ? "number" : kindOfPrinted(cell.kind));
  return textCell(nestedText(cell.cells, MOST_CHARACTERS), "nested");
}

function kindOfPrinted(kind: string): CellKind {
  return kind === "Interval" ? "other" : "time";
}

/** An element of an array as a cell. @param missing what `null` is: a masked one, or NaT */
export function elementCell(dtype: DType, element: NpElement | undefined, missing: Missing): TableCell {
  if (element === undefined) return { text: "", kind: "pending" };
  if (element === null) return missingCell(missing);
  if (typeof element === "string") return textCell(element);
  if (typeof element === "boolean") return { text: element ? "True" : "False", kind: "bool" };
  if (typeof element === "number" && Number.isNaN(element)) return missingCell("nan");
  if (element instanceof NpDateTime || element instanceof NpTimeDelta)
    return { text: element.toString(), kind: "time" };
  if (element instanceof Uint8Array)
    return textCell(reprBytes(element.subarray(0, MOST_CHARACTERS)), "bytes");
  const isNumber = typeof element === "number" || typeof element === "bigint" || dtype.kind === "c";
  return textCell(elementText(dtype, element, MISSING_TEXT[missing]), isNumber ? "number" : "other");
}

/** A value of the pickle as a cell. */
export function refCell(reader: ValueReader, ref: Ref): TableCell {
  const shape = reader.shape(ref);
  switch (shape.t) {
    case "none":
      return missingCell("none");
    case "str": {
      const text = beginningOf(reader, shape);
      if (text === undefined)
        return { ...textCell(preview(reader, ref, MOST_CHARACTERS)), cut: true, node: ref };
      return { ...textCell(text), node: ref };
    }
    case "float":
      return Number.isNaN(shape.value) ? missingCell("nan") : { text: preview(reader, ref), kind: "number" };
    case "npscalar":
      return { ...elementCell(shape.dtype, scalarElement(shape), "nat"), node: ref };
    case "int":
      return { ...textCell(shape.value.toString(), "number"), node: ref };
    case "hugeint":
    case "complex":
    case "bool":
    case "bytes":
    case "bytearray":
      return { text: preview(reader, ref, MOST_CHARACTERS), kind: kindOf(shape), node: ref };
    case "decimal":
      return { ...textCell(shape.text, "number"), node: ref };
    case "uuid":
      return { text: shape.text, kind: "other", node: ref };
    default: {
      const printed = printedCell(reader, shape);
      if (printed === "missing") return missingCell(missingOf(shape));
      if (printed !== undefined) return { ...tableCell(reader, printed, "na"), node: ref };
      return { text: preview(reader, ref, MOST_CHARACTERS), kind: kindOf(shape), node: ref };
    }
  }
}

/** What begins a text, more of it than a cell shows; all of a shorter one. */
function beginningOf(
  reader: ValueReader,
  { span, codec }: Extract<Shape, { readonly t: "str" }>,
): string | undefined {
  // No character takes more than six bytes, whatever the codec: what is cut is longer than what is shown.
  const most = MOST_CHARACTERS * 6;
  if (span.to - span.from <= most) return reader.textOf({ span, codec });
  const head = span.store.view(span.from, span.from + most);
  const size = codec === "raw-unicode-escape" ? endOfEscape(head) : endOfCharacter(head);
  return reader.textOf({ codec, span: { ...span, to: span.from + size } });
}

/** What pandas' words for what is not there mean. */
function missingOf(shape: Shape): Missing {
  return shape.t === "global" ? "na" : "nat";
}

function kindOf(shape: Shape): CellKind {
  switch (shape.t) {
    case "bool":
      return "bool";
    case "int":
    case "hugeint":
    case "float":
    case "complex":
    case "npscalar":
      return "number";
    case "bytes":
    case "bytearray":
      return "bytes";
    case "datetime":
    case "date":
    case "time":
    case "timedelta":
      return "time";
    case "opaque":
    case "global":
    case "range":
      return "other";
    default:
      return "nested";
  }
}

/** What a value sorts by. */
export function sortKey(reader: ValueReader, cell: Cell): SortKey {
  if (cell === undefined) return undefined;
  if ("ref" in cell) return refKey(reader, cell.ref);
  if ("element" in cell) return elementKey(cell.element);
  if ("cells" in cell) return undefined;
  return cell.order ?? (cell.kind === "Decimal" ? Number(cell.text) : cell.text);
}

/** What an element of an array sorts by. */
export function elementKey(element: NpElement | undefined): SortKey {
  if (element === undefined || element === null) return undefined;
  if (typeof element === "number") return Number.isNaN(element) ? undefined : element;
  if (typeof element === "bigint" || typeof element === "string") return element;
  if (typeof element === "boolean") return Number(element);
  return element instanceof NpDateTime || element instanceof NpTimeDelta ? element.count : undefined;
}

/** What a value of the pickle sorts by. */
export function refKey(reader: ValueReader, ref: Ref): SortKey {
  const shape = reader.shape(ref);
  switch (shape.t) {
    case "bool":
      return Number(shape.value);
    case "int":
      return shape.value;
    case "float":
      return Number.isNaN(shape.value) ? undefined : shape.value;
    case "decimal":
      return Number(shape.text);
    case "str":
      return reader.textOf(shape);
    case "npscalar":
      return elementKey(scalarElement(shape));
    case "datetime":
    case "date":
    case "timedelta":
      return microsecondsOf(shape);
    default: {
      const printed = printedCell(reader, shape);
      if (printed !== undefined && printed !== "missing") return sortKey(reader, printed);
      const cell = refCell(reader, ref);
      return cell.kind === "time" || cell.kind === "number" || cell.kind === "other" ? cell.text : undefined;
    }
  }
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0, microsecond: 0 };

/** Times in one count, whatever their offsets are: those of one column are all of one kind. */
function microsecondsOf(shape: Extract<Shape, { readonly t: "datetime" | "date" | "timedelta" }>): bigint {
  if (shape.t === "timedelta")
    return BigInt(shape.days * 86_400 + shape.seconds) * 1_000_000n + BigInt(shape.microseconds);
  const day = BigInt(utcMillis(shape.date, MIDNIGHT)) * 1000n;
  if (shape.t === "date") return day;
  const { hour, minute, second, microsecond } = shape.time;
  return day + BigInt(((hour * 60 + minute) * 60 + second) * 1e6 + microsecond - (shape.offset ?? 0));
}
