/** Azure Blob Storage with one container, on loopback: what an emulator does not do. Pages of any size, tokens that expire, names that XML cannot hold. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { listen, stop } from "./loopback.mjs";

/** @typedef {{ bytes: Buffer; headers: Record<string, string>; modified: Date; isFolder: boolean }} Blob */
/** @typedef {{ method: string; path: string; headers: import("node:http").IncomingHttpHeaders }} Asked */

/** Signs that no XML document can hold: a name with them is given as in an address. */
// eslint-disable-next-line no-control-regex -- those signs are what it is about
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The service. */
export class AzureDouble {
  /** Every request so far. @type {Asked[]} */
  asked = [];
  pageSize = 5000;
  /** The token that is good; `undefined`: nobody is asked for one. @type {(() => string) | undefined} */
  token;
  #container;
  /** @type {Map<string, Blob>} */
  #blobs = new Map();
  #server = createServer((request, response) => this.#serve(request, response));

  /** @param {string} container */
  constructor(container) {
    this.#container = container;
  }

  /** @returns {Promise<string>} the account's address */
  async start() {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** @param {string} name @param {Buffer | string} bytes @param {{ headers?: Record<string, string>; isFolder?: boolean }} [more] */
  put(name, bytes, { headers = {}, isFolder = false } = {}) {
    this.#blobs.set(name, { bytes: Buffer.from(bytes), headers, modified: new Date(), isFolder });
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  #serve(request, response) {
    const { method = "", url: path = "", headers } = request;
    this.asked.push({ method, path, headers });
    response.setHeader("x-ms-request-id", String(this.asked.length));
    response.setHeader("x-ms-version", headers["x-ms-version"] ?? "");
    const url = new URL(path, "http://double");
    const [, container = "", ...names] = url.pathname.split("/").map(decodeURIComponent);
    if (headers["x-ms-version"] === undefined)
      refuse(response, 400, "MissingRequiredHeader", "A required header is missing.");
    else if (this.token !== undefined && headers.authorization !== `Bearer ${this.token()}`)
      refuse(
        response,
        401,
        "InvalidAuthenticationInfo",
        "Server failed to authenticate the request.\nRequestId:1",
        "The token is expired.",
      );
    else if (container !== this.#container)
      refuse(response, 404, "ContainerNotFound", "The specified container does not exist.\nRequestId:1");
    else if (names.length === 0) this.#list(url.searchParams, response);
    else this.#give(request, names.join("/"), response);
  }

  /** @param {import("node:http").IncomingMessage} request @param {string} name @param {import("node:http").ServerResponse} response */
  #give({ method, headers }, name, response) {
    const blob = this.#blobs.get(name);
    if (blob === undefined)
      return refuse(response, 404, "BlobNotFound", "The specified blob does not exist.");
    const etag = `"${createHash("md5").update(blob.bytes).digest("hex")}"`;
    if (![undefined, etag].includes(headers["if-match"]))
      return refuse(
        response,
        412,
        "ConditionNotMet",
        "The condition specified using HTTP conditional header(s) is not met.",
      );
    const all = { ...blob.headers, etag, "last-modified": blob.modified.toUTCString() };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
    if (headers.range !== undefined && Number(from ?? Infinity) >= blob.bytes.length)
      return refuse(
        response,
        416,
        "InvalidRange",
        "The range specified is invalid for the current size of the resource.",
      );
    const end = to === undefined || to === "" ? blob.bytes.length : Number(to) + 1;
    const bytes = blob.bytes.subarray(Number(from ?? 0), end);
    response.writeHead(from === undefined ? 200 : 206, { ...all, "content-length": bytes.length });
    response.end(method === "HEAD" ? undefined : bytes);
  }

  /** @param {URLSearchParams} query @param {import("node:http").ServerResponse} response */
  #list(query, response) {
    const prefix = query.get("prefix") ?? "";
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const name of [...this.#blobs.keys()].sort()) {
      if (!name.startsWith(prefix)) continue;
      const at = name.indexOf("/", prefix.length);
      if (at >= 0)
        found.set(name.slice(0, at + 1), `<BlobPrefix>${nameOf(name.slice(0, at + 1))}</BlobPrefix>`);
      else found.set(name, this.#entry(name));
    }
    const from = Number(query.get("marker") ?? 0);
    const to = from + this.pageSize;
    const entries = [...found.values()].slice(from, to).join("");
    const next = to < found.size ? `<NextMarker>${to}</NextMarker>` : "<NextMarker />";
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${this.#container}">${entries === "" ? "<Blobs />" : `<Blobs>${entries}</Blobs>`}${next}</EnumerationResults>`,
    );
  }

  /** @param {string} name */
  #entry(name) {
    const { bytes, isFolder } = this.#blobs.get(name) ?? { bytes: Buffer.of(), isFolder: false };
    const type = isFolder ? "<ResourceType>directory</ResourceType>" : "";
    return `<Blob>${nameOf(name)}<Properties><Content-Length>${bytes.length}</Content-Length>${type}</Properties></Blob>`;
  }
}

/** @param {string} name */
function nameOf(name) {
  if (UNFIT.test(name)) return `<Name Encoded="true">${encodeURIComponent(name)}</Name>`;
  return `<Name>${name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</Name>`;
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {string} code @param {string} message @param {string} [detail] */
function refuse(response, status, code, message, detail) {
  const more = detail === undefined ? "" : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`;
  response.writeHead(status, { "x-ms-error-code": code, "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
  );
}
