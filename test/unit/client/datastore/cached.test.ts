import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import { cached } from "../../../../src/client/datastore/cached.ts";
import { DiskCache } from "../../../../src/client/datastore/diskCache.ts";
import type { ObjectStore } from "../../../../src/client/datastore/store.ts";
import { MemoryStore } from "../logs/memory.ts";

const blob = (digit: string): string => `F/data/${digit}${digit}/${digit.repeat(40)}`;
const LARGE = Buffer.alloc(200_000, 7);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metaflow-cache-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function read(store: ObjectStore, key: string, from = 0): Promise<Buffer> {
  const opened = await store.stream(key, { from });
  return Buffer.concat(await collect(opened?.bytes ?? empty()));
}

// eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for
async function* empty(): AsyncIterable<Uint8Array> {
  yield* [];
}

async function files(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("a cached store", () => {
  it("reads a blob once, also for another process that has the same folder", async () => {
    const store = new MemoryStore();
    store.put(blob("a"), LARGE);
    const first = cached(store, new DiskCache(folder));
    expect((await read(first, blob("a"))).equals(LARGE)).toBe(true);
    expect((await read(first, blob("a"))).equals(LARGE)).toBe(true);
    const other = cached(store, new DiskCache(folder));
    expect((await read(other, blob("a"), 199_999)).length).toBe(1);
    expect((await other.getRange(blob("a"), 10, 13))?.length).toBe(3);
    expect(store.streams).toBe(1);
    expect(store.ranges).toEqual([]);
  });

  it("keeps small blobs in memory where it has no folder, and what is empty too", async () => {
    const store = new MemoryStore();
    store.put(blob("a"), "small");
    store.put("F/1/s/1/0.DONE.lock", "");
    const kept = cached(store);
    for (let time = 0; time < 2; time++) {
      expect(String(await read(kept, blob("a"), 2))).toBe("all");
      expect(Buffer.from((await kept.get(blob("a"))) ?? []).toString()).toBe("small");
      expect((await kept.get("F/1/s/1/0.DONE.lock"))?.length).toBe(0);
    }
    expect(store.streams).toBe(3);
  });

  it("does not keep what may change, what is missing, and what was not read to its end", async () => {
    const store = new MemoryStore();
    const kept = cached(store, new DiskCache(folder));
    const log = "F/1/s/1/0.runtime_stdout.log";
    store.put(log, "one");
    await kept.get(log);
    store.put(log, "two");
    expect(String(await kept.get(log))).toBe("two");
    expect(await kept.get(blob("b"))).toBeUndefined();
    store.put(blob("b"), "came");
    expect(String(await kept.get(blob("b")))).toBe("came");
    store.put(blob("c"), LARGE);
    for await (const chunk of (await kept.stream(blob("c")))?.bytes ?? []) if (chunk.length > 0) break;
    expect(await files()).toHaveLength(1);
  });

  it("tells stores apart that hold the same key", async () => {
    const disk = new DiskCache(folder);
    class Other extends MemoryStore {
      override readonly description = "other" as "memory";
    }
    const [one, two] = [new MemoryStore(), new Other()];
    one.put(blob("a"), "one");
    two.put(blob("a"), "two");
    expect(String(await cached(one, disk).get(blob("a")))).toBe("one");
    expect(String(await cached(two, disk).get(blob("a")))).toBe("two");
  });

  it("reads the store where the folder cannot be used", async () => {
    const store = new MemoryStore();
    store.put(blob("a"), LARGE);
    const kept = cached(store, new DiskCache("/dev/null/cache"));
    expect((await read(kept, blob("a"))).equals(LARGE)).toBe(true);
    expect((await read(kept, blob("a"))).equals(LARGE)).toBe(true);
    expect(store.streams).toBe(2);
  });
});

describe("a disk cache", () => {
  async function write(cache: DiskCache, name: string, bytes: Uint8Array): Promise<void> {
    const file = await cache.create(name);
    await file?.write(bytes);
    await file?.keep();
    await file?.discard();
  }

  it("stays below its bound and drops what was used longest ago", async () => {
    const cache = new DiskCache(folder, 1_000_000);
    for (const name of ["a", "b", "c", "d", "e"]) {
      await write(cache, name, LARGE);
      await cache.settled();
    }
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), 1000, 1000);
    expect(await cache.getRange("a", 0, 1)).toBeDefined(); // It is used now.
    await write(cache, "f", LARGE);
    await cache.settled();
    expect((await files()).length).toBeLessThanOrEqual(4);
    expect(await cache.getRange("a", 0, 1)).toBeDefined();
    expect(await cache.getRange("f", 0, 1)).toBeDefined();
  });

  it("stays near its bound while more comes than can be tidied up", async () => {
    // Those of a full cache, which take their time to be looked through.
    await mkdir(join(folder, "00"));
    for (let at = 0; at < 2000; at++) await writeFile(join(folder, "00", String(at)), "");
    const cache = new DiskCache(folder, 1_000_000);
    const piece = Buffer.alloc(20_000, 1);
    for (let at = 0; at < 200; at++) await write(cache, `many ${at}`, piece);
    const kept = (await files()).length - 2000;
    expect(kept * piece.length).toBeLessThanOrEqual(1_000_000 * (1 + 2 / 16));
    await cache.settled();
  });

  it("keeps nothing that would fill a quarter of it", async () => {
    const cache = new DiskCache(folder, 400_000);
    await write(cache, "large", LARGE);
    expect(await files()).toEqual([]);
  });

  it("removes what a process left that ended while it wrote", async () => {
    const cache = new DiskCache(folder);
    await cache.create("left");
    const [left = ""] = await readdir(folder, { recursive: true }).then((names) =>
      names.filter((name) => name.endsWith(".part")),
    );
    await utimes(join(folder, left), 1000, 1000);
    await write(new DiskCache(folder), "next", LARGE);
    const next = new DiskCache(folder);
    await write(next, "another", LARGE);
    await next.settled();
    expect((await files()).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});
