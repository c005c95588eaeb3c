import type { IoOptions } from "../../base/io.ts";

/** One name directly below a prefix, as a listing gives it. */
export interface Entry {
  /** The whole key, from the store's root. */
  readonly key: string;
  /** A prefix is what a file system calls a folder. */
  readonly kind: "object" | "prefix";
  /** In bytes, where the listing knows it. */
  readonly sizeBytes?: number;
}

/** What a store knows of an object without its bytes. */
export interface ObjectHead {
  readonly sizeBytes: number;
  /** When the object was last written, in milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** An object whose bytes are on the way. */
export interface OpenObject {
  /** The text that Metaflow keeps with a blob: JSON that tells how it is packed. `undefined` where there is none. */
  readonly attributes: string | undefined;
  /** Which version of the object this is, where the store tells. */
  readonly etag: string | undefined;
  /** The bytes as they arrive. Whoever does not read them to their end must close the iterator. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** From where on an object is read. */
export interface StreamOptions extends IoOptions {
  /** The first byte, for going on after an interruption. */
  readonly from?: number | undefined;
  /** Only this version of the object; another one is a DatastoreError. */
  readonly etag?: string | undefined;
}

/**
 * Where Metaflow keeps bytes: a folder, a bucket, a container. Keys use `/` and start below the datastore's root.
 * Missing is `undefined`; everything else that goes wrong throws a DatastoreError that names store and key.
 */
export interface ObjectStore {
  /** For messages: `local@/path/.metaflow`, `s3://bucket/prefix`. */
  readonly description: string;
  /** What is known of an object. */
  head(key: string, io?: IoOptions): Promise<ObjectHead | undefined>;
  /** The whole object. */
  get(key: string, io?: IoOptions): Promise<Uint8Array | undefined>;
  /** Bytes `from` (inclusive) to `to` (exclusive, may be infinite); fewer at the object's end. */
  getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined>;
  /** The object's bytes as they arrive, for what may be large. */
  stream(key: string, options?: StreamOptions): Promise<OpenObject | undefined>;
  /** What lies directly below a prefix, in any order; nothing where the prefix does not exist. */
  list(prefix: string, io?: IoOptions): AsyncIterable<Entry>;
  /** Whether the place itself is here, for one that may be on another machine; where nobody can tell, it is. */
  isHere?(io?: IoOptions): Promise<boolean>;
  /** Gives back what the store holds: connections. */
  close?(): void;
}
