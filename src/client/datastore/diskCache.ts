import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { IoOptions } from "../../base/io.ts";
import { LocalStore } from "./local.ts";

/** In bytes; Metaflow's own client keeps up to 10,000 MB (METAFLOW_CLIENT_CACHE_MAX_SIZE). */
const MAX_BYTES = 2 * 2 ** 30;
/** What is larger than this part of the cache is not kept: it would push out everything else. */
const LARGEST_PART = 1 / 4;
/** After so much of the cache was written anew it is looked through. */
const SWEEP_PART = 1 / 16;
/** A sweep leaves so much. */
const LEFT_PART = 3 / 4;
/** When a file was last used is noted no more often. */
const TOUCH_MS = 3_600_000;
/** A file that is being written for longer was left by a process that ended. */
const ABANDONED_MS = 24 * 3_600_000;
const BEING_WRITTEN = ".part";

/** A file of the cache that is being written. */
export interface CacheFile {
  write(chunk: Uint8Array): Promise<void>;
  /** It is whole: others see it from now on. */
  keep(): Promise<void>;
  /** Takes it away, unless it is kept. */
  discard(): Promise<void>;
}

/**
 * A bounded folder of bytes by name that several processes may use at once. A file appears whole (it is renamed when it is finished) and never changes;
 * any of them may be gone at any time. What is used least is removed first. A disk that refuses is no reason to fail: then nothing is kept.
 */
export class DiskCache {
  readonly #files: LocalStore;
  readonly #maxBytes: number;
  #writtenBytes: number;
  #sweeping: Promise<void> | undefined;

  /** @param folder is made when it is needed; @param maxBytes 2 GiB */
  constructor(folder: string, maxBytes = MAX_BYTES) {
    this.#files = new LocalStore(folder);
    this.#maxBytes = maxBytes;
    // What others left is looked at when the first file is written.
    this.#writtenBytes = maxBytes;
  }

  /** Bytes `from` to `to` of what is kept under a name. */
  async getRange(name: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined> {
    const key = keyOf(name);
    return this.#unlessRefused(io, async () => {
      await this.#touch(key);
      return this.#files.getRange(key, from, to, io);
    });
  }

  /** What is kept under a name, from a byte on. */
  async stream(
    name: string,
    options?: IoOptions & { readonly from?: number | undefined },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const key = keyOf(name);
    return this.#unlessRefused(options, async () => {
      if (!(await this.#touch(key))) return undefined;
      // Opened now: another process may remove the name, not the opened file.
      const file = await open(this.#files.pathOf(key), "r");
      return file.createReadStream({
        start: options?.from ?? 0,
        ...(options?.signal && { signal: options.signal }),
      });
    });
  }

  /** A file to write; `undefined` where none can be made, or while more comes than can be tidied up: the bound holds on a busy disk, too. */
  async create(name: string): Promise<CacheFile | undefined> {
    if (this.#sweeping !== undefined && this.#isSweepDue()) return undefined;
    const path = this.#files.pathOf(keyOf(name));
    const part = `${path}.${randomUUID()}${BEING_WRITTEN}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(part, "wx", 0o600);
      return new OneFile(file, part, path, this.#maxBytes * LARGEST_PART, (bytes) => {
        this.#wrote(bytes);
      });
    } catch {
      return undefined;
    }
  }

  /** Waits until nothing is being tidied up. */
  async settled(): Promise<void> {
    await this.#sweeping;
  }

  #wrote(bytes: number): void {
    this.#writtenBytes += bytes;
    if (!this.#isSweepDue() || this.#sweeping !== undefined) return;
    this.#writtenBytes = 0;
    // A file that cannot be removed now is removed another time.
    this.#sweeping = sweep(this.#files.root, this.#maxBytes)
      .catch(() => undefined)
      .finally(() => (this.#sweeping = undefined));
  }

  #isSweepDue(): boolean {
    return this.#writtenBytes >= this.#maxBytes * SWEEP_PART;
  }

  async #touch(key: string): Promise<boolean> {
    const path = this.#files.pathOf(key);
    const head = await this.#files.head(key);
    if (head === undefined) return false;
    const now = Date.now();
    if (now - head.modifiedMs > TOUCH_MS) await utimes(path, now / 1000, now / 1000).catch(() => undefined);
    return true;
  }

  async #unlessRefused<T>(io: IoOptions | undefined, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch {
      io?.signal?.throwIfAborted();
      return undefined;
    }
  }
}

class OneFile implements CacheFile {
  readonly #file: FileHandle;
  readonly #part: string;
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #wrote: (bytes: number) => void;
  #bytes = 0;
  #isGood = true;
  #isOpen = true;

  constructor(
    file: FileHandle,
    part: string,
    path: string,
    maxBytes: number,
    wrote: (bytes: number) => void,
  ) {
    this.#file = file;
    this.#part = part;
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#wrote = wrote;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.length;
    this.#isGood &&= this.#bytes <= this.#maxBytes;
    if (!this.#isGood) return;
    await this.#file.writeFile(chunk).catch(() => (this.#isGood = false));
  }

  async keep(): Promise<void> {
    await this.#close();
    if (!this.#isGood) return;
    await rename(this.#part, this.#path).then(
      () => {
        this.#wrote(this.#bytes);
      },
      () => undefined,
    );
  }

  async discard(): Promise<void> {
    await this.#close();
    await rm(this.#part, { force: true }).catch(() => undefined);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close().catch(() => (this.#isGood = false));
  }
}

/** No name is too long or has signs that a file system forbids. */
function keyOf(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return `${hash.slice(0, 2)}/${hash.slice(2)}`;
}

/** Removes what was not used for longest, until enough is gone, and what processes left that ended while they wrote. */
async function sweep(root: string, maxBytes: number): Promise<void> {
  const files: { path: string; bytes: number; usedMs: number }[] = [];
  for (const folder of await readdir(root)) {
    for (const name of await readdir(join(root, folder)).catch(() => [])) {
      const path = join(root, folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      const isAbandoned = name.endsWith(BEING_WRITTEN) && Date.now() - found.mtimeMs > ABANDONED_MS;
      if (isAbandoned) await rm(path, { force: true });
      else if (!name.endsWith(BEING_WRITTEN)) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
    }
  }
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return;
  for (const { path, bytes } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (total <= maxBytes * LEFT_PART) return;
    await rm(path, { force: true });
    total -= bytes;
  }
}
