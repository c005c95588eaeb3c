import { LRUCache } from "lru-cache";
import { TooLarge } from "../../base/files.ts";
import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import { QuickFiles } from "../../base/quickFiles.ts";
import { andThen, type Soon } from "../../base/soon.ts";
import { localFailure } from "../datastore/local.ts";
import { CorruptRecord, MetaflowError } from "../errors.ts";

// A folder's time stamp can be trusted to tell of the next change only when it is older than the clock's coarsest tick (2 s on FAT).
const SETTLED_MS = 2000;
// Bounded by size, not by `max`, for which the cache would reserve its room at once: milliseconds for each new session.
const MAX_LISTED_NAMES = 1_000_000;
const MAX_FROZEN = 100_000;
/** One question looks at the same folders and records several times on its way. */
const TOGETHER_MS = 20;

/** What a folder's names were made into. */
interface Listing {
  readonly content: Content;
  /** Of the folder; `NaN` when it was too young to be told from the next one. */
  readonly stampMs: number;
  /** When the look began by which it was found to be so, by `performance.now()`. */
  lookedAtMs: number;
}

/** Its length is what it takes of a cache. */
type Content = object & { readonly length: number };

type Parse<T> = (text: string, place: string) => T;

/**
 * The files of a local datastore, read no more often than they can have changed: listings until the folder's time stamp moves,
 * write-once files for good. Errors are never kept.
 */
export class LocalFiles {
  readonly root: string;
  readonly description: string;
  readonly #listings = new LRUCache<string, Listing>({
    maxSize: MAX_LISTED_NAMES,
    sizeCalculation: ({ content }) => content.length + 1,
  });
  readonly #frozen = new LRUCache<string, object>({ maxSize: MAX_FROZEN, sizeCalculation: () => 1 });
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** When something was last known to have changed, by `performance.now()`. */
  #changedAtMs = 0;
  readonly #quick: QuickFiles;

  constructor(root: string, description: string) {
    this.#quick = new QuickFiles(root);
    this.root = root;
    this.description = description;
  }

  /** Something changed: whoever asks from now on gets what is read from now on, not what others read, or are reading, together. */
  changed(): void {
    this.#changedAtMs = performance.now();
    this.#underWay.clear();
  }

  /** The file system's path of a key. */
  pathOf(key: string): string {
    return `${this.root}/${key}`; // Not `join`: keys are clean, and there are thousands of them.
  }

  /** The names in a folder; `undefined` when it does not exist. */
  names(key: string, io?: IoOptions): Soon<readonly string[] | undefined> {
    return this.named(key, (names) => names, io);
  }

  /** What the names in a folder are made into. Those read a moment ago serve all that is asked of an object together. */
  named<T extends Content>(key: string, make: (names: string[]) => T, io?: IoOptions): Soon<T | undefined> {
    throwIfAborted(io);
    const known = this.#listings.get(key);
    const servesMs = Math.max(this.#changedAtMs, performance.now() - TOGETHER_MS);
    if (known !== undefined && known.lookedAtMs > servesMs) return known.content as T; // As in `listing`.
    // Without the caller's signal: others may wait for the same names.
    const read = (path: string): Soon<T | undefined> =>
      andThen(this.#quick.names(path), (names) => names && make(names));
    return this.#together(key, (): Soon<T | undefined> => this.listing(key, read));
  }

  /** What a folder is made into, again only when its time stamp has moved; `undefined` when it does not exist. */
  listing<T extends Content>(
    key: string,
    read: (path: string) => Soon<T | undefined>,
    io?: IoOptions,
  ): Soon<T | undefined> {
    // Before the look: a busy thread may learn of its answer long after it was true.
    const lookedAtMs = performance.now();
    const look = (path: string): Soon<T | undefined> =>
      andThen(this.#quick.stat(path, io), (stat): Soon<T | undefined> => {
        if (stat?.isDirectory() !== true) return undefined;
        const known = this.#listings.get(key);
        if (known?.stampMs === stat.mtimeMs) {
          known.lookedAtMs = lookedAtMs;
          return known.content as T; // A folder is made into one kind of thing only: its depth tells which.
        }
        const isSettled = Date.now() - stat.mtimeMs > SETTLED_MS;
        const stampMs = isSettled ? stat.mtimeMs : Number.NaN;
        return andThen(read(path), (content) => {
          if (content !== undefined) this.#listings.set(key, { content, stampMs, lookedAtMs });
          return content;
        });
      });
    return this.#reading(key, look);
  }

  /** What a write-once file parses to, read at most once. A file that does not parse is read again the next time. */
  frozen<T extends object>(key: string, parse: Parse<T>, io?: IoOptions): Soon<T | undefined> {
    throwIfAborted(io);
    const cached = this.#frozen.get(key);
    if (cached !== undefined) return cached as T; // The key is parsed by one function only: its name tells its kind.
    const keep: Parse<T> = (text, place) => {
      const value = parse(text, place);
      this.#frozen.set(key, value);
      return value;
    };
    // Without the caller's signal: others may wait for the same file.
    return this.#together(key, (): Soon<T | undefined> => this.current(key, keep));
  }

  /** What a file parses to that may be rewritten: read each time, which takes hardly longer than a look at its time stamp. */
  current<T extends object>(key: string, parse: Parse<T>, io?: IoOptions): Soon<T | undefined> {
    const read = (path: string): Soon<T | undefined> =>
      andThen(this.#quick.text(path, io), (text) => (text === undefined ? undefined : parse(text, path)));
    return this.#reading(key, read);
  }

  /** Waits until files are read at once; false when the disk is too slow for that. */
  turn(): Soon<boolean> {
    return this.#quick.turn();
  }

  /** When a folder or file last changed, in milliseconds; `undefined` when it does not exist. */
  async changedMs(key: string, io?: IoOptions): Promise<number | undefined> {
    const look = (path: string): Soon<number | undefined> =>
      andThen(this.#quick.stat(path, io), (stat) => stat?.mtimeMs);
    return this.#reading(key, look);
  }

  /** Gives what goes wrong, now or later, its place. */
  #reading<T>(key: string, read: (path: string) => Soon<T>): Soon<T> {
    const failed = (cause: unknown): never => {
      throw this.#failure(key, cause);
    };
    try {
      const result = read(this.pathOf(key));
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (cause) {
      return failed(cause);
    }
  }

  /** Work that is under way is shared by all who ask for it meanwhile. */
  #together<T>(key: string, start: () => Soon<T>): Soon<T> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay as Promise<T>; // A key is asked for in one way only.
    const own = start();
    if (!(own instanceof Promise)) return own;
    this.#underWay.set(key, own);
    const forget = (): void => {
      // After a change somebody else may have begun anew.
      if (this.#underWay.get(key) === own) this.#underWay.delete(key);
    };
    own.then(forget, forget);
    return own;
  }

  #failure(key: string, cause: unknown): unknown {
    if (cause instanceof MetaflowError) return cause;
    if (cause instanceof TooLarge) return new CorruptRecord(cause.message, { key, cause });
    return localFailure(`cannot read ${this.pathOf(key)}`, this.description, key, cause);
  }
}
