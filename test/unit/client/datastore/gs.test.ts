import { describe, expect, it } from "vitest";
import { GsDialect } from "../../../../src/client/datastore/gs/dialect.ts";
import { metadataServerOf } from "../../../../src/client/datastore/gs/metadataServer.ts";
import { parseRoot } from "../../../../src/client/datastore/gs/place.ts";
import { DatastoreError, StoreUnreachable } from "../../../../src/client/errors.ts";
import type { HttpAnswer } from "../../../../src/client/http/client.ts";

const ENDPOINT = "https://storage.googleapis.com";

function dialect(root: string): GsDialect {
  return new GsDialect(parseRoot(root), ENDPOINT, undefined);
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, header: (name) => headers[name], bytes: (async function* () {})() };
}

describe("a root in Google Cloud Storage", () => {
  it("is a bucket and a prefix, with or without slashes at its ends", () => {
    expect(parseRoot("gs://bucket")).toEqual({ bucket: "bucket", prefix: "" });
    expect(parseRoot("gs://bucket/")).toEqual({ bucket: "bucket", prefix: "" });
    expect(parseRoot("gs://my.bucket_1//a/b c//")).toEqual({ bucket: "my.bucket_1", prefix: "a/b c" });
    expect(dialect("gs://bucket//a/").description).toBe("gs://bucket/a");
    expect(dialect("gs://bucket/").description).toBe("gs://bucket");
  });

  it("ends where a URL's path does, as Metaflow takes it", () => {
    expect(parseRoot("gs://bucket/a?b/c").prefix).toBe("a");
    expect(parseRoot("gs://bucket/a#b/c").prefix).toBe("a");
  });

  it("must name a bucket, and no host or other path", () => {
    for (const root of [
      "",
      "bucket/a",
      "s3://bucket/a",
      "gs://",
      "gs:///a",
      "gs://../a",
      "gs://u@host:80/a",
      "gs://a b/c",
    ])
      expect(() => parseRoot(root), root).toThrow(DatastoreError);
  });
});

describe("requests to Google Cloud Storage", () => {
  const KEY = "Flow/1/a b/ü#?%&+'()*!~";
  const ESCAPED = "Flow/1/a%20b/%C3%BC%23%3F%25%26%2B%27%28%29%2A%21~";

  it("read bytes by the XML API, as they are stored", async () => {
    expect(
      await dialect("gs://b/p q").request({ what: "get", key: KEY, range: "bytes=5-", etag: '"1"' }),
    ).toEqual({
      method: "GET",
      url: `${ENDPOINT}/b/p%20q/${ESCAPED}`,
      headers: { "accept-encoding": "gzip", range: "bytes=5-", "if-match": '"1"' },
    });
  });

  it("ask for a name that nothing can have where a key holds half a character", async () => {
    const { url } = await dialect("gs://b").request({ what: "get", key: "a\ud800b\u{1f600}" });
    expect(url).toBe(`${ENDPOINT}/b/a%EF%BF%BDb%F0%9F%98%80`);
  });

  it("read by the JSON API what has parts that a URL works out", async () => {
    for (const key of ["a/../b", "a/./b", "..", "../b"]) {
      const { url } = await dialect("gs://b").request({ what: "get", key });
      const escaped = key.replaceAll("/", "%2F");
      expect(url).toBe(`${ENDPOINT}/storage/v1/b/b/o/${escaped}?alt=media`);
      if (key.includes("/")) expect(new URL(url).pathname).toBe(`/storage/v1/b/b/o/${escaped}`);
    }
  });

  it("ask for a size by a key in one piece", async () => {
    const { url } = await dialect("gs://b/p").request({ what: "head", key: KEY });
    expect(url).toBe(
      `${ENDPOINT}/storage/v1/b/b/o/p%2F${ESCAPED.replaceAll("/", "%2F")}?fields=size,timeCreated`,
    );
  });

  it("list what lies directly below a prefix, page by page", async () => {
    const { url } = await dialect("gs://b/p q").request({ what: "list", prefix: "F/a&b/", after: "t+/=" });
    const query = new URL(url).searchParams;
    expect(new URL(url).pathname).toBe("/storage/v1/b/b/o");
    expect([query.get("prefix"), query.get("delimiter"), query.get("pageToken")]).toEqual([
      "p q/F/a&b/",
      "/",
      "t+/=",
    ]);
  });

  it("carry an authorization that is asked for each time, and lose it once when it is refused", async () => {
    let asked = 0;
    const refused: unknown[] = [];
    const authorization = {
      headers: async () => Promise.resolve({ authorization: `Bearer ${++asked}` }),
      refused: (headers: object) => void refused.push(headers),
    };
    const signed = new GsDialect(parseRoot("gs://b"), ENDPOINT, authorization);
    for (const one of [
      { what: "get", key: "k" },
      { what: "head", key: "k" },
      { what: "list", prefix: "", after: undefined },
    ] as const) {
      const request = await signed.request(one);
      expect(request.headers?.["authorization"]).toBe(`Bearer ${asked}`);
      const nothing = { code: "", message: "" };
      expect(signed.mend(answer(403), nothing, request)).toBeUndefined();
      expect(signed.mend(answer(401), nothing, request)).toBe("token");
      expect(refused.at(-1)).toEqual(request.headers);
    }
    expect(asked).toBe(3);
  });
});

describe("answers of Google Cloud Storage", () => {
  const gs = dialect("gs://b/p");

  it("tell a page's objects and prefixes by their keys, and what comes next", () => {
    const body = JSON.stringify({
      kind: "storage#objects",
      nextPageToken: "n",
      prefixes: ["p/F/1/", "p/F/ü b/"],
      items: [{ name: "p/F/", size: "0" }, { name: "p/F/x", size: "12" }, { name: "p/F/y" }],
    });
    expect(gs.page(body, "F/")).toEqual({
      entries: [
        { key: "F/1", kind: "prefix" },
        { key: "F/ü b", kind: "prefix" },
        { key: "F/x", kind: "object", sizeBytes: 12 },
        { key: "F/y", kind: "object" },
      ],
      next: "n",
    });
    expect(gs.page('{"kind": "storage#objects"}', "F/")).toEqual({ entries: [], next: undefined });
    expect(dialect("gs://b").page('{"kind": "storage#objects", "prefixes": ["F/"]}', "").entries).toEqual([
      { key: "F", kind: "prefix" },
    ]);
  });

  it("are refused where they are something else", () => {
    const strange = [
      "",
      "{}",
      "[]",
      "null",
      "<html>",
      '{"kind": "storage#objects", "items": [',
      '{"kind": "storage#buckets"}',
    ];
    for (const body of [...strange, '{"kind": "storage#objects", "items": {}}'])
      expect(() => gs.page(body, ""), body).toThrow(StoreUnreachable);
    for (const body of [...strange, '{"size": "x", "timeCreated": "2026-11-20T10:00:00Z"}', '{"size": "1"}'])
      expect(() => gs.head(answer(200), body), body).toThrow(StoreUnreachable);
    expect(() => gs.refusal(answer(404), "<!DOCTYPE html><html>")).toThrow(StoreUnreachable);
  });

  it("tell size and age of an object", () => {
    expect(gs.head(answer(200), '{"size": "5000000000", "timeCreated": "2026-11-20T10:00:00.123Z"}')).toEqual(
      {
        sizeBytes: 5_000_000_000,
        modifiedMs: Date.UTC(2026, 10, 20, 10, 0, 0, 123),
      },
    );
  });

  it("tell a gateway's page from an object that is one", () => {
    const type = { "content-type": "text/html; charset=utf-8" };
    expect(gs.isStore(answer(200, type))).toBe(false);
    expect(gs.isStore(answer(200, { ...type, "x-goog-generation": "1" }))).toBe(true);
    expect(gs.isStore(answer(200))).toBe(true);
  });

  it("tell in JSON and in XML why they refuse", () => {
    const refusal = (body: string): unknown => gs.refusal(answer(403), body);
    const json = (message: string, reason: string): string =>
      JSON.stringify({ error: { code: 404, message, errors: [{ reason }] } });
    expect(refusal(json("ada may not", "forbidden"))).toEqual({ code: "forbidden", message: "ada may not" });
    expect(refusal(json("No such object: b/k", "notFound"))).toEqual({
      code: "notFound",
      message: "No such object: b/k",
    });
    expect(refusal(json("The specified bucket does not exist.", "notFound"))).toMatchObject({
      code: "bucketNotFound",
    });
    expect(refusal('{"error": {"code": 403, "message": "no"}}')).toEqual({ code: "403", message: "no" });
    expect(
      refusal(
        "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>&lt;a&gt; &amp; b</Details></Error>",
      ),
    ).toEqual({ code: "AccessDenied", message: "Access denied. <a> & b" });
    for (const body of ["", "<html>Forbidden</html>", "null", "7", '{"error": "x"}', '{"error": null}'])
      expect(refusal(body), body).toEqual({ code: "403", message: "" });
  });
});

describe("the metadata server", () => {
  it("is the machine's own, another one, or none, as the environment says", () => {
    expect(metadataServerOf({})).toBe("169.254.169.254");
    expect(metadataServerOf({ GCE_METADATA_HOST: "host:80", GCE_METADATA_IP: "10.0.0.1" })).toBe("host:80");
    expect(metadataServerOf({ GCE_METADATA_IP: "10.0.0.1" })).toBe("10.0.0.1");
    expect(metadataServerOf({ NO_GCE_CHECK: "true", GCE_METADATA_HOST: "host" })).toBeUndefined();
  });
});
