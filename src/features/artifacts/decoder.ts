import { Worker } from "node:worker_threads";
import { asError } from "../../base/async.ts";
import type {
  ArtifactSource,
  DecoderEvents,
  DecoderRequests,
  FileSource,
  Opened,
} from "../../protocol/decoder.ts";
import type { DocumentState } from "../../protocol/nodes.ts";
import { Peer } from "../../protocol/rpc.ts";
import type { Nothing, RequestOptions } from "../../protocol/rpc.ts";
import { RemoteError } from "../../protocol/wire.ts";
import { t } from "../text.ts";

/** The requests about one document, which names itself. */
type DocumentRequests = Omit<DecoderRequests, "open" | "close">;
type ParamsOf<M extends keyof DocumentRequests> = Omit<DecoderRequests[M]["params"], "document">;

/** What a document's owner is told while the document is open. */
export interface DecoderListener {
  /** The document was read further, or to its end. */
  readonly onChanged: (state: DocumentState) => void;
  /** The thread ended on its own; the document is gone. */
  readonly onLost: (cause: Error) => void;
  /** How far it is written to a file: in rows of a table, else in bytes. */
  readonly onExported?: (done: number, total: number | undefined) => void;
}

/** For those who look at a document once, as it is when it is opened. */
export const DEAF: DecoderListener = { onChanged: () => undefined, onLost: () => undefined };

/** A document that is open in the decoding thread. */
export interface OpenDocument {
  /** The number that another request about it names it by. */
  readonly id: number;
  readonly opened: Opened;
  request<M extends keyof DocumentRequests>(
    method: M,
    params: ParamsOf<M>,
    options?: RequestOptions,
  ): Promise<DecoderRequests[M]["result"]>;
  close(): void;
}

/** How a document is opened. */
export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether what was read before is to be forgotten: for a second try after a failure. */
  readonly fresh?: boolean;
}

/** The decoding thread ended while it was needed. */
export class DecoderLost extends Error {
  readonly code = "lost";

  constructor(cause: Error) {
    super(t("The thread that decodes artifacts ended: {0}", cause.message), { cause });
    this.name = "DecoderLost";
  }
}

/** How the thread is run; the defaults are for the extension, the rest for tests. */
export interface DecoderOptions {
  /** The bundle of `src/worker`. */
  readonly script: string;
  /** Milliseconds without an open document after which the thread ends. */
  readonly idleMs?: number;
  /** Megabytes of JavaScript heap; what the bytes of artifacts take is not in it. */
  readonly heapMb?: number;
  readonly onError?: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly peer: Peer<DecoderRequests, Nothing, Nothing, DecoderEvents>;
  readonly listeners: Map<number, DecoderListener>;
}

/** Opening waits for a store, which has time-outs of its own. */
const OPEN_TIMEOUT_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 2 * 60_000;

/**
 * The decoding thread of this window: started at the first document, ended when none has been open for a while, started anew after it
 * crashed. Whoever had a document in a crashed thread is told.
 */
export class Decoder {
  readonly #options: DecoderOptions;
  #thread: Thread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastDocument = 0;
  #opening = 0;
  #disposed = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  /** Whether the thread is there. */
  get running(): boolean {
    return this.#thread !== undefined;
  }

  /** Opens an artifact, or a file. Rejects with a RemoteError of the client's own code, with DecoderLost, or with the signal's reason. */
  async open(
    source: ArtifactSource | FileSource,
    listener: DecoderListener,
    options: OpenOptions = {},
  ): Promise<OpenDocument> {
    const { signal, fresh = false } = options;
    const document = ++this.#lastDocument;
    const thread = this.#started();
    this.#opening++;
    thread.listeners.set(document, listener);
    try {
      const opened = await thread.peer.request(
        "open",
        { document, source, fresh },
        { signal, timeoutMs: OPEN_TIMEOUT_MS },
      );
      return this.#documentOf(thread, document, opened);
    } catch (thrown) {
      thread.listeners.delete(document);
      // Its answer may be on the way already when it is given up.
      if (!(thrown instanceof RemoteError)) close(thread, document);
      throw thrown;
    } finally {
      this.#opening--;
      this.#restIfIdle();
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#idle);
    this.#end("the window is closing");
  }

  #documentOf(thread: Thread, document: number, opened: Opened): OpenDocument {
    return {
      id: document,
      opened,
      request: async (method, params, options) =>
        // `ParamsOf` is the request's params without the document, which is put back here.
        thread.peer.request(method, { ...params, document }, options),
      close: () => {
        if (!thread.listeners.delete(document)) return;
        close(thread, document);
        this.#restIfIdle();
      },
    };
  }

  #started(): Thread {
    if (this.#disposed) throw new Error("the window is closing");
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    return this.#thread;
  }

  #start(): Thread {
    const worker = new Worker(this.#options.script, {
      name: "metaflow-decoder",
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb ?? 4096 },
    });
    const listeners = new Map<number, DecoderListener>();
    const peer = new Peer<DecoderRequests, Nothing, Nothing, DecoderEvents>({
      post: (message) => {
        worker.postMessage(message);
      },
      handlers: {},
      checks: {},
      onEvent: {
        changed: ({ document, state }) => listeners.get(document)?.onChanged(state),
        exported: ({ document, done, total }) => listeners.get(document)?.onExported?.(done, total),
      },
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    const thread: Thread = { worker, peer, listeners };
    worker.on("message", (data: unknown) => {
      peer.receive(data);
    });
    let cause: Error | undefined;
    worker.on("error", (thrown: unknown) => {
      cause = asError(thrown);
    });
    // After `error` comes `exit`; `exit` alone is an end that nobody asked for, too.
    worker.on("exit", (code) => {
      this.#lose(thread, cause ?? new Error(`it left with exit code ${code}`));
    });
    return thread;
  }

  #lose(thread: Thread, cause: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const lost = new DecoderLost(cause);
    this.#options.onError?.(lost);
    thread.peer.close(lost.message);
    for (const listener of thread.listeners.values()) listener.onLost(lost);
    thread.listeners.clear();
  }

  #restIfIdle(): void {
    clearTimeout(this.#idle);
    if (this.#thread === undefined || this.#opening > 0 || this.#thread.listeners.size > 0) return;
    this.#idle = setTimeout(() => {
      this.#end("no artifact is open");
    }, this.#options.idleMs ?? 30_000);
    this.#idle.unref();
  }

  #end(reason: string): void {
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.peer.close(reason);
    void thread?.worker.terminate();
  }
}

function close({ peer }: Thread, document: number): void {
  if (!peer.closed) void peer.request("close", { document }).catch(() => undefined);
}
