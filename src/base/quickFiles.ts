import * as fs from "node:fs";
import { isMissing, namesIfPresent, readIfPresent, statIfPresent } from "./files.ts";
import { throwIfAborted, type IoOptions } from "./io.ts";

/** So long may reading hold the thread before everybody else has a turn. */
const SLICE_MS = 4;
/** A disk that needs longer for one look is one that nobody waits for with a thread in hand. */
const SLOW_MS = 25;
const SMALL_BYTES = 1 << 16;

/**
 * Reads many small files below a folder, quickly and without holding up anybody.
 *
 * A call that the thread makes itself takes a tenth of one that goes through the pool of threads, and thousands of them are what a page of runs
 * costs. So they are made in short slices, each of which is opened by a look through the pool: a disk that does not answer at once (a network,
 * a sleeping drive) is read through the pool alone, and one that hangs holds up only those who asked for it.
 */
export class QuickFiles {
  readonly #root: string;
  #sliceEnd = 0;
  #opening: Promise<boolean> | undefined;

  /** @param root a folder on the disk that is read */
  constructor(root: string) {
    this.#root = root;
  }

  /** The bytes of a file; `undefined` when it does not exist. */
  async read(path: string, io?: IoOptions): Promise<Buffer | undefined> {
    if (!(this.#isOpen() || (await this.turn(io)))) return readIfPresent(path, io);
    const length = unlessMissing(() => readShared(path));
    if (length === SMALL_BYTES) return readIfPresent(path, io);
    return length === undefined ? undefined : Buffer.from(shared.subarray(0, length));
  }

  /** A file as text; `undefined` when it does not exist. */
  async text(path: string, io?: IoOptions): Promise<string | undefined> {
    if (!(this.#isOpen() || (await this.turn(io)))) return (await readIfPresent(path, io))?.toString("utf8");
    const length = unlessMissing(() => readShared(path));
    if (length === SMALL_BYTES) return (await readIfPresent(path, io))?.toString("utf8");
    return length === undefined ? undefined : shared.toString("utf8", 0, length);
  }

  /** The names in a folder; `undefined` when it does not exist. */
  async names(path: string, io?: IoOptions): Promise<string[] | undefined> {
    if (!(this.#isOpen() || (await this.turn(io)))) return namesIfPresent(path, io);
    return unlessMissing(() => fs.readdirSync(path));
  }

  /** What the system knows of a path; `undefined` when it does not exist. */
  async stat(path: string, io?: IoOptions): Promise<fs.Stats | undefined> {
    if (!(this.#isOpen() || (await this.turn(io)))) return statIfPresent(path, io);
    return unlessMissing(() => fs.statSync(path, { throwIfNoEntry: false }));
  }

  /** A small file as text without waiting, which is only for whoever has its `turn`; `undefined` when that does not work out. */
  textNow(path: string): string | undefined {
    if (!this.#isOpen()) return undefined;
    try {
      const length = readShared(path);
      return length === SMALL_BYTES ? undefined : shared.toString("utf8", 0, length);
    } catch {
      return undefined; // Whoever then asks the usual way is told why.
    }
  }

  /** Waits for a turn of this thread and tells whether it may make calls itself now. */
  async turn(io?: IoOptions): Promise<boolean> {
    throwIfAborted(io);
    while (!this.#isOpen()) {
      this.#opening ??= this.#openSlice();
      if (!(await this.#opening)) return false;
      throwIfAborted(io);
    }
    return true;
  }

  #isOpen(): boolean {
    return performance.now() < this.#sliceEnd;
  }

  async #openSlice(): Promise<boolean> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const begun = performance.now();
    await statIfPresent(this.#root).catch(() => undefined);
    const now = performance.now();
    const isQuick = now - begun < SLOW_MS;
    if (isQuick) this.#sliceEnd = now + SLICE_MS;
    this.#opening = undefined;
    return isQuick;
  }
}

// One call at a time uses it, and copies out what it read before it returns.
const shared = Buffer.allocUnsafeSlow(SMALL_BYTES);

/** Reads the beginning of a file into the shared bytes and gives its length; all of them mean that the file may be longer. */
function readShared(path: string): number {
  const file = fs.openSync(path, "r");
  try {
    return fs.readSync(file, shared, 0, SMALL_BYTES, 0);
  } finally {
    fs.closeSync(file);
  }
}

function unlessMissing<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
