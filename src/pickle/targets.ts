import type { ByteStore } from "./bytes.ts";
import { PickleError } from "./errors.ts";
import type { PickleErrorCode } from "./errors.ts";
import { Op } from "./opcodes.ts";
import { Edit, Kind } from "./tape.ts";
import type { Ref, Tape } from "./tape.ts";

/** The error for an opcode that Python would refuse. */
export function refusal(code: PickleErrorCode, message: string, offset: number): PickleError {
  return new PickleError(code, `${message} at byte ${offset}`, offset);
}

/** Throws unless so many keys and values are pairs. */
export function checkPairs(count: number, offset: number): void {
  if (count % 2 !== 0) throw refusal("value", "a key has no value", offset);
}

/** What may be done to values while they are built: members, entries and states go only where Python has a place for them. */
export class Targets {
  readonly #bytes: ByteStore;
  readonly #tape: Tape;

  constructor(bytes: ByteStore, tape: Tape) {
    this.#bytes = bytes;
    this.#tape = tape;
  }

  /** The opcode of a scalar, -1 for nodes. */
  #scalarOp(ref: Ref): number {
    if (ref >= 0) return this.#bytes.byte(ref);
    const tape = this.#tape;
    return tape.kind(ref) === Kind.Far ? this.#bytes.byte(tape.a(ref) + tape.b(ref) * 2 ** 31) : -1;
  }

  /** Whether a value is a text. */
  isText(ref: Ref): boolean {
    const op = this.#scalarOp(ref);
    return (
      op === Op.SHORT_BINUNICODE ||
      op === Op.BINUNICODE ||
      op === Op.BINUNICODE8 ||
      op === Op.UNICODE ||
      op === Op.STRING ||
      op === Op.SHORT_BINSTRING ||
      op === Op.BINSTRING
    );
  }

  /** Throws unless a value is a tuple. */
  checkTuple(ref: Ref, offset: number): void {
    if (this.#tape.kind(ref) === Kind.Tuple) return;
    const op = this.#scalarOp(ref);
    if (op !== Op.EMPTY_TUPLE && op !== Op.TUPLE) throw refusal("type", "arguments are no tuple", offset);
  }

  /** Adds stack[start..end) to the value at `target`. */
  extend(what: number, stack: Int32Array, target: number, start: number, end: number, offset: number): void {
    const tape = this.#tape;
    const ref = stack[target] ?? 0;
    const kind = tape.kind(ref);
    const entries = what === Edit.Entries;
    const fits =
      kind === Kind.Reduce ||
      kind === Kind.NewObj ||
      kind === Kind.Wrap ||
      kind === Kind.PersId ||
      kind === Kind.Buffer ||
      (entries ? kind === Kind.Dict : kind === Kind.List || kind === Kind.Set);
    if (!fits) {
      throw refusal(
        "type",
        entries ? "entries are set on what is no dict" : "members are added to what is no list",
        offset,
      );
    }
    tape.extend(ref, what, tape.copy(stack, start, end), entries ? (end - start) >> 1 : end - start);
  }

  /** BUILD: what stands for the object afterwards. */
  build(target: Ref, state: Ref, offset: number): Ref {
    const tape = this.#tape;
    const kind = tape.kind(target);
    if (kind === Kind.Reduce || kind === Kind.NewObj || kind === Kind.Wrap) {
      tape.edit(target, Edit.State, state, 0);
      return target;
    }
    const op = this.#scalarOp(target);
    if (
      kind === Kind.Global ||
      kind === Kind.PersId ||
      kind === Kind.Buffer ||
      op === Op.GLOBAL ||
      this.#isExtension(op)
    ) {
      const wrap = tape.node(Kind.Wrap, target, 0);
      tape.edit(wrap, Edit.State, state, 0);
      return wrap;
    }
    // Python's BUILD does nothing when the state is empty, whatever the object.
    const empty = this.#scalarOp(state);
    if (
      empty === Op.NONE ||
      empty === Op.EMPTY_TUPLE ||
      (tape.kind(state) === Kind.Dict && tape.b(state) === 0)
    )
      return target;
    throw refusal("type", "a state is set on what has none", offset);
  }

  /**
   * POP of stack[top]: usually of no interest, but setter(object, state) above that object is how a reduction's sixth part, the state setter, writes a state.
   * Python: `copyreg`'s protocol, `object.__reduce_ex__`.
   */
  drop(stack: Int32Array, top: number): void {
    const tape = this.#tape;
    const [target, call] = [stack[top - 1] ?? 0, stack[top] ?? 0];
    if (top === 0 || tape.kind(call) !== Kind.Reduce) return;
    const [kind, args] = [tape.kind(target), tape.b(call)];
    if (kind !== Kind.Reduce && kind !== Kind.NewObj) return;
    if (tape.kind(args) !== Kind.Tuple || tape.b(args) !== 2) return;
    const start = tape.a(args);
    if (tape.items[start] === target) tape.edit(target, Edit.State, tape.items[start + 1] ?? 0, 0);
  }

  #isExtension(op: number): boolean {
    return op === Op.EXT1 || op === Op.EXT2 || op === Op.EXT4 || op === Op.PERSID;
  }
}
