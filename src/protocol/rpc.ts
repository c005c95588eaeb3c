import type { Check } from "./check.ts";
import { parseMessage, RemoteError, toWireError } from "./wire.ts";
import type { Message } from "./wire.ts";

/** A map of requests is an interface whose every member is one of these. */
export interface Call {
  readonly params: unknown;
  readonly result: unknown;
}
/** Holds of every map of requests: what each member is. */
export type CallsOf<R> = { readonly [M in keyof R]: Call };

/** For the side of a channel that asks or tells nothing. */
export type Nothing = Record<string, never>;

/** When a request is given up. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the request is given up and cancelled on the other side; the peer's default when absent. */
  readonly timeoutMs?: number | undefined;
}

/** How the requests of the other side are answered; the signal fires when it no longer wants the answer. */
export type Handlers<R extends CallsOf<R>> = {
  readonly [M in keyof R]: (
    params: R[M]["params"],
    signal: AbortSignal,
  ) => Promise<R[M]["result"]> | R[M]["result"];
};

/** The check at the border: params arrive from another realm and are not believed. */
export type Checks<R extends CallsOf<R>> = { readonly [M in keyof R]: Check<R[M]["params"]> };

/** One side's end of a channel: how it sends, what it answers, what it hears. */
export interface PeerOptions<Theirs extends CallsOf<Theirs>, TheirEvents> {
  readonly post: (message: Message) => void;
  readonly handlers: Handlers<Theirs>;
  readonly checks: Checks<Theirs>;
  readonly onEvent?: { readonly [E in keyof TheirEvents]?: (data: TheirEvents[E]) => void };
  /** Milliseconds; 30 s when absent. */
  readonly timeoutMs?: number;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A request that no longer has an answer, and why. */
export class RequestFailed extends Error {
  readonly code: "cancelled" | "timeout" | "closed";

  constructor(code: RequestFailed["code"], message: string) {
    super(message);
    this.name = "RequestFailed";
    this.code = code;
  }
}

/**
 * One end of a channel between two realms (host and webview, host and worker): typed requests with replies both ways, and events.
 * Every request ends: answered, failed, cancelled by its signal, timed out, or rejected when the channel closes.
 */
export class Peer<Mine extends CallsOf<Mine>, Theirs extends CallsOf<Theirs>, MyEvents, TheirEvents> {
  readonly #options: PeerOptions<Theirs, TheirEvents>;
  readonly #pending = new Map<number, Pending>();
  readonly #serving = new Map<number, AbortController>();
  #lastId = 0;
  #closed: RequestFailed | undefined;

  constructor(options: PeerOptions<Theirs, TheirEvents>) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Asks the other side. Rejects with {@link RemoteError} when it fails there, with {@link RequestFailed} when no answer will come. */
  async request<M extends keyof Mine & string>(
    method: M,
    params: Mine[M]["params"],
    options: RequestOptions = {},
  ): Promise<Mine[M]["result"]> {
    const { signal } = options;
    if (this.#closed !== undefined) throw this.#closed;
    if (signal?.aborted === true) throw cancelled(method);
    const id = ++this.#lastId;
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? 30_000;
    return new Promise((resolve, reject) => {
      const giveUp = (failure: RequestFailed): void => {
        if (!this.#pending.has(id)) return;
        this.#post({ kind: "cancel", id });
        settle();
        reject(failure);
      };
      const abort = (): void => {
        giveUp(cancelled(method));
      };
      const timer = setTimeout(() => {
        giveUp(new RequestFailed("timeout", `"${method}" was not answered within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#pending.delete(id);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.set(id, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      try {
        this.#options.post({ kind: "request", id, method, params });
      } catch (thrown) {
        settle();
        reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    });
  }

  /** Tells the other side; nothing comes back. Dropped when the channel is closed. */
  emit<E extends keyof MyEvents & string>(name: E, data: MyEvents[E]): void {
    this.#post({ kind: "event", name, data });
  }

  /** Takes what arrived on the channel. What is no message, or an answer that nobody waits for, is dropped. */
  receive(data: unknown): void {
    if (this.#closed !== undefined) return;
    const message = parseMessage(data);
    switch (message?.kind) {
      case undefined:
        return;
      case "request":
        void this.#serve(message.id, message.method, message.params);
        return;
      case "cancel":
        this.#serving.get(message.id)?.abort();
        return;
      case "event":
        this.#hear(message.name, message.data);
        return;
      case "result":
        this.#pending.get(message.id)?.resolve(message.result);
        return;
      case "error":
        this.#pending.get(message.id)?.reject(new RemoteError(message.error));
        return;
    }
  }

  /** Ends the channel: what is asked and what is being answered ends now, with the reason. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = new RequestFailed("closed", reason);
    for (const pending of [...this.#pending.values()]) pending.reject(this.#closed);
    for (const controller of this.#serving.values()) controller.abort();
    this.#serving.clear();
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#serving.set(id, controller);
    try {
      const { handlers, checks } = this.#options;
      if (!Object.hasOwn(handlers, method)) throw new Error(`there is no request "${method}"`);
      const known = method as keyof Theirs;
      const result = await handlers[known](checks[known](params), controller.signal);
      if (!controller.signal.aborted) this.#post({ kind: "result", id, result });
    } catch (thrown) {
      if (!controller.signal.aborted) this.#post({ kind: "error", id, error: toWireError(thrown) });
    } finally {
      this.#serving.delete(id);
    }
  }

  #hear(name: string, data: unknown): void {
    const listeners = this.#options.onEvent;
    if (listeners === undefined || !Object.hasOwn(listeners, name)) return;
    const known = name as keyof TheirEvents;
    // An event's data comes from our own code on the other side and is only shown, so its shape is the type's word.
    listeners[known]?.(data as TheirEvents[typeof known]);
  }

  #post(message: Message): void {
    if (this.#closed === undefined) this.#options.post(message);
  }
}

function cancelled(method: string): RequestFailed {
  return new RequestFailed("cancelled", `"${method}" was cancelled`);
}
