import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { joinBytes } from "../../../src/base/bytes.ts";
import { openBlob } from "../../../src/client/blobs.ts";
import { DatastoreError } from "../../../src/client/errors.ts";
import type { Session } from "../../../src/client/session.ts";
import { MemoryStore } from "./logs/memory.ts";

const SHA = "a".repeat(40);
const KEY = `F/data/aa/${SHA}`;
const ADDRESS = { flow: "F", dsType: "local", location: `:root:/x`, sha: SHA };

/** A store that gives a blob in chunks of one byte. */
class SlowStore extends MemoryStore {
  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
  protected override async *chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
}

function sessionOf(blob: Uint8Array, meta?: string): Session {
  const store = new SlowStore();
  store.put(KEY, blob);
  if (meta !== undefined) store.attributes.set(KEY, meta);
  // Of a session, a blob needs the store alone.
  return { store: async () => Promise.resolve(store) } as unknown as Session;
}

describe("openBlob", () => {
  it("tells what is gzipped however the bytes arrive, and gives them all", async () => {
    const zipped = gzipSync("value");
    for (const [bytes, gzipped] of [
      [zipped, true],
      [Buffer.from("plain"), false],
      [Buffer.from([0x1f]), false],
      [Buffer.alloc(0), false],
    ] as const) {
      const blob = await openBlob(sessionOf(bytes), ADDRESS, "x");
      expect(blob.gzipped).toBe(gzipped);
      expect(Buffer.from((await joinBytes(blob.bytes, 1000)) ?? []).equals(bytes)).toBe(true);
    }
  });

  it.each(['{"cas_raw": false, "cas_version": 1}', '{"cas_raw": true, "cas_version": 7}', undefined])(
    "reads what is packed as %s",
    async (meta) => {
      expect((await openBlob(sessionOf(gzipSync("v"), meta), ADDRESS, "x")).gzipped).toBe(true);
    },
  );

  it.each([
    ['{"cas_raw": false, "cas_version": 2}', /x is packed in version 2, which is not known.*later Metaflow/],
    ['{"cas_raw": false}', /x is packed without a version/],
  ])("refuses what is packed as %s, and says why", async (meta, message) => {
    const failure = await openBlob(sessionOf(gzipSync("v"), meta), ADDRESS, "x").catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DatastoreError);
    expect((failure as DatastoreError).message).toMatch(message);
  });
});
