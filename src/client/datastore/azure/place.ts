import { DatastoreError } from "../../errors.ts";

/** A datastore's root in Azure Blob Storage. */
export interface AzurePlace {
  readonly container: string;
  /** What all keys begin with, without slashes at its ends; empty where the root is the container itself. */
  readonly prefix: string;
}

/** Where an account's blobs are. */
export interface AzureEndpoint {
  /** Without a slash at its end and without a query. */
  readonly url: string;
  /** A shared access signature: a query that gives access without anything else. A secret. */
  readonly signature: URLSearchParams | undefined;
}

const SETTING = "METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT";
/** Nothing else may name a host or leave the container's path. */
const CONTAINER = /^\$?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
/** What a query must hold to be a shared access signature. */
const SIGNED = "sig";

/**
 * The place that a root names. Metaflow records `container/prefix`; the form that its addresses of files have, `azure://container/prefix`, is taken, too.
 * Python: `parse_azure_full_path`. Throws DatastoreError.
 */
export function parseRoot(root: string): AzurePlace {
  const path = root.replace(/^azure:\/\//, "").replace(/^\/+|\/+$/g, "");
  const [container = ""] = path.split("/", 1);
  if (!CONTAINER.test(container)) {
    throw new DatastoreError(`'${root}' names no container of Azure Blob Storage, as container/prefix does`, {
      store: root,
    });
  }
  return { container, prefix: path.slice(container.length).replace(/^\/+/, "") };
}

/**
 * The account's address, which no record tells: METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT. Without a scheme it is https, as for Azure's own
 * client. Throws DatastoreError where there is none, or none to which a token may be sent.
 */
export function parseEndpoint(setting: string | undefined, root: string): AzureEndpoint {
  if (setting === undefined || setting === "") {
    throw new DatastoreError(
      `The data is in Azure Blob Storage (${root}), but which account it is is not configured: set ${SETTING}, such as https://ACCOUNT.blob.core.windows.net`,
      { store: root },
    );
  }
  const address = /^https?:/i.test(setting) ? setting : `https://${setting}`;
  if (!URL.canParse(address)) {
    // Not repeated: it may hold a signature.
    throw new DatastoreError(
      `${SETTING} is no address, such as https://ACCOUNT.blob.core.windows.net (for ${root})`,
      { store: root },
    );
  }
  const url = new URL(address);
  const signature = url.searchParams.has(SIGNED) ? url.searchParams : undefined;
  if (url.protocol !== "https:" && signature === undefined) {
    throw new DatastoreError(
      `${SETTING} does not begin with https: a token is sent over nothing else (for ${root})`,
      { store: root },
    );
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""), signature };
}
