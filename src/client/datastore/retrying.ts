import { joinBytes } from "../../base/bytes.ts";
import type { IoOptions } from "../../base/io.ts";
import { StoreUnreachable } from "../errors.ts";
import { HttpFailure } from "../http/failure.ts";
import { pauseAfter, retrying as retry, type Again, type RetryPolicy } from "../http/retry.ts";
import { StoreBusy } from "./busy.ts";
import type { Entry, ObjectHead, ObjectStore, OpenObject, StreamOptions } from "./store.ts";

/** Metaflow tries for minutes (S3_RETRY_COUNT, S3_TRANSIENT_RETRY_COUNT); whoever looks at a screen wants to know earlier. */
const POLICY: RetryPolicy = { tries: 5, firstPauseMs: 200 };

/** A store whose requests are made again where the network or the store failed for a moment; a stream goes on where it broke off. */
export function retrying(store: ObjectStore, policy: RetryPolicy = POLICY): ObjectStore {
  return new RetryingStore(store, policy);
}

class RetryingStore implements ObjectStore {
  readonly description: string;
  readonly #store: ObjectStore;
  readonly #policy: RetryPolicy;

  constructor(store: ObjectStore, policy: RetryPolicy) {
    this.#store = store;
    this.#policy = policy;
    this.description = store.description;
  }

  async head(key: string, io?: IoOptions): Promise<ObjectHead | undefined> {
    return this.#trying(async () => this.#store.head(key, io), io);
  }

  async get(key: string, io?: IoOptions): Promise<Uint8Array | undefined> {
    const opened = await this.stream(key, io);
    return opened && joinBytes(opened.bytes);
  }

  async getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined> {
    return this.#trying(async () => this.#store.getRange(key, from, to, io), io);
  }

  async stream(key: string, options?: StreamOptions): Promise<OpenObject | undefined> {
    const opened = await this.#trying(async () => this.#store.stream(key, options), options);
    return opened && { ...opened, bytes: this.#goingOn(key, opened, options) };
  }

  async *list(prefix: string, io?: IoOptions): AsyncIterable<Entry> {
    // A listing that breaks off begins anew: what was told already is left out.
    const told = new Set<string>();
    for (let tries = 1; ; tries++) {
      try {
        for await (const entry of this.#store.list(prefix, io)) {
          if (told.has(entry.key)) continue;
          told.add(entry.key);
          yield entry;
        }
        return;
      } catch (error) {
        await this.#pauseAfter(error, tries, io);
      }
    }
  }

  async isHere(io?: IoOptions): Promise<boolean> {
    return this.#store.isHere?.(io) ?? true;
  }

  close(): void {
    this.#store.close?.();
  }

  /** The bytes of a stream and of those that follow it: each goes on where the one before broke off, with the same version of the object. */
  async *#goingOn(key: string, first: OpenObject, options?: StreamOptions): AsyncIterable<Uint8Array> {
    let at = options?.from ?? 0;
    let { bytes } = first;
    for (let tries = 1; ; tries++) {
      try {
        for await (const chunk of bytes) {
          yield chunk;
          at += chunk.length;
          tries = 1; // What brings something is worth another try.
        }
        return;
      } catch (error) {
        await this.#pauseAfter(error, tries, options);
        const next = await this.#trying(
          async () => this.#store.stream(key, { ...options, from: at, etag: first.etag }),
          options,
        );
        if (next === undefined) throw error;
        bytes = next.bytes;
      }
    }
  }

  /** Throws the error where it is final. */
  async #pauseAfter(error: unknown, tries: number, io: IoOptions | undefined): Promise<void> {
    io?.signal?.throwIfAborted();
    await pauseAfter(error, this.#policy, tries, worthAnotherTry(error), io?.signal);
  }

  async #trying<T>(attempt: () => Promise<T>, io: IoOptions | undefined): Promise<T> {
    return retry(this.#policy, attempt, worthAnotherTry, io?.signal);
  }
}

function worthAnotherTry(error: unknown): Again | undefined {
  if (!(error instanceof StoreUnreachable)) return undefined;
  if (error instanceof StoreBusy) return { afterMs: error.retryAfterMs };
  return error.cause instanceof HttpFailure ? error.cause.again : {};
}
