import type { ByteStore } from "./bytes.ts";
import { Op } from "./opcodes.ts";
import type { Reader } from "./reader.ts";
import type { Scanner } from "./scan.ts";
import { Edit, Kind } from "./tape.ts";
import type { Ref } from "./tape.ts";

/** Functions whose results are given their state in a tuple, which may be long in coming. */
const AWAIT_STATES: ReadonlySet<string> = new Set(["_reconstruct"]);
/** Functions whose arguments are long in coming. */
const AWAIT_ARGUMENTS: ReadonlySet<string> = new Set(["BlockManager", "_unpickle_block"]);

/**
 * The readable part of a pickle that has not ended: what lies on the stack is put where it was going, as far as that is plain. Members that wait
 * behind a mark go to the container that was made just before it, else they are the beginning of a tuple.
 * @param touch is called with each value on the stack before it is changed
 */
export function partialRoot(
  scanner: Scanner,
  reader: Reader,
  touch: (ref: Ref) => void = () => undefined,
): Ref | undefined {
  const { tape } = scanner;
  const { bytes } = reader;
  const { values: stack, marks, markOffsets } = scanner.stack;
  const values = [...stack];
  if (scanner.arriving !== undefined) values.push(tape.scalar(scanner.arriving));
  let above: Ref[] = [];
  let end = values.length;
  for (let m = marks.length - 1; m >= 0; m--) {
    const mark = marks[m] ?? 0;
    if (mark === end && above.length === 0) continue; // a mark with nothing behind it, of which there may be millions
    const pending = settle([...values.slice(mark, end), ...above]);
    const target = values[mark - 1];
    const filled =
      target !== undefined && mark > (marks[m - 1] ?? 0) && fill(target, pending, markOffsets[m] ?? 0);
    above = filled || pending.length === 0 ? [] : [tupleOf(pending)];
    end = mark;
  }
  const rest = settle([...values.slice(0, end), ...above]);
  return rest.length <= 1 ? rest[0] : tupleOf(rest);

  function copy(refs: readonly Ref[]): number {
    return tape.copy(Int32Array.from(refs), 0, refs.length);
  }

  function tupleOf(refs: readonly Ref[]): Ref {
    return tape.node(Kind.Tuple, copy(refs), refs.length);
  }

  function fill(target: Ref, pending: readonly Ref[], markOffset: number): boolean {
    const kind = tape.kind(target);
    if (kind !== Kind.List && kind !== Kind.Set && kind !== Kind.Dict) return false;
    if (!madeJustBefore(bytes, markOffset) || pending.length === 0) return false;
    touch(target);
    if (kind !== Kind.Dict) {
      tape.extend(target, Edit.Items, copy(pending), pending.length);
      return true;
    }
    const pairs = pending.length >> 1; // a key whose value is missing is left out
    if (pairs > 0) tape.extend(target, Edit.Entries, copy(pending.slice(0, pairs * 2)), pairs);
    return true;
  }

  /** Joins the last values where an opcode that is missing would: a state to its object, arguments to their class or function. */
  function settle(refs: readonly Ref[]): Ref[] {
    const joined = join(refs);
    // Arguments that are no tuple yet: all that lies above a function which is known to have some.
    for (let at = joined.length - 2; at >= 0; at--) {
      const callee = joined[at] ?? 0;
      if (tape.kind(callee) !== Kind.Global || !isNamed(callee, AWAIT_ARGUMENTS)) continue;
      joined.push(tape.node(Kind.Reduce, callee, tupleOf(joined.splice(at).slice(1))));
    }
    return joined;
  }

  function join(refs: readonly Ref[]): Ref[] {
    const last = refs.at(-1);
    const before = refs.at(-2);
    if (last === undefined || before === undefined) return [...refs];
    const kind = tape.kind(before);
    const isTuple = tape.kind(last) === Kind.Tuple;
    if (takesState(before) && (isTuple ? isAwaiting(before) : tape.kind(last) === Kind.Dict)) {
      touch(before);
      tape.edit(before, Edit.State, last, 0);
      return refs.slice(0, -1);
    }
    if ((kind === Kind.Global || bytes.byte(before) === Op.GLOBAL) && isTuple) {
      return [...refs.slice(0, -2), tape.node(Kind.Reduce, before, last)];
    }
    if (kind === Kind.List && tape.b(before) === 0) {
      touch(before);
      tape.extend(before, Edit.Items, copy([last]), 1);
      return refs.slice(0, -1);
    }
    return [...refs];
  }

  /** Whether it is an object without a state so far. */
  function takesState(ref: Ref): boolean {
    const kind = tape.kind(ref);
    const last = tape.lastEdit(ref);
    return (
      (kind === Kind.NewObj || kind === Kind.Reduce) && (last === 0 || tape.edits[last << 2] !== Edit.State)
    );
  }

  function isAwaiting(ref: Ref): boolean {
    return tape.kind(ref) === Kind.Reduce && isNamed(tape.a(ref), AWAIT_STATES);
  }

  function isNamed(ref: Ref, names: ReadonlySet<string>): boolean {
    return names.has(reader.nameOf(ref)?.name ?? "");
  }
}

const MAKERS: ReadonlySet<number> = new Set([
  Op.EMPTY_LIST,
  Op.EMPTY_DICT,
  Op.EMPTY_SET,
  Op.APPENDS,
  Op.SETITEMS,
  Op.ADDITEMS,
]);

/** Whether the opcode before `offset`, or the one before its memo entry, made a container or added to it. */
function madeJustBefore(bytes: ByteStore, offset: number): boolean {
  if (MAKERS.has(bytes.byte(offset - 1))) return true;
  if (bytes.byte(offset - 1) === Op.MEMOIZE) return MAKERS.has(bytes.byte(offset - 2));
  if (bytes.byte(offset - 2) === Op.BINPUT) return MAKERS.has(bytes.byte(offset - 3));
  return bytes.byte(offset - 5) === Op.LONG_BINPUT && MAKERS.has(bytes.byte(offset - 6));
}
