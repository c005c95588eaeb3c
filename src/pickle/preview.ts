import { attributesIn } from "./attributes.ts";
import { isDictType } from "./distinct.ts";
import { MOST_MEMBERS } from "./part.ts";
import { reprBytes, reprComplex, reprFloat, reprText } from "./natural/repr.ts";
import { fieldsOf, pathText } from "./natural/known.ts";
import { PyTimeDelta } from "./natural/temporal.ts";
import { isoDate, isoOffset, isoTime } from "./natural/time.ts";
import { isSingleton, typeName } from "./names.ts";
import { elementAt, liesInBytes, scalarElement, sizeOfShape } from "./numpy/array.ts";
import { dtypeName } from "./numpy/dtype.ts";
import { FEW } from "./numpy/elements.ts";
import { elementText } from "./numpy/elementText.ts";
import type { Cell, Column } from "./pandas/cells.ts";
import type { Frame } from "./pandas/frames.ts";
import { nestedText } from "./pandas/nestedText.ts";
import { printedCell } from "./pandas/text.ts";
import type {
  LeafShape,
  Members,
  NdArrayShape,
  ObjectShape,
  Pairs,
  Shape,
  Span,
  ValueReader,
} from "./shapes.ts";
import type { Ref } from "./tape.ts";
import { viewOf } from "./views/index.ts";
import type { View } from "./views/view.ts";

const MOST_CHARACTERS = 120;
/** Members of a container that are shown. */
const MOST_LEVELS = 3;

/**
 * A short Python-like `repr`: at most about `characters` long, three levels deep, twelve members each, whatever the value is. Control characters are
 * escaped. Nothing is read beyond what is shown.
 */
export function preview(reader: ValueReader, ref: Ref, characters = MOST_CHARACTERS): string {
  const writer = new PreviewWriter(reader, characters);
  writer.write(ref, 0);
  return writer.text;
}

/** The same of a part of an array, from a place in C order on. */
export function previewElements(
  reader: ValueReader,
  array: NdArrayShape,
  base: number,
  shape: readonly number[],
): string {
  const writer = new PreviewWriter(reader, MOST_CHARACTERS);
  writer.writeElements(array, base, shape, 0);
  return writer.text;
}

/** The same of a column, or of the labels of an axis. */
export function previewColumn(
  reader: ValueReader,
  type: string,
  values: Column,
  names: readonly Cell[],
): string {
  const writer = new PreviewWriter(reader, MOST_CHARACTERS);
  writer.writeColumn(type, values, names, 0);
  return writer.text;
}

/** The same of what has a view. */
export function previewView(reader: ValueReader, view: View): string {
  const writer = new PreviewWriter(reader, MOST_CHARACTERS);
  writer.writeView(view, 0);
  return writer.text;
}

/** The same of a value in a frame. */
export function previewCell(reader: ValueReader, cell: Cell): string {
  const writer = new PreviewWriter(reader, MOST_CHARACTERS);
  writer.writeCell(cell, 0);
  return writer.text;
}

class PreviewWriter {
  text = "";
  readonly #reader: ValueReader;
  readonly #characters: number;

  constructor(reader: ValueReader, characters: number) {
    this.#reader = reader;
    this.#characters = characters;
  }

  get #room(): number {
    return this.#characters - this.text.length;
  }

  /** Writes a value. INVARIANT: recurses `MOST_LEVELS` deep and no deeper. */
  write(ref: Ref, level: number): void {
    const shape = this.#reader.shape(ref);
    switch (shape.t) {
      case "list":
        this.#members("[", shape.members, "]", level);
        break;
      case "tuple":
        this.#members("(", shape.members, shape.members.length === 1 ? ",)" : ")", level);
        break;
      case "set":
      case "frozenset": {
        const [open, close] = shape.t === "set" ? ["{", "}"] : ["frozenset({", "})"];
        if (shape.members.length === 0) this.text += `${shape.t}()`;
        else this.#members(open, shape.members, close, level);
        break;
      }
      case "dict":
        this.#pairs("{", shape.pairs, "}", level);
        break;
      case "object":
        this.#object(shape, level);
        break;
      case "ndarray":
        this.writeElements(shape, 0, shape.shape, level);
        break;
      case "dataframe":
        this.#frame(shape.frame, level);
        break;
      case "series":
        this.writeColumn(
          shape.series.type.replace(/^.*\./, ""),
          shape.series.values,
          [shape.series.name],
          level,
        );
        break;
      case "index":
        this.writeColumn(shape.index.type.replace(/^.*\./, ""), shape.index.labels, shape.index.names, level);
        break;
      case "str":
        this.#string(shape);
        break;
      case "bytes":
      case "bytearray":
        this.text += shape.t === "bytes" ? this.#bytes(shape.span) : `bytearray(${this.#bytes(shape.span)})`;
        break;
      default:
        this.text += leafText(shape);
    }
  }

  #string({ span, codec }: Shape & { t: "str" }): void {
    const most = Math.max(8, this.#room);
    const cut = span.to - span.from > most * 4;
    const head = { span: cut ? { ...span, to: span.from + most * 4 } : span, codec };
    let text = this.#reader.textOf(head);
    // A cut may have split a character: at most three bytes of it are left over.
    for (let back = 1; text === undefined && cut && back < 12; back++) {
      text = this.#reader.textOf({ span: { ...head.span, to: head.span.to - back }, codec });
    }
    if (text === undefined) {
      this.text += `<text that is not UTF-8: ${this.#bytes(span)}>`;
      return;
    }
    const short = text.length > most ? text.slice(0, most).replace(/[\ud800-\udbff]$/, "") : text;
    this.text += reprText(short) + (cut || text.length > most ? "…" : "");
  }

  #bytes({ store, from, to }: Span): string {
    const most = Math.max(8, Math.min(40, this.#room));
    const cut = to - from > most;
    return reprBytes(store.view(from, cut ? from + most : to)) + (cut ? "…" : "");
  }

  #members(open: string, members: Members, close: string, level: number): void {
    this.#list(open, members.length, close, level, (i) => {
      this.write(members.at(i), level + 1);
    });
  }

  #pairs(open: string, pairs: Pairs, close: string, level: number): void {
    this.#list(open, pairs.length, close, level, (i) => {
      this.write(pairs.key(i), level + 1);
      this.text += ": ";
      this.write(pairs.value(i), level + 1);
    });
  }

  /** Members between brackets, as many as there is room for. */
  #list(
    open: string,
    length: number,
    close: string,
    level: number,
    writeMember: (index: number) => void,
  ): void {
    this.text += open;
    for (let i = 0; i < length; i++) {
      if (i > 0) this.text += ", ";
      if (i >= MOST_MEMBERS || this.#room < 8 || level + 1 >= MOST_LEVELS) {
        this.text += "…";
        break;
      }
      writeMember(i);
    }
    this.text += close;
  }

  /** `array([1, 2, …], dtype=int64, shape=(1000, 3))`: the first elements in C order; the shape where it is not told by them. */
  writeElements(array: NdArrayShape, base: number, shape: readonly number[], level: number): void {
    const { data, dtype } = array;
    const size = sizeOfShape(shape);
    const write = liesInBytes(data)
      ? (index: number): void => {
          this.text += cut(
            elementText(dtype, elementAt(array, base + index, FEW), array.mask === undefined ? "NaT" : "--"),
          );
        }
      : (index: number): void => {
          this.write(data.at(base + index), level + 1);
        };
    this.text += array.mask === undefined ? "array(" : "masked_array(";
    if (shape.length === 0 && size === 1) write(0);
    else this.#list("[", size, "]", level, write);
    this.text += `, dtype=${dtypeName(dtype)}`;
    if (shape.length !== 1 || size > MOST_MEMBERS)
      this.text += `, shape=(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
    this.text += ")";
  }

  /** `DataFrame(1000 × 3: a int64, b float64, c object)`. */
  #frame(frame: Frame, level: number): void {
    const { index } = frame;
    const { labels } = frame.columns;
    const name = cut(printable(frame.type.replace(/^.*\./, "")));
    this.#list(`${name}(${index.labels.length} × ${labels.length}: `, labels.length, ")", level, (at) => {
      this.writeCell(labels.at(at), level + 1);
      this.text += ` ${cut(printable(frame.column(at)?.dtype ?? ""))}`;
    });
  }

  /** `Series([1, 2, …], dtype=int64, name='a', length=1000)`. */
  writeColumn(type: string, values: Column, names: readonly Cell[], level: number): void {
    this.#list(`${cut(printable(type))}([`, values.length, "]", level, (at) => {
      this.writeCell(values.at(at), level + 1);
    });
    this.text += `, dtype=${cut(printable(values.dtype))}`;
    for (const name of names.slice(0, MOST_MEMBERS)) {
      if (name === undefined || ("ref" in name && this.#reader.shape(name.ref).t === "none")) continue;
      this.text += ", name=";
      this.writeCell(name, level + 1);
    }
    if (values.length > MOST_MEMBERS) this.text += `, length=${values.length}`;
    this.text += ")";
  }

  writeCell(cell: Cell, level: number): void {
    if (cell === undefined) this.text += "<NA>";
    else if ("element" in cell) this.text += cut(elementText(cell.dtype, cell.element, "NaT"));
    else if ("text" in cell) this.text += cut(printable(cell.text));
    else if ("cells" in cell) {
      const { cells } = cell;
      if (cells.form !== undefined) {
        this.text += printable(nestedText(cells, Math.max(16, this.#room)));
        return;
      }
      this.#list("(", cells.length, ")", level, (at) => {
        this.writeCell(cells.at(at), level + 1);
      });
    } else {
      const printed = printedCell(this.#reader, this.#reader.shape(cell.ref));
      if (printed === undefined) this.write(cell.ref, level);
      else this.text += printed === "missing" ? "<NA>" : cut(printable(printed.text));
    }
  }

  /** What a view says of itself, one level down for what it has in it. */
  writeView(view: View, level: number): void {
    view.print({
      text: (text) => {
        this.text += cut(printable(text));
      },
      value: (ref) => {
        if (level + 1 < MOST_LEVELS) this.write(ref, level + 1);
        else this.text += "…";
      },
      cell: (cell) => {
        this.writeCell(cell, level + 1);
      },
      list: (open, length, close, write) => {
        this.#list(cut(printable(open)), length, close, level, write);
      },
    });
  }

  #object(object: ObjectShape, level: number): void {
    const view = viewOf(this.#reader, object);
    if (view !== undefined) {
      this.writeView(view, level);
      return;
    }
    const path = pathText(object, this.#reader);
    const name = object.name.length > 60 ? `${object.name.slice(0, 60)}…` : object.name;
    if (path !== undefined) {
      this.text += `${name}(${reprText(path.slice(0, Math.max(16, this.#room)))}${path.length > this.#room ? "…" : ""})`;
      return;
    }
    const parts: (() => void)[] = [];
    const { args, items, entries, kwargs } = object;
    const positional = object.made === "tuple" ? (this.#reader.tuple(args.at(0)) ?? args) : args;
    const fields = fieldsOf(object, positional.length);
    for (let i = 0; i < Math.min(positional.length, MOST_MEMBERS + 1); i++) {
      parts.push(() => {
        if (fields !== undefined) this.text += `${fields[i]}=`;
        this.write(positional.at(i), level + 1);
      });
    }
    if (object.name === "defaultdict" && isDictType(object) && args.length === 0)
      parts.push(() => (this.text += "None"));
    if (items.length > 0) {
      parts.push(() => {
        this.#members("[", items, "]", level + 1);
      });
    }
    if (entries.length > 0) {
      parts.push(() => {
        this.#pairs("{", entries, "}", level + 1);
      });
    }
    if (kwargs !== undefined) this.#attributes(kwargs, level, parts);
    for (const state of object.states.slice(0, MOST_MEMBERS)) this.#state(state, level, parts);
    this.#list(printable(`${name}(`), parts.length, ")", level, (i) => parts[i]?.());
  }

  /** The attributes in a state: a dict, or a tuple of a dict and the dict of the slots. */
  #state(state: Ref, level: number, parts: (() => void)[]): void {
    const slots = this.#reader.tuple(state);
    const dicts = slots?.length === 2 ? [slots.at(0), slots.at(1)] : [state];
    let known = false;
    for (const ref of dicts) {
      const pairs = attributesIn(this.#reader, ref, true);
      if (pairs === undefined) continue;
      known = true;
      this.#attributes(pairs, level, parts);
    }
    if (known) return;
    parts.push(() => {
      this.write(state, level + 1);
    });
  }

  #attributes(pairs: Pairs, level: number, parts: (() => void)[]): void {
    for (let i = 0; i < Math.min(pairs.length, MOST_MEMBERS + 1); i++) {
      parts.push(() => {
        const name = this.#reader.text(pairs.key(i));
        if (name !== undefined && name.length <= 40) this.text += `${printable(name)}=`;
        this.write(pairs.value(i), level + 1);
      });
    }
  }
}

/** Text of a name without anything that a screen would obey. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function leafText(shape: Exclude<LeafShape, { readonly t: "str" | "bytes" | "bytearray" }>): string {
  switch (shape.t) {
    case "none":
      return "None";
    case "bool":
      return shape.value ? "True" : "False";
    case "int": {
      const digits = shape.value.toString();
      return digits.length > MOST_CHARACTERS ? `${digits.slice(0, 100)}… (${digits.length} digits)` : digits;
    }
    case "hugeint":
      return `<an int of ${shape.size.toLocaleString("en-US")} bytes>`;
    case "float":
      return reprFloat(shape.value);
    case "complex":
      return reprComplex(shape.re, shape.im);
    case "range":
      return `range(${shape.start}, ${shape.stop}${shape.step === 1 ? "" : `, ${shape.step}`})`;
    case "datetime": {
      const offset = shape.offset === undefined ? "" : isoOffset(shape.offset);
      return `${isoDate(shape.date)} ${isoTime(shape.time)}${offset}`;
    }
    case "date":
      return isoDate(shape.date);
    case "time":
      return isoTime(shape.time) + (shape.offset === undefined ? "" : isoOffset(shape.offset));
    case "timedelta":
      return new PyTimeDelta(shape.days, shape.seconds, shape.microseconds).toString();
    case "decimal":
      return `Decimal('${shape.text.length > MOST_CHARACTERS ? `${shape.text.slice(0, 100)}…` : shape.text}')`;
    case "uuid":
      return `UUID('${shape.text}')`;
    case "global":
      if (isSingleton(shape)) return shape.name;
      return `<${printable(typeName(shape)).slice(0, MOST_CHARACTERS)}>`;
    case "npscalar": {
      return cut(elementText(shape.dtype, scalarElement(shape, FEW), "NaT"));
    }
    case "opaque":
      return `<${printable(shape.why).slice(0, MOST_CHARACTERS)}>`;
  }
}
