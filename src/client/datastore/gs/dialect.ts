import type { IoOptions } from "../../../base/io.ts";
import { StoreUnreachable } from "../../errors.ts";
import type { HttpAnswer, HttpRequest } from "../../http/client.ts";
import { parseJson } from "../../metadata/parse.ts";
import { escapeKey, type Asked, type Dialect, type ListPage, type Refusal } from "../http.ts";
import type { Entry, ObjectHead } from "../store.ts";
import { readRefusal } from "./refusal.ts";
import type { GsPlace } from "./place.ts";

/** What goes with each request to show that it is allowed. */
export interface Authorization {
  headers(io?: IoOptions): Promise<Readonly<Record<string, string>>>;
  /** The store does not take these headers any more: others are asked for next. */
  refused(headers: Readonly<Record<string, string>>): void;
}

const ATTRIBUTES = "x-goog-meta-metaflow-user-attributes";
const LISTED = "kind,nextPageToken,prefixes,items(name,size)";

/**
 * Google Cloud Storage. Objects are read by its XML API: that alone gives what Metaflow keeps with a blob in the answer that gives its bytes, so that
 * a blob is one request. Sizes and listings come from the JSON API, whose answers tell a missing bucket from a missing object.
 */
export class GsDialect implements Dialect {
  readonly description: string;
  readonly #endpoint: string;
  readonly #place: GsPlace;
  readonly #authorization: Authorization | undefined;

  /**
   * @param endpoint `https://storage.googleapis.com`, or where an emulator listens
   * @param authorization none where nobody asks for it: tokens go to no other host
   */
  constructor(place: GsPlace, endpoint: string, authorization: Authorization | undefined) {
    this.#place = place;
    this.#endpoint = endpoint;
    this.#authorization = authorization;
    this.description = `gs://${place.bucket}${place.prefix === "" ? "" : `/${place.prefix}`}`;
  }

  async request(asked: Asked, io?: IoOptions): Promise<HttpRequest> {
    const authorization = await this.#authorization?.headers(io);
    if (asked.what !== "get") {
      const url = asked.what === "head" ? this.#headUrl(asked.key) : this.#listUrl(asked.prefix, asked.after);
      return { method: "GET", url, headers: { ...authorization } };
    }
    const headers = {
      ...authorization,
      // As it is stored: what is stored packed would be unpacked on the way, and a range of it would be the whole.
      "accept-encoding": "gzip",
      ...(asked.range !== undefined && { range: asked.range }),
      ...(asked.etag !== undefined && { "if-match": asked.etag }),
    };
    return { method: "GET", url: this.#bytesUrl(asked.key), headers };
  }

  head(_answer: HttpAnswer, body: string): ObjectHead {
    const { size, timeCreated } = this.#resource(body);
    const head = { sizeBytes: Number(size ?? Number.NaN), modifiedMs: Date.parse(String(timeCreated)) };
    if (Number.isNaN(head.sizeBytes) || Number.isNaN(head.modifiedMs)) throw this.#foreign();
    return head;
  }

  attributes(answer: HttpAnswer): string | undefined {
    return answer.header(ATTRIBUTES);
  }

  page(body: string, prefix: string): ListPage {
    const { kind, items = [], prefixes = [], nextPageToken } = this.#resource(body);
    if (kind !== "storage#objects" || !Array.isArray(items) || !Array.isArray(prefixes))
      throw this.#foreign();
    const objects = (items as { readonly name: string; readonly size?: string }[])
      // What some tools put where they want to show an empty folder.
      .filter(({ name }) => name !== this.#whole(prefix))
      .map(({ name, size }): Entry => {
        const entry: Entry = { key: this.#below(name), kind: "object" };
        return size === undefined ? entry : { ...entry, sizeBytes: Number(size) };
      });
    const folders = (prefixes as string[]).map((name): Entry => ({
      key: this.#below(name).replace(/\/$/, ""),
      kind: "prefix",
    }));
    const next = typeof nextPageToken === "string" && nextPageToken !== "" ? nextPageToken : undefined;
    return { entries: [...folders, ...objects], next };
  }

  refusal(answer: HttpAnswer, body: string): Refusal {
    // A missing object is told by the store itself, in XML, in JSON or (some emulators) without a word.
    if (answer.status === 404 && /^\s*<(?:!doctype\s+html|html)/i.test(body)) throw this.#foreign();
    return readRefusal(answer.status, body);
  }

  isStore(answer: HttpAnswer): boolean {
    const isPage = answer.header("content-type")?.startsWith("text/html") === true;
    return (
      !isPage ||
      answer.header("x-goog-hash") !== undefined ||
      answer.header("x-goog-generation") !== undefined
    );
  }

  mend(answer: HttpAnswer, _refusal: Refusal, request: HttpRequest): string | undefined {
    if (answer.status !== 401 || this.#authorization === undefined) return undefined;
    this.#authorization.refused(request.headers ?? {});
    return "token";
  }

  #bytesUrl(key: string): string {
    const whole = this.#whole(key);
    // Such parts would be worked out before the request is sent; the JSON API takes a key as one part.
    if (whole.split("/").some((part) => part === "." || part === ".."))
      return `${this.#objectUrl(key)}?alt=media`;
    return `${this.#endpoint}/${this.#place.bucket}/${escapeKey(whole)}`;
  }

  #headUrl(key: string): string {
    return `${this.#objectUrl(key)}?fields=size,timeCreated`;
  }

  #listUrl(prefix: string, after: string | undefined): string {
    const query = new URLSearchParams({
      prefix: this.#whole(prefix),
      delimiter: "/",
      fields: LISTED,
      ...(after !== undefined && { pageToken: after }),
    });
    return `${this.#objectsUrl}?${query.toString()}`;
  }

  #objectUrl(key: string): string {
    return `${this.#objectsUrl}/${escapeKey(this.#whole(key)).replaceAll("/", "%2F")}`;
  }

  get #objectsUrl(): string {
    return `${this.#endpoint}/storage/v1/b/${this.#place.bucket}/o`;
  }

  /** The name of an object in its bucket. */
  #whole(key: string): string {
    const { prefix } = this.#place;
    return prefix === "" ? key : `${prefix}/${key}`;
  }

  /** The key of what is called so in the bucket. */
  #below(name: string): string {
    const { prefix } = this.#place;
    return prefix === "" ? name : name.slice(prefix.length + 1);
  }

  #resource(body: string): Readonly<Record<string, unknown>> {
    try {
      return parseJson(body, this.description);
    } catch {
      throw this.#foreign();
    }
  }

  #foreign(): StoreUnreachable {
    return new StoreUnreachable(
      `cannot read ${this.description}: what answers at ${this.#endpoint} is no Google Cloud Storage, or its answer was cut off`,
      { store: this.description },
    );
  }
}
