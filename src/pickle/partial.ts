import type { ByteStore } from "./bytes.ts";
import { Op } from "./opcodes.ts";
import type { Scanner } from "./scan.ts";
import { Edit, Kind } from "./tape.ts";
import type { Ref } from "./tape.ts";

/**
 * The readable part of a pickle that never ended: what lies on the stack is put where it was going, as far as that is plain. Members that wait
 * behind a mark go to the container that was made just before it, else they are the beginning of a tuple.
 */
export function partialRoot(scanner: Scanner, bytes: ByteStore): Ref | undefined {
  const { tape } = scanner;
  const { values, marks, markOffsets } = scanner.stack;
  let above: Ref[] = [];
  let end = values.length;
  for (let m = marks.length - 1; m >= 0; m--) {
    const mark = marks[m] ?? 0;
    if (mark === end && above.length === 0) continue; // a mark with nothing behind it, of which there may be millions
    const pending = settle([...values.subarray(mark, end), ...above]);
    const target = values[mark - 1];
    const filled =
      target !== undefined && mark > (marks[m - 1] ?? 0) && fill(target, pending, markOffsets[m] ?? 0);
    above = filled || pending.length === 0 ? [] : [tape.node(Kind.Tuple, copy(pending), pending.length)];
    end = mark;
  }
  const rest = settle([...values.subarray(0, end), ...above]);
  if (rest.length <= 1) return rest[0];
  return tape.node(Kind.Tuple, copy(rest), rest.length);

  function copy(refs: readonly Ref[]): number {
    return tape.copy(Int32Array.from(refs), 0, refs.length);
  }

  function fill(target: Ref, pending: readonly Ref[], markOffset: number): boolean {
    const kind = tape.kind(target);
    if (!madeJustBefore(bytes, markOffset) || pending.length === 0) return false;
    if (kind === Kind.List || kind === Kind.Set) {
      tape.extend(target, Edit.Items, copy(pending), pending.length);
      return true;
    }
    if (kind !== Kind.Dict) return false;
    const pairs = pending.length >> 1; // a key whose value is missing is left out
    if (pairs > 0) tape.extend(target, Edit.Entries, copy(pending.slice(0, pairs * 2)), pairs);
    return true;
  }

  /** Joins the last values where an opcode that is missing would: a state to its object, arguments to their class. */
  function settle(refs: Ref[]): Ref[] {
    const last = refs.at(-1);
    const before = refs.at(-2);
    if (last === undefined || before === undefined) return refs;
    const kind = tape.kind(before);
    const isDict = tape.kind(last) === Kind.Dict;
    if ((kind === Kind.NewObj || kind === Kind.Reduce) && isDict) {
      tape.edit(before, Edit.State, last, 0);
      return refs.slice(0, -1);
    }
    if ((kind === Kind.Global || bytes.byte(before) === Op.GLOBAL) && tape.kind(last) === Kind.Tuple) {
      return [...refs.slice(0, -2), tape.node(Kind.Reduce, before, last)];
    }
    if (kind === Kind.List && tape.b(before) === 0) {
      tape.extend(before, Edit.Items, copy([last]), 1);
      return refs.slice(0, -1);
    }
    return refs;
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
