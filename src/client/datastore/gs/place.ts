import { DatastoreError } from "../../errors.ts";

/** A datastore's root in Google Cloud Storage. */
export interface GsPlace {
  readonly bucket: string;
  /** What all keys begin with, without slashes at its ends; empty where the root is the bucket itself. */
  readonly prefix: string;
}

/** Nothing else may name a host or leave the bucket's path. */
const BUCKET = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/**
 * The place that a root names: `gs://bucket/prefix`. What follows `?` or `#` is no part of it, as for Metaflow, which takes it for a URL.
 * Python: `parse_gs_full_path`. Throws DatastoreError.
 */
export function parseRoot(root: string): GsPlace {
  const [, bucket = "", path = ""] = /^gs:\/\/([^/?#]*)([^?#]*)/s.exec(root) ?? [];
  if (!BUCKET.test(bucket)) {
    throw new DatastoreError(
      `'${root}' names no bucket of Google Cloud Storage, as gs://bucket/prefix does`,
      {
        store: root,
      },
    );
  }
  return { bucket, prefix: path.replace(/^\/+|\/+$/g, "") };
}
