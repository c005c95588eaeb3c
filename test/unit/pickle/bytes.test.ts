import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ByteStore, SEGMENT_SIZE, type Spill } from "../../../src/pickle/bytes.ts";
import { TempFile } from "../../../src/pickle/tempFile.ts";

const LENGTH = 24 * SEGMENT_SIZE + 4321;
const MEMORY = 4 * SEGMENT_SIZE;
const data = Uint8Array.from({ length: LENGTH }, (_, at) => (at * 2_654_435_761) >>> 24);
const whole = new ByteStore(data);

/** Places near the edges of segments are worth more looks than others. */
const place = fc.oneof(
  fc.nat(LENGTH + 10),
  fc
    .tuple(fc.nat(24), fc.integer({ min: -20, max: 20 }))
    .map(([n, by]) => Math.max(0, n * SEGMENT_SIZE + by)),
);

describe("a store of bytes with little memory", () => {
  let folder = "";
  let store: ByteStore;
  let files: TempFile[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-bytes-"));
    files = [];
    store = new ByteStore(undefined, { memory: MEMORY, spill });
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true, force: true });
  });

  function spill(): TempFile {
    const file = new TempFile(folder);
    files.push(file);
    return file;
  }

  async function fill(chunk: number, isOwn = false): Promise<void> {
    for (let at = 0; at < LENGTH; at += chunk) {
      const part = data.slice(at, at + chunk);
      store.append(part, isOwn);
      // Whoever does not own a chunk may use its memory again.
      if (!isOwn) part.fill(0);
      await store.room();
    }
  }

  it("answers exactly as one in memory", async () => {
    for (const [chunk, isOwn] of [
      [100_000, false],
      [SEGMENT_SIZE, true],
      [3 * SEGMENT_SIZE + 17, true],
    ] as const) {
      store = new ByteStore(undefined, { memory: MEMORY, spill });
      await fill(chunk, isOwn);
      expect(store.length).toBe(LENGTH);
      fc.assert(
        fc.property(place, fc.nat(3 * SEGMENT_SIZE), (from, size) => {
          const to = from + size;
          expect(store.byte(from)).toBe(whole.byte(from));
          expect(Buffer.compare(store.copy(from, to), whole.copy(from, to))).toBe(0);
          const pieces = Buffer.concat([...store.pieces(from, to)]);
          expect(Buffer.compare(pieces, whole.view(from, to))).toBe(0);
          // What is not there is left as it was.
          const read = new Uint8Array(size).fill(7);
          store.readInto(from, read);
          const expected = new Uint8Array(size).fill(7);
          expected.set(whole.view(from, to));
          expect(Buffer.compare(read, expected)).toBe(0);
          if (from >= LENGTH) return;
          expect(store.segment(from)[store.place(from)]).toBe(data[from]);
          const { buffer, base } = store.window(from);
          expect(Buffer.compare(buffer.subarray(from - base), whole.view(from, base + buffer.length))).toBe(
            0,
          );
          expect(base + buffer.length).toBeGreaterThanOrEqual(Math.min(LENGTH, from + 16));
        }),
        { numRuns: 150 },
      );
      const last = data.lastIndexOf(77);
      expect(store.indexOf(77, last)).toBe(last);
      expect(store.indexOf(77, last + 1)).toBe(-1);
      store.close();
    }
  });

  it("has a file without a name, one alone, and only where it needs one", async () => {
    store.append(data.subarray(0, MEMORY));
    await store.room();
    expect(files).toEqual([]);
    await fill(SEGMENT_SIZE);
    expect(files).toHaveLength(1);
    if (process.platform !== "win32") expect(await readdir(folder)).toEqual([]);
  });

  it("lets go of its file when it is closed, and then says so of what was in it", async () => {
    await fill(SEGMENT_SIZE);
    store.close();
    expect(() => files[0]?.read(0, new Uint8Array(1))).toThrow("closed");
    expect(() => store.byte(0)).toThrow("the document was closed");
    expect(() => {
      store.readInto(0, new Uint8Array(1));
    }).toThrow("the document was closed");
    expect(store.byte(LENGTH - 1)).toBe(data[LENGTH - 1]);
  });

  it("keeps in memory what there is no room for outside", async () => {
    let writes = 0;
    const full: Spill = {
      write: async () => {
        if (++writes > 2) throw new Error("ENOSPC: no space left on device");
        await Promise.resolve();
      },
      read: (at, into) => {
        into.set(data.subarray(at, at + into.length));
      },
      close: () => undefined,
    };
    store = new ByteStore(undefined, { memory: MEMORY, spill: () => full });
    await fill(SEGMENT_SIZE);
    expect(writes).toBe(3);
    expect(Buffer.compare(store.copy(0, LENGTH), data)).toBe(0);
  });
});

describe("a store of bytes that lie outside", () => {
  const reads: number[] = [];
  const outside = {
    read: (at: number, into: Uint8Array) => {
      reads.push(into.length);
      into.set(data.subarray(at, at + into.length));
    },
    close: () => undefined,
  };
  const opened = (): ByteStore => {
    reads.length = 0;
    return ByteStore.of(outside, LENGTH, MEMORY);
  };

  it("reads little for a few bytes here and there, and each place once", () => {
    const store = opened();
    for (let round = 0; round < 3; round++)
      for (let segment = 0; segment <= 24; segment++)
        store.view(segment * SEGMENT_SIZE + 3000, segment * SEGMENT_SIZE + 3008);
    expect(reads).toHaveLength(25);
    expect(reads.reduce((sum, size) => sum + size)).toBeLessThan(SEGMENT_SIZE / 2);
  });

  it("reads a segment whole where much of it is looked at", () => {
    const store = opened();
    for (let at = 0; at + 8 <= SEGMENT_SIZE; at += 8) store.view(at, at + 8);
    expect(reads.reduce((sum, size) => sum + size)).toBeLessThan(1.1 * SEGMENT_SIZE);
  });

  it("answers exactly as one in memory, wherever it is looked at", () => {
    const looks = fc.array(fc.tuple(place, fc.oneof(fc.nat(40), fc.nat(40_000))), { maxLength: 60 });
    fc.assert(
      fc.property(looks, (places) => {
        const store = opened();
        for (const [from, size] of places)
          expect(Buffer.compare(store.view(from, from + size), whole.view(from, from + size))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
