import { Allowance, REPEATED } from "../allowance.ts";
import { distinctMembers, distinctPairs, isDictType } from "../distinct.ts";
import { liesInBytes, partOf, scalarElement, sizeOfShape } from "../numpy/array.ts";
import { PandasValues } from "../pandas/natural.ts";
import { leavesOf, weightOf } from "../numpy/dtype.ts";
import { ndArrayOf } from "../numpy/ndarray.ts";
import type { LeafShape, Members, NdArrayShape, ObjectShape, Pairs, Shape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import type { View } from "../views/view.ts";
import {
  NamedTuple,
  OrderedDict,
  PyComplex,
  PyDecimal,
  PyGlobal,
  PyObject,
  PyOpaque,
  PyPath,
  PyRange,
  PyUUID,
} from "./classes.ts";
import { cellOf, type Part } from "../part.ts";
import { fieldsOf, pathText } from "./known.ts";
import { PyAwareDateTime, PyDate, PyDateTime, PyTime, PyTimeDelta } from "./temporal.ts";
import { isoDate, isoOffset, isoTime, utcMillis } from "./time.ts";

/** Entries that a JavaScript Map or Set holds at most, 2^24, rounded down. */
const MOST_ENTRIES = 16_000_000;

/** Levels that are filled at once; what lies deeper waits on a list, so nesting costs no stack. */
const DEEPEST = 16;
/** Bytes from which on it pays to keep a scalar for the next time that it is referred to. */
const LONG = 64;
/** Bigints that are kept, whose size is not known: any pickler's are in this number, or small. */
const MOST_BIGINTS = 1 << 20;
/** For the parts of an object, which nothing else refers to. */
const NO_REF: Ref = 0;
const PAGE_BITS = 12;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/** The natural JavaScript value of a reference. Identity and cycles are kept; nothing recurses. */
export function naturalValue(reader: ValueReader, root: Ref): unknown {
  return new Builder(reader).build(root);
}

/** The natural value of a part of an array or a frame. */
export function partValue(reader: ValueReader, part: Part): unknown {
  if (part.t === "elements") {
    const array = partOf(part.array, part.base, part.shape);
    return new Builder(reader).array(array);
  }
  const values = new PandasValues(reader, (ref) => naturalValue(reader, ref));
  if (part.t === "view") return viewValue(reader, part.view);
  return part.t === "column"
    ? values.series({ type: "pandas.Series", name: part.name, values: part.column, index: part.index })
    : values.cell(part.t === "element" ? cellOf(part) : part.cell);
}

/** Rows of a view that become values. */
const MOST_ROWS = 1 << 22;

/** What a view has below it: by name where it has names. INVARIANT: recurses as deep as views of views, which are few. */
function viewValue(reader: ValueReader, { rows }: View): unknown {
  if (rows.length > MOST_ROWS) return new PyOpaque(`${rows.length} values: more than are made at once`);
  const values = new PandasValues(reader, (ref) => naturalValue(reader, ref));
  // For all lists in it together.
  const left = { cells: MOST_ROWS };
  const made = Array.from({ length: rows.length }, (_, at) => {
    const { key, value } = rows.at(at);
    if (typeof value === "number") return { key, own: naturalValue(reader, value) };
    return { key, own: value.t === "cell" ? values.cell(value.cell, left) : partValue(reader, value) };
  });
  if (!made.some(({ key }) => typeof key === "string")) return made.map(({ own }) => own);
  return new Map(
    made.map(({ key, own }, at) => [typeof key === "string" ? key.replace(/^\./, "") : at, own]),
  );
}

class Builder {
  readonly #reader: ValueReader;
  // What was made of each node, in pages: a value is met again wherever it is referred to.
  readonly #made = new Map<number, unknown[]>();
  // Long scalars and bytes, which a pickle holds once and may refer to a million times.
  readonly #long = new Map<Ref, unknown>();
  readonly #bytearrays = new Map<Ref, Uint8Array>();
  readonly #allowance: Allowance;
  readonly #work: (() => void)[] = [];
  #depth = 0;
  /** Frames read their values later, when somebody asks for them: of one reference each time the same value. */
  readonly #pandas: PandasValues;

  constructor(reader: ValueReader) {
    this.#reader = reader;
    this.#pandas = new PandasValues(reader, (ref) => this.build(ref));
    this.#allowance = new Allowance(reader);
  }

  /** An array whose elements lie in bytes. */
  array(array: NdArrayShape): unknown {
    return this.#ndarray(array, NO_REF);
  }

  build(root: Ref): unknown {
    const { quick } = this.#reader;
    quick.keepLong(true);
    try {
      const value = this.#value(root);
      for (let fill = this.#work.pop(); fill !== undefined; fill = this.#work.pop()) fill();
      return value;
    } finally {
      quick.keepLong(false);
    }
  }

  /** The value of a reference; a container is still empty and is filled later. */
  #value(ref: Ref): unknown {
    if (ref >= 0) {
      const value = this.#reader.quick.value(ref);
      return value === undefined ? this.#scalar(ref) : value;
    }
    const page = this.#page(ref);
    const made = page[~ref & PAGE_MASK];
    if (made !== undefined) return made;
    if (this.#allowance.refuses(ref)) return new PyOpaque(REPEATED);
    const value = this.#make(this.#reader.shape(ref), ref);
    page[~ref & PAGE_MASK] = value;
    return value;
  }

  /** A scalar that takes a closer look: one object where it is long, as in Python. */
  #scalar(ref: Ref): unknown {
    const known = this.#long.size > 0 ? this.#long.get(ref) : undefined;
    if (known !== undefined) return known;
    const shape = this.#reader.shape(ref);
    const value = this.#make(shape, ref);
    const isBig = typeof value === "bigint" && this.#long.size < MOST_BIGINTS;
    if (isBig || sizeOf(shape) >= LONG) this.#long.set(ref, value);
    return value;
  }

  /** Fills what was made, at once or, deep down, later. It is known before it is filled, so that it may hold itself. */
  #fill<T>(ref: Ref, value: T, fill: (value: T) => void): T {
    if (ref < 0) this.#page(ref)[~ref & PAGE_MASK] = value;
    if (this.#depth >= DEEPEST) {
      this.#work.push(() => {
        fill(value);
      });
    } else {
      this.#depth++;
      fill(value);
      this.#depth--;
    }
    return value;
  }

  #page(ref: Ref): unknown[] {
    const number = ~ref >> PAGE_BITS;
    let page = this.#made.get(number);
    if (page === undefined) this.#made.set(number, (page = []));
    return page;
  }

  #make(shape: Shape, ref: Ref): unknown {
    switch (shape.t) {
      case "list":
      case "tuple":
        return this.#array(shape.members, ref);
      case "set":
      case "frozenset":
        return this.#set(distinctMembers(this.#reader, shape.members), ref);
      case "dict":
        return this.#map(shape.pairs, new Map<unknown, unknown>(), ref);
      case "object":
        return this.#object(shape, ref);
      case "ndarray":
        return this.#ndarray(shape, ref);
      case "dataframe":
        return this.#pandas.frame(shape.frame);
      case "series":
        return this.#pandas.series(shape.series);
      case "index":
        return this.#pandas.index(shape.index);
      case "bytes":
      case "bytearray": {
        // One bytearray is one object; bytes are read only, so their identity does not matter.
        const made = shape.t === "bytearray" ? this.#bytearrays.get(ref) : undefined;
        if (made !== undefined) return made;
        this.#allowance.take(shape.span.to - shape.span.from);
        const data = shape.span.store.copy(shape.span.from, shape.span.to);
        if (shape.t === "bytearray") this.#bytearrays.set(ref, data);
        return data;
      }
      case "npscalar":
        this.#allowance.take(weightOf(shape.dtype));
        return leafValue(shape, this.#reader);
      default:
        return leafValue(shape, this.#reader);
    }
  }

  #ndarray(array: NdArrayShape, ref: Ref): unknown {
    const { data, shape, dtype } = array;
    if (liesInBytes(data)) {
      // Values without a byte of their own are as many as somebody says.
      const [size, leaves] = [sizeOfShape(shape), leavesOf(dtype)];
      const count = Math.max(size, size * leaves);
      const isMade = leaves <= dtype.itemsize || this.#allowance.members(count) === count;
      this.#allowance.take(data.to - data.from);
      return isMade ? ndArrayOf(array, undefined) : new PyOpaque(REPEATED);
    }
    const elements: unknown[] = [];
    return this.#fill(ref, ndArrayOf(array, elements), () => {
      const allowed = this.#allowance.members(data.length);
      for (let i = 0; i < allowed; i++) elements.push(this.#value(data.at(i)));
    });
  }

  #array(members: Members, ref: Ref): unknown[] {
    return this.#fill(ref, [] as unknown[], (array) => {
      const allowed = this.#allowance.members(members.length);
      for (let i = 0; i < allowed; i++) array.push(this.#value(members.at(i)));
      if (allowed < members.length) array.push(new PyOpaque(REPEATED));
    });
  }

  /** A Set where JavaScript tells the members apart as Python does, else an array. */
  #set(members: Members, ref: Ref): unknown {
    if (members.length > MOST_ENTRIES) return this.#array(members, ref);
    const set = new Set<unknown>();
    if (this.#allowance.members(members.length) < members.length) return new PyOpaque(REPEATED);
    for (let i = 0; i < members.length; i++) {
      const member = members.at(i);
      const quick = this.#reader.quick.value(member);
      if (quick !== undefined) {
        set.add(quick);
        continue;
      }
      const shape = this.#reader.shape(member);
      if (!isPrimitive(shape)) return this.#array(members, ref);
      set.add(leafValue(shape, this.#reader));
    }
    return set.size === members.length ? set : this.#array(members, ref);
  }

  #map(all: Pairs, map: Map<unknown, unknown>, ref: Ref): unknown {
    // Texts are equal in JavaScript where they are in Python, and a Map keeps the first place and the last value, too.
    const texts = this.#textKeys(all);
    const pairs = texts ? all : distinctPairs(this.#reader, all);
    if (pairs.length > MOST_ENTRIES || (!texts && this.#hasNans(pairs))) {
      return this.#entries(pairs, ref);
    }
    if (pairs.length > 0) {
      this.#work.push(() => {
        const allowed = this.#allowance.members(pairs.length);
        for (let i = 0; i < allowed; i++) map.set(this.#value(pairs.key(i)), this.#value(pairs.value(i)));
      });
    }
    return map;
  }

  #textKeys(pairs: Pairs): boolean {
    for (let i = 0; i < pairs.length; i++)
      if (this.#reader.quick.text(pairs.key(i)) === undefined) return false;
    return true;
  }

  /** Whether several keys are NaN, which differ in Python and not in a Map. */
  #hasNans(pairs: Pairs): boolean {
    let nans = 0;
    for (let i = 0; i < pairs.length && nans < 2; i++) {
      const shape = this.#reader.shape(pairs.key(i));
      if (shape.t === "float" && Number.isNaN(shape.value)) nans++;
    }
    return nans > 1;
  }

  #entries(pairs: Pairs, ref: Ref): [unknown, unknown][] {
    return this.#fill(ref, [] as [unknown, unknown][], (entries) => {
      const allowed = this.#allowance.members(pairs.length);
      for (let i = 0; i < allowed; i++)
        entries.push([this.#value(pairs.key(i)), this.#value(pairs.value(i))]);
    });
  }

  #object(object: ObjectShape, ref: Ref): unknown {
    const { module, name, args, kwargs, states, items } = object;
    const bare = states.length === 0 && items.length === 0 && (kwargs?.length ?? 0) === 0;
    if (module === "collections" && name === "OrderedDict" && bare) {
      const pairs = this.#orderedPairs(object);
      const value = pairs && this.#map(pairs, new OrderedDict(), ref);
      if (value !== undefined) return value;
    }
    const path = bare ? pathText(object, this.#reader) : undefined;
    if (path !== undefined) {
      this.#allowance.take(path.length);
      return new PyPath(name, path);
    }

    const tuple = object.made === "tuple" ? this.#reader.tuple(args.at(0)) : undefined;
    const positional = tuple ?? args;
    const isNamedTuple =
      bare && object.entries.length === 0 && object.made !== "call" && positional.length > 0;
    const value = isNamedTuple
      ? new NamedTuple(module, name, fieldsOf(object, positional.length))
      : new PyObject(module, name);
    const entries = isDictType(object) ? distinctPairs(this.#reader, object.entries) : object.entries;
    return this.#fill(ref, value, () => {
      value.args = this.#array(isNamedTuple ? positional : args, NO_REF);
      if (kwargs !== undefined && kwargs.length > 0) value.kwargs = this.#kwargs(kwargs);
      const last = states.at(-1);
      if (last !== undefined) value.state = this.#value(last);
      if (items.length > 0) value.items = this.#array(items, NO_REF);
      if (entries.length > 0) value.entries = this.#entries(entries, NO_REF);
    });
  }

  #kwargs(pairs: Pairs): Map<string, unknown> {
    const kwargs = new Map<string, unknown>();
    const allowed = this.#allowance.members(pairs.length);
    for (let i = 0; i < allowed; i++) {
      kwargs.set(this.#reader.text(pairs.key(i)) ?? `(${i})`, this.#value(pairs.value(i)));
    }
    return kwargs;
  }

  /** Python 3 sets the entries one by one; Python 2 gives a list of pairs as the argument. */
  #orderedPairs(object: ObjectShape): Pairs | undefined {
    if (object.args.length === 0) return object.entries;
    if (object.args.length > 1 || object.entries.length > 0) return undefined;
    const list = this.#reader.shape(object.args.at(0));
    if (list.t !== "list" || this.#allowance.members(list.members.length) < list.members.length)
      return undefined;
    const pairs: [Ref, Ref][] = [];
    for (let i = 0; i < list.members.length; i++) {
      const pair = this.#reader.shape(list.members.at(i));
      if ((pair.t !== "list" && pair.t !== "tuple") || pair.members.length !== 2) return undefined;
      pairs.push([pair.members.at(0), pair.members.at(1)]);
    }
    return { length: pairs.length, key: (i) => pairs[i]?.[0] ?? 0, value: (i) => pairs[i]?.[1] ?? 0 };
  }
}

/** Bytes of a scalar that may be long, 0 for the others. */
function sizeOf(shape: Shape): number {
  if (shape.t === "hugeint") return shape.size;
  return shape.t === "str" || shape.t === "bytes" ? shape.span.to - shape.span.from : 0;
}

function isPrimitive(shape: Shape): shape is PlainShape {
  return ["none", "bool", "int", "hugeint", "float", "str"].includes(shape.t);
}

type PlainShape = Exclude<LeafShape, { readonly t: "bytes" | "bytearray" }>;

function leafValue(shape: PlainShape, reader: ValueReader): unknown {
  switch (shape.t) {
    case "none":
      return null;
    case "bool":
    case "int":
    case "float":
      return shape.value;
    case "hugeint":
      return shape.read();
    case "str":
      return reader.textOf(shape) ?? new PyOpaque("text that is not UTF-8");
    case "complex":
      return new PyComplex(shape.re, shape.im);
    case "range":
      return new PyRange(shape.start, shape.stop, shape.step);
    case "datetime": {
      const { date, time, fold, offset } = shape;
      if (offset === undefined) return new PyDateTime(date, time, fold);
      const iso = `${isoDate(date)}T${isoTime(time)}${isoOffset(offset)}`;
      return new PyAwareDateTime(utcMillis(date, time) - offset / 1000, time.microsecond, offset, iso);
    }
    case "date":
      return new PyDate(shape.date);
    case "time":
      return new PyTime(shape.time, shape.offset);
    case "timedelta":
      return new PyTimeDelta(shape.days, shape.seconds, shape.microseconds);
    case "decimal":
      return new PyDecimal(shape.text);
    case "uuid":
      return new PyUUID(shape.text);
    case "global":
      return new PyGlobal(shape.module, shape.name);
    case "npscalar": {
      const element = scalarElement(shape);
      return element === undefined ? new PyOpaque("a scalar whose bytes are missing") : element;
    }
    case "opaque":
      return new PyOpaque(shape.why);
  }
}
