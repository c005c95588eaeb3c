import type { MetaflowConfig } from "../../config.ts";
import { HttpClient } from "../../http/client.ts";
import { HttpStore, STORE_HTTP } from "../http.ts";
import type { ObjectStore } from "../store.ts";
import { certificatesOf } from "./certificates.ts";
import { credentialsOf } from "./credentials.ts";
import { AzureDialect } from "./dialect.ts";
import { parseEndpoint, parseRoot } from "./place.ts";

/**
 * A datastore in Azure Blob Storage, in the account that METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT names. Nothing is asked before it is needed.
 * Throws DatastoreError for a root that names no container, and where no account is configured.
 * @param root `container/prefix`
 */
export async function openAzure(root: string, config: MetaflowConfig): Promise<ObjectStore> {
  const endpoint = parseEndpoint(config.get("AZURE_STORAGE_BLOB_SERVICE_ENDPOINT"), root);
  const place = parseRoot(root);
  const ca = await certificatesOf(config);
  const credentials = endpoint.signature === undefined ? credentialsOf(config, ca) : undefined;
  return new HttpStore(
    new AzureDialect(place, endpoint, credentials),
    new HttpClient({ ...STORE_HTTP, ca, env: config.env }),
  );
}
