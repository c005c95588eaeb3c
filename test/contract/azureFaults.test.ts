/** Azure Blob Storage as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { AzureDialect } from "../../src/client/datastore/azure/dialect.ts";
import { parseRoot } from "../../src/client/datastore/azure/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import { retrying } from "../../src/client/datastore/retrying.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { AccessDenied, DatastoreError, StoreUnreachable } from "../../src/client/errors.ts";
import { HttpClient } from "../../src/client/http/client.ts";
import { AzureDouble } from "../servers/azureDouble.mjs";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";

const CONTAINER = "container";
const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const LARGE = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
const HTML = "<!DOCTYPE html><html><title>Sign in</title></html>";
const IS_HTML = { "content-type": "text/html; charset=utf-8" };
const FORBIDDEN =
  '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>This request is not authorized to perform this operation using this permission.\nRequestId:1\nTime:2026</Message></Error>';

describe("Azure Blob Storage", () => {
  let double: AzureDouble;
  let proxy: FaultProxy;
  let url: string;
  const opened: ObjectStore[] = [];

  beforeEach(async () => {
    double = new AzureDouble(CONTAINER);
    double.put("root/large", LARGE, { headers: { "x-ms-meta-metaflow_user_attributes": ATTRIBUTES } });
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

  function open(silenceMs = 30_000): ObjectStore {
    const http = new HttpClient({ unpack: false, silenceMs });
    const dialect = new AzureDialect(
      parseRoot(`${CONTAINER}/root`),
      { url, signature: undefined },
      undefined,
    );
    const store = retrying(new HttpStore(dialect, http), { tries: 4, firstPauseMs: 1 });
    opened.push(store);
    return store;
  }
  async function names(store: ObjectStore): Promise<string[]> {
    return (await collect(store.list("many"))).map(({ key }) => key);
  }
  async function isLarge(store: ObjectStore): Promise<boolean> {
    return LARGE.equals((await store.get("large")) ?? Buffer.of());
  }
  async function bytesOf(object: OpenObject | undefined): Promise<Buffer> {
    return object === undefined ? Buffer.of() : Buffer.concat(await collect(object.bytes));
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
    expect(double.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /container/root/large",
    ]);
  });

  it("lists in pages, of names and of prefixes, without the marks of folders", async () => {
    double.put("root/many/", "");
    double.put("root/many/kept", "", { isFolder: true });
    for (const pageSize of [1, 3, 16, 100]) {
      double.pageSize = pageSize;
      const before = double.asked.length;
      expect(new Set(await names(open()))).toHaveLength(15);
      expect(double.asked.length - before).toBe(Math.ceil(17 / pageSize));
    }
  });

  it("lists names that XML cannot hold", async () => {
    double.put("root/odd/a\u0001 &b", "");
    expect(await collect(open().list("odd"))).toEqual([
      { key: "odd/a\u0001 &b", kind: "object", sizeBytes: 0 },
    ]);
  });

  it("is asked for no part by its distance from the end, which it does not know", async () => {
    const store = open();
    await store.getRange("large", 499_990, Infinity);
    await store.getRange("large", 600_000, Infinity);
    await bytesOf(await store.stream("large", { from: 499_000 }));
    const ranges = double.asked.map(({ headers }) => headers.range);
    expect(ranges).toEqual(["bytes=499990-", "bytes=600000-", "bytes=499000-"]);
  });

  const passing = {
    "resets a connection": FAULTS.reset,
    "is slow to begin": FAULTS.slowFirstByte(300),
    "is slow all along": FAULTS.drip(20, 10),
    "is busy (429)": FAULTS.answer(429, "", { "Retry-After": "0" }),
    "has an error that passes (500)": FAULTS.answer(
      500,
      "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>",
    ),
    "is too busy (503)": FAULTS.answer(503, "<?xml version='1.0'?><Error><Code>ServerBusy</Code></Error>"),
    "is hidden by a page for a moment": FAULTS.answer(200, HTML, IS_HTML),
    "is hidden by a page that nothing is found on": FAULTS.answer(404, HTML, IS_HTML),
  };
  // What is wrong with a body alone.
  const breaking = {
    "resets it in the middle of an answer": FAULTS.resetInBody,
    "sends less than it says": FAULTS.wrongLength,
  };
  for (const [what, fault] of Object.entries({ ...passing, ...breaking })) {
    it(`that ${what} is asked again, and answers as if nothing had been`, async () => {
      const store = open();
      proxy.fail(fault, 1);
      expect(await isLarge(store)).toBe(true);
      proxy.fail(fault, 1);
      expect(await store.getRange("large", 0, 1000)).toHaveLength(1000);
      proxy.fail(fault, 1);
      expect(await names(store)).toHaveLength(15);
      if (what in breaking) return;
      proxy.fail(fault, 1);
      expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
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
    const store = open();
    const code = { "x-ms-error-code": "AuthorizationPermissionMismatch" };
    for (const [ask, body] of [
      [async () => store.get("large"), FORBIDDEN],
      [async () => names(store), FORBIDDEN],
      [async () => store.head("large"), ""],
    ] as const) {
      proxy.requests = 0;
      proxy.fail(FAULTS.answer(403, body, code), 9);
      const error = await failure(ask());
      proxy.heal();
      expect(proxy.requests).toBe(1);
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain("AuthorizationPermissionMismatch");
      if (body !== "")
        expect(error.message).toContain(
          "not authorized to perform this operation using this permission. (Auth",
        );
      expect(error.message).toContain("/container/root");
    }
    expect(double.asked).toHaveLength(0);
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
    abort.abort();
    expect(await asked).toBe(abort.signal.reason);
  });
});
