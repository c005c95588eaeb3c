/** What travels over a channel: three kinds of messages from the one who asks, two from the one who answers. */
export type Message =
  | { readonly kind: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "event"; readonly name: string; readonly data: unknown }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: WireError };

/** An error as plain data: structured cloning would drop everything but its name and message. */
export interface WireError {
  readonly name: string;
  /** One sentence that names the object first. */
  readonly message: string;
  /** Stable, to be tested: `not-found`, `truncated`, `timeout`, `closed` … */
  readonly code: string;
  /** Where it was read from, when that is known: the store and the key. */
  readonly place?: string;
  /** The messages of the causes, outermost first. */
  readonly causes?: readonly string[];
  /** For the log, never for a person. */
  readonly stack?: string;
}

/** An error that happened on the other side. */
export class RemoteError extends Error {
  readonly code: string;
  readonly place: string | undefined;
  readonly causes: readonly string[];
  readonly remoteStack: string | undefined;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = wire.name;
    this.code = wire.code;
    this.place = wire.place;
    this.causes = wire.causes ?? [];
    this.remoteStack = wire.stack;
  }
}

/** Reads a message off a channel; `undefined` for what is not one, so that a stranger's message is dropped and not believed. */
export function parseMessage(data: unknown): Message | undefined {
  if (!isRecord(data)) return undefined;
  const { kind, id, method, params, name, result, error } = data;
  switch (kind) {
    case "request":
      return isId(id) && typeof method === "string" ? { kind, id, method, params } : undefined;
    case "cancel":
      return isId(id) ? { kind, id } : undefined;
    case "event":
      return typeof name === "string" ? { kind, name, data: data["data"] } : undefined;
    case "result":
      return isId(id) ? { kind, id, result } : undefined;
    case "error":
      return isId(id) ? { kind, id, error: parseError(error) } : undefined;
    default:
      return undefined;
  }
}

/** Whatever was thrown, as plain data. Knows MetaflowError's `context` and PickleError's `offset` by their shape only. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof RemoteError) return fromRemote(thrown);
  if (!(thrown instanceof Error)) return { name: "Error", message: String(thrown), code: "error" };
  const fields = thrown as Error & { code?: unknown; context?: unknown };
  const place = placeOf(fields.context);
  const causes = causesOf(thrown);
  return {
    name: thrown.name,
    message: thrown.message === "" ? thrown.name : thrown.message,
    code:
      typeof fields.code === "string" ? fields.code : thrown.name === "AbortError" ? "cancelled" : "error",
    ...(place !== undefined && { place }),
    ...(causes.length > 0 && { causes }),
    ...(thrown.stack !== undefined && { stack: thrown.stack }),
  };
}

function fromRemote(error: RemoteError): WireError {
  return {
    name: error.name,
    message: error.message,
    code: error.code,
    ...(error.place !== undefined && { place: error.place }),
    ...(error.causes.length > 0 && { causes: error.causes }),
    ...(error.remoteStack !== undefined && { stack: error.remoteStack }),
  };
}

function parseError(error: unknown): WireError {
  if (!isRecord(error))
    return { name: "Error", message: "the other side failed without saying why", code: "error" };
  const { name, message, code, place, causes, stack } = error;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "the other side failed without saying why",
    code: typeof code === "string" ? code : "error",
    ...(typeof place === "string" && { place }),
    ...(Array.isArray(causes) && { causes: causes.map(String) }),
    ...(typeof stack === "string" && { stack }),
  };
}

function placeOf(context: unknown): string | undefined {
  if (!isRecord(context)) return undefined;
  const { store, key } = context;
  const parts = [store, key].filter((part): part is string => typeof part === "string" && part !== "");
  return parts.length === 0 ? undefined : parts.join("/");
}

/** At most eight: a chain of causes may be a circle. */
function causesOf(error: Error): string[] {
  const messages: string[] = [];
  for (let cause = error.cause; cause !== undefined && messages.length < 8;) {
    const message = cause instanceof Error ? cause.message : typeof cause === "string" ? cause : "";
    if (message !== "") messages.push(message);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return messages;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
