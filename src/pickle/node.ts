import { rowsOf } from "./children.ts";
import { distinctMembers, distinctPairs, isDictType } from "./distinct.ts";
import { readable } from "./errors.ts";
import { naturalValue, partValue } from "./natural/build.ts";
import { partOf } from "./numpy/array.ts";
import { npyPieces } from "./numpy/save.ts";
import { areThere, isThere, partRowsOf, previewOfPart, rowsOfPart, typeOfPart } from "./parts.ts";
import type { Part, PartRows } from "./part.ts";
import { preview } from "./preview.ts";
import type { ObjectShape, Shape, ValueReader } from "./shapes.ts";
import { typeOfShape } from "./typeOf.ts";
import { isTabular, tableOf, tableOfPart } from "./table/index.ts";
import type { Slice, Table } from "./table/table.ts";
import type { Ref } from "./tape.ts";
import type { PyChild, PyNode, PyPage, Tagged, TaggedLimits } from "./types.ts";
import { viewOf } from "./views/index.ts";

/** Rows in a page that does not say how many. */
const PAGE_SIZE = 1000;

/** What a node needs of its document. */
export interface NodeContext {
  readonly reader: ValueReader;
  /** The nodes of what has none in the pickle. */
  readonly parts: PartNodes;
  /** Whether all was read. */
  readonly settled: boolean;
  /** Waits until the condition holds or all was read. */
  until(condition: () => boolean): Promise<void>;
}

/** The first identity of a part: no reference is so large. */
const FIRST_PART = 2 ** 40;

/** The nodes of parts of values, each with an identity as long as its document lives. */
export class PartNodes {
  readonly #context: NodeContext;
  readonly #nodes: PartNode[] = [];
  readonly #ids = new Map<string, number>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** The node of an identity that was given to a part. */
  get(id: number): PyNode | undefined {
    return this.#nodes[id - FIRST_PART];
  }

  /** The nodes of some of the rows below a value. */
  children(parent: number, rows: PartRows, from: number, to: number): PyChild[] {
    const children: PyChild[] = [];
    const end = Math.min(to, rows.there ?? rows.length);
    for (let at = from; at < end; at++) {
      const { key, value } = rows.at(at);
      children.push({
        ...(key !== undefined && {
          key: typeof key === "string" ? key : this.#node(`${parent} ${at} key`, key),
        }),
        value: this.#node(`${parent} ${at}`, value),
      });
    }
    return children;
  }

  #node(place: string, part: Part | Ref): PyNode {
    if (typeof part === "number") return new ValueNode(this.#context, part, () => part);
    const known = this.#ids.get(place);
    if (known !== undefined) return this.#nodes[known] ?? this.#made(place, part);
    return this.#made(place, part);
  }

  #made(place: string, part: Part): PyNode {
    const at = this.#nodes.length;
    const node = new PartNode(this.#context, FIRST_PART + at, part);
    this.#nodes.push(node);
    this.#ids.set(place, at);
    return node;
  }
}

/** A part of a value, as a node. */
class PartNode implements PyNode {
  readonly id: number;
  readonly #context: NodeContext;
  readonly #part: Part;

  constructor(context: NodeContext, id: number, part: Part) {
    this.id = id;
    this.#context = context;
    this.#part = part;
  }

  get type(): string {
    return readable(
      () => typeOfPart(this.#part),
      () => "opaque",
    );
  }

  get length(): number | undefined {
    if (this.#part.t === "view") return this.#part.view.length;
    const part = this.#part;
    const isLeaf =
      part.t === "element" || (part.t === "cell" && (part.cell === undefined || !("cells" in part.cell)));
    return isLeaf ? undefined : this.childCount;
  }

  get shape(): readonly number[] | undefined {
    if (this.#part.t === "view") return this.#part.view.shape;
    return this.#part.t === "elements" ? this.#part.shape : undefined;
  }

  get childCount(): number {
    return rowsOfPart(this.#part).length;
  }

  get preview(): string {
    return readable(() => previewOfPart(this.#context.reader, this.#part), unread);
  }

  get isTabular(): boolean {
    const part = this.#part;
    return part.t === "view" ? part.view.sheet !== undefined : part.t === "column" || part.t === "elements";
  }

  table(slice?: Slice): Table | undefined {
    return tableOfPart(this.#context.reader, this.#part, slice);
  }

  npy(): Iterable<Uint8Array> | undefined {
    const part = this.#part;
    return part.t === "elements" ? npyPieces(partOf(part.array, part.base, part.shape)) : undefined;
  }

  async children({ from = 0, to = from + PAGE_SIZE }: PyPage = {}): Promise<PyChild[]> {
    const rows = rowsOfPart(this.#part);
    await this.#context.until(() => areThere(rows, to));
    return this.#context.parts.children(this.id, rows, Math.max(0, Math.floor(from)), to);
  }

  async toValue(): Promise<unknown> {
    await this.#context.until(() => isThere(this.#part));
    return partValue(this.#context.reader, this.#part);
  }

  async tagged(limits?: TaggedLimits): Promise<Tagged> {
    await this.#context.until(() => isThere(this.#part));
    // For tests, copying and agents: who looks at a value does without its code.
    return (await import("./tagged.ts")).taggedPart(this.#context.reader, this.#part, limits);
  }

  async bytes(): Promise<Uint8Array | undefined> {
    return Promise.resolve(undefined);
  }

  beginning(): undefined {
    return undefined;
  }
}

/** A lazy node: a reference that is looked at when asked. */
export class ValueNode implements PyNode {
  readonly id: number;
  readonly #context: NodeContext;
  readonly #ref: () => Ref | undefined;

  /** `ref` is asked each time: what the root is shows only at the end. `undefined`: nothing is known of it. */
  constructor(context: NodeContext, id: number, ref: () => Ref | undefined) {
    this.id = id;
    this.#context = context;
    this.#ref = ref;
  }

  get #shape(): Shape {
    const ref = this.#ref();
    if (ref === undefined) return { t: "opaque", why: "nothing of the value could be read" };
    return readable<Shape>(
      () => this.#context.reader.shape(ref),
      (why) => ({ t: "opaque", why }),
    );
  }

  get type(): string {
    return typeOfShape(this.#context.reader, this.#shape);
  }

  get length(): number | undefined {
    return readable(
      () => pythonLength(this.#context.reader, this.#shape, this.#context.settled),
      () => undefined,
    );
  }

  get shape(): readonly number[] | undefined {
    const shape = this.#shape;
    if (shape.t === "ndarray") return shape.shape;
    if (shape.t === "object") return viewOf(this.#context.reader, shape)?.shape;
    if (shape.t !== "dataframe") return undefined;
    const { index, columns } = shape.frame;
    return [index.labels.length, columns.labels.length];
  }

  get childCount(): number {
    const shape = this.#shape;
    return (
      partRowsOf(this.#context.reader, shape) ?? rowsOf(this.#context.reader, shape, this.#context.settled)
    ).length;
  }

  get preview(): string {
    const ref = this.#ref();
    if (ref === undefined) return unread("nothing could be read");
    return readable(() => preview(this.#context.reader, ref), unread);
  }

  get isTabular(): boolean {
    return isTabular(this.#context.reader, this.#shape);
  }

  table(slice?: Slice): Table | undefined {
    return tableOf(this.#context.reader, this.#shape, slice);
  }

  npy(): Iterable<Uint8Array> | undefined {
    const shape = this.#shape;
    return shape.t === "ndarray" ? npyPieces(shape) : undefined;
  }

  async children(page: PyPage = {}): Promise<PyChild[]> {
    const from = Math.max(0, Math.floor(page.from ?? 0));
    const to = page.to ?? from + PAGE_SIZE;
    await this.#context.until(() => this.#hasChildren(to));
    const parts = partRowsOf(this.#context.reader, this.#shape);
    if (parts !== undefined) return this.#context.parts.children(this.id, parts, from, to);
    const rows = rowsOf(this.#context.reader, this.#shape, this.#context.settled);
    const children: PyChild[] = [];
    for (let i = from; i < Math.min(to, rows.length); i++) {
      const { key, value } = rows.at(i);
      const node = this.#node(value);
      children.push(
        key === undefined
          ? { value: node }
          : { key: typeof key === "string" ? key : this.#node(key), value: node },
      );
    }
    return children;
  }

  #hasChildren(to: number): boolean {
    const shape = this.#shape;
    const parts = partRowsOf(this.#context.reader, shape);
    if (parts !== undefined) return areThere(parts, to);
    return rowsOf(this.#context.reader, shape, this.#context.settled).length >= to;
  }

  /** Whether the bytes of a text or of bytes up to `to` are there. */
  #hasBytes(to: number): boolean {
    const shape = this.#shape;
    return !hasSpan(shape) || Math.min(shape.span.to, shape.span.from + to) <= shape.span.store.length;
  }

  #node(ref: Ref): ValueNode {
    return new ValueNode(this.#context, ref, () => ref);
  }

  async toValue(): Promise<unknown> {
    await this.#context.until(() => false);
    const ref = this.#ref();
    return ref === undefined ? undefined : naturalValue(this.#context.reader, ref);
  }

  async tagged(limits?: TaggedLimits): Promise<Tagged> {
    await this.#context.until(() => false);
    const ref = this.#ref();
    if (ref === undefined) return { t: "opaque", why: "nothing of the value could be read" };
    return (await import("./tagged.ts")).tagged(this.#context.reader, ref, limits);
  }

  async bytes(page: PyPage = {}): Promise<Uint8Array | undefined> {
    await this.#context.until(() => this.#hasBytes(page.to ?? Infinity));
    const shape = this.#shape;
    if (!hasSpan(shape)) return undefined;
    const { store, from, to } = shape.span;
    const start = Math.max(0, page.from ?? 0);
    if (shape.t !== "str" || shape.codec !== "raw-unicode-escape") {
      return store.copy(from + start, Math.min(to, from + (page.to ?? Infinity)));
    }
    const text = this.#context.reader.textOf(shape) ?? "";
    return new TextEncoder().encode(text).slice(start, page.to);
  }

  beginning(size: number): Uint8Array | undefined {
    const shape = this.#shape;
    if (!hasSpan(shape)) return undefined;
    const { store, from, to } = shape.span;
    return store.copy(from, Math.min(to, from + size));
  }
}

/** What stands for what cannot be read. */
function unread(why: string): string {
  return `<${why}>`;
}

function hasSpan(shape: Shape): shape is Shape & { readonly t: "str" | "bytes" | "bytearray" } {
  return shape.t === "bytes" || shape.t === "bytearray" || shape.t === "str";
}

/** Python: `len(value)`; `undefined` for what has none. */
function pythonLength(reader: ValueReader, shape: Shape, complete: boolean): number | undefined {
  switch (shape.t) {
    case "list":
    case "tuple":
      return shape.members.length;
    case "dataframe":
      return shape.frame.index.labels.length;
    case "series":
      return shape.series.values.length;
    case "index":
      return shape.index.labels.length;
    // As Python: along the first axis; one without axes has none.
    case "ndarray":
      return shape.shape[0];
    case "set":
    case "frozenset":
      return complete ? distinctMembers(reader, shape.members).length : shape.members.length;
    case "dict":
      return complete ? distinctPairs(reader, shape.pairs).length : shape.pairs.length;
    case "bytes":
    case "bytearray":
      return shape.span.to - shape.span.from;
    case "str":
      // Of a text that is still arriving nobody knows.
      return shape.span.to > shape.span.store.length ? undefined : textLength(reader, shape);
    case "range": {
      const [start, stop, step] = [BigInt(shape.start), BigInt(shape.stop), BigInt(shape.step)];
      const steps = step > 0n ? (stop - start + step - 1n) / step : (start - stop - step - 1n) / -step;
      // Python's own len() gives up past a machine word.
      return steps >= 2n ** 63n ? undefined : steps > 0n ? Number(steps) : 0;
    }
    case "object":
      return objectLength(reader, shape, complete);
    default:
      return undefined;
  }
}

/** Members or entries of an object; none of a class that may have no length at all. */
function objectLength(reader: ValueReader, object: ObjectShape, complete: boolean): number | undefined {
  const view = viewOf(reader, object);
  if (view !== undefined) return view.length;
  const { items, entries } = object;
  if (items.length > 0) return items.length;
  if (!isDictType(object)) {
    const isDeque = object.module === "collections" && object.name === "deque";
    return entries.length > 0 || isDeque ? entries.length : undefined;
  }
  if (object.name === "Counter" && object.args.length === 1 && entries.length === 0) {
    // Counter(dict)
    const counts = reader.dict(object.args.at(0));
    return counts && distinctPairs(reader, counts).length;
  }
  if (object.name === "OrderedDict" && object.args.length > 0) {
    // As Python 2 writes it: OrderedDict([[key, value], ...]).
    const shape = reader.shape(object.args.at(0));
    return shape.t === "list" ? shape.members.length : undefined;
  }
  return complete ? distinctPairs(reader, entries).length : entries.length;
}

/** Code points of a text, counted in its bytes where they are UTF-8. */
function textLength(reader: ValueReader, shape: Shape & { t: "str" }): number {
  const { store, from, to } = shape.span;
  if (shape.codec === "ascii") return to - from;
  let length = 0;
  if (shape.codec !== "utf8") {
    const text = reader.textOf(shape) ?? "";
    for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) length++;
    return length;
  }
  for (const piece of store.pieces(from, to)) {
    // By index, from the end: over a gigabyte an iterator costs seconds.
    for (let at = piece.length - 1; at >= 0; at--) if (((piece[at] ?? 0) & 0xc0) !== 0x80) length++;
  }
  return length;
}
