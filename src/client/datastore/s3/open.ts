import type { MetaflowConfig } from "../../config.ts";
import { HttpClient, type HttpOptions } from "../../http/client.ts";
import { readCertificates } from "../certificates.ts";
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
  return { ca: await readCertificates(cwd, verify, "METAFLOW_S3_VERIFY_CERTIFICATE or AWS_CA_BUNDLE") };
}
