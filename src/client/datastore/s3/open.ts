import { resolve } from "node:path";
import { readIfPresent } from "../../../base/files.ts";
import type { MetaflowConfig } from "../../config.ts";
import { DatastoreError, messageOf } from "../../errors.ts";
import { HttpClient, type HttpOptions } from "../../http/client.ts";
import { HttpStore, STORE_HTTP } from "../http.ts";
import type { ObjectStore } from "../store.ts";
import { credentialsOf } from "./credentials.ts";
import { S3Dialect } from "./dialect.ts";
import { parseRoot } from "./place.ts";
import { Profiles } from "./profiles.ts";
import { settingsOf } from "./settings.ts";

/**
 * A datastore in Amazon S3, or in what speaks as it does. Throws DatastoreError for a root that names no bucket and for certificates that cannot be read,
 * MetaflowConfigError for settings that cannot be used.
 * @param root `s3://bucket/prefix`
 */
export async function openS3(root: string, config: MetaflowConfig): Promise<ObjectStore> {
  const place = parseRoot(root);
  const settings = settingsOf(config, await Profiles.load(config));
  const http = new HttpClient({
    ...STORE_HTTP,
    env: config.env,
    ...(await certificates(settings.verify, config.cwd)),
  });
  return new HttpStore(new S3Dialect(place, settings, credentialsOf(config)), http);
}

async function certificates(verify: boolean | string, cwd: string): Promise<HttpOptions> {
  if (typeof verify === "boolean") return { verify };
  const path = resolve(cwd, verify);
  const advice = "METAFLOW_S3_VERIFY_CERTIFICATE or AWS_CA_BUNDLE names it";
  try {
    const pem = await readIfPresent(path);
    if (pem !== undefined) return { ca: pem.toString("utf8") };
  } catch (cause) {
    const why = messageOf(cause);
    throw new DatastoreError(`the certificates in ${path} cannot be read (${advice}): ${why}`, {
      key: path,
      cause,
    });
  }
  throw new DatastoreError(`the file of certificates ${path} does not exist (${advice})`, { key: path });
}
