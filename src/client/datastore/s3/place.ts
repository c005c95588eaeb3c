import { DatastoreError } from "../../errors.ts";

/** A datastore's root in Amazon S3. */
export interface S3Place {
  readonly bucket: string;
  /** What all keys begin with, with a slash at its end; empty where the root is the bucket itself. */
  readonly prefix: string;
}

/** Nothing else may name a host or leave the bucket's path. Old buckets have capitals and underscores. */
const BUCKET = /^[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?$/i;

/** The place that a root such as `s3://bucket/prefix` names. Throws DatastoreError. */
export function parseRoot(root: string): S3Place {
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)\/*(.*)$/s.exec(root) ?? [];
  if (!BUCKET.test(bucket)) {
    throw new DatastoreError(`'${root}' names no bucket of Amazon S3, as s3://bucket/prefix does`, {
      store: root,
    });
  }
  return { bucket, prefix: path === "" || path.endsWith("/") ? path : `${path}/` };
}
