/** Google Cloud Storage as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { GsDialect } from "../../src/client/datastore/gs/dialect.ts";
import { parseRoot } from "../../src/client/datastore/gs/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import { retrying } from "../../src/client/datastore/retrying.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { AccessDenied, DatastoreError, StoreUnreachable } from "../../src/client/errors.ts";
import { HttpClient } from "../../src/client/http/client.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";
import { GsDouble } from "../servers/gsDouble.mjs";

const BUCKET = "bucket";
const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const LARGE = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
const HTML = "<!DOCTYPE html><html><title>Sign in</title></html>";
const IS_HTML = { "content-type": "text/html; charset=utf-8" };

describe("Google Cloud Storage", () => {
  let double: GsDouble;
  let proxy: FaultProxy;
  let url: string;
  const opened: ObjectStore[] = [];

  beforeEach(async () => {
    double = new GsDouble(BUCKET);
    double.put("root/large", LARGE, { metadata: { "metaflow-user-attributes": ATTRIBUTES } });
    for (let at = 0; at < 10; at++) double.put(`root/many/${at}`, "x");
    for (let at = 0; at < 5; at++) double.put(`root/many/folder ${at}/x`, "x");
    proxy = new FaultProxy(await double.start());
    url = await proxy.start();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close?.();
    await proxy.stop();
    await double.stop();
  });

  function open(silenceMs = 30_000, root = `gs://${BUCKET}/root`): ObjectStore {
    const http = new HttpClient({ unpack: false, silenceMs });
    const store = retrying(new HttpStore(new GsDialect(parseRoot(root), url, undefined), http), {
      tries: 4,
      firstPauseMs: 1,
    });
    opened.push(store);
    return store;
  }
  async function names(store: ObjectStore): Promise<string[]> {
    return (await collect(store.list("many"))).map(({ key }) => key);
  }
  async function isLarge(store: ObjectStore): Promise<boolean> {
    return LARGE.equals((await store.get("large")) ?? Buffer.of());
  }
  async function bytesOf(opened: OpenObject | undefined): Promise<Buffer> {
    return opened === undefined ? Buffer.of() : Buffer.concat(await collect(opened.bytes));
  }
  const failure = async (asked: Promise<unknown>): Promise<DatastoreError> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof DatastoreError) return error;
    throw new Error(`no DatastoreError but ${String(error)}`);
  };

  it("gives a blob and what Metaflow keeps with it by one request", async () => {
    const blob = await open().stream("large");
    expect(blob?.attributes).toBe(ATTRIBUTES);
    expect((await bytesOf(blob)).equals(LARGE)).toBe(true);
    expect(double.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /bucket/root/large"]);
  });

  it("lists in pages, of names and of prefixes", async () => {
    // A mark of an empty folder, as some tools leave it.
    double.put("root/many/", "");
    for (const pageSize of [1, 3, 16, 100]) {
      double.pageSize = pageSize;
      const before = double.asked.length;
      expect(new Set(await names(open()))).toHaveLength(15);
      expect(double.asked.length - before).toBe(Math.ceil(16 / pageSize));
    }
  });

  it("is asked for no part by its distance from the end, which not all servers know", async () => {
    const store = open();
    await store.getRange("large", 499_990, Infinity);
    await store.getRange("large", 600_000, Infinity);
    await bytesOf(await store.stream("large", { from: 499_000 }));
    const ranges = double.asked.map(({ headers }) => headers.range);
    expect(ranges).toEqual(["bytes=499990-", "bytes=600000-", "bytes=499000-"]);
  });

  it("gives packed objects as they are stored, whole and in parts", async () => {
    const packed = gzipSync("a text of some length ".repeat(100));
    double.put("root/packed", packed, { contentEncoding: "gzip", contentType: "text/plain" });
    const store = open();
    expect(packed.equals((await store.get("packed")) ?? Buffer.of())).toBe(true);
    expect(packed.subarray(2, 9).equals((await store.getRange("packed", 2, 9)) ?? Buffer.of())).toBe(true);
    expect((await store.head("packed"))?.sizeBytes).toBe(packed.length);
  });

  it("tells a bucket that does not exist from an object that does not", async () => {
    const nowhere = open(30_000, "gs://nowhere/root");
    const questions = [
      async () => nowhere.get("k"),
      async () => nowhere.head("k"),
      async () => nowhere.getRange("k", 0, 1),
      async () => names(nowhere),
    ];
    for (const ask of questions) {
      const error = await failure(ask());
      expect([error.code, error.message]).toEqual([
        "datastore-error",
        expect.stringContaining("gs://nowhere/root"),
      ]);
      expect(error.message).toContain("The specified bucket does not exist.");
    }
    expect(await open().get("none")).toBeUndefined();
  });

  const passing = {
    "resets a connection": FAULTS.reset,
    "resets it in the middle of an answer": FAULTS.resetInBody,
    "is slow to begin": FAULTS.slowFirstByte(300),
    "is slow all along": FAULTS.drip(20, 10),
    "is busy (429)": FAULTS.answer(429, "", { "Retry-After": "0" }),
    "has an error that passes (500)": FAULTS.answer(
      500,
      '{"error": {"code": 500, "message": "Backend Error"}}',
    ),
    "is unavailable (503)": FAULTS.answer(
      503,
      "<?xml version='1.0'?><Error><Code>ServiceUnavailable</Code></Error>",
    ),
    "sends less than it says": FAULTS.wrongLength,
    "is hidden by a page for a moment": FAULTS.answer(200, HTML, IS_HTML),
    "is hidden by a page that nothing is found on": FAULTS.answer(404, HTML, IS_HTML),
  };
  for (const [what, fault] of Object.entries(passing)) {
    it(`that ${what} is asked again, and answers as if nothing had been`, async () => {
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

  it("that cuts off a listing is asked for it again", async () => {
    proxy.fail(FAULTS.truncatedJson, 1);
    expect(await names(open())).toHaveLength(15);
    proxy.fail(FAULTS.truncatedJson, 9);
    expect((await failure(names(open()))).code).toBe("unreachable");
  });

  it("that breaks off again and again goes on where it was, with the same object", async () => {
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

  it("whose object is written anew while it is read never gives halves of two", async () => {
    proxy.fail(FAULTS.resetInBody, 1);
    const broken = await open().stream("large");
    double.put("root/large", Buffer.alloc(LARGE.length, 1));
    expect((await failure(bytesOf(broken))).message).toContain("it was changed while it was read");
  });

  it("that refuses says so at once, with its own words", async () => {
    double.forbidden = "ada@example.com";
    const store = open();
    for (const ask of [
      async () => store.get("large"),
      async () => store.head("large"),
      async () => names(store),
    ]) {
      const error = await failure(ask());
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain("ada@example.com may not read it");
      expect(error.message).toContain("gs://bucket/root");
    }
    expect(double.asked).toHaveLength(3);
  });

  it("that stays away is unreachable, and there again when it is", async () => {
    const store = open();
    for (const fault of [FAULTS.reset, FAULTS.answer(503, ""), FAULTS.answer(200, HTML, IS_HTML)]) {
      proxy.fail(fault, 9);
      expect(await failure(store.get("large"))).toBeInstanceOf(StoreUnreachable);
      proxy.heal();
      expect(await isLarge(store)).toBe(true);
    }
  });

  it("that stops answering is given up after a while and asked once more", async () => {
    for (const fault of [FAULTS.stall, FAULTS.stallInBody]) {
      const store = open(300);
      proxy.fail(fault, 1);
      expect(await isLarge(store)).toBe(true);
      proxy.fail(fault, 9);
      expect((await failure(store.getRange("large", 0, 400_000))).message).toContain("nothing came for");
      proxy.heal();
    }
  });

  it("is left in peace at once when nobody waits any more", async () => {
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
});
