import * as fs from "node:fs";
import {
  entriesIfPresent,
  errorCode,
  isFolder,
  isMissing,
  isRefused,
  OPEN_FOR_READING,
} from "../../base/files.ts";
import type { IoOptions } from "../../base/io.ts";
import { QuickFiles } from "../../base/quickFiles.ts";
import { AccessDenied, DatastoreError, messageOf } from "../errors.ts";
import type { Entry, ObjectHead, ObjectStore, OpenObject, StreamOptions } from "./store.ts";

const STREAM_CHUNK_BYTES = 1 << 20;

/** A datastore in a folder: the `.metaflow` folder itself, or the folder of its cards. */
export class LocalStore implements ObjectStore {
  readonly root: string;
  readonly description: string;
  readonly #quick: QuickFiles;

  /** @param root the folder that keys start below, usually `…/.metaflow` */
  constructor(root: string) {
    this.root = root;
    this.#quick = new QuickFiles(root);
    this.description = `local@${root}`;
  }

  /** The file that holds a key's bytes. */
  pathOf(key: string): string {
    return `${this.root}/${key}`;
  }

  async get(key: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    return this.#reading(key, async () => this.#quick.read(this.pathOf(key), io));
  }

  async getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined> {
    return this.#reading(key, async () => {
      io?.signal?.throwIfAborted();
      const file = await openIfPresent(this.pathOf(key));
      if (file === undefined) return undefined;
      try {
        // Sized by what the file has, not by what the caller asks: a range may be open-ended.
        const { size } = await file.stat();
        const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(to, size) - from));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
  }

  async stream(key: string, options?: StreamOptions): Promise<OpenObject | undefined> {
    const [head, attributes] = await Promise.all([
      this.head(key, options),
      // Beside the blob in a file of its own; a missing one is nothing to complain of.
      this.#reading(key, async () => this.#quick.text(`${this.pathOf(key)}_meta`, options)),
    ]);
    if (head === undefined) return undefined;
    return { attributes, etag: undefined, bytes: this.#chunks(key, options) };
  }

  async head(key: string, io?: IoOptions): Promise<ObjectHead | undefined> {
    return this.#reading(key, async () => {
      const stat = await this.#quick.stat(this.pathOf(key), io);
      // A folder is no object, and a device has no end.
      return stat?.isFile() === true ? { sizeBytes: stat.size, modifiedMs: stat.mtimeMs } : undefined;
    });
  }

  async isHere(): Promise<boolean> {
    return isFolder(this.root);
  }

  async *list(prefix: string, io?: IoOptions): AsyncIterable<Entry> {
    const entries = await this.#reading(prefix, async () => entriesIfPresent(this.pathOf(prefix), io));
    const below = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    for (const entry of entries ?? []) {
      yield { key: below + entry.name, kind: entry.isDirectory() ? "prefix" : "object" };
    }
  }

  /** The file is opened when the first chunk is asked for, so that a stream nobody reads holds nothing. */
  async *#chunks(key: string, options?: StreamOptions): AsyncIterable<Uint8Array> {
    const file = await this.#reading(key, async () => fs.promises.open(this.pathOf(key), OPEN_FOR_READING));
    try {
      for (let at = options?.from ?? 0; ;) {
        options?.signal?.throwIfAborted();
        const chunk = Buffer.allocUnsafe(STREAM_CHUNK_BYTES);
        const { bytesRead } = await this.#reading(key, async () => file.read(chunk, 0, chunk.length, at));
        if (bytesRead === 0) return;
        at += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  /** Gives whatever goes wrong the store's and the key's name. */
  async #reading<T>(key: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw localFailure(`cannot read ${key} in ${this.description}`, this.description, key, cause);
    }
  }
}

async function openIfPresent(path: string): Promise<fs.promises.FileHandle | undefined> {
  try {
    return await fs.promises.open(path, OPEN_FOR_READING);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

/** An error of the file system in the client's words; the reason of an abort, which may be anything, stays what it is. */
export function localFailure(what: string, store: string, key: string, cause: unknown): unknown {
  const isOfSystem = errorCode(cause) !== undefined && (cause as Error).name !== "AbortError";
  if (!isOfSystem) return cause;
  if (isRefused(cause)) {
    return new AccessDenied(`${what}: the system denies access (${errorCode(cause) ?? ""})`, {
      store,
      key,
      cause,
    });
  }
  return new DatastoreError(`${what}: ${messageOf(cause)}`, { store, key, cause });
}
