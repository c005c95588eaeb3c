import { Allowance, REPEATED } from "./allowance.ts";
import { distinctMembers, distinctPairs, isDictType } from "./distinct.ts";
import { floatJson } from "./json.ts";
import {
  elementAt,
  liesInBytes,
  loadedDtype,
  partOf,
  scalarElement,
  sha1Of,
  sizeOfShape,
} from "./numpy/array.ts";
import { dtypeJson, weightOf } from "./numpy/dtype.ts";
import { elementJson } from "./numpy/elements.ts";
import type { Cell, Cells, Column } from "./pandas/cells.ts";
import type { Frame, Series } from "./pandas/frames.ts";
import type { Index } from "./pandas/indexes.ts";
import { printedCell } from "./pandas/text.ts";
import type { LeafShape, Members, NdArrayShape, ObjectShape, Pairs, ValueReader } from "./shapes.ts";
import { cellOf, type Part } from "./part.ts";
import { isDelta, taggedPython } from "./taggedCell.ts";
import { sizeOfLeaf, taggedLeaf } from "./taggedLeaf.ts";
import { FAR_OFFSET, type Ref } from "./tape.ts";
import { bufferOn } from "./text.ts";
import type { Json, Tagged, TaggedLimits } from "./types.ts";
import type { View } from "./views/view.ts";

/** Levels that JSON.stringify can write on any stack; it gives up at twice as many. */
const JSON_DEPTH = 1000;
/** Bytes from which on it pays to keep a scalar for the next time that it is referred to. */
const LONG = 256;

/** Rows of a view that are written. */
const MOST_ROWS = 1 << 20;

/** A value that is still to be written, and where. */
interface Task {
  readonly ref: Ref;
  readonly level: number;
  readonly target: Json[] | Record<string, Json>;
  readonly slot: number | string;
}

/**
 * The lossless JSON form of a value, each node as the contract's table has it. Where the table leaves a choice:
 * - A container is a list, a tuple with members, a set, frozenset, dict or object. `id` counts from 1 and is given only to those that are met again. The empty tuple,
 *   of which Python has one, is written out each time.
 * - The root is level 0; containers at level `depth` are cut: no members, and `len` when there are any. Those do not count as met.
 * - Members of sets come in the order of the pickle; equal ones once. Keys set again keep their place and take the last value.
 * - In an object `args`, `items`, `entries` (pairs), `kwargs` (by name) and `state` are left out when there is nothing in them. Each list keeps `items` members, `len` is the
 *   number of items and entries, or of the arguments where it has neither; at the depth limit it also counts the state. A second BUILD makes `states`, all of them, with the last as `state`.
 * - Text that is no text is `opaque` with `len`, `sha1` and `head` of its bytes.
 */
export function tagged(reader: ValueReader, root: Ref, limits: TaggedLimits = {}): Tagged {
  return new Writer(reader, limits).write(root);
}

/** The same of a part of an array or a frame. */
export function taggedPart(reader: ValueReader, part: Part, limits: TaggedLimits = {}): Tagged {
  return new Writer(reader, limits).writePart(part);
}

class Writer {
  readonly #reader: ValueReader;
  readonly #depth: number;
  readonly #items: number;
  readonly #work: Task[] = [];
  readonly #met = new Map<Ref, Tagged>();
  // Long scalars, which a pickle holds once and may refer to a million times.
  readonly #long = new Map<Ref, Tagged>();
  readonly #allowance: Allowance;
  #lastId = 0;
  #deepest = 0;

  constructor(reader: ValueReader, limits: TaggedLimits) {
    this.#reader = reader;
    this.#depth = limits.depth ?? Infinity;
    this.#items = limits.items ?? Infinity;
    this.#allowance = new Allowance(reader);
  }

  writePart(part: Part): Tagged {
    // No reference is that of a part: nothing in it is that part again.
    const own: Ref = FAR_OFFSET;
    switch (part.t) {
      case "elements":
        return this.#finish(this.#array(own, partOf(part.array, part.base, part.shape), 0));
      case "element":
        return this.#cellNode(cellOf(part));
      case "column": {
        const { name, column, index } = part;
        return this.#finish(this.#series(own, { type: "pandas.Series", name, values: column, index }, 0));
      }
      case "cell":
        return this.#finish(this.#cellNode(part.cell));
      case "view":
        return this.#finish(this.#viewNode(part.view));
    }
  }

  /** What a view has below it, as a dict of its names, or a list. */
  #viewNode({ rows }: View): Tagged {
    const length = Math.min(rows.length, this.#items);
    if (length > MOST_ROWS) return { t: "opaque", why: `${length} values: more than are told at once` };
    const members = Array.from({ length }, (_, at) => rows.at(at));
    const isNamed = members.some(({ key }) => typeof key === "string");
    const v = members.map(({ key, value }): Json => {
      const own = typeof value === "number" ? this.#node(value, 0) : this.writePart(value);
      const name = typeof key === "string" ? key.replace(/^\./, "") : "";
      return isNamed ? [{ t: "str", v: name }, own] : own;
    });
    return { t: isNamed ? "dict" : "list", v, ...(length < rows.length && { len: rows.length }) };
  }

  /** A value in a frame by itself. */
  #cellNode(cell: Cell): Tagged {
    if (cell === undefined) return { t: "none" };
    if ("ref" in cell) return this.#node(cell.ref, 0);
    if ("element" in cell)
      return { t: "npscalar", dtype: dtypeJson(cell.dtype), v: elementJson(cell.element) };
    if ("text" in cell)
      return { t: "object", module: "pandas", name: cell.kind, args: [{ t: "str", v: cell.text }] };
    if (cell.cells.form !== undefined) return this.#pythonNode(cell);
    return { t: "tuple", v: this.#allowedCells(cell.cells).map((own) => this.#cellNode(own)) };
  }

  /** A container of Arrow. */
  #pythonNode(cell: Cell): Tagged {
    return taggedPython(this.#reader, cell, (cells) => this.#allowedCells(cells));
  }

  write(root: Ref): Tagged {
    const out = this.#finish(this.#node(root, 0));
    if (this.#deepest > JSON_DEPTH) {
      // JSON.stringify recurses. What is too deep for it is cut there, and only there.
      const limits = { depth: JSON_DEPTH, items: this.#items };
      Object.defineProperty(out, "toJSON", { value: () => new Writer(this.#reader, limits).write(root) });
    }
    return out;
  }

  #finish(out: Tagged): Tagged {
    // INVARIANT: the work is done first member first, so `id` is on the visit that a reader meets first.
    for (let task = this.#work.pop(); task !== undefined; task = this.#work.pop()) {
      const node = this.#node(task.ref, task.level);
      if (Array.isArray(task.target)) task.target[Number(task.slot)] = node;
      else define(task.target, String(task.slot), node);
      if (task.level > this.#deepest) this.#deepest = task.level;
    }
    return out;
  }

  #node(ref: Ref, level: number): Tagged {
    const met = this.#met.get(ref);
    if (met !== undefined) {
      met["id"] ??= ++this.#lastId;
      return { t: "ref", id: met["id"] };
    }
    const long = this.#long.size > 0 ? this.#long.get(ref) : undefined;
    if (long !== undefined) return { ...long };
    if (this.#allowance.refuses(ref)) return { t: "opaque", why: REPEATED };
    const shape = this.#reader.shape(ref);
    switch (shape.t) {
      case "tuple":
      case "list":
        return this.#sequence(ref, shape.t, shape.members, level);
      case "set":
      case "frozenset":
        return this.#sequence(ref, shape.t, distinctMembers(this.#reader, shape.members), level);
      case "dict":
        return this.#dict(ref, distinctPairs(this.#reader, shape.pairs), level);
      case "ndarray":
        return this.#array(ref, shape, level);
      case "dataframe":
        return this.#frame(ref, shape.frame, level);
      case "series":
        return this.#series(ref, shape.series, level);
      case "index":
        return this.#index(ref, shape.index, level);
      case "object":
        return this.#object(ref, shape, level);
      default:
        return this.#leaf(ref, shape);
    }
  }

  #leaf(ref: Ref, shape: LeafShape): Tagged {
    const node = taggedLeaf(shape, this.#reader);
    if (shape.t === "npscalar") this.#allowance.take(weightOf(shape.dtype));
    const size = sizeOfLeaf(shape, node);
    if (size < LONG) return node;
    this.#allowance.take(size);
    this.#long.set(ref, node);
    return node;
  }

  #sequence(ref: Ref, t: string, members: Members, level: number): Tagged {
    const node: Tagged = { t, v: [] };
    const kept = this.#enter(ref, node, members.length, level, t === "tuple" && members.length === 0);
    if (kept < members.length) node["len"] = members.length;
    this.#later([this.#members(node, "v", members, kept, level)]);
    return node;
  }

  #dict(ref: Ref, pairs: Pairs, level: number): Tagged {
    const node: Tagged = { t: "dict", v: [] };
    const kept = this.#enter(ref, node, pairs.length, level, false);
    if (kept < pairs.length) node["len"] = pairs.length;
    this.#later([this.#pairs(node, "v", pairs, kept, level)]);
    return node;
  }

  #array(ref: Ref, array: NdArrayShape, level: number): Tagged {
    const { data, dtype, shape, mask } = array;
    const node: Tagged = { t: "ndarray", dtype: dtypeJson(loadedDtype(array)), shape: [...shape] };
    if (liesInBytes(data)) {
      this.#met.set(ref, node);
      this.#allowance.take(data.to - data.from + ((mask?.to ?? 0) - (mask?.from ?? 0)));
      node["sha1"] = sha1Of(array, data);
      this.#allowance.take(Math.min(HEAD, sizeOfShape(shape)) * weightOf(dtype));
      node["head"] = headOf(sizeOfShape(shape), (index) => elementJson(elementAt(array, index) ?? null));
    } else if (dtype.kind === "T") {
      this.#met.set(ref, node);
      node["head"] = headOf(data.length, (index) => this.#reader.text(data.at(index)) ?? null);
    } else {
      const kept = this.#enter(ref, node, data.length, level, false);
      if (kept < data.length) node["len"] = data.length;
      this.#later([this.#members(node, "v", data, kept, level)]);
    }
    return node;
  }

  /** A frame with its index, which is part of it and never a reference. */
  #frame(ref: Ref, frame: Frame, level: number): Tagged {
    const { columns, index } = frame;
    const read = Array.from({ length: columns.labels.length }, (_, at) => frame.column(at));
    const node: Tagged = { t: "dataframe" };
    this.#met.set(ref, node);
    const tasks: Task[] = [];
    const labels = read.map((_, at) => columns.labels.at(at));
    node["columns"] = this.#cells(labels, level, tasks);
    node["dtypes"] = read.map((column) => column?.dtype ?? "");
    node["shape"] = [index.labels.length, columns.labels.length];
    node["index"] = this.#axis(index, level, tasks);
    node["head"] = Array.from({ length: Math.min(index.labels.length, ROWS) }, (_, row) =>
      this.#cells(
        read.map((column) => column?.at(row)),
        level,
        tasks,
      ),
    );
    this.#later([tasks]);
    return node;
  }

  #series(ref: Ref, { name, values }: Series, level: number): Tagged {
    const node: Tagged = { t: "series" };
    this.#met.set(ref, node);
    const tasks: Task[] = [];
    node["columns"] = this.#cells([name], level, tasks);
    node["dtypes"] = [values.dtype];
    node["shape"] = [values.length];
    node["head"] = this.#head(values, level, tasks);
    this.#later([tasks]);
    return node;
  }

  #index(ref: Ref, index: Index, level: number): Tagged {
    const tasks: Task[] = [];
    const node = this.#axis(index, level, tasks);
    this.#met.set(ref, node);
    this.#later([tasks]);
    return node;
  }

  #axis({ names, dtypes, labels }: Index, level: number, tasks: Task[]): Tagged {
    return {
      t: "index",
      columns: this.#cells(names, level, tasks),
      dtypes: [...dtypes],
      shape: [labels.length],
      head: this.#head(labels, level, tasks),
    };
  }

  #head(values: Column, level: number, tasks: Task[]): Json[] {
    const cells = Array.from({ length: Math.min(values.length, ROWS) }, (_, at) => values.at(at));
    return this.#cells(cells, level, tasks);
  }

  /** Labels or values as JSON; those that have no such form are written as nodes, later. INVARIANT: recurses `CELL_DEPTH` deep. */
  #cells(cells: readonly Cell[], level: number, tasks: Task[], depth = 0): Json[] {
    const target: Json[] = [];
    for (const [slot, cell] of cells.entries()) {
      target.push(null);
      if (cell === undefined) continue;
      if ("element" in cell) target[slot] = elementJson(cell.element);
      else if ("text" in cell) {
        const isOwn = cell.kind === "time" || (depth > 0 && isDelta(cell));
        target[slot] = isOwn ? this.#pythonNode(cell) : cell.text;
      } else if ("cells" in cell && cell.cells.names !== undefined) target[slot] = this.#pythonNode(cell);
      else if ("cells" in cell)
        target[slot] = this.#cells(this.#allowedCells(cell.cells), level, tasks, depth + 1);
      else {
        const value = this.#cellValue(cell.ref, level, tasks, depth);
        if (value === undefined) tasks.push({ ref: cell.ref, level: level + 1, target, slot });
        else target[slot] = value;
      }
    }
    return target;
  }

  #allowedCells(cells: Cells): Cell[] {
    return Array.from({ length: this.#allowance.members(cells.length) }, (_, index) => cells.at(index));
  }

  /** A value in a frame as JSON; `undefined` for what has no such form. */
  #cellValue(ref: Ref, level: number, tasks: Task[], depth: number): Json | undefined {
    const shape = this.#reader.shape(ref);
    switch (shape.t) {
      case "bool":
        return shape.value;
      case "int": {
        const { value } = shape;
        return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
      }
      case "float":
        return floatJson(shape.value);
      case "complex":
        return [floatJson(shape.re), floatJson(shape.im)];
      case "str":
        return this.#reader.textOf(shape);
      case "bytes": {
        const { store, from, to } = shape.span;
        this.#allowance.take(to - from);
        return bufferOn(store.view(from, to)).toString("latin1");
      }
      case "npscalar":
        return elementJson(scalarElement(shape) ?? null);
      case "datetime":
      case "date":
      case "decimal":
        return taggedLeaf(shape, this.#reader)["v"];
      case "list":
      case "tuple": {
        if (depth >= CELL_DEPTH) return undefined;
        const { members } = shape;
        const cells = Array.from({ length: this.#allowed(members.length) }, (_, at) => ({
          ref: members.at(at),
        }));
        return this.#cells(cells, level, tasks, depth + 1);
      }
      default: {
        const printed = printedCell(this.#reader, shape);
        return printed === "missing" ? null : printed?.text;
      }
    }
  }

  #object(ref: Ref, object: ObjectShape, level: number): Tagged {
    const node: Tagged = { t: "object", module: object.module, name: object.name };
    const entries = isDictType(object) ? distinctPairs(this.#reader, object.entries) : object.entries;
    const { args, items, states, kwargs } = object;
    const size = items.length + entries.length > 0 ? items.length + entries.length : args.length;
    if (level >= this.#depth) {
      const hidden = size + states.length;
      if (hidden > 0) node["len"] = hidden;
      return node;
    }
    this.#met.set(ref, node);
    let missing = 0;
    const cut = (length: number): number => {
      const kept = this.#allowed(length);
      missing += length - kept;
      return kept;
    };
    const tasks: Task[][] = [];
    if (args.length > 0) tasks.push(this.#members(node, "args", args, cut(args.length), level));
    if (kwargs !== undefined && kwargs.length > 0) tasks.push(this.#kwargs(node, kwargs, level));
    const last = states.at(-1);
    if (last !== undefined) {
      node["state"] = null;
      tasks.push([{ ref: last, level: level + 1, target: node, slot: "state" }]);
    }
    if (states.length > 1) {
      const all = states.slice(0, this.#allowed(states.length));
      tasks.push(
        this.#members(node, "states", { length: all.length, at: (i) => all[i] ?? 0 }, all.length, level),
      );
    }
    if (items.length > 0) tasks.push(this.#members(node, "items", items, cut(items.length), level));
    if (entries.length > 0) tasks.push(this.#pairs(node, "entries", entries, cut(entries.length), level));
    if (missing > 0) node["len"] = size;
    this.#later(tasks);
    return node;
  }

  /** How many members of a container are kept; it counts as met when it is opened. */
  #enter(ref: Ref, node: Tagged, length: number, level: number, shared: boolean): number {
    if (shared || level >= this.#depth) return 0;
    this.#met.set(ref, node);
    return this.#allowed(length);
  }

  /** How many of the members are written. */
  #allowed(length: number): number {
    return this.#allowance.members(Math.min(length, this.#items));
  }

  #members(node: Tagged, field: string, members: Members, kept: number, level: number): Task[] {
    const target: Json[] = [];
    node[field] = target;
    const tasks: Task[] = [];
    for (let i = 0; i < kept; i++) tasks.push({ ref: members.at(i), level: level + 1, target, slot: i });
    return tasks;
  }

  #pairs(node: Tagged, field: string, pairs: Pairs, kept: number, level: number): Task[] {
    const target: Json[] = [];
    node[field] = target;
    const tasks: Task[] = [];
    for (let i = 0; i < kept; i++) {
      const pair: Json[] = [null, null];
      target.push(pair);
      tasks.push({ ref: pairs.key(i), level: level + 1, target: pair, slot: 0 });
      tasks.push({ ref: pairs.value(i), level: level + 1, target: pair, slot: 1 });
    }
    return tasks;
  }

  #kwargs(node: Tagged, pairs: Pairs, level: number): Task[] {
    const target: Record<string, Json> = {};
    node["kwargs"] = target;
    const tasks: Task[] = [];
    const kept = this.#allowed(pairs.length);
    for (let i = 0; i < kept; i++) {
      const slot = this.#reader.text(pairs.key(i)) ?? `(${i})`;
      tasks.push({ ref: pairs.value(i), level: level + 1, target, slot });
    }
    return tasks;
  }

  #later(groups: readonly Task[][]): void {
    for (let g = groups.length - 1; g >= 0; g--) {
      const group = groups[g] ?? [];
      for (let i = group.length - 1; i >= 0; i--) {
        const task = group[i];
        if (task !== undefined) this.#work.push(task);
      }
    }
  }
}

/** Sets a field, also one named `__proto__`. */
function define(target: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Values of an array that its lossless form begins with. */
const HEAD = 10;
/** Rows of a frame. */
const ROWS = 5;
/** Lists in lists of a label. */
const CELL_DEPTH = 8;

function headOf(length: number, at: (index: number) => Json): Json[] {
  return Array.from({ length: Math.min(length, HEAD) }, (_, index) => at(index));
}
