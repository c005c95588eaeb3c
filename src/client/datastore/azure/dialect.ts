import type { IoOptions } from "../../../base/io.ts";
import { StoreUnreachable } from "../../errors.ts";
import type { HttpAnswer, HttpRequest } from "../../http/client.ts";
import { escapeKey, type Asked, type Dialect, type ListPage, type Refusal } from "../http.ts";
import type { ObjectHead } from "../store.ts";
import { readError, readPage } from "./listing.ts";
import type { AzureEndpoint, AzurePlace } from "./place.ts";

/** What lets in: a token that is kept, renewed and shared elsewhere. */
export interface Authorization {
  /** The token to send. Throws CredentialsMissing, AccessDenied, StoreUnreachable. */
  token(io?: IoOptions): Promise<string>;
  /** The store does not take this token any more: another one is asked for next. */
  refused(token: string): void;
}

/** Tokens need 2017-11-09, names that XML cannot hold 2021-02-12. */
const VERSION = "2021-12-02";
const ATTRIBUTES = "x-ms-meta-metaflow_user_attributes";
/** Every answer of the store has it. */
const ANSWERED = "x-ms-request-id";
const BEARER = "Bearer ";

/** Azure Blob Storage, by the Blob service's REST API. */
export class AzureDialect implements Dialect {
  readonly description: string;
  readonly #container: string;
  readonly #prefix: string;
  readonly #signature: URLSearchParams | undefined;
  readonly #authorization: Authorization | undefined;

  /** @param authorization none where the endpoint's signature gives access */
  constructor(place: AzurePlace, endpoint: AzureEndpoint, authorization: Authorization | undefined) {
    this.#container = `${endpoint.url}/${place.container}`;
    this.#prefix = place.prefix === "" ? "" : `${place.prefix}/`;
    this.#signature = endpoint.signature;
    this.#authorization = authorization;
    this.description = `${this.#container}/${place.prefix}`.replace(/\/$/, "");
  }

  async request(asked: Asked, io?: IoOptions): Promise<HttpRequest> {
    const token = await this.#authorization?.token(io);
    const headers = {
      "x-ms-version": VERSION,
      "x-ms-date": new Date().toUTCString(),
      ...(token !== undefined && { authorization: BEARER + token }),
    };
    if (asked.what === "list")
      return { method: "GET", url: this.#listUrl(asked.prefix, asked.after), headers };
    const url = this.#url(`${this.#container}/${escapeKey(this.#prefix + asked.key)}`);
    if (asked.what === "head") return { method: "HEAD", url, headers };
    return {
      method: "GET",
      url,
      headers: {
        ...headers,
        ...(asked.range !== undefined && { range: asked.range }),
        ...(asked.etag !== undefined && { "if-match": asked.etag }),
      },
    };
  }

  head(answer: HttpAnswer): ObjectHead {
    const sizeBytes = Number(answer.header("content-length") ?? Number.NaN);
    const modifiedMs = Date.parse(answer.header("last-modified") ?? "");
    if (!this.isStore(answer) || Number.isNaN(sizeBytes) || Number.isNaN(modifiedMs)) throw this.#foreign();
    return { sizeBytes, modifiedMs };
  }

  attributes(answer: HttpAnswer): string | undefined {
    return answer.header(ATTRIBUTES);
  }

  page(body: string, prefix: string): ListPage {
    return readPage(body, this.#prefix + prefix, (name) => name.slice(this.#prefix.length));
  }

  refusal(answer: HttpAnswer, body: string): Refusal {
    // A missing object is told by the store itself, not by a gateway's page.
    if (answer.status === 404 && !this.isStore(answer)) throw this.#foreign();
    const { code, message } = readError(body);
    return {
      code: answer.header("x-ms-error-code") ?? code ?? String(answer.status),
      message: this.#withoutSecret(message),
    };
  }

  isStore(answer: HttpAnswer): boolean {
    return answer.header(ANSWERED) !== undefined;
  }

  mend(answer: HttpAnswer, { code }: Refusal, request: HttpRequest): string | undefined {
    const isExpired = answer.status === 401 || code === "AuthenticationFailed";
    if (!isExpired || this.#authorization === undefined) return undefined;
    this.#authorization.refused(request.headers?.["authorization"]?.slice(BEARER.length) ?? "");
    return "token";
  }

  #listUrl(prefix: string, after: string | undefined): string {
    const query = new URLSearchParams({
      restype: "container",
      comp: "list",
      delimiter: "/",
      prefix: this.#prefix + prefix,
      ...(after !== undefined && { marker: after }),
    });
    return this.#url(`${this.#container}?${query.toString()}`);
  }

  #url(address: string): string {
    if (this.#signature === undefined) return address;
    return `${address}${address.includes("?") ? "&" : "?"}${this.#signature.toString()}`;
  }

  /** What the store says of a signature that it refuses may repeat it. */
  #withoutSecret(message: string): string {
    const secret = this.#signature?.get("sig") ?? "";
    return secret === ""
      ? message
      : message.replaceAll(secret, "…").replaceAll(encodeURIComponent(secret), "…");
  }

  #foreign(): StoreUnreachable {
    return new StoreUnreachable(
      `cannot read ${this.description}: what answers there is no Azure Blob Storage`,
      {
        store: this.description,
      },
    );
  }
}
