import fetch, { type Response } from "node-fetch";
import { Gate } from "../../base/gate.ts";
import type { Environment } from "../config.ts";
import { Agents } from "./agents.ts";
import { HttpFailure } from "./failure.ts";

/** Connections kept to one host: a metadata service answers one request after the other, and more at once only make it slower. */
const CONNECTIONS = 8;
/** Without a byte for so long a connection is as good as dropped. */
const SILENCE_MS = 30_000;

/** What is asked of a host. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PATCH" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What it answers. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** The body as it arrives. Throws HttpFailure when it is cut off or stalls. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How a client's connections behave. */
export interface HttpOptions {
  /** Without a byte for so long a connection is as good as dropped; 30 s. In milliseconds. */
  readonly silenceMs?: number;
  /** At most so many connections to a host; 8. */
  readonly connections?: number;
  /** Whether what a host sends packed is unpacked on the way; `false` gives the bytes as they are stored. */
  readonly unpack?: boolean;
  /** Certificates that are trusted instead of the well-known ones, in PEM. */
  readonly ca?: string | undefined;
  /** Whether a host has to show a certificate that is trusted; yes, unless a person has said no. */
  readonly verify?: boolean;
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked for; without it no proxy is asked. */
  readonly env?: Environment;
}

/** Requests over connections that are kept open. One client a host: its headers go nowhere else, redirections to other hosts are not followed. */
export class HttpClient {
  readonly #agents: Agents;
  readonly #silenceMs: number;
  readonly #unpack: boolean;
  /** A request that waits for a connection has not been heard of yet: it is begun when there may be one. */
  readonly #gate: Gate;

  constructor(options: HttpOptions = {}) {
    const { silenceMs = SILENCE_MS, connections = CONNECTIONS, unpack = true } = options;
    const { env = {}, ca, verify = true } = options;
    this.#agents = new Agents(env, {
      keepAlive: true,
      maxSockets: connections,
      rejectUnauthorized: verify,
      ...(ca !== undefined && { ca }),
    });
    this.#silenceMs = silenceMs;
    this.#unpack = unpack;
    this.#gate = new Gate(connections);
  }

  /** Sends a request and gives the answer as soon as its head is there. Throws HttpFailure, or the signal's reason. */
  async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    signal?.throwIfAborted();
    return this.#gate.pass(async () => this.#send(request, signal), signal);
  }

  /** Closes what is kept open. */
  close(): void {
    this.#agents.close();
  }

  async #send(
    { method, url, headers, body }: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const silence = new Silence(this.#silenceMs, signal);
    try {
      const agent = await this.#agents.of(url);
      const response = await fetch(url, {
        method,
        ...(headers !== undefined && { headers }),
        ...(body !== undefined && { body }),
        signal: silence.signal,
        agent,
        redirect: "manual",
        compress: this.#unpack,
      });
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        bytes: bodyOf(response, silence, signal),
      };
    } catch (cause) {
      silence.breakOff();
      throw silence.failure(cause, signal);
    }
  }
}

/** The text of an answer, cut off after so many bytes. */
export async function textOf(answer: HttpAnswer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxBytes);
}

async function* bodyOf(
  response: Response,
  silence: Silence,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  let isWhole = false;
  try {
    // Without a body there is nothing to wait for.
    for await (const chunk of response.body ?? []) {
      silence.heard();
      yield chunk as Uint8Array; // node-fetch's streams are of bytes.
    }
    isWhole = true;
  } catch (cause) {
    throw silence.failure(cause, signal);
  } finally {
    if (isWhole) silence.end();
    else silence.breakOff();
  }
}

/** Ends a request on which nothing is heard for too long, or that its caller gives up. */
class Silence {
  readonly #abort = new AbortController();
  readonly #ms: number;
  readonly #caller: AbortSignal | undefined;
  #timer: NodeJS.Timeout;
  #isTooLong = false;

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.#ms = ms;
    this.#caller = caller;
    this.#timer = this.#wait();
    caller?.addEventListener("abort", this.#giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#wait();
  }

  /** Nothing more is waited for. */
  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#giveUp);
  }

  /** Nothing more is wanted: the connection is given back. */
  breakOff(): void {
    this.end();
    this.#abort.abort();
  }

  /** What a request failed with, in one form. */
  failure(cause: unknown, caller: AbortSignal | undefined): unknown {
    if (caller?.aborted === true) return caller.reason;
    if (this.#isTooLong)
      return new HttpFailure("timeout", `nothing came for ${Math.round(this.#ms / 1000)} s`, cause);
    const code =
      typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "dropped";
    return new HttpFailure(code, cause instanceof Error ? cause.message : String(cause), cause);
  }

  readonly #giveUp = (): void => {
    this.#abort.abort();
  };

  #wait(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#isTooLong = true;
      this.#abort.abort();
    }, this.#ms).unref();
  }
}
