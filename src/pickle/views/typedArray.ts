import { dtypeName, PLAIN, type DTypeKind } from "../numpy/dtype.ts";
import { runAlong } from "../numpy/numbers.ts";
import type { Cell } from "../pandas/cells.ts";
import { elementRows } from "../elementRows.ts";
import { byteSpan } from "../recognisers/arguments.ts";
import type { NdArrayShape, ObjectShape, Span, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { cellOf, type Part, type PartRows } from "../part.ts";
import { reprText } from "../natural/repr.ts";
import { textPart } from "./rows.ts";
import type { Pen, View } from "./view.ts";

/** How a machine writes the elements, by the numbers of `array._array_reconstructor`; behind these four the order of bytes alternates. */
const FORMATS: readonly (readonly [kind: DTypeKind, itemsize: number])[] = [
  ["u", 1],
  ["i", 1],
  ...(["u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "U2", "U4"] as const).flatMap((format) => {
    const one = [format.slice(0, 1) as DTypeKind, Number(format.slice(1))] as const; // As the list says.
    return [one, one];
  }),
];
/** Bytes of a text whose characters are bytes. */
const MOST_TEXT = 1 << 20;
/** Bytes of one character, however it is written. */
const MOST_CHARACTER = 12;
/** Characters that its short text shows. */
const MOST_SHOWN = 100;

/** Python's `array.array`: of a type code and a list, or, from protocol 3 on, of bytes and how they are to be read. */
export function typedArrayView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { args, name, items, states } = object;
  if (items.length > 0 || states.length > 0) return undefined;
  if (name !== "array") return args.length === 4 ? ofBytes(object, reader) : undefined;
  const code = args.length > 0 && args.length < 3 ? reader.text(args.at(0)) : undefined;
  const list = args.length === 2 ? reader.shape(args.at(1)) : undefined;
  if (code === undefined || (list !== undefined && list.t !== "list")) return undefined;
  const length = list?.members.length ?? 0;
  if (/^[uw]$/.test(code))
    return ofText(code, length, (at) => characterOf(reader, list?.members.at(at) ?? 0));
  const write = (pen: Pen, at: number): void => {
    pen.value(list?.members.at(at) ?? 0);
  };
  return viewWith(code, { length, at: (at) => ({ value: list?.members.at(at) ?? 0 }) }, write);
}

function viewWith(code: string, rows: PartRows, write: (pen: Pen, at: number) => void): View {
  const { length } = rows;
  return {
    type: "array.array",
    length,
    rows,
    print: (pen) => {
      const open = `array(${reprText(code)}`;
      if (length === 0) pen.text(`${open})`);
      else
        pen.list(`${open}, [`, length, "])", (at) => {
          write(pen, at);
        });
    },
  };
}

/** `_array_reconstructor(array, typecode, format, bytes)`. */
function ofBytes({ args }: ObjectShape, reader: ValueReader): View | undefined {
  const [code, format] = [reader.text(args.at(1)), reader.int(args.at(2))];
  const data = byteSpan(reader, args.at(3), MOST_TEXT);
  const found = typeof format === "number" ? FORMATS[format] : undefined;
  if (reader.nameOf(args.at(0))?.name !== "array" || code === undefined || found === undefined)
    return undefined;
  if (data === undefined || (data.to - data.from) % found[1] !== 0) return undefined;
  const [kind, itemsize] = found;
  const length = (data.to - data.from) / itemsize;
  const littleEndian = Number(format) % 2 === 0;
  if (kind === "U") {
    return ofText(code, length, characterIn(data, itemsize, littleEndian));
  }
  const array: NdArrayShape = {
    t: "ndarray",
    dtype: { ...PLAIN, kind, itemsize, littleEndian },
    turned: false,
    shape: [length],
    order: "C",
    data,
    mask: undefined,
    plain: true,
  };
  const at = (index: number): Cell => cellOf({ array, at: index });
  const values = { dtype: dtypeName(array.dtype), length, at, run: runAlong(array, 0, [0]) };
  return {
    ...viewWith(code, elementRows(array, 0, [length]), (pen, index) => {
      pen.cell(at(index));
    }),
    sheet: { t: "columns", length, columns: [{ name: "", values }] },
  };
}

/** Characters, which Python prints as one text. */
function ofText(code: string, length: number, character: (at: number) => string): View {
  const rows: PartRows = { length, at: (at): { value: Part } => ({ value: textPart(character(at)) }) };
  return {
    ...viewWith(code, rows, () => undefined),
    print: (pen) => {
      const text = Array.from({ length: Math.min(length, MOST_SHOWN) }, (_, at) => character(at)).join("");
      const shown = length === 0 ? "" : `, ${reprText(text)}${length > MOST_SHOWN ? "…" : ""}`;
      pen.text(`array(${reprText(code)}${shown})`);
    },
  };
}

/** A text of one character; nothing of what is longer. */
function characterOf(reader: ValueReader, ref: Ref): string {
  const shape = reader.shape(ref);
  const isShort = shape.t === "str" && shape.span.to - shape.span.from <= MOST_CHARACTER;
  return isShort ? (reader.textOf(shape) ?? "") : "";
}

/** How the characters are read that a machine wrote. */
function characterIn({ store, from }: Span, itemsize: number, littleEndian: boolean): (at: number) => string {
  return (at) => {
    const bytes = store.view(from + itemsize * at, from + itemsize * (at + 1));
    const view = new DataView(bytes.buffer, bytes.byteOffset, itemsize);
    const point = itemsize === 2 ? view.getUint16(0, littleEndian) : view.getUint32(0, littleEndian);
    return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  };
}
