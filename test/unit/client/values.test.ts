import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { ArtifactRecord } from "../../../src/client/records.ts";
import type { Session } from "../../../src/client/session.ts";
import { openValue } from "../../../src/client/values.ts";
import { MemoryStore } from "./logs/memory.ts";

const SHA = "a".repeat(40);

/** A store whose connection is silent after the first half of a blob, until it is given up. */
class SilentStore extends MemoryStore {
  signal: AbortSignal | undefined;
  isReleased = false;

  override async stream(...args: Parameters<MemoryStore["stream"]>): ReturnType<MemoryStore["stream"]> {
    this.signal = args[1]?.signal;
    return super.stream(...args);
  }

  protected override async *chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    const { signal } = this;
    try {
      yield bytes.subarray(0, bytes.length / 2);
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          reject(new Error("given up"));
        });
      });
    } finally {
      this.isReleased = true;
    }
  }
}

describe("openValue", () => {
  it.each([
    ["gzipped", (bytes: Uint8Array) => gzipSync(bytes, { level: 0 })],
    ["plain", (bytes: Uint8Array) => bytes],
  ])("gives up a silent connection when its document is closed: %s", async (_, pack) => {
    const store = new SilentStore();
    const pickle = Buffer.concat([
      Buffer.from("]("),
      Buffer.alloc(9000, "K\x07", "latin1"),
      Buffer.from("e."),
    ]);
    store.put(`F/data/aa/${SHA}`, pack(pickle));
    // Of a session, a value needs the store alone; of its record, where it is.
    const session = { store: async () => Promise.resolve(store) } as unknown as Session;
    const record = {
      path: ["F", "1"],
      dsType: "local",
      location: ":root:/x",
      sha: SHA,
    } as unknown as ArtifactRecord;
    const document = await openValue(session, record);
    expect([document.settled, store.isReleased]).toEqual([false, false]);
    document.close();
    await expect(document.complete).rejects.toMatchObject({ code: "aborted" });
    await vi.waitFor(() => {
      expect(store.isReleased).toBe(true);
    });
  });
});
