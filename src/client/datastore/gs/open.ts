import type { MetaflowConfig } from "../../config.ts";
import { HttpClient } from "../../http/client.ts";
import { HttpStore, STORE_HTTP } from "../http.ts";
import type { ObjectStore } from "../store.ts";
import { credentialsOf } from "./credentials.ts";
import { GsDialect } from "./dialect.ts";
import { parseRoot } from "./place.ts";

const ENDPOINT = "https://storage.googleapis.com";

/**
 * A datastore in Google Cloud Storage. STORAGE_EMULATOR_HOST and API_ENDPOINT_OVERRIDE lead elsewhere, as for Google's own clients; an emulator is
 * told no token. Throws DatastoreError for a root that names no bucket.
 * @param root `gs://bucket/prefix`
 */
export function openGs(root: string, config: MetaflowConfig): ObjectStore {
  const place = parseRoot(root);
  const http = new HttpClient({ ...STORE_HTTP, env: config.env });
  const emulator = config.env["STORAGE_EMULATOR_HOST"] ?? "";
  if (emulator !== "") return new HttpStore(new GsDialect(place, asUrl(emulator), undefined), http);
  const override = config.env["API_ENDPOINT_OVERRIDE"] ?? "";
  const endpoint = override === "" ? ENDPOINT : asUrl(override);
  return new HttpStore(new GsDialect(place, endpoint, credentialsOf(config)), http);
}

/** Some tools leave out the scheme. */
function asUrl(host: string): string {
  return (/^https?:\/\//.test(host) ? host : `http://${host}`).replace(/\/+$/, "");
}
