/** What every object store is held to where a double plays it: how little it is asked, and the right answer or the right error when it fails in every way there is. */
import type { IncomingHttpHeaders } from "node:http";
import { expect, it as plain, type TestAPI } from "vitest";
import { collect } from "../../src/base/async.ts";
import { HttpStore, type Dialect } from "../../src/client/datastore/http.ts";
import { retrying } from "../../src/client/datastore/retrying.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { DatastoreError, StoreUnreachable } from "../../src/client/errors.ts";
import { HttpClient } from "../../src/client/http/client.ts";
import { bytesOf } from "../helpers/bytesOf.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";

const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
/** The content of the object `large`. */
export const LARGE = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
const HTML = "<!DOCTYPE html><html><title>Sign in</title></html>";
const IS_HTML = { "content-type": "text/html; charset=utf-8" };

/** A double of an object store, whichever it plays. */
interface StoreDouble {
  /** Every request so far. */
  readonly asked: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
  }[];
  /** How many names a page of a listing has at most. */
  pageSize: number;
  start(): Promise<string>;
  stop(): Promise<void>;
  put(name: string, bytes: string | Buffer): void;
}

/** What tells one kind of store from another. */
export interface StoreKind<D extends StoreDouble> {
  /** The name of the bucket or the container. The store's root is `root` in it. */
  readonly bucket: string;
  readonly double: () => D;
  /** How a store at an address is spoken to. */
  readonly dialect: (url: string) => Dialect;
  /** Puts an object with what Metaflow keeps with it. */
  readonly putKept: (double: D, name: string, bytes: Buffer, attributes: string) => void;
  /** Puts what the store itself has for a folder, where it has such a thing. */
  readonly putFolder?: (double: D, name: string) => void;
  /** What its answers of 500 and 503 say. */
  readonly says: { readonly 500: string; readonly 503: string };
}

/** What a test has: a double with objects in it, and a proxy before it that fails on demand. */
interface Failing<D extends StoreDouble> {
  readonly double: D;
  readonly proxy: FaultProxy;
  /** The proxy's address. */
  readonly url: string;
  /** Opens a store behind the proxy, which is closed when the test ends. */
  readonly open: (options?: { readonly silenceMs?: number; readonly dialect?: Dialect }) => ObjectStore;
}

/** An `it` whose tests have a store of this kind that fails on demand, each another one. */
export function withFailing<D extends StoreDouble>(kind: StoreKind<D>): TestAPI<Failing<D>> {
  return plain.extend<Failing<D>>({
    double: async ({}, use) => {
      const double = kind.double();
      kind.putKept(double, "root/large", LARGE, ATTRIBUTES);
      for (let at = 0; at < 10; at++) double.put(`root/many/${at}`, "x");
      for (let at = 0; at < 5; at++) double.put(`root/many/folder ${at}/x`, "x");
      await use(double);
      await double.stop();
    },
    proxy: async ({ double }, use) => {
      const proxy = new FaultProxy(await double.start());
      await use(proxy);
      await proxy.stop();
    },
    url: async ({ proxy }, use) => use(await proxy.start()),
    open: async ({ url }, use) => {
      const opened: ObjectStore[] = [];
      await use(({ silenceMs = 30_000, dialect = kind.dialect(url) } = {}) => {
        const http = new HttpClient({ unpack: false, silenceMs });
        const store = retrying(new HttpStore(dialect, http), { tries: 4, firstPauseMs: 1 });
        opened.push(store);
        return store;
      });
      for (const store of opened) store.close?.();
    },
  });
}

/** The names below `many`. */
export async function names(store: ObjectStore): Promise<string[]> {
  return (await collect(store.list("many"))).map(({ key }) => key);
}

/** Whether the object `large` is read whole and right. */
export async function isLarge(store: ObjectStore): Promise<boolean> {
  return LARGE.equals((await store.get("large")) ?? Buffer.of());
}

/** The error with which what was asked for ends. */
export async function failure(asked: Promise<unknown>): Promise<DatastoreError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DatastoreError) return error;
  throw new Error(`no DatastoreError but ${String(error)}`);
}

/** Registers the tests of how little a store is asked. */
export function itIsAskedLittle<D extends StoreDouble>(it: TestAPI<Failing<D>>, kind: StoreKind<D>): void {
  it("gives a blob and what Metaflow keeps with it by one request", async ({ double, open }) => {
    const blob = await open().stream("large");
    expect(blob?.attributes).toBe(ATTRIBUTES);
    expect((await bytesOf(blob)).equals(LARGE)).toBe(true);
    expect(double.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /${kind.bucket}/root/large`,
    ]);
  });

  it("lists in pages, of names and of prefixes, without the marks of folders", async ({ double, open }) => {
    // A mark of an empty folder, as some tools leave it.
    double.put("root/many/", "");
    kind.putFolder?.(double, "root/many/kept");
    const listed = kind.putFolder === undefined ? 16 : 17;
    for (const pageSize of [1, 3, 16, 100]) {
      double.pageSize = pageSize;
      const before = double.asked.length;
      expect(new Set(await names(open()))).toHaveLength(15);
      expect(double.asked.length - before).toBe(Math.ceil(listed / pageSize));
    }
  });

  it("is asked for no part by its distance from the end, which not all servers know", async ({
    double,
    open,
  }) => {
    const store = open();
    await store.getRange("large", 499_990, Infinity);
    await store.getRange("large", 600_000, Infinity);
    await bytesOf(await store.stream("large", { from: 499_000 }));
    const ranges = double.asked.map(({ headers }) => headers.range);
    expect(ranges).toEqual(["bytes=499990-", "bytes=600000-", "bytes=499000-"]);
  });
}

/** Registers the tests of a store that fails, for a moment or for good. */
export function itSurvivesFaults<D extends StoreDouble>(it: TestAPI<Failing<D>>, kind: StoreKind<D>): void {
  const passing = {
    "resets a connection": FAULTS.reset,
    "resets it in the middle of an answer": FAULTS.resetInBody,
    "is slow to begin": FAULTS.slowFirstByte(300),
    "is slow all along": FAULTS.drip(20, 10),
    "is busy (429)": FAULTS.answer(429, "", { "Retry-After": "0" }),
    "has an error that passes (500)": FAULTS.answer(500, kind.says[500]),
    "is unavailable (503)": FAULTS.answer(503, kind.says[503]),
    "sends less than it says": FAULTS.wrongLength,
    "is hidden by a page for a moment": FAULTS.answer(200, HTML, IS_HTML),
    "is hidden by a page that nothing is found on": FAULTS.answer(404, HTML, IS_HTML),
  };
  for (const [what, fault] of Object.entries(passing)) {
    it(`that ${what} is asked again, and answers as if nothing had been`, async ({ proxy, open }) => {
      const store = open();
      proxy.fail(fault, 1);
      expect(await isLarge(store)).toBe(true);
      proxy.fail(fault, 1);
      expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
      proxy.fail(fault, 1);
      expect(await store.getRange("large", 0, 1000)).toHaveLength(1000);
      proxy.fail(fault, 1);
      expect(await names(store)).toHaveLength(15);
    });
  }

  it("that cuts off a listing is asked for it again", async ({ proxy, open }) => {
    proxy.fail(FAULTS.truncatedJson, 1);
    expect(await names(open())).toHaveLength(15);
    proxy.fail(FAULTS.truncatedJson, 9);
    expect((await failure(names(open()))).code).toBe("unreachable");
  });

  it("that breaks off again and again goes on where it was, with the same object", async ({
    double,
    proxy,
    open,
  }) => {
    proxy.fail(FAULTS.resetInBody, 3);
    expect(await isLarge(open())).toBe(true);
    const asked = double.asked.map(({ headers }) => [headers.range, headers["if-match"]]);
    expect(asked[0]).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(4);
    for (const [range, etag] of asked.slice(1))
      expect([range, etag]).toEqual([
        expect.stringMatching(/^bytes=\d+-$/),
        expect.stringMatching(/^"\w+"$/),
      ]);
  });

  it("whose object is written anew while it is read never gives halves of two", async ({
    double,
    proxy,
    open,
  }) => {
    proxy.fail(FAULTS.resetInBody, 1);
    const broken = await open().stream("large");
    double.put("root/large", Buffer.alloc(LARGE.length, 1));
    expect((await failure(bytesOf(broken))).message).toContain("it was changed while it was read");
  });

  it("that stays away is unreachable, and there again when it is", async ({ proxy, open }) => {
    const store = open();
    for (const fault of [FAULTS.reset, FAULTS.answer(503, ""), FAULTS.answer(200, HTML, IS_HTML)]) {
      proxy.fail(fault, 9);
      expect(await failure(store.get("large"))).toBeInstanceOf(StoreUnreachable);
      proxy.heal();
      expect(await isLarge(store)).toBe(true);
    }
  });

  it("that stops answering is given up after a while and asked once more", async ({ proxy, open }) => {
    for (const fault of [FAULTS.stall, FAULTS.stallInBody]) {
      const store = open({ silenceMs: 300 });
      proxy.fail(fault, 1);
      expect(await isLarge(store)).toBe(true);
      proxy.fail(fault, 9);
      expect((await failure(store.getRange("large", 0, 400_000))).message).toContain("nothing came for");
      proxy.heal();
    }
  });

  it("is left in peace at once when nobody waits any more", async ({ proxy, open }) => {
    proxy.fail(FAULTS.stall, 9);
    const abort = new AbortController();
    const asked = open()
      .get("large", { signal: abort.signal })
      .catch((error: unknown) => error);
    await expect.poll(() => proxy.requests).toBeGreaterThan(0);
    const begun = performance.now();
    abort.abort();
    expect(await asked).toBe(abort.signal.reason);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
}
