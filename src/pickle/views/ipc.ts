import { arrayOfBuffers, joined, type ArrowArray } from "../pandas/arrow.ts";
import { NOTHING, type ArrowType } from "../pandas/arrowTypes.ts";
import type { Span } from "../shapes.ts";
import { FlatTable } from "./flatbuffer.ts";
import { codedIn, fieldsOf, type IpcField } from "./ipcFields.ts";

/** A column of a stream; without an array where its type is not read here. */
export interface IpcColumn {
  readonly name: string;
  readonly array: ArrowArray | undefined;
}

/** Bytes of the description of a message. */
const MOST_HEAD = 1 << 24;
const MOST_MESSAGES = 100_000;
const MOST_COLUMNS = 10_000;
/** Arrays in all batches. */
const MOST_ARRAYS = 1 << 19;
/** What begins a message. */
const CONTINUATION = 0xffff_ffff;
const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;

/** The columns of a stream in Arrow's IPC format; a text tells why they are not read. Format: Arrow's Message.fbs and Schema.fbs. */
export function ipcColumns(span: Span): readonly IpcColumn[] | string {
  try {
    return new IpcReader(span).read();
  } catch (error) {
    if (error instanceof RangeError) return "bytes that are no Arrow stream";
    throw error;
  }
}

/** The nodes and buffers of a batch, which the fields take in their order. */
interface Batch {
  readonly nodes: Iterator<number[], undefined>;
  readonly buffers: Iterator<Span, undefined>;
  readonly variadic: Iterator<number[], undefined>;
}

class IpcReader {
  readonly #span: Span;
  #fields: readonly IpcField[] = [];
  #coded: ReadonlyMap<number, IpcField> = new Map();
  readonly #dictionaries = new Map<number, ArrowArray | undefined>();
  #arrays = 0;
  readonly #chunks: (ArrowArray | undefined)[][] = [];

  constructor(span: Span) {
    this.#span = span;
  }

  read(): readonly IpcColumn[] | string {
    const { from, to } = this.#span;
    let at = from;
    for (let messages = 0; messages < MOST_MESSAGES && at + 8 <= to; messages++) {
      const start = this.#view(at, 8);
      const size = start.getInt32(4, true);
      if (start.getUint32(0, true) !== CONTINUATION || size === 0) break;
      if (size < 0 || size > MOST_HEAD) return "a message without bounds";
      const message = FlatTable.root(this.#view(at + 8, size));
      const body = at + 8 + size;
      const header = message.table(2);
      if (header === undefined) return "a message of nothing";
      const why = this.#message(message.byte(1), header, body);
      if (why !== undefined) return why;
      const length = message.long(3);
      if (length < 0) return "a message without bounds";
      at = body + length;
    }
    return this.#fields.map(({ name, type }, index) => ({ name, array: this.#column(type, index) }));
  }

  #column(type: ArrowType | undefined, index: number): ArrowArray | undefined {
    const chunks = (this.#chunks[index] ?? []).filter((chunk) => chunk !== undefined);
    if (type === undefined || chunks.length !== (this.#chunks[index]?.length ?? 0)) return undefined;
    return joined(type, chunks);
  }

  #message(kind: number, header: FlatTable, body: number): string | undefined {
    if (kind === SCHEMA) {
      const fields = header.tables(1);
      if (fields.length > MOST_COLUMNS) return "too many columns";
      this.#fields = fieldsOf(fields);
      this.#coded = codedIn(this.#fields);
    } else if (kind === BATCH) {
      const batch = this.#batch(header, body);
      if (batch === undefined) return "compressed, which is not read here";
      for (const [index, field] of this.#fields.entries())
        (this.#chunks[index] ??= []).push(this.#array(field, batch));
    } else if (kind === DICTIONARY) {
      const data = header.table(1);
      const id = header.long(0);
      const values = this.#coded.get(id);
      const batch = data && this.#batch(data, body);
      if (batch === undefined || values === undefined) return "a dictionary that is not read here";
      this.#dictionaries.set(id, this.#array({ ...values, dictionary: undefined }, batch));
    }
    return this.#arrays > MOST_ARRAYS ? "too many batches" : undefined;
  }

  #batch(batch: FlatTable, body: number): Batch | undefined {
    if (batch.table(3) !== undefined) return undefined;
    return {
      nodes: batch.longs(1, 2).values(),
      buffers: batch
        .longs(2, 2)
        .map(([offset = 0, length = 0]) => {
          const from = body + offset;
          if (offset < 0 || length < 0 || from + length > this.#span.to)
            throw new RangeError("a buffer outside");
          return { store: this.#span.store, from, to: from + length };
        })
        .values(),
      variadic: batch.longs(4).values(),
    };
  }

  /** Takes what a field has in a batch. INVARIANT: recurses as deep as the fields, which are bounded where they are read. */
  #array(field: IpcField, batch: Batch): ArrowArray | undefined {
    if (++this.#arrays > MOST_ARRAYS) return undefined;
    const [length = 0, missing = 0] = taken(batch.nodes) ?? [];
    const { type, children, dictionary } = field;
    let left = dictionary === undefined ? field.buffers : 2;
    if (field.isView && dictionary === undefined) left += taken(batch.variadic)?.[0] ?? 0;
    const own: (Span | undefined)[] = [];
    for (; left > 0; left--) {
      const buffer = taken(batch.buffers);
      if (buffer === undefined) break;
      own.push(buffer);
    }
    // What a dictionary holds lies in a message of its own.
    const below = dictionary === undefined ? children.map((child) => this.#array(child, batch)) : [];
    if (type === undefined || length < 0) return undefined;
    const spans = [missing === 0 ? undefined : own[0], ...own.slice(1)];
    if (dictionary === undefined) return arrayOfBuffers(type, { length, offset: 0, spans, children: below });
    const codes = { ...NOTHING, text: type.text, kind: "dictionary", dtype: dictionary.codes } as const;
    const values = this.#dictionaries.get(dictionary.id);
    return arrayOfBuffers(codes, { length, offset: 0, spans, children: [values] });
  }

  #view(from: number, size: number): DataView {
    const bytes = this.#span.store.copy(from, Math.min(from + size, this.#span.to));
    if (bytes.length < size) throw new RangeError("bytes that break off");
    return new DataView(bytes.buffer, bytes.byteOffset, size);
  }
}

/** What comes next; `undefined` at the end. */
function taken<T>(values: Iterator<T, undefined>): T | undefined {
  return values.next().value;
}
