import { joinBytes } from "../../base/bytes.ts";
import type { IoOptions } from "../../base/io.ts";
import type { MetaflowError } from "../errors.ts";
import { AccessDenied, DatastoreError, StoreUnreachable } from "../errors.ts";
import { HttpClient, textOf, type HttpAnswer, type HttpRequest } from "../http/client.ts";
import { HttpFailure } from "../http/failure.ts";
import { StoreBusy } from "./busy.ts";
import type { Entry, ObjectHead, ObjectStore, OpenObject, StreamOptions } from "./store.ts";

/** So much of a body that says what is wrong is read. */
const ERROR_BYTES = 1 << 16;
/** A page of a listing: a thousand keys of a thousand characters, thrice over. */
const PAGE_BYTES = 16 << 20;
/** What connections to a store are like: many at once, and bytes as they are stored. */
export const STORE_HTTP = { connections: 32, unpack: false } as const;

/** One page of a listing. */
export interface ListPage {
  readonly entries: readonly Entry[];
  /** What the request for the next page takes; `undefined` at the end. */
  readonly next: string | undefined;
}

/** What an answer that is an error says. */
export interface Refusal {
  /** The store's own code: `AccessDenied`, `NoSuchBucket`. */
  readonly code: string;
  /** In the store's own words. */
  readonly message: string;
  /** Whether it is about who asks, where the status alone does not say so. */
  readonly isDenial?: boolean;
}

/** What a request to a store is for. */
export type Asked =
  | { readonly what: "head"; readonly key: string }
  | {
      readonly what: "get";
      readonly key: string;
      readonly range?: string;
      readonly etag?: string | undefined;
    }
  | { readonly what: "list"; readonly prefix: string; readonly after: string | undefined };

/**
 * What tells one kind of object store from another: how it is asked and what its answers mean. It knows the credentials, and sends nothing itself.
 */
export interface Dialect {
  /** `s3://bucket/prefix` */
  readonly description: string;
  /**
   * The request, signed or with its token: made anew for each try. Keys are below the datastore's root.
   * Throws CredentialsMissing where there is nothing to sign with.
   */
  request(asked: Asked, io?: IoOptions): Promise<HttpRequest>;
  /** Reads what a `head` was answered. The body has been read: it is empty where the method is HEAD. */
  head(answer: HttpAnswer, body: string): ObjectHead;
  /** What Metaflow keeps with an object, from the head of the answer that gives it. */
  attributes(answer: HttpAnswer): string | undefined;
  /** Reads a page of a listing; its keys are below the datastore's root. */
  page(body: string, prefix: string): ListPage;
  /** Reads what an answer of 300 and more says. */
  refusal(answer: HttpAnswer, body: string): Refusal;
  /**
   * What was mended, if the same request may be right when it is made again at once: the dialect has learnt the bucket's region, or thrown away
   * a token that has expired. A request that is refused although just this was mended is not made again.
   */
  mend?(answer: HttpAnswer, refusal: Refusal, request: HttpRequest): string | undefined;
  /**
   * Whether what gives an object is such a store at all, as far as the answer's head tells: a gateway's web page is not. Where it cannot be told
   * it is left out.
   */
  isStore?(answer: HttpAnswer): boolean;
}

/** An object store that is spoken to over HTTP: one request an operation, nothing kept, nothing tried again (see `retrying.ts`). */
export class HttpStore implements ObjectStore {
  readonly description: string;
  readonly #dialect: Dialect;
  readonly #http: HttpClient;

  constructor(dialect: Dialect, http = new HttpClient(STORE_HTTP)) {
    this.#dialect = dialect;
    this.#http = http;
    this.description = dialect.description;
  }

  async head(key: string, io?: IoOptions): Promise<ObjectHead | undefined> {
    const answer = await this.#send({ what: "head", key }, io);
    if (answer === undefined) return undefined;
    return this.#dialect.head(answer, await this.#reading(key, async () => textOf(answer, PAGE_BYTES)));
  }

  async get(key: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    const opened = await this.stream(key, io);
    return opened && this.#reading(key, async () => joinBytes(opened.bytes));
  }

  async getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined> {
    if (from >= to) return (await this.head(key, io)) && new Uint8Array();
    const range = `bytes=${from}-${Number.isFinite(to) ? to - 1 : ""}`;
    const answer = await this.#send({ what: "get", key, range }, io);
    if (answer === undefined) return undefined;
    if (answer.status === PAST_THE_END) return new Uint8Array();
    // A server that knows no ranges gives everything.
    const [skip, wanted] = answer.status === PARTIAL ? [0, to - from] : [from, to - from];
    return this.#reading(key, async () => joinBytes(part(answer.bytes, skip, wanted)));
  }

  async stream(key: string, options: StreamOptions = {}): Promise<OpenObject | undefined> {
    const { from = 0, etag } = options;
    const range = from === 0 ? undefined : `bytes=${from}-`;
    const answer = await this.#send({ what: "get", key, ...(range && { range }), etag }, options);
    if (answer === undefined) return undefined;
    const skip = from === 0 || answer.status === PARTIAL ? 0 : from;
    const bytes = answer.status === PAST_THE_END ? none() : part(answer.bytes, skip, Infinity);
    return {
      attributes: this.#dialect.attributes(answer),
      etag: answer.header("etag"),
      bytes: this.#told(key, bytes),
    };
  }

  async *list(prefix: string, io?: IoOptions): AsyncIterable<Entry> {
    const below = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    let after: string | undefined;
    do {
      const answer = await this.#send({ what: "list", prefix: below, after }, io);
      if (answer === undefined) return;
      const body = await this.#reading(prefix, async () => textOf(answer, PAGE_BYTES));
      const page = this.#readPage(body, below);
      yield* page.entries;
      after = page.next;
    } while (after !== undefined);
  }

  close(): void {
    this.#http.close();
  }

  #readPage(body: string, prefix: string): ListPage {
    try {
      return this.#dialect.page(body, prefix);
    } catch (cause) {
      throw new StoreUnreachable(
        `cannot list ${prefix} in ${this.description}: what answers is no such store, or its answer was cut off`,
        { store: this.description, key: prefix, cause },
      );
    }
  }

  async #foreign(answer: HttpAnswer, key: string): Promise<StoreUnreachable> {
    await textOf(answer, ERROR_BYTES).catch(() => ""); // Lets go of the connection.
    return new StoreUnreachable(`cannot read ${key} in ${this.description}: what answers is no such store`, {
      store: this.description,
      key,
    });
  }

  /** The answer, its body still to be read; `undefined` where there is no such object. */
  async #send(asked: Asked, io?: IoOptions): Promise<HttpAnswer | undefined> {
    const key = asked.what === "list" ? asked.prefix : asked.key;
    const mended = new Set<string>();
    for (;;) {
      io?.signal?.throwIfAborted();
      const request = await this.#dialect.request(asked, io);
      const answer = await this.#reading(key, async () => this.#http.send(request, io?.signal));
      const isFine = answer.status < 300 || (answer.status === PAST_THE_END && asked.what === "get");
      if (isFine && asked.what === "get" && this.#dialect.isStore?.(answer) === false)
        throw await this.#foreign(answer, key);
      if (isFine) return answer;
      const body = await this.#reading(key, async () => textOf(answer, ERROR_BYTES));
      const refusal = this.#dialect.refusal(answer, body);
      if (answer.status === 404 && asked.what !== "list" && !NO_PLACE.test(refusal.code)) return undefined;
      const what = this.#dialect.mend?.(answer, refusal, request);
      if (what === undefined || mended.has(what)) throw this.#refused(answer, refusal, key);
      mended.add(what);
    }
  }

  #refused(answer: HttpAnswer, { code, message, isDenial = false }: Refusal, key: string): MetaflowError {
    const { status } = answer;
    const what = `cannot read ${key} in ${this.description}: `;
    const said = message === "" ? code : `${message} (${code})`;
    const context = { store: this.description, key };
    if (status === 401 || status === 403 || isDenial)
      return new AccessDenied(`${what}access is denied: ${said}`, context);
    if (status === 412) return new DatastoreError(`${what}it was changed while it was read`, context);
    if (status === 408 || status === 429 || status >= 500)
      return new StoreBusy(
        `${what}the store answers ${status}: ${said}`,
        context,
        answer.header("retry-after"),
      );
    return new DatastoreError(`${what}the store answers ${status}: ${said}`, context);
  }

  async *#told(key: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* bytes;
    } catch (cause) {
      throw this.#failure(key, cause);
    }
  }

  async #reading<T>(key: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw this.#failure(key, cause);
    }
  }

  #failure(key: string, cause: unknown): unknown {
    if (!(cause instanceof HttpFailure)) return cause;
    return new StoreUnreachable(
      `cannot read ${key} in ${this.description}: the store does not answer (${cause.message})`,
      { store: this.description, key, cause },
    );
  }
}

const PARTIAL = 206;
const PAST_THE_END = 416;
/** Codes of a 404 that is about the place, not about the object in it. */
const NO_PLACE = /^(NoSuchBucket|ContainerNotFound|bucketNotFound)$/;

/** A key as part of a URL's path: everything but slashes and what needs no escape, as signatures want it. */
export function escapeKey(key: string): string {
  // Half of a surrogate pair has no bytes: no object's name holds one.
  const escaped = encodeURIComponent(key.replaceAll(/\p{Surrogate}/gu, "\ufffd")).replaceAll("%2F", "/");
  return escaped.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Bytes `skip` to `skip + wanted` of a stream. */
async function* part(
  bytes: AsyncIterable<Uint8Array>,
  skip: number,
  wanted: number,
): AsyncIterable<Uint8Array> {
  let at = 0;
  for await (const chunk of bytes) {
    const from = Math.max(0, skip - at);
    const to = Math.min(chunk.length, skip + wanted - at);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= skip + wanted) return;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- nothing to wait for
async function* none(): AsyncIterable<Uint8Array> {
  yield* [];
}
