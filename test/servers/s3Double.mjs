/**
 * A double of Amazon S3 for what its emulators leave out: regions, clocks, keys that expire, listings of every page size, words of refusal, answers to HEAD
 * without any. In memory, on loopback, one bucket, named in the path. It checks no signatures, which an emulator does.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { listen, stop } from "./loopback.mjs";

/** @typedef {{ bytes: Buffer; metadata: Record<string, string>; contentType: string; modified: Date }} Stored */
/** @typedef {{ method: string; path: string; headers: import("node:http").IncomingHttpHeaders }} Asked */
/** @typedef {{ status: number; headers?: Record<string, string>; body?: Buffer | string }} Answer */

const QUARTER_MS = 15 * 60_000;

export class S3Double {
  /** By name. @type {Map<string, Stored>} */
  objects = new Map();
  /** Every request so far. @type {Asked[]} */
  asked = [];
  /** How many names a page of a listing has at most. */
  pageSize = 1000;
  /** Whether names are escaped in a listing where that is asked for; some stores do not heed it. */
  escapes = true;
  region = "us-east-1";
  /** How far its clock is ahead. */
  aheadMs = 0;
  /** Keys that were good once. @type {Set<string>} */
  expired = new Set();
  /** What anybody is refused with. @type {{ status: number; code: string; message: string } | undefined} */
  refused;
  #bucket;
  #isSecure;
  #server;

  /** @param {string} bucket @param {{ key: string; cert: string }} [certificate] with it, it speaks https */
  constructor(bucket, certificate) {
    this.#bucket = bucket;
    this.#isSecure = certificate !== undefined;
    /** @type {import("node:http").RequestListener} */
    const serve = (request, response) => this.#serve(request, response);
    this.#server = certificate === undefined ? createServer(serve) : createSecureServer(certificate, serve);
  }

  /** @returns {Promise<string>} its address */
  async start() {
    return `${this.#isSecure ? "https" : "http"}://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** @param {string} name @param {string | Buffer} bytes @param {Record<string, string>} [metadata] */
  put(name, bytes, metadata = {}) {
    const contentType = "binary/octet-stream";
    this.objects.set(name, { bytes: Buffer.from(bytes), metadata, contentType, modified: new Date() });
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  #serve(request, response) {
    const { method = "GET", url = "/", headers } = request;
    this.asked.push({ method, path: url, headers });
    const { status, headers: told, body = "" } = this.#answer(method, url, headers);
    const date = new Date(Date.now() + this.aheadMs).toUTCString();
    response.writeHead(status, {
      "x-amz-request-id": "1",
      date,
      "content-length": Buffer.byteLength(body),
      ...told,
    });
    response.end(method === "HEAD" ? undefined : body);
  }

  /** @param {string} method @param {string} path @param {import("node:http").IncomingHttpHeaders} headers @returns {Answer} */
  #answer(method, path, headers) {
    const [, keyId, region] =
      /Credential=([^/]*)\/\d{8}\/([^/]*)\/s3\//.exec(headers.authorization ?? "") ?? [];
    if (keyId === undefined) return refusal(403, "AccessDenied", "Access Denied");
    if (this.refused !== undefined)
      return refusal(this.refused.status, this.refused.code, this.refused.message);
    if (Math.abs(Date.now() + this.aheadMs - dateOf(headers)) > QUARTER_MS)
      return refusal(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      );
    if (this.expired.has(keyId)) return refusal(400, "ExpiredToken", "The provided token has expired.");
    if (region !== this.region) {
      const here = { "x-amz-bucket-region": this.region };
      return method === "HEAD"
        ? { status: 400, headers: here }
        : refusal(
            400,
            "AuthorizationHeaderMalformed",
            `the region '${region}' is wrong; expecting '${this.region}'`,
            here,
          );
    }
    const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
    const [, bucket = "", name = ""] = /^\/([^/]*)\/(.*)$/s.exec(pathname) ?? [];
    if (decodeURIComponent(bucket) !== this.#bucket)
      return refusal(404, "NoSuchBucket", "The specified bucket does not exist");
    if (name === "") return xml(200, this.#page(searchParams));
    const stored = this.objects.get(decodeURIComponent(name));
    return stored === undefined
      ? refusal(404, "NoSuchKey", "The specified key does not exist.")
      : object(method, stored, headers);
  }

  /** Names and prefixes are counted together, in one order. @param {URLSearchParams} query */
  #page(query) {
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter") ?? "";
    const after = Buffer.from(query.get("continuation-token") ?? "", "base64").toString();
    /** @type {Set<string>} */
    const told = new Set();
    for (const name of this.objects.keys()) {
      if (!name.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
      told.add(end < 0 ? name : name.slice(0, end + 1));
    }
    const left = [...told].sort().filter((name) => name > after);
    const here = left.slice(0, this.pageSize);
    const isMore = left.length > here.length;
    const isEscaped = this.escapes && query.get("encoding-type") === "url";
    const write = (/** @type {string} */ name) =>
      isEscaped ? encodeURIComponent(name).replaceAll("%2F", "/").replaceAll("%20", "+") : escape(name);
    const entries = here.map((name) => {
      const stored = this.objects.get(name);
      return stored === undefined
        ? `<CommonPrefixes><Prefix>${write(name)}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${write(name)}</Key><ETag>&quot;1&quot;</ETag><Size>${stored.bytes.length}</Size></Contents>`;
    });
    const token = Buffer.from(here.at(-1) ?? "").toString("base64");
    return [
      '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
      `<Name>${this.#bucket}</Name><Prefix>${write(prefix)}</Prefix><KeyCount>${here.length}</KeyCount>`,
      isEscaped ? "<EncodingType>url</EncodingType>" : "",
      `<IsTruncated>${isMore}</IsTruncated>`,
      isMore ? `<NextContinuationToken>${token}</NextContinuationToken>` : "",
      ...entries,
      "</ListBucketResult>",
    ].join("");
  }
}

/** @param {string} method @param {Stored} stored @param {import("node:http").IncomingHttpHeaders} asked @returns {Answer} */
function object(method, { bytes, metadata, contentType, modified }, asked) {
  const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
  const headers = {
    etag,
    "content-type": contentType,
    "last-modified": modified.toUTCString(),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  if (method === "HEAD")
    return { status: 200, headers: { ...headers, "content-length": String(bytes.length) } };
  if (asked["if-match"] !== undefined && asked["if-match"] !== etag)
    return refusal(
      412,
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
    );
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(asked.range ?? "") ?? [];
  if (asked.range === undefined) return { status: 200, headers, body: bytes };
  const begin = from === "" ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === "" || to === "" ? bytes.length : Math.min(bytes.length, Number(to) + 1);
  if (begin >= bytes.length) return refusal(416, "InvalidRange", "The requested range is not satisfiable");
  const range = `bytes ${begin}-${end - 1}/${bytes.length}`;
  return { status: 206, headers: { ...headers, "content-range": range }, body: bytes.subarray(begin, end) };
}

/** When a request was signed. @param {import("node:http").IncomingHttpHeaders} headers */
function dateOf(headers) {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"])) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/** @param {number} status @param {string} body @param {Record<string, string>} [headers] @returns {Answer} */
function xml(status, body, headers = {}) {
  return {
    status,
    headers: { "content-type": "application/xml", ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

/** @param {number} status @param {string} code @param {string} message @param {Record<string, string>} [headers] @returns {Answer} */
function refusal(status, code, message, headers) {
  return xml(
    status,
    `<Error><Code>${code}</Code><Message>${escape(message)}</Message><RequestId>1</RequestId></Error>`,
    headers,
  );
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
