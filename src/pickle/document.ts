import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { ByteStore, type OutsideBytes } from "./bytes.ts";
import { PickleError } from "./errors.ts";
import { globalsOf } from "./globals.ts";
import { gunzip } from "./gunzip.ts";
import { PartNodes, ValueNode } from "./node.ts";
import type { NodeContext } from "./node.ts";
import { Outlook } from "./outlook.ts";
import { partialRoot } from "./partial.ts";
import { Reader } from "./reader.ts";
import { Scanner } from "./scan.ts";
import { FAR_OFFSET, Tape } from "./tape.ts";
import type { Ref } from "./tape.ts";
import { TempFile } from "./tempFile.ts";
import type {
  OpenPickleOptions,
  PickleProgress,
  PickleSummary,
  PyDocument,
  PyNode,
  PyPage,
} from "./types.ts";

/** Bytes scanned before others get their turn: a few milliseconds. The first slices are smaller, so that something shows early. */
const SLICE = 1 << 19;
const FIRST_SLICE = 1 << 16;
/** Pickles up to this size are read completely before they count as open. */
const SMALL = 1 << 20;
/** Compressed pickles up to this size, and this size uncompressed, are read in one go: that is quicker than a stream. */
const SMALL_COMPRESSED = 1 << 18;
const SMALL_DECODED = 1 << 21;
/** Bytes of a long text that are there before it counts as open: more than its first screen. */
const FIRST_PART = 1 << 14;
/** Bytes of a pickle that are kept in memory. */
const MEMORY = 2 ** 29;
/** The same of a file, which the system keeps in memory anyway. */
const FILE_MEMORY = 2 ** 26;
/** Uncompressed bytes at most where nobody tells how many there are: a gzip may have a thousand times its size. */
const UNKNOWN = 2 ** 32;
/** Bytes behind the end of a pickle that are read for the check sum's sake. */
const MOST_TRAILING = 1 << 24;

/**
 * Opens a pickle. Resolves as soon as something can be shown; small ones are read completely by then. Never rejects for what the bytes are: a damaged
 * document has a `problem`.
 */
export async function openPickle(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: OpenPickleOptions = {},
): Promise<PyDocument> {
  return opened(source, options);
}

/** The uncompressed bytes of a pickle, where they lie. */
export interface PickleFile extends OutsideBytes {
  /** In bytes. */
  readonly length: number;
}

/** Opens a pickle that is read from where it lies, whenever a part of it is looked at: nothing of it is copied. Closes the file with the document. */
export async function openPickleFile(file: PickleFile, options: OpenPickleOptions = {}): Promise<PyDocument> {
  return opened(file, options);
}

type Source = Uint8Array | AsyncIterable<Uint8Array> | PickleFile;

async function opened(source: Source, options: OpenPickleOptions): Promise<PyDocument> {
  const document = new PickleDocument(source, options);
  await document.until(() => !document.isSmall && document.hasBeginning);
  return document;
}

class PickleDocument implements PyDocument, NodeContext {
  readonly reader: Reader;
  readonly complete: Promise<PickleSummary>;
  problem: PickleError | undefined;
  settled = false;
  readonly #bytes: ByteStore;
  readonly #scanner: Scanner;
  readonly #outlook: Outlook;
  readonly #maxBytes: number;
  readonly #growingRoot: PyNode;
  #settledRoot: PyNode | undefined;
  readonly #total: number | undefined;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<(progress: PickleProgress) => void>();
  readonly #warnings: string[] = [];
  #waiting: { condition: () => boolean; resolve: () => void }[] = [];
  #partial: Ref | undefined;
  #trailing = 0;
  #slice = FIRST_SLICE;

  readonly parts: PartNodes = new PartNodes(this);

  constructor(source: Source, options: OpenPickleOptions) {
    const { size, limits, signal, encoding } = options;
    const packed = !isFile(source) && isGzip(encoding, source);
    // The metadata's size is exact; twice as much is allowed so that only what is absurd is refused.
    const most = size === undefined ? (packed === true ? UNKNOWN : Infinity) : size * 2 + (1 << 20);
    this.#maxBytes = limits?.bytes ?? (isFile(source) ? Infinity : most);
    const whole = source instanceof Uint8Array && packed === false ? source : undefined;
    const unpacked =
      source instanceof Uint8Array && packed === true ? unpackSmall(source, this.#maxBytes) : undefined;
    this.#total = isFile(source) ? source.length : (whole?.length ?? unpacked?.length ?? size);
    const memory = limits?.memory ?? (isFile(source) ? FILE_MEMORY : MEMORY);
    this.#bytes = isFile(source)
      ? ByteStore.of(source, Math.min(source.length, this.#maxBytes), memory)
      : new ByteStore((whole ?? unpacked)?.subarray(0, this.#maxBytes), {
          memory,
          spill: () => new TempFile(),
        });
    this.#scanner = new Scanner(this.#bytes, new Tape(limits?.index));
    this.reader = new Reader(this.#bytes, this.#scanner.tape, () => this.#scanner.protocol);
    this.#outlook = new Outlook(this.#scanner, this.reader);
    // `FAR_OFFSET` is no reference: what the root will turn out to be may still change.
    this.#growingRoot = new ValueNode(this, FAR_OFFSET, () => this.#rootRef());
    const end = signal === undefined ? this.#abort.signal : AbortSignal.any([this.#abort.signal, signal]);
    const isHere = isFile(source) || whole !== undefined || unpacked !== undefined;
    this.complete = this.#read(isHere ? undefined : source, packed, end);
    this.complete.catch(() => undefined); // nobody has to listen: `problem` tells the same
  }

  /** While it is read, the root has an identity of its own; then it is the node that a value containing itself refers to. */
  get root(): PyNode {
    const ref = this.settled ? this.#rootRef() : undefined;
    if (ref === undefined) return this.#growingRoot;
    return (this.#settledRoot ??= new ValueNode(this, ref, () => ref));
  }

  /** Whether it is so short that there is no point in showing a part of it. */
  get isSmall(): boolean {
    return this.#total !== undefined && this.#total <= SMALL;
  }

  /** Whether something of the value can be shown. */
  get hasBeginning(): boolean {
    if (this.#scanner.isAlone) return this.#bytes.length - this.#scanner.offset >= FIRST_PART;
    return this.root.childCount > 0;
  }

  get progress(): PickleProgress {
    const isArriving = this.#scanner.arriving !== undefined;
    return { decoded: isArriving ? this.#bytes.length : this.#scanner.offset, total: this.#total };
  }

  node(id: number): PyNode | undefined {
    if (id === FAR_OFFSET) return this.root;
    const part = this.parts.get(id);
    if (part !== undefined) return part;
    const { arriving, offset } = this.#scanner;
    if (!Number.isInteger(id) || (id >= offset && id !== arriving) || ~id >= this.#scanner.tape.nodeCount)
      return undefined;
    try {
      this.reader.shape(id);
    } catch {
      return undefined; // an offset in the middle of something
    }
    return new ValueNode(this, id, () => id);
  }

  globals(): readonly string[] {
    return globalsOf(this.reader);
  }

  raw({ from = 0, to = Infinity }: PyPage = {}): { readonly bytes: Uint8Array; readonly sizeBytes: number } {
    return { bytes: this.#bytes.view(from, to), sizeBytes: this.#bytes.length };
  }

  onProgress(listener: (progress: PickleProgress) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#abort.abort();
    this.#bytes.close();
  }

  async until(condition: () => boolean): Promise<void> {
    // Once more afterwards: what was there may be on its way to its place again.
    while (!this.settled && !condition())
      await new Promise<void>((resolve) => this.#waiting.push({ condition, resolve }));
  }

  #rootRef(): Ref | undefined {
    if (this.#scanner.result !== undefined) return this.#scanner.result;
    return this.settled ? this.#partial : this.#outlook.root;
  }

  async #read(
    source: Uint8Array | AsyncIterable<Uint8Array> | undefined,
    packed: boolean | string,
    signal: AbortSignal,
  ): Promise<PickleSummary> {
    let problem: PickleError | undefined;
    try {
      if (typeof packed === "string")
        throw new PickleError("encoding", `the encoding ${packed} is unknown`, 0);
      if (source === undefined) {
        await this.#scan(signal);
      } else {
        const chunks = source instanceof Uint8Array ? pieces(source) : source;
        if (packed) await this.#readChunks(gunzip(chunks, { warnings: this.#warnings }), true, signal);
        else await this.#readChunks(chunks, false, signal);
      }
      this.#checkEnd();
    } catch (error) {
      this.problem = problem = this.#asProblem(error, signal);
    }
    this.#settle();
    if (problem !== undefined) throw problem;
    return this.#summary();
  }

  /** @param areOwn whether nobody else writes to the chunks' memory */
  async #readChunks(chunks: AsyncIterable<Uint8Array>, areOwn: boolean, signal: AbortSignal): Promise<void> {
    const iterator = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        signal.throwIfAborted();
        const next = await orAborted(iterator.next(), signal);
        if (next.done === true) return;
        signal.throwIfAborted();
        if (!(await this.#add(next.value, areOwn, signal))) return;
      }
    } finally {
      void Promise.resolve(iterator.return?.()).catch(() => undefined);
    }
  }

  /** Takes a chunk; whether more are wanted. */
  async #add(chunk: Uint8Array, isOwn: boolean, signal: AbortSignal): Promise<boolean> {
    if (this.#ended()) {
      // Nothing more of the pickle: read on for the check sum alone.
      this.#trailing += chunk.length;
      return this.#trailing < MOST_TRAILING;
    }
    const room = this.#maxBytes - this.#bytes.length;
    this.#bytes.append(chunk.length > room ? chunk.subarray(0, room) : chunk, isOwn);
    await this.#scan(signal);
    await this.#bytes.room();
    if (chunk.length <= room || this.#ended()) return true;
    throw new PickleError(
      "limit",
      `the value is longer than the ${this.#maxBytes} bytes that are allowed`,
      this.#maxBytes,
    );
  }

  #ended(): boolean {
    return this.#scanner.result !== undefined;
  }

  /** Scans what is there, in slices between which others get their turn. */
  async #scan(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#bytes.length >= this.#scanner.need) this.#outlook.withdraw();
      const state = this.#scanner.run(this.#slice);
      this.#slice = Math.min(SLICE, this.#slice * 2);
      this.#announce();
      if (state !== "pause") return;
      await setImmediate();
      signal.throwIfAborted();
    }
  }

  #announce(): void {
    if (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#rootRef(); // what they wait for may be on its way to its place
      for (const waiter of waiting) {
        if (this.settled || waiter.condition()) waiter.resolve();
        else this.#waiting.push(waiter);
      }
    }
    for (const listener of this.#listeners) listener(this.progress);
  }

  #checkEnd(): void {
    if (this.#ended()) return;
    const { length } = this.#bytes;
    if (length === 0) throw new PickleError("empty", "there are no bytes", 0);
    if (this.#total !== undefined && length >= this.#maxBytes && this.#total > length) {
      throw new PickleError("limit", `the value is longer than the ${length} bytes that are allowed`, length);
    }
    throw new PickleError("truncated", `the pickle is truncated at byte ${length}`, length);
  }

  #asProblem(error: unknown, signal: AbortSignal): PickleError {
    if (error instanceof PickleError) return error;
    const { offset } = this.#scanner;
    if (signal.aborted) return new PickleError("aborted", "reading was cancelled", offset, { cause: error });
    if (error instanceof RangeError) {
      // An array or buffer that the machine has no memory for.
      return new PickleError("limit", `there is no memory for the value at byte ${offset}`, offset, {
        cause: error,
      });
    }
    const why = error instanceof Error ? error.message : String(error);
    return new PickleError("source", `the bytes could not be read: ${why}`, this.#bytes.length, {
      cause: error,
    });
  }

  #settle(): void {
    this.reader.end = this.#bytes.length;
    if (this.#scanner.result === undefined) {
      this.#outlook.withdraw();
      try {
        this.#partial = partialRoot(this.#scanner, this.reader) ?? this.#scanner.bottom;
      } catch {
        this.#partial = this.#scanner.bottom; // the index is full
      }
    }
    this.settled = true;
    this.#announce();
    this.#listeners.clear();
  }

  #summary(): PickleSummary {
    const { offset, protocol } = this.#scanner;
    const trailing = this.#trailing + this.#bytes.length - offset;
    const warnings = [...this.#warnings];
    if (trailing > 0) warnings.push(`${trailing} bytes behind the end of the pickle were ignored.`);
    return { protocol, bytes: offset, trailing, warnings };
  }
}

/** What is promised, unless the signal comes first. A race with one promise for all of them would keep every chunk until the end. */
async function orAborted<T>(promised: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error); // An AbortError, or what the caller gave.
    };
    signal.addEventListener("abort", stop, { once: true });
    promised.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
    });
  });
}

function isFile(source: Source): source is PickleFile {
  return !(source instanceof Uint8Array) && !(Symbol.asyncIterator in source);
}

/** Whether the bytes are compressed; the name of the encoding where it is unknown. */
function isGzip(
  encoding: string | undefined,
  source: Uint8Array | AsyncIterable<Uint8Array>,
): boolean | string {
  switch (encoding) {
    case undefined:
      // No pickle starts with gzip's magic number, so a compressed one is recognised.
      return source instanceof Uint8Array && source[0] === 0x1f && source[1] === 0x8b;
    case "pickle-v2":
    case "pickle-v4":
      return false;
    case "gzip+pickle-v2":
    case "gzip+pickle-v4":
      return true;
    default:
      return encoding;
  }
}

/** The bytes of a small gzip in one go; `undefined` where it is not small, or damaged, so that it needs a closer look. */
function unpackSmall(source: Uint8Array, maxBytes: number): Uint8Array | undefined {
  if (source.length > SMALL_COMPRESSED || source.length < 18) return undefined;
  try {
    const { buffer, engine } = gunzipSync(source, {
      maxOutputLength: Math.max(1, Math.min(SMALL_DECODED, maxBytes)),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    return engine.bytesWritten === source.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** A compressed value in pieces: a small one first, for an early first page. */
async function* pieces(source: Uint8Array): AsyncGenerator<Uint8Array> {
  let size = 1 << 14;
  for (let at = 0; at < source.length; at += size, size = 1 << 18) {
    await Promise.resolve();
    yield source.subarray(at, at + size);
  }
}
