import { describe, expect, it } from "vitest";
import { AzureDialect } from "../../../../src/client/datastore/azure/dialect.ts";
import { readError, readPage } from "../../../../src/client/datastore/azure/listing.ts";
import { parseEndpoint, parseRoot } from "../../../../src/client/datastore/azure/place.ts";
import { DatastoreError, StoreUnreachable } from "../../../../src/client/errors.ts";
import type { HttpAnswer } from "../../../../src/client/http/client.ts";

const ENDPOINT = "https://account.blob.core.windows.net";

function dialect(root: string): AzureDialect {
  return new AzureDialect(parseRoot(root), parseEndpoint(ENDPOINT, root), undefined);
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, header: (name) => headers[name], bytes: (async function* () {})() };
}

describe("a root in Azure Blob Storage", () => {
  it("is a container and a prefix, with or without slashes at its ends", () => {
    expect(parseRoot("container")).toEqual({ container: "container", prefix: "" });
    expect(parseRoot("container/")).toEqual({ container: "container", prefix: "" });
    expect(parseRoot("/my-container-1//a/b c//")).toEqual({ container: "my-container-1", prefix: "a/b c" });
    expect(parseRoot("azure://container/a")).toEqual({ container: "container", prefix: "a" });
    expect(parseRoot("$root/a?b#c").prefix).toBe("a?b#c");
  });

  it("must name a container, and no host or other path", () => {
    for (const root of [
      "",
      "/",
      "azure://",
      "..",
      "../a",
      "a b/c",
      "s3://bucket/a",
      "u@host:80/a",
      "a?b/c",
      "-a",
    ])
      expect(() => parseRoot(root), root).toThrow(DatastoreError);
  });

  it("is told from the same root in another account", () => {
    const other = parseEndpoint("https://other.blob.core.windows.net", "c/a");
    const description = new AzureDialect(parseRoot("c/a"), other, undefined).description;
    expect(description).toBe("https://other.blob.core.windows.net/c/a");
    expect(dialect("c/a").description).toBe("https://account.blob.core.windows.net/c/a");
    expect(dialect("c").description).toBe("https://account.blob.core.windows.net/c");
  });
});

describe("the endpoint of an account", () => {
  it("is https, with or without saying so, and may have a path", () => {
    expect(parseEndpoint("account.blob.core.windows.net/", "c")).toEqual({
      url: ENDPOINT,
      signature: undefined,
    });
    expect(parseEndpoint("https://127.0.0.1:10000/devstoreaccount1/", "c").url).toBe(
      "https://127.0.0.1:10000/devstoreaccount1",
    );
    expect(parseEndpoint(`${ENDPOINT}?timeout=30`, "c")).toEqual({ url: ENDPOINT, signature: undefined });
  });

  it("may give access by a signature", () => {
    const { url, signature } = parseEndpoint(`${ENDPOINT}/?sv=2021-12-02&sig=a%2Bb%3D`, "c");
    expect([url, signature?.get("sig")]).toEqual([ENDPOINT, "a+b="]);
  });

  it("must be configured, and said by its name where it is not", () => {
    for (const setting of [
      undefined,
      "",
      "http://account.blob.core.windows.net",
      "https://",
      "https://a b",
    ]) {
      expect(() => parseEndpoint(setting, "c/root"), setting).toThrow(DatastoreError);
      expect(() => parseEndpoint(setting, "c/root")).toThrow(/METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT/);
      expect(() => parseEndpoint(setting, "c/root")).toThrow(/c\/root/);
    }
    expect(() => parseEndpoint("https://a b?sig=secret", "c")).toThrow(/^(?!.*secret)/s);
  });
});

describe("requests to Azure Blob Storage", () => {
  const KEY = "Flow/1/a b/ü#?%&+'()*!~";
  const ESCAPED = "Flow/1/a%20b/%C3%BC%23%3F%25%26%2B%27%28%29%2A%21~";

  it("name a blob, its part and its version", async () => {
    const { method, url, headers } = await dialect("c/p q").request({
      what: "get",
      key: KEY,
      range: "bytes=5-",
      etag: '"1"',
    });
    expect([method, url]).toEqual(["GET", `${ENDPOINT}/c/p%20q/${ESCAPED}`]);
    expect(headers).toMatchObject({ "x-ms-version": "2021-12-02", range: "bytes=5-", "if-match": '"1"' });
    expect(Math.abs(Date.parse(headers?.["x-ms-date"] ?? "") - Date.now())).toBeLessThan(60_000);
    const head = await dialect("c").request({ what: "head", key: KEY });
    expect([head.method, head.url]).toEqual(["HEAD", `${ENDPOINT}/c/${ESCAPED}`]);
  });

  it("list what lies directly below a prefix, page by page", async () => {
    const { url } = await dialect("c/p q").request({ what: "list", prefix: "F/a&b/", after: "t+/=" });
    const query = Object.fromEntries(new URL(url).searchParams);
    expect(new URL(url).pathname).toBe("/c");
    expect(query).toEqual({
      restype: "container",
      comp: "list",
      delimiter: "/",
      prefix: "p q/F/a&b/",
      marker: "t+/=",
    });
  });

  it("carry a token that is asked for each time, and lose it once when it is refused", async () => {
    let asked = 0;
    const refused: string[] = [];
    const authorization = {
      token: async () => Promise.resolve(`token-${++asked}`),
      refused: (token: string) => void refused.push(token),
    };
    const signed = new AzureDialect(parseRoot("c"), parseEndpoint(ENDPOINT, "c"), authorization);
    for (const one of [
      { what: "get", key: "k" },
      { what: "head", key: "k" },
      { what: "list", prefix: "", after: undefined },
    ] as const) {
      const request = await signed.request(one);
      expect(request.headers?.["authorization"]).toBe(`Bearer token-${asked}`);
      const nothing = { code: "", message: "" };
      expect(signed.mend(answer(403), nothing, request)).toBeUndefined();
      expect(signed.mend(answer(401), nothing, request)).toBe("token");
      expect(refused.at(-1)).toBe(`token-${asked}`);
      expect(signed.mend(answer(403), { code: "AuthenticationFailed", message: "" }, request)).toBe("token");
    }
    expect(asked).toBe(3);
  });
});

describe("answers of Azure Blob Storage", () => {
  const below = (name: string): string => name.slice("p/".length);
  const page = (blobs: string, next = "<NextMarker />"): string =>
    `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="${ENDPOINT}" ContainerName="c"><Prefix>p/F/</Prefix>${blobs}${next}</EnumerationResults>`;

  it("tell a page's blobs and prefixes by their keys, and what comes next", () => {
    const xml = page(
      '<Blobs><BlobPrefix><Name>p/F/1/</Name></BlobPrefix><Blob><Name>p/F/</Name><Properties><Content-Length>0</Content-Length></Properties></Blob><Blob><Name>p/F/ &lt;a&gt; &amp;amp; &#xfc;&#65; 007 </Name><Properties><Content-Length>5000000000</Content-Length></Properties></Blob><Blob><Name Encoded="true">p/F/x%EF%BF%BE</Name><Properties /></Blob><Blob><Name>p/F/kept</Name><Properties><ResourceType>directory</ResourceType></Properties></Blob></Blobs>',
      "<NextMarker>2!&amp;=</NextMarker>",
    );
    expect(readPage(xml, "p/F/", below)).toEqual({
      entries: [
        { key: "F/1", kind: "prefix" },
        { key: "F/ <a> &amp; üA 007 ", kind: "object", sizeBytes: 5_000_000_000 },
        { key: "F/x\ufffe", kind: "object" },
      ],
      next: "2!&=",
    });
    expect(readPage(page("<Blobs />"), "p/F/", below)).toEqual({ entries: [], next: undefined });
  });

  it("are refused where they are something else or cut off", () => {
    const whole = page("<Blobs><Blob><Name>p/F/x</Name></Blob></Blobs>");
    const strange = [
      "",
      "{}",
      "<html></html>",
      whole.slice(0, -1),
      whole.slice(0, 200),
      page(""),
      page("<Blobs><Blob /></Blobs>"),
    ];
    for (const body of strange) expect(() => readPage(body, "p/F/", below), body).toThrow();
  });

  it("replace no entity that a document defines", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${page("<Blobs><Blob><Name>p/F/&b;</Name></Blob></Blobs>").replace(/^.*\?>/, "")}`;
    expect(readPage(bomb, "p/F/", below).entries).toEqual([{ key: "F/&b;", kind: "object" }]);
  });

  it("tell size and age of a blob, and are none of it without the store's own mark", () => {
    const head = { "content-length": "12", "last-modified": "Fri, 20 Nov 2026 10:00:00 GMT" };
    const azure = dialect("c");
    expect(azure.head(answer(200, { ...head, "x-ms-request-id": "1" }))).toEqual({
      sizeBytes: 12,
      modifiedMs: Date.UTC(2026, 10, 20, 10),
    });
    expect(() => azure.head(answer(200, head))).toThrow(StoreUnreachable);
    expect(() => azure.head(answer(200, { "x-ms-request-id": "1" }))).toThrow(StoreUnreachable);
    expect(() => azure.refusal(answer(404), "<html></html>")).toThrow(StoreUnreachable);
  });

  it("tell why they refuse, by the header where there are no words", () => {
    const azure = dialect("c");
    const mark = { "x-ms-request-id": "1" };
    const body =
      "\ufeff<?xml version='1.0'?><Error><Code>BlobNotFound</Code><Message>The blob &lt;x&gt; does not exist.\nRequestId:1\nTime:2</Message></Error>";
    expect(readError(body)).toEqual({ code: "BlobNotFound", message: "The blob <x> does not exist." });
    expect(azure.refusal(answer(404, mark), body).code).toBe("BlobNotFound");
    expect(azure.refusal(answer(404, { ...mark, "x-ms-error-code": "ContainerNotFound" }), "")).toEqual({
      code: "ContainerNotFound",
      message: "",
    });
    for (const other of ["", "<html>Forbidden</html>", "null"])
      expect(azure.refusal(answer(403), other), other).toEqual({ code: "403", message: "" });
  });

  it("never tell a signature that they repeat", () => {
    const endpoint = parseEndpoint(`${ENDPOINT}?sig=a%2Bsecret%3D`, "c");
    const azure = new AzureDialect(parseRoot("c"), endpoint, undefined);
    const body =
      "<Error><Code>AuthenticationFailed</Code><Message>The MAC a+secret= (a%2Bsecret%3D) is wrong</Message></Error>";
    expect(azure.refusal(answer(403), body).message).toBe("The MAC … (…) is wrong");
  });
});
