import * as fs from "node:fs";
import { isMissing, namesIfPresent, OPEN_FOR_READING, readIfPresent, statIfPresent } from "./files.ts";
import { throwIfAborted, type IoOptions } from "./io.ts";
import type { Soon } from "./soon.ts";

/** So long may reading hold the thread before everybody else has a turn: what it leaves to be collected holds it for as long again. */
const SLICE_MS = 2.5;
/** A slice has time for more than so many calls. */
const FEW = 16;
/** A disk that needs longer for one look is one that nobody waits for with a thread in hand. */
const SLOW_MS = 25;
const SMALL_BYTES = 1 << 16;
/** Of what is read as text. */
const MAX_TEXT_BYTES = 16 << 20;

// The thread's, not a disk's: readers of several disks share one slice.
let sliceEnd = 0;

/**
 * Reads many small files below a folder, quickly and without holding up anybody.
 *
 * A call that the thread makes itself takes a tenth of one that goes through the pool of threads, and thousands of them are what a page of runs
 * costs. So they are made in short slices, each of which is opened by a look through the pool: a disk that does not answer at once (a network,
 * a sleeping drive) is read through the pool alone, and one that hangs holds up only those who asked for it.
 *
 * Within a slice an answer is given at once, not as a promise: whoever keeps it before awaiting anything else has it read once for all who ask.
 */
export class QuickFiles {
  readonly #root: string;
  #openUntil = 0;
  /** Those who wait for a slice, in order; each is told whether it may make its call itself. */
  #waiting: ((isQuick: boolean) => void)[] = [];

  /** @param root a folder on the disk that is read */
  constructor(root: string) {
    this.#root = root;
  }

  /** Whether answers are given at once now. */
  get isOpen(): boolean {
    return performance.now() < this.#openUntil;
  }

  /** For whoever reads many files one after the other: waits for a slice and tells whether answers are given at once in it. */
  turn(): Soon<boolean> {
    return this.isOpen || this.#wait();
  }

  /** The bytes of a file; `undefined` when it does not exist. */
  read(path: string, io?: IoOptions): Soon<Buffer | undefined> {
    return this.#call(
      io,
      (): Soon<Buffer | undefined> => {
        const length = readShared(path);
        return length < SMALL_BYTES ? Buffer.from(shared.subarray(0, length)) : readIfPresent(path, io);
      },
      async () => readIfPresent(path, io),
    );
  }

  /** A small file as text; `undefined` when it does not exist. Throws TooLarge above 16 MiB. */
  text(path: string, io?: IoOptions): Soon<string | undefined> {
    const whole = async (): Promise<string | undefined> =>
      (await readIfPresent(path, io, MAX_TEXT_BYTES))?.toString("utf8");
    return this.#call(
      io,
      (): Soon<string | undefined> => {
        const length = readShared(path);
        return length < SMALL_BYTES ? shared.toString("utf8", 0, length) : whole();
      },
      whole,
    );
  }

  /** The names in a folder; `undefined` when it does not exist. */
  names(path: string, io?: IoOptions): Soon<string[] | undefined> {
    return this.#call(
      io,
      () => fs.readdirSync(path),
      async () => namesIfPresent(path, io),
    );
  }

  /** What the system knows of a path; `undefined` when it does not exist. */
  stat(path: string, io?: IoOptions): Soon<fs.Stats | undefined> {
    return this.#call(
      io,
      () => fs.statSync(path, { throwIfNoEntry: false }),
      async () => statIfPresent(path, io),
    );
  }

  #call<T>(io: IoOptions | undefined, now: () => Soon<T>, later: () => Promise<T>): Soon<T | undefined> {
    throwIfAborted(io);
    return this.isOpen ? unlessMissing(now) : this.#inTurn(io, now, later);
  }

  async #inTurn<T>(
    io: IoOptions | undefined,
    now: () => Soon<T>,
    later: () => Promise<T>,
  ): Promise<T | undefined> {
    const isQuick = await this.#wait();
    throwIfAborted(io);
    return isQuick ? unlessMissing(now) : later();
  }

  /** Not asynchronous itself: thousands wait, and one promise more for each is more to be kept meanwhile. */
  #wait(): Soon<boolean> {
    return new Promise<boolean>((resolve) => {
      if (this.#waiting.push(resolve) === 1) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    let looking: Promise<boolean> | undefined;
    while (this.#waiting.length > 0) {
      const isQuick = await this.#openSlice(looking);
      looking = isQuick && this.#waiting.length > FEW ? this.#isQuick() : undefined;
      let served = 0;
      // Only as many as the slice has time for: thousands may wait.
      for (const tell of this.#waiting) {
        if (isQuick && !this.isOpen) break;
        tell(isQuick);
        served++;
        if (isQuick) await Promise.resolve(); // Lets it make its call.
      }
      this.#waiting = this.#waiting.slice(served);
    }
  }

  /** @param looked the answer of a look that was begun with the last slice: beside it, so that none of many slices waits for its own */
  async #openSlice(looked: Promise<boolean> | undefined): Promise<boolean> {
    // Whatever the thread is busy with now is not the disk's slowness.
    await new Promise<void>((resolve) => setImmediate(resolve));
    if ((await looked) !== true && !(await this.#isQuick())) return false;
    const now = performance.now();
    if (now >= sliceEnd) sliceEnd = now + SLICE_MS;
    this.#openUntil = sliceEnd;
    return true;
  }

  /** Whether the disk answers at once. */
  async #isQuick(): Promise<boolean> {
    const begun = performance.now();
    await statIfPresent(this.#root).catch(() => undefined);
    return performance.now() - begun < SLOW_MS;
  }
}

// One call at a time uses it, and copies out what it read before it returns.
const shared = Buffer.allocUnsafeSlow(SMALL_BYTES);

/** Reads the beginning of a file into the shared bytes and gives its length; all of them mean that the file may be longer. */
function readShared(path: string): number {
  const file = fs.openSync(path, OPEN_FOR_READING);
  try {
    // Where the file stands, which is its beginning: a pipe has no places, and is empty here as it is for the pool.
    return fs.readSync(file, shared, 0, SMALL_BYTES, null);
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
