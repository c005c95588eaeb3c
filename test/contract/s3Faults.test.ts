/** Amazon S3 as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import { retrying } from "../../src/client/datastore/retrying.ts";
import { S3Dialect } from "../../src/client/datastore/s3/dialect.ts";
import { parseRoot } from "../../src/client/datastore/s3/place.ts";
import type { Keys } from "../../src/client/datastore/s3/sign.ts";
import type { ObjectStore, OpenObject } from "../../src/client/datastore/store.ts";
import { AccessDenied, DatastoreError, StoreUnreachable } from "../../src/client/errors.ts";
import { HttpClient } from "../../src/client/http/client.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";
import { S3Double } from "../servers/s3Double.mjs";

const BUCKET = "bucket";
const KEYS = { accessKeyId: "AKIA1", secretAccessKey: "a secret" };
const ATTRIBUTES = '{"cas_raw": false, "cas_version": 1}';
const LARGE = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
const HTML = "<!DOCTYPE html><html><title>Sign in</title></html>";
const IS_HTML = { "content-type": "text/html; charset=utf-8" };

interface Opened {
  readonly silenceMs?: number;
  readonly root?: string;
  /** One after the other, each when the store refuses the one before. */
  readonly keys?: readonly Keys[];
}

describe("Amazon S3", () => {
  let double: S3Double;
  let proxy: FaultProxy;
  let url: string;
  const opened: ObjectStore[] = [];

  beforeEach(async () => {
    double = new S3Double(BUCKET);
    double.put("root/large", LARGE, { "metaflow-user-attributes": ATTRIBUTES });
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

  function open({
    silenceMs = 30_000,
    root = `s3://${BUCKET}/root`,
    keys = [KEYS],
  }: Opened = {}): ObjectStore {
    const http = new HttpClient({ unpack: false, silenceMs });
    const settings = {
      endpoint: url,
      region: "us-east-1",
      addressing: "auto",
      verify: true,
      keys: undefined,
    } as const;
    const left = [...keys];
    const ring = {
      keys: async () => Promise.resolve(left[0] ?? KEYS),
      refused: (id: string | undefined) => {
        if (left.length > 1 && left[0]?.accessKeyId === id) left.shift();
      },
    };
    const store = retrying(new HttpStore(new S3Dialect(parseRoot(root), settings, ring), http), {
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

  const passing = {
    "resets a connection": FAULTS.reset,
    "resets it in the middle of an answer": FAULTS.resetInBody,
    "is slow to begin": FAULTS.slowFirstByte(300),
    "is slow all along": FAULTS.drip(20, 10),
    "is busy (429)": FAULTS.answer(429, "", { "Retry-After": "0" }),
    "has an error that passes (500)": FAULTS.answer(
      500,
      "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>",
    ),
    "is unavailable (503)": FAULTS.answer(
      503,
      "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
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

  it("that refuses says so at once, with its own words, whatever is asked for", async () => {
    const store = open();
    expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
    double.refused = { status: 403, code: "AccessDenied", message: "ada & lin may not read it" };
    for (const ask of [
      async () => store.get("large"),
      async () => store.head("large"),
      async () => names(store),
    ]) {
      const error = await failure(ask());
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain(
        "s3://bucket/root: access is denied: ada & lin may not read it (AccessDenied)",
      );
    }
    // The head was asked for twice: an answer to HEAD has no words.
    expect(double.asked.map(({ method }) => method)).toEqual(["GET", "GET", "HEAD", "GET", "GET"]);
  });

  it("does not tell a secret in any message", async () => {
    double.refused = { status: 403, code: "SignatureDoesNotMatch", message: "Check your key." };
    const error = await failure(open().get("large"));
    expect(error.code).toBe("access-denied");
    expect(JSON.stringify([error.message, error.context, error.stack])).not.toMatch(
      /a secret|Signature=|AKIA1/,
    );
  });

  it("tells once in which region the bucket is, and is asked there from then on", async () => {
    double.region = "eu-west-3";
    for (const ask of [
      async (it: ObjectStore) => it.get("large"),
      async (it: ObjectStore) => it.head("large"),
      names,
    ]) {
      const store = open();
      const before = double.asked.length;
      await ask(store);
      await ask(store);
      expect(double.asked.length - before).toBe(3);
    }
  });

  it("is asked by its own clock where ours is wrong", async () => {
    for (const aheadMs of [3_600_000, -3_600_000]) {
      double.aheadMs = aheadMs;
      const store = open();
      const before = double.asked.length;
      expect(await isLarge(store)).toBe(true);
      expect(await isLarge(store)).toBe(true);
      expect((await store.head("large"))?.sizeBytes).toBe(LARGE.length);
      expect(double.asked.length - before).toBe(4);
    }
  });

  it("is asked with other keys, once, when it says that those at hand have expired", async () => {
    double.expired.add("AKIA1");
    const store = open({ keys: [KEYS, { ...KEYS, accessKeyId: "AKIA2" }] });
    expect(await isLarge(store)).toBe(true);
    expect(double.asked).toHaveLength(2);
    double.expired.add("AKIA2");
    const error = await failure(store.get("large"));
    expect([error.code, error.message]).toEqual([
      "access-denied",
      expect.stringContaining("The provided token has expired. (ExpiredToken)"),
    ]);
    // A head is first asked for without words.
    double.expired.clear();
    const other = open({ keys: [KEYS, { ...KEYS, accessKeyId: "AKIA2" }] });
    await other.head("large");
    double.expired.add("AKIA1");
    expect((await other.head("large"))?.sizeBytes).toBe(LARGE.length);
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
      const store = open({ silenceMs: 300 });
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
