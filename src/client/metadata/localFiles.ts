import { LRUCache } from "lru-cache";
import { namesIfPresent } from "../../base/files.ts";
import { QuickFiles } from "../../base/quickFiles.ts";
import { throwIfAborted, type IoOptions } from "../../base/io.ts";
import { localFailure } from "../datastore/local.ts";
import { MetaflowError } from "../errors.ts";

// A folder's time stamp can be trusted to tell of the next change only when it is older than the clock's coarsest tick (2 s on FAT).
const SETTLED_MS = 2000;
const MAX_LISTED_NAMES = 1_000_000;
// Bounded by size, not by `max`, for which the cache would reserve its room at once: milliseconds for each new session.
const MAX_FROZEN = 100_000;
const MAX_CURRENT = 10_000;
const MAX_RECENT = 2000;
/** One question looks at the same folders and records several times on its way. */
export const TOGETHER_MS = 20;

type Names = Promise<readonly string[] | undefined>;

interface Listing {
  readonly changedMs: number;
  readonly names: readonly string[];
}

/**
 * The files of a local datastore, read no more often than they can have changed: listings until the folder's time stamp moves,
 * write-once files for good. Errors are never kept.
 */
export class LocalFiles {
  readonly root: string;
  readonly description: string;
  readonly #listings = new LRUCache<string, Listing>({
    maxSize: MAX_LISTED_NAMES,
    sizeCalculation: (listing) => listing.names.length + 1,
  });
  readonly #frozen = new LRUCache<string, object>({ maxSize: MAX_FROZEN, sizeCalculation: () => 1 });

  readonly #current = new LRUCache<string, { readonly stamp: string; readonly value: object }>({
    maxSize: MAX_CURRENT,
    sizeCalculation: () => 1,
  });
  readonly #recent = new LRUCache<string, { readonly at: number; readonly names: Names }>({
    maxSize: MAX_RECENT,
    sizeCalculation: () => 1,
  });
  readonly #quick: QuickFiles;

  constructor(root: string, description: string) {
    this.#quick = new QuickFiles(root);
    this.root = root;
    this.description = description;
  }

  /** The file system's path of a key. */
  pathOf(key: string): string {
    return `${this.root}/${key}`; // Not `join`: keys are clean, and there are thousands of them.
  }

  /**
   * The names in a folder; `undefined` when it does not exist. Those read a moment ago serve all that is asked of a task together; a flow's
   * folder, which may hold very many, is listed again only when its time stamp has moved.
   */
  async names(key: string, io?: IoOptions): Promise<readonly string[] | undefined> {
    const path = this.pathOf(key);
    if (!key.includes("/")) return this.#reading(key, async () => this.#stampedNames(path, io));
    const recent = this.#recent.get(path);
    if (recent !== undefined && performance.now() - recent.at < TOGETHER_MS) return recent.names;
    throwIfAborted(io);
    // Without the caller's signal: others may wait for the same names.
    const names = this.#reading(key, async () => this.#quick.names(path));
    this.#recent.set(path, { at: performance.now(), names });
    names.catch(() => this.#recent.delete(path));
    return names;
  }

  /** A file as text; `undefined` when it does not exist. */
  async text(key: string, io?: IoOptions): Promise<string | undefined> {
    return this.#reading(key, async () => this.#quick.text(this.pathOf(key), io));
  }

  /** What a write-once file parses to, read at most once. A file that does not parse is read again the next time. */
  async frozen<T extends object>(
    key: string,
    parse: (text: string, place: string) => T,
    io?: IoOptions,
  ): Promise<T | undefined> {
    const path = this.pathOf(key);
    const cached = this.#frozen.get(path);
    if (cached !== undefined) return cached as T; // The key is parsed by one function only: its name tells its kind.
    const text = await this.text(key, io);
    if (text === undefined) return undefined;
    const value = parse(text, path);
    this.#frozen.set(path, value);
    return value;
  }

  /** What a small file parses to, without waiting: for whoever has its `turn`. `undefined` when that does not work out; then ask the usual way. */
  now<T extends object>(
    key: string,
    parse: (text: string, place: string) => T,
    options: { readonly frozen: boolean },
  ): T | undefined {
    const path = this.pathOf(key);
    const cached = options.frozen ? this.#frozen.get(path) : undefined;
    if (cached !== undefined) return cached as T; // As above.
    const text = this.#quick.textNow(path);
    if (text === undefined) return undefined;
    const value = parse(text, path);
    if (options.frozen) this.#frozen.set(path, value);
    return value;
  }

  /** Waits until this thread may read a few files itself; false when the disk is too slow for that. */
  async turn(io?: IoOptions): Promise<boolean> {
    return this.#quick.turn(io);
  }

  /** What a file parses to that is rewritten now and then, always by a new file: parsed again only when it is another one. */
  async current<T extends object>(
    key: string,
    parse: (text: string, place: string) => T,
    io?: IoOptions,
  ): Promise<T | undefined> {
    return this.#reading(key, async () => {
      const path = this.pathOf(key);
      const stat = await this.#quick.stat(path, io);
      if (stat === undefined) return undefined;
      const stamp = `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
      const cached = this.#current.get(path);
      if (cached?.stamp === stamp) return cached.value as T; // As above.
      const text = await this.#quick.text(path, io);
      if (text === undefined) return undefined;
      const value = parse(text, path);
      this.#current.set(path, { stamp, value });
      return value;
    });
  }

  /** When a folder or file last changed, in milliseconds; `undefined` when it does not exist. */
  async changedMs(key: string, io?: IoOptions): Promise<number | undefined> {
    return this.#reading(key, async () => (await this.#quick.stat(this.pathOf(key), io))?.mtimeMs);
  }

  async #stampedNames(path: string, io?: IoOptions): Promise<readonly string[] | undefined> {
    const known = this.#listings.get(path);
    const stat = await this.#quick.stat(path, io);
    if (!stat?.isDirectory()) return undefined;
    if (known?.changedMs === stat.mtimeMs) return known.names;
    const askedAt = Date.now();
    // Through the pool of threads: a hundred thousand names hold this one up for too long.
    const names = await namesIfPresent(path, io);
    if (names === undefined) return undefined;
    if (askedAt - stat.mtimeMs > SETTLED_MS) this.#listings.set(path, { changedMs: stat.mtimeMs, names });
    else this.#listings.delete(path);
    return names;
  }

  async #reading<T>(key: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof MetaflowError) throw cause;
      throw localFailure(`cannot read ${this.pathOf(key)}`, this.description, key, cause);
    }
  }
}
