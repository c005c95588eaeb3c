import type { ByteStore } from "./bytes.ts";
import { checkLine } from "./literals.ts";
import { Marks } from "./marks.ts";
import { Memo } from "./memo.ts";
import { HEADER_SIZE, Op, showsEarly } from "./opcodes.ts";
import { Edit, FAR_OFFSET, Kind } from "./tape.ts";
import { checkPairs, refusal, Targets } from "./targets.ts";
import type { Ref, Tape } from "./tape.ts";

/** `more`: the bytes that are there are used up; `pause`: the budget is; `done`: the pickle has ended. */
export type ScanState = "more" | "pause" | "done";

/**
 * Reads opcodes and writes the tape. It is Python's unpickling machine with references for values: nothing is looked up, imported or called. It stops at the
 * edge of the bytes that are there and goes on from the same opcode when there are more.
 */
export class Scanner {
  readonly tape: Tape;
  readonly #bytes: ByteStore;
  /** Offset of the opcode that comes next; behind STOP when done. */
  offset = 0;
  /** The pickle's protocol as its PROTO tells it, else 0. */
  protocol = 0;
  /** The value, once done. */
  result: Ref | undefined;
  /** No progress before so many bytes are there. */
  need = 1;
  /** The offset of a long scalar of which only a part is there: the text or bytes that are the value itself, or long bytes in it. */
  arriving: number | undefined;
  readonly #targets: Targets;
  #memo = new Memo();
  #stack = new Int32Array(256);
  #top = 0;
  readonly #marks: Marks;
  // A text without an end so far, and how far it was searched: it is not searched again for every chunk.
  #unended = -1;
  #searched = 0;
  // Out-of-band buffers so far.
  #buffers = 0;

  constructor(bytes: ByteStore, tape: Tape) {
    this.#bytes = bytes;
    this.tape = tape;
    this.#targets = new Targets(bytes, tape);
    this.#marks = new Marks(tape);
  }

  /** The values on the stack and the marks between them, for the view of a pickle that never ended. */
  get stack(): { values: Int32Array; marks: Int32Array; markOffsets: Float64Array } {
    return {
      values: this.#stack.subarray(0, this.#top),
      marks: this.#marks.places,
      markOffsets: this.#marks.offsets,
    };
  }

  /** The value at the bottom of the stack: what the pickle will most likely be. A long text or bytes are that before they are all there. */
  get bottom(): Ref | undefined {
    if (this.isAlone) return this.arriving;
    return this.#top > 0 && this.#marks.places[0] !== 0 ? this.#stack[0] : undefined;
  }

  /** Whether the value itself is a text or bytes of which only a part is there. */
  get isAlone(): boolean {
    return this.arriving !== undefined && this.#top === 0 && this.#marks.count === 0;
  }

  /** Scans on, about `budget` bytes at most. Throws a PickleError where Python would refuse. */
  run(budget = Infinity): ScanState {
    if (this.result !== undefined) return "done";
    if (this.#bytes.length < this.need) return "more";
    this.arriving = undefined;
    const { tape } = this;
    const bytes = this.#bytes;
    const memo = this.#memo;
    const available = bytes.length;
    let stack = this.#stack;
    let top = this.#top;
    const marks = this.#marks;
    let { buffer, base } = bytes.window(this.offset);
    const pauseAt = this.offset + budget;
    let end = Math.min(buffer.length, pauseAt - base);
    let at = this.offset - base;
    let view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

    /** Throws unless there are `count` values above the fence. */
    const require = (count: number): void => {
      if (top - marks.fence < count) throw refusal("underflow", "the stack has too few values", base + at);
    };
    const popMark = (): number => {
      const mark = marks.pop();
      if (mark < 0) throw refusal("mark", "no mark is set", base + at);
      return mark;
    };
    /** Offset behind the newline that ends the text at `from`; -1 where it is not there yet. */
    const lineEnd = (from: number): number => {
      const start = from === this.#unended ? this.#searched : from;
      const found = start < base + buffer.length ? buffer.indexOf(10, start - base) : -1;
      const place = found >= 0 ? base + found : bytes.indexOf(10, start);
      if (place < 0) [this.#unended, this.#searched] = [from, available];
      return place < 0 ? -1 : place + 1;
    };

    try {
      for (;;) {
        const op = at < end ? (buffer[at] ?? 0) : 0;
        let next = at + (HEADER_SIZE[op] ?? 1);
        if (next > end || at >= end) {
          this.need = base + next;
          if (this.need > available) return "more";
          if (base + at + 16 >= pauseAt) return "pause";
          this.offset = base + at;
          ({ buffer, base } = bytes.window(this.offset));
          at = this.offset - base;
          end = Math.min(buffer.length, pauseAt - base);
          view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
          continue;
        }
        // What the opcode pushes; `FAR_OFFSET` for nothing.
        let push: Ref = FAR_OFFSET;
        // Bytes of the argument behind the header.
        let length = 0;
        // Numbers, not `Op.NAME`: of those V8 makes a jump table, which halves the time of a scan. A test holds the names behind them.
        switch (op) {
          case 0x4e: // NONE
          case 0x88: // NEWTRUE
          case 0x89: // NEWFALSE
          case 0x4a: // BININT
          case 0x4b: // BININT1
          case 0x4d: // BININT2
          case 0x47: // BINFLOAT
          case 0x29: // EMPTY_TUPLE
          case 0x82: // EXT1
          case 0x83: // EXT2
          case 0x84: // EXT4
            push = tape.scalar(base + at);
            break;

          case 0x8c: // SHORT_BINUNICODE
          case 0x43: // SHORT_BINBYTES
          case 0x55: // SHORT_BINSTRING
          case 0x8a: // LONG1
            length = buffer[at + 1] ?? 0;
            push = base + at;
            break;
          case 0x58: // BINUNICODE
          case 0x42: // BINBYTES
            length = view.getUint32(at + 1, true);
            push = base + at;
            break;
          case 0x54: // BINSTRING
          case 0x8b: // LONG4
            length = view.getInt32(at + 1, true);
            if (length < 0) throw refusal("length", "a length is negative", base + at);
            push = base + at;
            break;
          case 0x8d: // BINUNICODE8
          case 0x8e: // BINBYTES8
          case 0x96: // BYTEARRAY8
            length = view.getUint32(at + 1, true) + view.getUint32(at + 5, true) * 2 ** 32;
            if (length > Number.MAX_SAFE_INTEGER)
              throw refusal("length", "a length is out of proportion", base + at);
            push = base + at;
            break;

          case 0x49: // INT
          case 0x4c: // LONG
          case 0x46: // FLOAT
          case 0x53: // STRING
          case 0x56: // UNICODE
          case 0x50: // PERSID
          case 0x63: // GLOBAL
          case 0x69: // INST
          case 0x67: // GET
          case 0x70: {
            // PUT
            let stop = lineEnd(base + next);
            if (stop >= 0 && (op === Op.GLOBAL || op === Op.INST)) stop = lineEnd(stop);
            if (stop < 0) {
              this.need = available + 1;
              return "more";
            }
            const index = checkLine(op, bytes, base + at, stop);
            if (op === Op.GET) {
              push = memo.get(index, base + at);
            } else if (op === Op.PUT) {
              require(1);
              memo.put(index, stack[top - 1] ?? 0, base + at);
            } else if (op === Op.INST) {
              const mark = popMark();
              const args = tape.node(Kind.Tuple, tape.copy(stack, mark, top), top - mark);
              top = mark;
              push = tape.node(Kind.NewObj, tape.scalar(base + at), args);
            } else {
              push = tape.scalar(base + at);
            }
            next = stop - base;
            break;
          }

          case 0x5d: // EMPTY_LIST
            push = tape.node(Kind.List, 0, 0);
            break;
          case 0x7d: // EMPTY_DICT
            push = tape.node(Kind.Dict, 0, 0);
            break;
          case 0x8f: // EMPTY_SET
            push = tape.node(Kind.Set, 0, 0);
            break;
          case 0x85: // TUPLE1
          case 0x86: // TUPLE2
          case 0x87: {
            // TUPLE3
            const count = op - Op.TUPLE1 + 1;
            require(count);
            push = tape.node(Kind.Tuple, tape.copy(stack, top - count, top), count);
            top -= count;
            break;
          }
          case 0x74: // TUPLE
          case 0x6c: // LIST
          case 0x91: {
            // FROZENSET
            const mark = popMark();
            const kind = op === Op.TUPLE ? Kind.Tuple : op === Op.LIST ? Kind.List : Kind.FrozenSet;
            push =
              op === Op.TUPLE && top === mark
                ? tape.scalar(base + at)
                : tape.node(kind, tape.copy(stack, mark, top), top - mark);
            top = mark;
            break;
          }
          case 0x64: {
            // DICT
            const mark = popMark();
            checkPairs(top - mark, base + at);
            push = tape.node(Kind.Dict, tape.copy(stack, mark, top), (top - mark) >> 1);
            top = mark;
            break;
          }

          case 0x61: // APPEND
            require(2);
            top--;
            this.#targets.extend(Edit.Items, stack, top - 1, top, top + 1, base + at);
            break;
          case 0x73: // SETITEM
            require(3);
            top -= 2;
            this.#targets.extend(Edit.Entries, stack, top - 1, top, top + 2, base + at);
            break;
          case 0x65: // APPENDS
          case 0x90: // ADDITEMS
          case 0x75: {
            // SETITEMS
            const mark = popMark();
            const filled = top;
            top = mark;
            require(1);
            const what = op === Op.SETITEMS ? Edit.Entries : Edit.Items;
            if (what === Edit.Entries) checkPairs(filled - mark, base + at);
            if (filled > mark) this.#targets.extend(what, stack, mark - 1, mark, filled, base + at);
            break;
          }

          case 0x94: // MEMOIZE
            require(1);
            memo.put(memo.count, stack[top - 1] ?? 0, base + at);
            break;
          case 0x71: // BINPUT
            require(1);
            memo.put(buffer[at + 1] ?? 0, stack[top - 1] ?? 0, base + at);
            break;
          case 0x72: // LONG_BINPUT
            require(1);
            memo.put(view.getUint32(at + 1, true), stack[top - 1] ?? 0, base + at);
            break;
          case 0x68: // BINGET
            push = memo.get(buffer[at + 1] ?? 0, base + at);
            break;
          case 0x6a: // LONG_BINGET
            push = memo.get(view.getUint32(at + 1, true), base + at);
            break;

          case 0x28: // MARK
            marks.push(top, base + at);
            break;
          case 0x31: // POP_MARK
            top = popMark();
            break;
          case 0x30: // POP
            // An empty stack above a mark: POP takes the mark, as Python's does.
            if (marks.count > 0 && top === marks.fence) {
              popMark();
            } else {
              require(1);
              this.#targets.drop(stack, --top);
            }
            break;
          case 0x32: // DUP
            require(1);
            push = stack[top - 1] ?? 0;
            break;

          case 0x93: // STACK_GLOBAL
            require(2);
            top -= 2;
            if (!this.#targets.isText(stack[top] ?? 0) || !this.#targets.isText(stack[top + 1] ?? 0)) {
              throw refusal("type", "a name is not a string", base + at);
            }
            push = tape.node(Kind.Global, stack[top] ?? 0, stack[top + 1] ?? 0);
            break;
          case 0x52: // REDUCE
          case 0x81: {
            // NEWOBJ
            require(2);
            top -= 2;
            this.#targets.checkTuple(stack[top + 1] ?? 0, base + at);
            const kind = op === Op.REDUCE ? Kind.Reduce : Kind.NewObj;
            push = tape.node(kind, stack[top] ?? 0, stack[top + 1] ?? 0);
            break;
          }
          case 0x92: {
            // NEWOBJ_EX
            require(3);
            top -= 3;
            this.#targets.checkTuple(stack[top + 1] ?? 0, base + at);
            const kwargs = stack[top + 2] ?? 0;
            if (tape.kind(kwargs) !== Kind.Dict)
              throw refusal("type", "keyword arguments are no dict", base + at);
            push = tape.node(Kind.NewObj, stack[top] ?? 0, stack[top + 1] ?? 0);
            tape.edit(push, Edit.Kwargs, kwargs, 0);
            break;
          }
          case 0x6f: {
            // OBJ
            const mark = popMark();
            if (top === mark) throw refusal("underflow", "OBJ has no class", base + at);
            const args = tape.node(Kind.Tuple, tape.copy(stack, mark + 1, top), top - mark - 1);
            top = mark;
            push = tape.node(Kind.NewObj, stack[mark] ?? 0, args);
            break;
          }
          case 0x62: // BUILD
            require(2);
            top--;
            stack[top - 1] = this.#targets.build(stack[top - 1] ?? 0, stack[top] ?? 0, base + at);
            break;

          case 0x51: // BINPERSID
            require(1);
            push = tape.node(Kind.PersId, stack[--top] ?? 0, 0);
            break;
          case 0x97: // NEXT_BUFFER
            push = tape.node(Kind.Buffer, this.#buffers++, 0);
            break;
          case 0x98: // READONLY_BUFFER
            require(1);
            break;
          case 0x95: // FRAME
            // Its length is a hint for readers of files, and may lie.
            break;
          case 0x80: // PROTO
            this.protocol = buffer[at + 1] ?? 0;
            if (this.protocol > 5)
              throw refusal("protocol", `protocol ${this.protocol} is unknown`, base + at);
            break;
          case 0x2e: // STOP
            require(1);
            this.result = stack[--top] ?? 0;
            at = next;
            this.#memo = new Memo();
            this.#stack = new Int32Array(0);
            top = 0;
            return "done";
          default:
            throw refusal("opcode", `0x${op.toString(16).padStart(2, "0")} is no opcode`, base + at);
        }
        if (length > 0) {
          next += length;
          if (base + next > available) {
            this.need = base + next;
            if (showsEarly(op, length, top === 0 && marks.count === 0)) this.arriving = base + at;
            return "more";
          }
        }
        if (push !== FAR_OFFSET) {
          // Scalars with a payload are pushed by their offset: far ones get their node here.
          if (push > FAR_OFFSET) push = tape.scalar(push);
          if (top === stack.length) this.#stack = stack = tape.grow(stack, top + 1);
          stack[top++] = push;
        }
        at = next;
      }
    } finally {
      this.offset = base + at;
      this.#top = top;
    }
  }
}
