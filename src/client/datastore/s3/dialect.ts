import type { IoOptions } from "../../../base/io.ts";
import { DatastoreError, StoreUnreachable } from "../../errors.ts";
import type { HttpAnswer, HttpRequest } from "../../http/client.ts";
import { escapeKey, type Asked, type Dialect, type ListPage, type Refusal } from "../http.ts";
import type { ObjectHead } from "../store.ts";
import { elementText } from "../xml.ts";
import { bucketUrl, isRegion } from "./address.ts";
import { readPage } from "./listing.ts";
import type { S3Place } from "./place.ts";
import type { S3Settings } from "./settings.ts";
import { sign, signerOf, type Keys } from "./sign.ts";

/** Who has the keys to sign with. */
export interface KeyRing {
  keys(io?: IoOptions): Promise<Keys>;
  /** The store does not take this key any more: another is asked for next. */
  refused(accessKeyId: string | undefined): void;
}

/** What an answer says that is an error, with the region in which the bucket is, where it is told. */
interface S3Refusal extends Refusal {
  readonly region: string | undefined;
}

const ATTRIBUTES = "x-amz-meta-metaflow-user-attributes";

/** Keys were good and are no more. */
const EXPIRED = /^(?:ExpiredToken|ExpiredTokenException|TokenRefreshRequired|RequestExpired)$/;
/** Keys that were never good, or are not any more. */
const UNKNOWN = /^(?:InvalidAccessKeyId|InvalidToken|InvalidClientTokenId|SignatureDoesNotMatch)$/;

/** Amazon S3, and what speaks as it does. */
export class S3Dialect implements Dialect {
  readonly description: string;
  readonly #place: S3Place;
  readonly #settings: S3Settings;
  readonly #ring: KeyRing;
  #region: string;
  /** How far ahead the store's clock is of this one. */
  #aheadMs = 0;
  /**
   * Whether the bucket has given or missed an object, in an answer that no other server gives. Before that, an object's head is asked for as a part of
   * it: an answer to HEAD has no words that tell a missing bucket, or a gateway, from a missing object.
   */
  #isKnown = false;

  constructor(place: S3Place, settings: S3Settings, ring: KeyRing) {
    this.#place = place;
    this.#settings = settings;
    this.#ring = ring;
    this.#region = settings.region;
    this.description = `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, "");
  }

  async request(asked: Asked, io?: IoOptions): Promise<HttpRequest> {
    const request = this.#unsigned(asked);
    const keys = await this.#ring.keys(io);
    return sign(request, keys, { region: this.#region, date: new Date(Date.now() + this.#aheadMs) });
  }

  head(answer: HttpAnswer): ObjectHead {
    const whole = /\/(\d+)$/.exec(answer.header("content-range") ?? "")?.[1];
    const length = whole ?? answer.header("content-length");
    const modifiedMs = Date.parse(answer.header("last-modified") ?? "");
    if (length === undefined || Number.isNaN(modifiedMs)) throw this.#foreign();
    this.#isKnown = isNumbered(answer);
    return { sizeBytes: Number(length), modifiedMs };
  }

  attributes(answer: HttpAnswer): string | undefined {
    this.#isKnown = isNumbered(answer);
    return answer.header(ATTRIBUTES);
  }

  page(body: string, prefix: string): ListPage {
    const { prefix: root } = this.#place;
    return readPage(body, root + prefix, (name) => name.slice(root.length));
  }

  refusal(answer: HttpAnswer, body: string): S3Refusal {
    const code = elementText(body, "Code");
    if (answer.status === 404) {
      // A missing object is told by the store itself: without a word only where HEAD was asked.
      if (code === undefined && (body !== "" || !isNumbered(answer))) throw this.#foreign();
      if (code === "NoSuchKey") this.#isKnown = isNumbered(answer);
    }
    return {
      code: code ?? String(answer.status),
      message: elementText(body, "Message") ?? "",
      isDenial: code !== undefined && (EXPIRED.test(code) || UNKNOWN.test(code)),
      region: answer.header("x-amz-bucket-region") ?? elementText(body, "Region"),
    };
  }

  isStore(answer: HttpAnswer): boolean {
    const isPage = answer.header("content-type")?.startsWith("text/html") === true;
    return !isPage || answer.header("etag") !== undefined || isNumbered(answer);
  }

  mend(answer: HttpAnswer, refusal: S3Refusal, request: HttpRequest): string | undefined {
    if (this.#moves(answer, refusal)) return "region";
    if (this.#setsClock(answer, refusal)) return "clock";
    if (this.#changesKeys(refusal, request)) return "keys";
    if (!this.#asksForWords(answer, request)) return undefined;
    return answer.status === PAST_THE_END ? "part" : "words";
  }

  #unsigned(asked: Asked): HttpRequest {
    if (asked.what === "list") return { method: "GET", url: this.#listUrl(asked.prefix, asked.after) };
    const url = this.#url(asked.key);
    if (asked.what === "get") {
      const headers = {
        ...(asked.range !== undefined && { range: asked.range }),
        ...(asked.etag !== undefined && { "if-match": asked.etag }),
      };
      return { method: "GET", url, headers };
    }
    return this.#isKnown ? { method: "HEAD", url } : { method: "GET", url, headers: { range: "bytes=0-0" } };
  }

  #url(key: string): string {
    const name = this.#place.prefix + key;
    if (name.split("/").some((part) => part === "." || part === "..")) {
      throw new DatastoreError(
        `cannot read ${key} in ${this.description}: no address leads to a key with '.' or '..' between slashes`,
        { store: this.description, key },
      );
    }
    return `${this.#bucketUrl}/${escapeKey(name)}`;
  }

  #listUrl(prefix: string, after: string | undefined): string {
    const query: readonly (readonly [string, string])[] = [
      ["list-type", "2"],
      ["delimiter", "/"],
      ["encoding-type", "url"],
      ["prefix", this.#place.prefix + prefix],
      ...(after === undefined ? [] : [["continuation-token", after] as const]),
    ];
    const text = query.map(([name, value]) => `${name}=${escapeKey(value).replaceAll("/", "%2F")}`).join("&");
    return `${this.#bucketUrl}/?${text}`;
  }

  get #bucketUrl(): string {
    const { endpoint, addressing } = this.#settings;
    return bucketUrl(this.#place.bucket, this.#region, endpoint, addressing);
  }

  /** The bucket is in another region, which the store names. */
  #moves({ status }: HttpAnswer, { region }: S3Refusal): boolean {
    if (
      status >= 500 ||
      status === 404 ||
      region === undefined ||
      region === this.#region ||
      !isRegion(region)
    )
      return false;
    this.#region = region;
    return true;
  }

  #setsClock(answer: HttpAnswer, { code }: S3Refusal): boolean {
    const storeMs = Date.parse(answer.header("date") ?? "");
    if (code !== "RequestTimeTooSkewed" || Number.isNaN(storeMs)) return false;
    this.#aheadMs = storeMs - Date.now();
    return true;
  }

  #changesKeys({ code }: S3Refusal, request: HttpRequest): boolean {
    const isExpired = EXPIRED.test(code);
    // Somebody may put other keys in their place: they are looked for when the next object is asked for.
    if (isExpired || UNKNOWN.test(code)) this.#ring.refused(signerOf(request));
    return isExpired;
  }

  /** An answer to HEAD has no words: the same is asked for otherwise. */
  #asksForWords({ status }: HttpAnswer, { method }: HttpRequest): boolean {
    if (method !== "HEAD" && status !== PAST_THE_END) return false;
    // Of an object without bytes no part can be had.
    this.#isKnown = status === PAST_THE_END;
    return status < 500;
  }

  #foreign(): StoreUnreachable {
    return new StoreUnreachable(
      `cannot read ${this.description}: what answers at ${this.#bucketUrl} is no Amazon S3, or its answer was cut off`,
      { store: this.description },
    );
  }
}

const PAST_THE_END = 416;

/** S3 numbers its answers; not all that speak as it does do so. */
function isNumbered(answer: HttpAnswer): boolean {
  return answer.header("x-amz-request-id") !== undefined;
}
