import { PickleError } from "./errors.ts";

/**
 * A reference to a value, 32 bits. Not negative: a scalar, the offset of its opcode. Negative: a node, `~ref` is its index. So a scalar costs nothing but
 * its place in a container.
 */
export type Ref = number;

/** Offsets from here on do not fit into a reference: such scalars get a node. It also marks an unused memo entry. */
export const FAR_OFFSET = 0x7fff_ffff;

/** The kinds of nodes, and what their two fields `a` and `b` hold. */
export const Kind = {
  /** a, b: the offset of a scalar, low and high part. */
  Far: 0,
  /** a, b: start and number of the members in `items`. Tuples and frozensets never change. */
  Tuple: 1,
  FrozenSet: 2,
  /** a, b: the first members, the others in operations. */
  List: 3,
  Set: 4,
  /** a, b: start and number of the first pairs, twice as many items. */
  Dict: 5,
  /** a, b: the references of module and name. */
  Global: 6,
  /** a, b: the references of the callable or class and of its arguments. */
  Reduce: 7,
  NewObj: 8,
  /** a: the reference of an object without a node on which something was built. */
  Wrap: 9,
  /** a: the reference of the identifier. */
  PersId: 10,
  /** a: the number of the out-of-band buffer. */
  Buffer: 11,
} as const;

/** What was done to a node after it was made, in order. */
export const Edit = {
  /** start and number of members. */
  Items: 0,
  /** start and number of pairs. */
  Entries: 1,
  /** the reference of the state. */
  State: 2,
  /** the reference of the keyword arguments (NEWOBJ_EX). */
  Kwargs: 3,
} as const;

/** Members that are copied one by one. */
const MOST_BY_HAND = 32;

/**
 * What the scan writes: values as fixed-size records in growing typed arrays. A record has four fields: kind, a, b, and the last of its edits; the edits of a
 * node are a ring of records (what, a, b, next), so that adding one costs the same at any length. Memory follows the bytes that were scanned.
 */
export class Tape {
  nodes = new Int32Array(256);
  nodeCount = 0;
  items = new Int32Array(256);
  itemCount = 0;
  // Record 0 is never used: 0 in a node means "no edits".
  edits = new Int32Array(64);
  editCount = 1;
  /** Grows whenever something that was written is taken back. */
  revision = 0;
  readonly #maxBytes: number;

  constructor(maxBytes = 2 ** 31) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Room for at least `size` fields, twice as much as before where that is allowed: what is never written to takes no memory. Throws `limit` where there
   * is no room for them.
   */
  grow(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
    const others = this.nodes.length + this.items.length + this.edits.length - array.length;
    const most = Math.floor(this.#maxBytes / 4) - others;
    if (size > most) throw new PickleError("limit", "the value has more parts than are allowed", 0);
    const length = Math.min(most, Math.max(size, array.length + Math.max(1024, array.length)));
    const grown = new Int32Array(length);
    grown.set(array);
    return grown;
  }

  node(kind: number, a: number, b: number): Ref {
    const at = this.nodeCount << 2;
    if (at + 4 > this.nodes.length) this.nodes = this.grow(this.nodes, at + 4);
    const { nodes } = this;
    nodes[at] = kind;
    nodes[at + 1] = a;
    nodes[at + 2] = b;
    return ~this.nodeCount++;
  }

  /** The reference of a scalar whose opcode lies at `offset`. */
  scalar(offset: number): Ref {
    return offset < FAR_OFFSET ? offset : this.node(Kind.Far, offset % 2 ** 31, Math.floor(offset / 2 ** 31));
  }

  /** Copies references to the end of `items`; where they start. */
  copy(from: Int32Array, start: number, end: number): number {
    const at = this.itemCount;
    const size = at + end - start;
    if (size > this.items.length) this.items = this.grow(this.items, size);
    const { items } = this;
    // A call of the engine's own costs more than a few members, and much less than a thousand.
    if (end - start > MOST_BY_HAND) items.set(from.subarray(start, end), at);
    else for (let to = at, i = start; i < end; i++, to++) items[to] = from[i] ?? 0;
    this.itemCount = size;
    return at;
  }

  /** Adds an edit to a node. */
  edit(ref: Ref, what: number, a: number, b: number): void {
    const at = this.editCount << 2;
    if (at + 4 > this.edits.length) this.edits = this.grow(this.edits, at + 4);
    const { edits, nodes } = this;
    const link = (~ref << 2) + 3;
    const last = nodes[link] ?? 0;
    edits[at] = what;
    edits[at + 1] = a;
    edits[at + 2] = b;
    if (last === 0) {
      edits[at + 3] = this.editCount;
    } else {
      edits[at + 3] = edits[(last << 2) + 3] ?? 0;
      edits[(last << 2) + 3] = this.editCount;
    }
    nodes[link] = this.editCount++;
  }

  /**
   * Adds `count` members (pairs for `Entries`) that start at `start` and end where `items` end now. What follows directly on what was
   * there before becomes one with it, so a list that grows one by one costs no edits.
   */
  extend(ref: Ref, what: number, start: number, count: number): void {
    const at = ~ref << 2;
    const { nodes, edits } = this;
    const last = nodes[at + 3] ?? 0;
    const width = what === Edit.Entries ? 2 : 1;
    if (last === 0) {
      const kind = nodes[at];
      if (kind === Kind.List || kind === Kind.Set || kind === Kind.Dict) {
        const had = nodes[at + 2] ?? 0;
        if (had === 0) nodes[at + 1] = start;
        if (had === 0 || (nodes[at + 1] ?? 0) + had * width === start) {
          nodes[at + 2] = had + count;
          return;
        }
      }
    } else {
      const edit = last << 2;
      if (edits[edit] === what && (edits[edit + 1] ?? 0) + (edits[edit + 2] ?? 0) * width === start) {
        edits[edit + 2] = (edits[edit + 2] ?? 0) + count;
        return;
      }
    }
    this.edit(ref, what, start, count);
  }

  kind(ref: Ref): number {
    return ref < 0 ? (this.nodes[~ref << 2] ?? -1) : -1;
  }

  a(ref: Ref): number {
    return this.nodes[(~ref << 2) + 1] ?? 0;
  }

  b(ref: Ref): number {
    return this.nodes[(~ref << 2) + 2] ?? 0;
  }

  /** The last of the edits of a node, 0 for none. It changes with every edit that is added. */
  lastEdit(ref: Ref): number {
    return ref < 0 ? (this.nodes[(~ref << 2) + 3] ?? 0) : 0;
  }

  /** The edits of a node in order: calls back with what, a, b. */
  forEdits(ref: Ref, visit: (what: number, a: number, b: number) => void): void {
    const last = this.lastEdit(ref);
    if (last === 0) return;
    const { edits } = this;
    let at = last;
    do {
      at = edits[(at << 2) + 3] ?? last;
      visit(edits[at << 2] ?? 0, edits[(at << 2) + 1] ?? 0, edits[(at << 2) + 2] ?? 0);
    } while (at !== last);
  }
}
