import { LRUCache } from "lru-cache";
import { joinBytes } from "../../base/bytes.ts";
import type { IoOptions } from "../../base/io.ts";
import type { DiskCache } from "./diskCache.ts";
import { isWrittenOnce } from "./layout.ts";
import type { Entry, ObjectHead, ObjectStore, OpenObject, StreamOptions } from "./store.ts";

/** Objects up to this size are kept in memory too. */
const SMALL_BYTES = 1 << 16;
const MEMORY_BYTES = 16 << 20;
const MAX_HEADS = 10_000;

/**
 * A store whose objects that never change are read once: blobs, and what a finished attempt left. Small ones are kept in memory, all of them on
 * disk where there is one. Only what was found is kept: what is missing may come.
 */
export function cached(store: ObjectStore, disk?: DiskCache): ObjectStore {
  return new CachedStore(store, disk);
}

class CachedStore implements ObjectStore {
  readonly description: string;
  readonly #store: ObjectStore;
  readonly #disk: DiskCache | undefined;
  readonly #heads = new LRUCache<string, ObjectHead>({ maxSize: MAX_HEADS, sizeCalculation: () => 1 });
  readonly #small = new LRUCache<string, Uint8Array>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ length }) => length + 1,
  });

  constructor(store: ObjectStore, disk: DiskCache | undefined) {
    this.#store = store;
    this.#disk = disk;
    this.description = store.description;
  }

  async head(key: string, io?: IoOptions): Promise<ObjectHead | undefined> {
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const head = await this.#store.head(key, io);
    if (head !== undefined && isWrittenOnce(key)) this.#heads.set(key, head);
    return head;
  }

  async get(key: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    if (!isWrittenOnce(key)) return this.#store.get(key, io);
    const opened = await this.stream(key, io);
    return opened && joinBytes(opened.bytes);
  }

  async getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined> {
    if (!isWrittenOnce(key)) return this.#store.getRange(key, from, to, io);
    const small = this.#smallFrom(key, from, to);
    if (small !== undefined) return small;
    return (
      (await this.#disk?.getRange(this.#idOf(key), from, to, io)) ?? this.#store.getRange(key, from, to, io)
    );
  }

  async stream(key: string, options?: StreamOptions): Promise<OpenObject | undefined> {
    if (!isWrittenOnce(key)) return this.#store.stream(key, options);
    const small = this.#smallFrom(key, options?.from);
    if (small !== undefined) return kept(one(small));
    const bytes = await this.#disk?.stream(this.#idOf(key), options);
    if (bytes !== undefined) return kept(bytes);
    const opened = await this.#store.stream(key, options);
    if (opened === undefined || (options?.from ?? 0) > 0) return opened;
    return { ...opened, bytes: this.#keeping(key, opened.bytes) };
  }

  list(prefix: string, io?: IoOptions): AsyncIterable<Entry> {
    return this.#store.list(prefix, io);
  }

  async isHere(io?: IoOptions): Promise<boolean> {
    return this.#store.isHere?.(io) ?? true;
  }

  close(): void {
    this.#store.close?.();
  }

  /** A copy, as what is kept is one: whoever reads may do with the bytes as he likes. */
  #smallFrom(key: string, from?: number, to?: number): Uint8Array | undefined {
    return this.#small.get(key)?.slice(from, to);
  }

  /** Keeps what passes by, if it passes to its end. */
  async *#keeping(key: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const file = await this.#disk?.create(this.#idOf(key));
    let chunks: Uint8Array[] | undefined = [];
    let length = 0;
    try {
      for await (const chunk of bytes) {
        length += chunk.length;
        if (length > SMALL_BYTES) chunks = undefined;
        chunks?.push(Uint8Array.from(chunk));
        await file?.write(chunk);
        yield chunk;
      }
      if (chunks !== undefined) this.#small.set(key, Uint8Array.from(Buffer.concat(chunks)));
      await file?.keep();
    } finally {
      await file?.discard();
    }
  }

  #idOf(key: string): string {
    return `${this.description}\n${key}`;
  }
}

/** How an object is packed was looked at when it was read first. */
function kept(bytes: AsyncIterable<Uint8Array>): OpenObject {
  return { attributes: undefined, etag: undefined, bytes };
}

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
async function* one(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk;
}
