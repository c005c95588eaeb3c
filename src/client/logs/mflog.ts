import { constants } from "node:buffer";
import { MetaflowError, MetaflowInternalError } from "../errors.ts";
import { LineTable } from "./lines.ts";
import { lenientTimeMs } from "./time.ts";

/** The time that Python gives to lines without header, so that they come last. */
const MISSING_TEXT = Buffer.from("3000-01-01T00:00:00.000000");
const MISSING_MS = Date.UTC(3000, 0, 1);
const NEWLINE = 10;

/** A line as `Task.loglines` yields it: when it was captured (UTC), and its message. */
export type TimedLine = readonly [time: Date | undefined, message: string];

/**
 * Merges the log files of one task by time. Python: `metaflow.mflog.mflog.merge_logs`, whose order this is to the byte: by the text of the
 * time, then by mark, source, id and message; lines without header come last, ordered by their bytes. For people, `tasklog.ts` has a
 * kinder order.
 * @throws MetaflowInternalError where two lines cannot be ordered (equal times, one marked `[!`): Python raises a TypeError there
 */
export function mergeLogs(logs: readonly Uint8Array[]): MergedLog {
  const tables = logs.map((log) => new LineTable(log));
  const orders = tables.map((table, file) => new Ordered(file, table));
  return new MergedLog(tables, mergeAll(orders));
}

/** The lines of a task's log files in one order. Messages are decoded when they are asked for. */
export class MergedLog implements Iterable<TimedLine> {
  readonly #tables: readonly LineTable[];
  readonly #order: Order;

  /** @internal */
  constructor(tables: readonly LineTable[], order: Order) {
    this.#tables = tables;
    this.#order = order;
  }

  /** Number of lines. */
  get length(): number {
    return this.#order.length;
  }

  /** When line `index` was captured, to the millisecond; the year 3000 for a line without header, as in Python. */
  time(index: number): Date {
    const [table, line] = this.#line(index);
    if (!table.isStructured(line)) return new Date(MISSING_MS);
    const timeUs = table.timeUs(line);
    if (Number.isSafeInteger(timeUs)) return new Date(Math.floor(timeUs / 1000));
    return new Date(
      lenientTimeMs(table.bytes.toString("latin1", table.timeStart(line), table.timeEnd(line))),
    );
  }

  /** Who captured line `index`: `runtime`, `task`; `undefined` for a line without header. */
  source(index: number): string | undefined {
    const [table, line] = this.#line(index);
    return table.isStructured(line) ? table.bytes.toString("utf8", ...table.source(line)) : undefined;
  }

  /** The bytes of a message, not copied. A line without header is whole and keeps its newline, as in Python. */
  message(index: number): Uint8Array {
    const [table, line] = this.#line(index);
    return table.bytes.subarray(table.messageStart(line), table.messageEnd(line));
  }

  /** The message as text; bytes that are not UTF-8 become U+FFFD. */
  text(index: number): string {
    const [table, line] = this.#line(index);
    return table.bytes.toString("utf8", table.messageStart(line), table.messageEnd(line));
  }

  /** The lines in order, each with its time and text. */
  *[Symbol.iterator](): Iterator<TimedLine> {
    for (let index = 0; index < this.length; index++) yield [this.time(index), this.text(index)];
  }

  /**
   * All messages, each followed by a newline. Python: `Task.stdout` (a line without header so gets a second newline).
   * @throws MetaflowError where the text is longer than JavaScript's strings can be (512 MiB)
   */
  toText(): string {
    let size = 0;
    for (let index = 0; index < this.length; index++) {
      const [table, line] = this.#line(index);
      size += table.messageEnd(line) - table.messageStart(line) + 1;
    }
    // Invalid bytes grow to three when they are replaced, so this is not the last word: see the catch.
    if (size > constants.MAX_STRING_LENGTH) throw tooLong(size);
    const joined = Buffer.allocUnsafe(size);
    let at = 0;
    for (let index = 0; index < this.length; index++) {
      const [table, line] = this.#line(index);
      at += table.bytes.copy(joined, at, table.messageStart(line), table.messageEnd(line));
      joined[at++] = NEWLINE;
    }
    try {
      return joined.toString("utf8");
    } catch {
      throw tooLong(size);
    }
  }

  #line(index: number): readonly [LineTable, number] {
    const table = this.#tables[this.#order.files?.[index] ?? this.#order.onlyFile];
    const line = this.#order.lines[index];
    if (table === undefined || line === undefined) throw new RangeError(`line ${index} of ${this.length}`);
    return [table, line];
  }
}

function tooLong(size: number): MetaflowError {
  return new MetaflowError(`the log has ${size} bytes, too many for one string: read it line by line`);
}

/** The order of lines: which file, which line of it. */
interface Order {
  readonly length: number;
  /** Absent where all lines are of `onlyFile`. */
  readonly files?: Uint16Array;
  readonly onlyFile: number;
  readonly lines: Uint32Array;
}

/** One file's lines in order. */
class Ordered implements Order {
  readonly onlyFile: number;
  readonly table: LineTable;
  readonly lines: Uint32Array;

  /** @internal */
  constructor(file: number, table: LineTable) {
    this.onlyFile = file;
    this.table = table;
    this.lines = Uint32Array.from({ length: table.length }, (_, line) => line);
    if (!isInOrder(table)) this.lines.sort((a, b) => compare(table, a, table, b));
  }

  get length(): number {
    return this.lines.length;
  }
}

function isInOrder(table: LineTable): boolean {
  for (let line = 1; line < table.length; line++) {
    if (compare(table, line - 1, table, line) > 0) return false;
  }
  return true;
}

/** Merges ordered files; equal lines keep the order of the files. */
function mergeAll(orders: readonly Ordered[]): Order {
  const filled = orders.filter((order) => order.length > 0);
  const [first] = filled;
  if (first === undefined) return { length: 0, onlyFile: 0, lines: new Uint32Array(0) };
  if (filled.length === 1) return first;
  const length = filled.reduce((sum, order) => sum + order.length, 0);
  const files = new Uint16Array(length);
  const lines = new Uint32Array(length);
  const next = filled.map(() => 0);
  for (let at = 0; at < length; at++) {
    const chosen = earliest(filled, next);
    const order = filled[chosen] ?? first;
    const position = next[chosen] ?? 0;
    files[at] = order.onlyFile;
    lines[at] = order.lines[position] ?? 0;
    next[chosen] = position + 1;
  }
  return { length, files, onlyFile: 0, lines };
}

/** Which file has the first of the lines that are next in each. A task has two files, so a plain look at all is the fastest. */
function earliest(orders: readonly Ordered[], next: readonly number[]): number {
  let best = -1;
  for (const [index, order] of orders.entries()) {
    const line = order.lines[next[index] ?? 0];
    if (line === undefined) continue;
    const champion = orders[best];
    const championLine = champion?.lines[next[best] ?? 0];
    if (champion === undefined || championLine === undefined) best = index;
    else if (compare(order.table, line, champion.table, championLine) < 0) best = index;
  }
  return best;
}

/** Python's comparison of two `(time text, MFLogline)` tuples. */
function compare(a: LineTable, lineA: number, b: LineTable, lineB: number): number {
  if (a.isCanonical(lineA) && b.isCanonical(lineB)) {
    const byTime = a.timeUs(lineA) - b.timeUs(lineB);
    if (byTime !== 0) return byTime;
  }
  const byText = compareBytes(...timeText(a, lineA), ...timeText(b, lineB));
  if (byText !== 0) return byText;
  const structured = a.isStructured(lineA);
  if (structured !== b.isStructured(lineB) || a.isMarked(lineA) !== b.isMarked(lineB)) {
    throw new MetaflowInternalError(
      "the log has two lines of the same time of which only one is marked '[!': Metaflow defines no order for them",
    );
  }
  if (structured) {
    const [sourceA, sourceEndA] = a.source(lineA);
    const [sourceB, sourceEndB] = b.source(lineB);
    const bySource = compareBytes(a.bytes, sourceA, sourceEndA, b.bytes, sourceB, sourceEndB);
    if (bySource !== 0) return bySource;
    const byId = compareBytes(
      a.bytes,
      sourceEndA + 1,
      a.messageStart(lineA) - 1,
      b.bytes,
      sourceEndB + 1,
      b.messageStart(lineB) - 1,
    );
    if (byId !== 0) return byId;
  }
  return compareBytes(
    a.bytes,
    a.messageStart(lineA),
    a.messageEnd(lineA),
    b.bytes,
    b.messageStart(lineB),
    b.messageEnd(lineB),
  );
}

function timeText(table: LineTable, line: number): readonly [Buffer, number, number] {
  if (!table.isStructured(line)) return [MISSING_TEXT, 0, MISSING_TEXT.length];
  return [table.bytes, table.timeStart(line), table.timeEnd(line)];
}

function compareBytes(a: Buffer, fromA: number, toA: number, b: Buffer, fromB: number, toB: number): number {
  return a.compare(b, fromB, toB, fromA, toA);
}
