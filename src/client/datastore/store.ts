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

/**
 * Where Metaflow keeps bytes: a folder, a bucket, a container. Keys use `/` and start below the datastore's root.
 * Missing is `undefined`; everything else that goes wrong throws a DatastoreError that names store and key.
 */
export interface ObjectStore {
  /** For messages: `local@/path/.metaflow`, `s3://bucket/prefix`. */
  readonly description: string;
  /** The whole object. */
  get(key: string, io?: IoOptions): Promise<Uint8Array | undefined>;
  /** Bytes `from` (inclusive) to `to` (exclusive); fewer at the object's end. */
  getRange(key: string, from: number, to: number, io?: IoOptions): Promise<Uint8Array | undefined>;
  /** The object's bytes as they arrive, for what may be large. */
  stream(key: string, io?: IoOptions): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** In bytes. */
  size(key: string, io?: IoOptions): Promise<number | undefined>;
  /** When the object was last written, in milliseconds since the epoch. */
  modifiedMs(key: string, io?: IoOptions): Promise<number | undefined>;
  /** What lies directly below a prefix, in any order; nothing where the prefix does not exist. */
  list(prefix: string, io?: IoOptions): AsyncIterable<Entry>;
}
