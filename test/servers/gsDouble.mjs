/**
 * A double of Google Cloud Storage for what its emulators leave out: tokens, pages of listings, ETags, ranges past the end, words of refusal, objects
 * that are unpacked on the way. In memory, over HTTP on loopback, with the answers of the official one.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { listen, stop } from "./loopback.mjs";

/** @typedef {{ bytes: Buffer; metadata?: Record<string, string>; contentType?: string; contentEncoding?: string }} Stored */
/** @typedef {{ method: string; path: string; headers: import("node:http").IncomingHttpHeaders }} Asked */
/** @typedef {{ status: number; headers: Record<string, string>; body: Buffer | string }} Answer */

/** One bucket. */
export class GsDouble {
  /** By name. @type {Map<string, Stored>} */
  objects = new Map();
  /** Every request so far. @type {Asked[]} */
  asked = [];
  /** How many names a page of a listing has at most. */
  pageSize = 1000;
  /** Which token is good; `undefined`: none is asked for. @type {(() => string) | undefined} */
  token;
  /** Who is known but may not read. @type {string | undefined} */
  forbidden;
  #bucket;
  #server = createServer((request, response) => this.#serve(request, response));

  /** @param {string} bucket */
  constructor(bucket) {
    this.#bucket = bucket;
  }

  /** @returns {Promise<string>} its address */
  async start() {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** @param {string} name @param {string | Buffer} bytes @param {Omit<Stored, "bytes">} [more] */
  put(name, bytes, more = {}) {
    this.objects.set(name, { bytes: Buffer.from(bytes), ...more });
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  #serve(request, response) {
    const { method = "GET", url = "/", headers } = request;
    this.asked.push({ method, path: url, headers });
    const { status, headers: told, body } = this.#answer(new URL(url, "http://127.0.0.1"), headers);
    response.writeHead(status, { ...told, "content-length": Buffer.byteLength(body) }).end(body);
  }

  /** @param {URL} url @param {import("node:http").IncomingHttpHeaders} headers @returns {Answer} */
  #answer(url, headers) {
    const isJson = url.pathname.startsWith("/storage/v1/b/");
    const refuse = isJson ? jsonRefusal : xmlRefusal;
    if (this.token !== undefined && headers.authorization !== `Bearer ${this.token()}`)
      return refuse(401, isJson ? "authError" : "AuthenticationRequired", "Invalid Credentials");
    if (this.forbidden !== undefined)
      return refuse(403, isJson ? "forbidden" : "AccessDenied", `${this.forbidden} may not read it`);
    const [, bucket = "", name] =
      (isJson ? /^\/storage\/v1\/b\/([^/]+)\/o(?:\/(.*))?$/ : /^\/([^/]+)\/(.*)$/).exec(url.pathname) ?? [];
    if (decodeURIComponent(bucket) !== this.#bucket)
      return refuse(404, isJson ? "notFound" : "NoSuchBucket", "The specified bucket does not exist.");
    if (name === undefined) return json(200, this.#page(url.searchParams));
    const key = decodeURIComponent(name);
    const stored = this.objects.get(key);
    if (stored === undefined)
      return refuse(404, isJson ? "notFound" : "NoSuchKey", `No such object: ${bucket}/${key}`);
    if (isJson && url.searchParams.get("alt") !== "media")
      return json(200, { size: String(stored.bytes.length), timeCreated: "2026-11-20T10:00:00.123Z" });
    return media(stored, headers, !isJson);
  }

  /** Names and prefixes are counted together, in one order. @param {URLSearchParams} query */
  #page(query) {
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter") ?? "";
    const after = Buffer.from(query.get("pageToken") ?? "", "base64").toString();
    /** @type {Set<string>} */
    const told = new Set();
    for (const name of this.objects.keys()) {
      if (!name.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
      told.add(end < 0 ? name : name.slice(0, end + 1));
    }
    const left = [...told].sort().filter((name) => name > after);
    const here = left.slice(0, this.pageSize);
    const isPrefix = (/** @type {string} */ name) => !this.objects.has(name);
    const items = here
      .filter((name) => !isPrefix(name))
      .map((name) => ({ name, size: String(this.objects.get(name)?.bytes.length) }));
    const prefixes = here.filter(isPrefix);
    return {
      kind: "storage#objects",
      ...(left.length > here.length && { nextPageToken: Buffer.from(here.at(-1) ?? "").toString("base64") }),
      ...(prefixes.length > 0 && { prefixes }),
      ...(items.length > 0 && { items }),
    };
  }
}

/** @param {Stored} stored @param {import("node:http").IncomingHttpHeaders} asked @param {boolean} isXml @returns {Answer} */
function media(
  { bytes, metadata = {}, contentType = "application/octet-stream", contentEncoding },
  asked,
  isXml,
) {
  const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
  const headers = {
    etag,
    "content-type": contentType,
    "x-goog-generation": "1",
    "x-goog-stored-content-length": String(bytes.length),
    // Only the XML API gives them with the bytes.
    ...(isXml &&
      Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-goog-meta-${name}`, value]))),
  };
  const wanted = asked["if-match"];
  if (wanted !== undefined && wanted !== etag)
    return xmlRefusal(412, "PreconditionFailed", "It is another one.");
  if (contentEncoding === "gzip" && !String(asked["accept-encoding"]).includes("gzip"))
    return { status: 200, headers, body: gunzipSync(bytes) };
  const all = { ...headers, ...(contentEncoding !== undefined && { "content-encoding": contentEncoding }) };
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(asked.range ?? "") ?? [];
  if (asked.range === undefined) return { status: 200, headers: all, body: bytes };
  const begin = from === "" ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === "" || to === "" ? bytes.length : Math.min(bytes.length, Number(to) + 1);
  if (begin >= bytes.length)
    return xmlRefusal(416, "InvalidRange", "The requested range cannot be satisfied.");
  const range = `bytes ${begin}-${end - 1}/${bytes.length}`;
  return { status: 206, headers: { ...all, "content-range": range }, body: bytes.subarray(begin, end) };
}

/** @param {number} status @param {unknown} body @returns {Answer} */
function json(status, body) {
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: JSON.stringify(body),
  };
}

/** @param {number} status @param {string} reason @param {string} message @returns {Answer} */
function jsonRefusal(status, reason, message) {
  return json(status, { error: { code: status, message, errors: [{ message, domain: "global", reason }] } });
}

/** @param {number} status @param {string} code @param {string} details @returns {Answer} */
function xmlRefusal(status, code, details) {
  const text = details.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return {
    status,
    headers: { "content-type": "application/xml; charset=UTF-8" },
    body: `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>It is refused.</Message><Details>${text}</Details></Error>`,
  };
}
