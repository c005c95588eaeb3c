import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/base/async.ts";
import { retrying } from "../../../../src/client/datastore/retrying.ts";
import type { Entry, OpenObject, StreamOptions } from "../../../../src/client/datastore/store.ts";
import { AccessDenied, StoreUnreachable } from "../../../../src/client/errors.ts";
import { MemoryStore } from "../logs/memory.ts";

const QUICKLY = { tries: 4, firstPauseMs: 1 };
const TEXT = "a text of some length";

/** Breaks off every stream after so many bytes, so many times. */
class BreakingStore extends MemoryStore {
  readonly asked: StreamOptions[] = [];
  breaks = 3;
  after = 5;

  override async stream(key: string, options: StreamOptions = {}): Promise<OpenObject | undefined> {
    this.asked.push(options);
    const opened = await super.stream(key, options);
    return opened && { ...opened, etag: "v1" };
  }

  protected override async *chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    const isBroken = this.breaks-- > 0;
    if (this.after > 0) yield bytes.subarray(0, isBroken ? this.after : undefined);
    await Promise.resolve();
    if (isBroken) throw new StoreUnreachable("reset");
  }

  override async *list(prefix: string): AsyncIterable<Entry> {
    const isBroken = this.breaks-- > 0;
    let told = 0;
    for await (const entry of super.list(prefix)) {
      if (isBroken && told++ === 2) throw new StoreUnreachable("reset");
      yield entry;
    }
  }
}

describe("a store that tries again", () => {
  it("goes on with a stream where it broke off, with the same version of the object", async () => {
    const store = new BreakingStore();
    store.put("key", TEXT);
    const opened = await retrying(store, QUICKLY).stream("key");
    expect(Buffer.concat(await collect(opened?.bytes ?? nothing())).toString()).toBe(TEXT);
    expect(store.asked.slice(1).map(({ from, etag }) => [from, etag])).toEqual([
      [5, "v1"],
      [10, "v1"],
      [15, "v1"],
    ]);
  });

  it("gives up a stream that brings nothing any more", async () => {
    const store = new BreakingStore();
    Object.assign(store, { breaks: Infinity, after: 0 });
    store.put("key", TEXT);
    await expect(retrying(store, QUICKLY).get("key")).rejects.toThrow(StoreUnreachable);
    expect(store.asked).toHaveLength(4);
  });

  it("tells every entry of a listing once", async () => {
    const store = new BreakingStore();
    for (const name of ["a", "b", "c", "d"]) store.put(name, "");
    const entries = await collect(retrying(store, QUICKLY).list(""));
    expect(entries.map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
  });

  it("does not ask again for what is refused", async () => {
    let asked = 0;
    class Closed extends MemoryStore {
      override async get(): Promise<undefined> {
        asked++;
        return Promise.reject(new AccessDenied("no"));
      }
      override async getRange(): Promise<undefined> {
        return this.get();
      }
    }
    await expect(retrying(new Closed(), QUICKLY).getRange("key", 0, 1)).rejects.toThrow(AccessDenied);
    expect(asked).toBe(1);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for
async function* nothing(): AsyncIterable<Uint8Array> {
  yield* [];
}
