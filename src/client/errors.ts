/** What an error was about: the object, the place it was read from. Goes to the log, never to the sentence twice. */
export interface ErrorContext {
  /** The object that was asked for. */
  readonly pathspec?: string | undefined;
  /** The metadata or the datastore that was asked: `local@/path`, `s3@s3://bucket/prefix`, an address. */
  readonly store?: string | undefined;
  /** The file or object in it. */
  readonly key?: string | undefined;
  /** What was thrown below; also the error's `cause`. */
  readonly cause?: unknown;
}

/**
 * The base of everything this library throws. Python: `metaflow.exception.MetaflowException`.
 * `message` names the object first, then what is wrong, then what to do; `code` is stable and can be tested.
 */
export class MetaflowError extends Error {
  /** What went wrong, for programs: stable, the same for every error of one class, but for ServiceException. */
  readonly code: string = "metaflow-error";
  /** What the error was about, for logs: nothing in it is secret. */
  readonly context: ErrorContext;

  /** @internal */
  constructor(message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.context = context;
  }
}

/** The object does not exist. Python: `MetaflowNotFound`. */
export class MetaflowNotFound extends MetaflowError {
  override readonly code: string = "not-found";
}

/** The object exists, but outside the session's namespace. Python: `MetaflowNamespaceMismatch`. */
export class MetaflowNamespaceMismatch extends MetaflowError {
  override readonly code = "namespace-mismatch";

  /** @internal */
  constructor(namespace: string, context: ErrorContext = {}) {
    super(`Object not in namespace '${namespace}'`, context);
  }
}

/** The text is not a pathspec of the wanted kind. Python: `MetaflowInvalidPathspec`. */
export class MetaflowInvalidPathspec extends MetaflowError {
  override readonly code = "invalid-pathspec";
}

/** The records contradict each other or cannot be read as Metaflow's. Python: `MetaflowInternalError`. */
export class MetaflowInternalError extends MetaflowError {
  override readonly code: string = "internal-error";
}

/** Why a tag edit was refused, or did not stay. */
export type TaggingReason =
  /** Something else was given where a tag, or several, are wanted. */
  | { readonly kind: "not-text" }
  /** A tag without a character. */
  | { readonly kind: "empty" }
  /** Half of a surrogate pair, which UTF-8 cannot hold. */
  | { readonly kind: "unencodable"; readonly tag: string }
  /** In characters (code points), as Python counts them. */
  | { readonly kind: "too-long"; readonly tag: string; readonly length: number }
  /** Neither a tag to add nor one to remove. */
  | { readonly kind: "nothing" }
  /** The tags to remove that Metaflow set itself, in order. */
  | { readonly kind: "system"; readonly tags: readonly string[] }
  /** How many user tags the run has, and would have after the edit. */
  | { readonly kind: "too-many"; readonly has: number; readonly would: number }
  /** The run is gone. */
  | { readonly kind: "not-found" }
  /** The service says no; the message says why. */
  | { readonly kind: "refused" }
  /** Other writers undid the edit again and again. */
  | { readonly kind: "conflict" };

/** A tag edit that Metaflow's rules forbid, or that could not be made to stay. Python: `MetaflowTaggingError`. */
export class MetaflowTaggingError extends MetaflowError {
  override readonly code: string = "tagging-error";
  /** The same as `message`, for programs. */
  readonly reason: TaggingReason;

  /** @internal */
  constructor(message: string, reason: TaggingReason, context?: ErrorContext) {
    super(message, context);
    this.reason = reason;
  }
}

/** No user name can be told from the environment. Python: `MetaflowUnknownUser`. */
export class MetaflowUnknownUser extends MetaflowError {
  override readonly code = "unknown-user";

  /** @internal */
  constructor(context: ErrorContext = {}) {
    super(
      "Metaflow could not determine your user name based on environment variables ($USERNAME etc.)",
      context,
    );
  }
}

/** Data that the metadata promises is not in the datastore. Python: `MetaflowDataMissing`. */
export class MetaflowDataMissing extends MetaflowError {
  override readonly code: string = "data-missing";
}

/** Data that were recorded in a folder of another machine: nothing is wrong with them, they are not here. Python: `MetaflowDataMissing`. */
export class DataElsewhere extends MetaflowDataMissing {
  override readonly code = "data-elsewhere";
}

/** A child that does not exist. Python: the `KeyError` of `parent[id]`. */
export class MetaflowKeyError extends MetaflowError {
  override readonly code = "key-error";
  /** The id or name that was asked for. */
  readonly key: string;

  /** @internal Callers without types may ask for anything. */
  constructor(key: unknown, context: ErrorContext = {}) {
    const text = keyText(key);
    super(text === "" ? "''" : text, context);
    this.key = text;
  }

  /** @internal The error of a child that there is none of below this pathspec. */
  static below(parent: string, key: unknown): MetaflowKeyError {
    return new MetaflowKeyError(key, { pathspec: `${parent}/${keyText(key)}` });
  }
}

function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  return typeof key === "number" || typeof key === "bigint" ? String(key) : `a key of type ${typeof key}`;
}

/** An option or setting that cannot be used. Python: `ValueError` of `metadata()` and of the configuration. */
export class MetaflowConfigError extends MetaflowError {
  override readonly code = "config-error";
}

/** The datastore could not be read. Python: `DataException` ("Data store error"). */
export class DatastoreError extends MetaflowError {
  override readonly code: string = "datastore-error";
}

/** The place refuses access: permissions, credentials. */
export class AccessDenied extends DatastoreError {
  override readonly code = "access-denied";
}

/** The place wants credentials, and there are none: the message says where they were looked for. */
export class CredentialsMissing extends DatastoreError {
  override readonly code = "credentials-missing";
}

/** The place does not answer, or not all of it, also after some tries. */
export class StoreUnreachable extends DatastoreError {
  override readonly code = "unreachable";
}

/** Why a metadata service did not give what it was asked for. */
export type ServiceProblem =
  /** It answers that it will not: `httpCode` tells. */
  | "service-error"
  /** 401 or 403: the service, or a gateway before it, wants a key or another one. */
  | "forbidden"
  /** It does not answer, or not all of it. */
  | "unreachable"
  /** What answers is no metadata service. */
  | "not-a-service";

/** A metadata service that fails or refuses. Python: `ServiceException` ("Metaflow service error"). */
export class ServiceException extends MetaflowError {
  override readonly code: ServiceProblem;
  /** Python: `http_code`; `undefined` where there was no answer. */
  readonly httpCode: number | undefined;
  /** What the service said, as it said it. Python: `response`. */
  readonly response: string | undefined;

  /** @internal */
  constructor(
    message: string,
    problem: ServiceProblem,
    about: ErrorContext & { readonly httpCode?: number; readonly response?: string } = {},
  ) {
    super(message, about);
    this.code = problem;
    this.httpCode = about.httpCode;
    this.response = about.response;
  }
}

/** A record that is not (yet) the JSON that Metaflow writes. The objects beside it stay readable. */
export class CorruptRecord extends MetaflowInternalError {
  override readonly code = "corrupt-record";
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The bytes of an artifact are there, but are no pickle that can be decoded; `cause` is the PickleError. */
export class ArtifactDecodeError extends MetaflowError {
  override readonly code = "decode-error";
}
