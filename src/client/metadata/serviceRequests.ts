import type { IoOptions } from "../../base/io.ts";
import { Shared } from "../../base/shared.ts";
import { Slices } from "../../base/slices.ts";
import { ServiceException, type ServiceProblem } from "../errors.ts";
import { HttpClient, textOf, type HttpAnswer, type HttpRequest } from "../http/client.ts";
import { HttpFailure } from "../http/failure.ts";
import { jsonRows } from "../http/jsonRows.ts";
import { retrying, type Again } from "../http/retry.ts";
import { parseJson, type Json } from "./parse.ts";
import { ServiceKey } from "./serviceKey.ts";

/** Which service, and how it is asked. */
export interface ServiceAddress {
  /** Without a slash at the end; may have a path. */
  readonly url: string;
  /** Sent with every request, and to this service alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as `x-api-key`. */
  readonly key?: ServiceKey;
  /** METAFLOW_SERVICE_RETRY_COUNT. */
  readonly tries: number;
}

/** The answer to a listing. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** Whether the service gave a page: it then says how long pages are. One that knows no pages gives everything. */
  readonly isPage: boolean;
  /** Of the next page. */
  readonly cursor: string | undefined;
}

const FIRST_PAUSE_MS = 250;
/** So much of a body that says what is wrong is worth keeping. */
const ERROR_BYTES = 1 << 16;
/** No object is so large: what goes on longer is none. */
const OBJECT_BYTES = 16 << 20;
/** In a message; the whole of it is in `response`. */
const MESSAGE_CHARACTERS = 1000;

/** Requests to a metadata service, in its own terms: JSON, 404 for "none", errors in four shapes. */
export class ServiceRequests {
  readonly #address: ServiceAddress;
  readonly #http: HttpClient;
  readonly #key: ServiceKey;
  readonly #listings = new Shared<Listing<unknown> | undefined>();
  readonly #objects = new Shared<Json | undefined>();
  readonly #pings = new Shared<string | undefined>();
  #version: string | undefined;

  constructor(address: ServiceAddress, http = new HttpClient()) {
    this.#address = address;
    this.#http = http;
    this.#key = address.key ?? new ServiceKey(address.url, undefined, undefined);
  }

  /** One object; `undefined` when there is none. Who asks for it at the same time shares the request. */
  async object(path: string, io?: IoOptions): Promise<Json | undefined> {
    return this.#objects.ask(
      path,
      async (signal) =>
        this.#reading(path, signal, async (answer) => {
          const text = await textOf(answer, OBJECT_BYTES);
          return answer.status === 404 ? undefined : parseJson(text, path);
        }),
      io?.signal,
    );
  }

  /** A listing of objects; `undefined` where the service has none at this path. Shared as `object`. */
  async listing(path: string, io?: IoOptions): Promise<Listing<Json> | undefined> {
    const listing = await this.#list(path, io);
    if (listing === undefined || areObjects(listing)) return listing;
    throw this.#notAService(path, new TypeError("it lists what are no objects"));
  }

  /** A listing of texts. */
  async texts(path: string, io?: IoOptions): Promise<readonly string[] | undefined> {
    return (await this.#list(path, io))?.rows.filter((row) => typeof row === "string");
  }

  /**
   * Sends a change once and gives the answer's status and text, whatever it is. Throws ServiceException where there is no answer, and where the
   * service wants a key or another one.
   */
  async patch(path: string, body: unknown, io?: IoOptions): Promise<{ status: number; text: string }> {
    return this.#sending(path, io?.signal, async () => {
      const answer = await this.#send("PATCH", path, JSON.stringify(body), io?.signal);
      if (isForbidden(answer.status)) throw await this.#refusal(path, answer);
      return { status: answer.status, text: this.#key.hide(await textOf(answer, ERROR_BYTES)) };
    });
  }

  /** What the service says its version is; `undefined` where it does not. Asked until it is known. */
  async version(io?: IoOptions): Promise<string | undefined> {
    const path = "/ping";
    this.#version ??= await this.#pings.ask(
      path,
      async (signal) =>
        this.#reading(path, signal, async (answer) => {
          await textOf(answer, ERROR_BYTES);
          return answer.header("metadata_service_version");
        }),
      io?.signal,
    );
    return this.#version;
  }

  /** Throws ServiceException, in Python's words for it, where the service is older than a version or does not tell. */
  async require(version: string, otherwise: string, io?: IoOptions): Promise<void> {
    const found = await this.version(io);
    if (found === undefined || !isAtLeast(found, version))
      throw new ServiceException(otherwise, "service-error", { store: this.#address.url });
  }

  close(): void {
    this.#http.close();
  }

  async #list(path: string, io?: IoOptions): Promise<Listing<unknown> | undefined> {
    return this.#listings.ask(
      path,
      async (signal) =>
        this.#reading(path, signal, async (answer) => {
          if (answer.status === 404) {
            await textOf(answer, ERROR_BYTES);
            return undefined;
          }
          const rows: unknown[] = [];
          const slices = new Slices({ signal });
          for await (const batch of jsonRows(answer.bytes)) {
            rows.push(...batch);
            // What lies in a socket's buffers is read in one go otherwise, megabytes at once.
            if (slices.areDue) await slices.pause();
          }
          const isPage = answer.header("x-limit") !== undefined;
          return { rows, isPage, cursor: answer.header("x-next-cursor") };
        }),
      io?.signal,
    );
  }

  /** Asks until there is an answer that was read to its end. */
  async #reading<T>(
    path: string,
    signal: AbortSignal | undefined,
    read: (answer: HttpAnswer) => Promise<T>,
  ): Promise<T> {
    return this.#sending(path, signal, async () => {
      const answer = await this.#send("GET", path, undefined, signal);
      if (answer.status >= 300 && answer.status !== 404) throw await this.#refusal(path, answer);
      try {
        return await read(answer);
      } catch (cause) {
        if (cause instanceof HttpFailure || signal?.aborted === true) throw cause;
        throw new NotJson(cause);
      }
    });
  }

  async #sending<T>(path: string, signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    const policy = { tries: this.#address.tries, firstPauseMs: FIRST_PAUSE_MS };
    try {
      return await retrying(policy, send, worthAnotherTry, signal);
    } catch (error) {
      if (error instanceof HttpFailure) throw this.#unreachable(path, error);
      if (error instanceof NotJson) throw this.#notAService(path, error.cause);
      throw error;
    }
  }

  /** Sends a request with the service's key; one that is refused once more, where there is another key. */
  async #send(
    method: HttpRequest["method"],
    path: string,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const send = async (key: string | undefined): Promise<HttpAnswer> => {
      const headers = {
        ...this.#address.headers,
        ...(key !== undefined && { "x-api-key": key }),
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      return this.#http.send({ method, url: this.#address.url + path, headers, body }, signal);
    };
    const key = await this.#key.current(signal);
    const answer = await send(key);
    if (!isForbidden(answer.status)) return answer;
    const another = await this.#key.another(key, signal);
    if (another === undefined) return answer;
    // Read to its end, so that its connection can be used again.
    await textOf(answer, ERROR_BYTES);
    return send(another);
  }

  async #refusal(path: string, answer: HttpAnswer): Promise<Refused> {
    const { status } = answer;
    const response = this.#key.hide(await textOf(answer, ERROR_BYTES).catch(() => ""));
    return new Refused(
      `Metadata request (${path}) failed (code ${status}): ${sayable(response)}`,
      isForbidden(status) ? "forbidden" : "service-error",
      { httpCode: status, response, key: path, store: this.#address.url },
      answer.header("retry-after"),
    );
  }

  #unreachable(path: string, failure: HttpFailure): ServiceException {
    return new ServiceException(
      `Metadata request (${path}) failed: the service at ${this.#address.url} does not answer (${failure.message})`,
      "unreachable",
      { store: this.#address.url, key: path, cause: failure },
    );
  }

  #notAService(path: string, cause: unknown): ServiceException {
    return new ServiceException(
      `Metadata request (${path}) failed: what answers at ${this.#address.url} is no metadata service, or its answer was cut off (${
        cause instanceof Error ? cause.message : String(cause)
      })`,
      "not-a-service",
      { store: this.#address.url, key: path, cause },
    );
  }
}

function areObjects(listing: Listing<unknown>): listing is Listing<Json> {
  return listing.rows.every((row) => typeof row === "object" && row !== null && !Array.isArray(row));
}

function isForbidden(status: number): boolean {
  return status === 401 || status === 403;
}

/** By the numbers of the required version; those that the other lacks are zero. */
function isAtLeast(version: string, required: string): boolean {
  const [found = [], wanted = []] = [version, required].map((text) =>
    text.split(".").map((part) => parseInt(part, 10) || 0),
  );
  const at = wanted.findIndex((part, index) => part !== (found[index] ?? 0));
  return at < 0 || (found[at] ?? 0) > (wanted[at] ?? 0);
}

/** A body that is not what a metadata service sends. */
class NotJson extends Error {
  constructor(cause: unknown) {
    super("no JSON", { cause });
  }
}

/** What is over in a moment is tried again; a database that is down answers 500, and heals by itself. */
function worthAnotherTry(error: unknown): Again | undefined {
  if (error instanceof HttpFailure) return error.again;
  if (error instanceof NotJson) return { atMost: 2 };
  if (!(error instanceof Refused)) return undefined;
  const { httpCode, retryAfterMs } = error;
  if (httpCode === 429 || httpCode === 502 || httpCode === 503 || httpCode === 504)
    return { afterMs: retryAfterMs };
  return httpCode === 500 ? { atMost: 2 } : undefined;
}

/** An answer that is an error. */
class Refused extends ServiceException {
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    problem: ServiceProblem,
    about: { httpCode: number; response: string; key: string; store: string },
    retryAfter?: string,
  ) {
    super(message, problem, about);
    this.name = "ServiceException";
    const seconds = Number(retryAfter);
    this.retryAfterMs = retryAfter !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }
}

/** A body as part of a message: as it is, but for a traceback, which helps nobody who reads it. */
function sayable(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json === "object" && json !== null && "traceback" in json && "detail" in json)
      return String(json.detail);
  } catch {
    // Plain text, as from a gateway.
  }
  return body.length > MESSAGE_CHARACTERS ? `${body.slice(0, MESSAGE_CHARACTERS)}…` : body;
}
