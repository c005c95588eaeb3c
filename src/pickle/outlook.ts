import type { ByteStore } from "./bytes.ts";
import { partialRoot } from "./partial.ts";
import type { Reader } from "./reader.ts";
import type { Scanner } from "./scan.ts";
import type { Ref, Tape } from "./tape.ts";

/** Values and marks on the stack up to which it is worth a look: a pickler has a thousand there, and some for each level. */
const MOST_PARTS = 1 << 12;
/** Bytes of the index that looks may cost before anything was read, and what part of what was read. */
const FIRST_COST = 1 << 16;
const PART_COST = 1 / 8;

/**
 * What a pickle will be, by what was read of it so far: what lies on the stack is put where it is going, and taken back before the scan goes on. So an
 * array whose bytes still arrive is an array already. What is put there stays what it is when the pickle puts it there itself. INVARIANT: the scanner runs
 * only after `withdraw`.
 */
export class Outlook {
  readonly #scanner: Scanner;
  readonly #reader: Reader;
  readonly #bytes: ByteStore;
  readonly #changed: Record[] = [];
  #root: Ref | undefined;
  #isMade = false;
  // Bytes of the index that looks have cost; what was made for one is not made undone, for somebody may have been given it.
  #cost = 0;

  constructor(scanner: Scanner, reader: Reader) {
    this.#scanner = scanner;
    this.#reader = reader;
    this.#bytes = reader.bytes;
  }

  /** What the value is so far. */
  get root(): Ref | undefined {
    if (!this.#isMade) {
      this.#isMade = true;
      this.#root = this.#make() ?? this.#scanner.bottom;
    }
    return this.#root;
  }

  /** Takes back what was put anywhere. */
  withdraw(): void {
    if (!this.#isMade) return;
    this.#isMade = false;
    const { tape } = this.#scanner;
    for (let record = this.#changed.pop(); record !== undefined; record = this.#changed.pop()) {
      tape.nodes.set(record.node, record.nodeAt);
      tape.edits.set(record.edit, record.editAt);
    }
    tape.revision++;
  }

  #make(): Ref | undefined {
    const { stack, tape } = this.#scanner;
    if (stack.values.length + stack.marks.length > MOST_PARTS) return undefined;
    if (this.#cost > FIRST_COST + this.#bytes.length * PART_COST) return undefined;
    const before = sizeOf(tape);
    try {
      return partialRoot(this.#scanner, this.#reader, (ref) => this.#changed.push(recordOf(tape, ref)));
    } catch {
      return undefined; // the index is full
    } finally {
      this.#cost += sizeOf(tape) - before;
    }
  }
}

/** A node and the last of its edits, as they were. */
interface Record {
  readonly nodeAt: number;
  readonly node: Int32Array;
  readonly editAt: number;
  readonly edit: Int32Array;
}

function recordOf(tape: Tape, ref: Ref): Record {
  const nodeAt = ~ref << 2;
  const editAt = tape.lastEdit(ref) << 2;
  return {
    nodeAt,
    node: tape.nodes.slice(nodeAt, nodeAt + 4),
    editAt,
    edit: tape.edits.slice(editAt, editAt + 4),
  };
}

function sizeOf({ nodeCount, editCount, itemCount }: Tape): number {
  return (nodeCount + editCount) * 16 + itemCount * 4;
}
