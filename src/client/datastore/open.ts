import type { MetaflowConfig } from "../config.ts";
import { DatastoreError } from "../errors.ts";
import { cached } from "./cached.ts";
import type { DiskCache } from "./diskCache.ts";
import { LocalStore } from "./local.ts";
import { retrying } from "./retrying.ts";
import type { ObjectStore } from "./store.ts";

/** What a datastore is opened with, beside its place. */
export interface StoreOptions {
  readonly config: MetaflowConfig;
  /** Keeps what never changes; without it, it is kept in memory while it is small. */
  readonly disk: DiskCache | undefined;
}

type OpenStore = (root: string, config: MetaflowConfig) => Promise<ObjectStore>;

/** Datastores that are reached over the network, by Metaflow's `ds-type`. Each is loaded when the first of its kind is opened. */
const REMOTE: ReadonlyMap<string, OpenStore> = new Map<string, OpenStore>([
  ["gs", async (root, config) => (await import("./gs/open.ts")).openGs(root, config)],
  ["azure", async (root, config) => (await import("./azure/open.ts")).openAzure(root, config)],
  ["s3", async (root, config) => (await import("./s3/open.ts")).openS3(root, config)],
]);

/**
 * The datastore of a recorded type and root. Where it is and what opens it are told by the record and the configuration: a sysroot that is
 * configured now is never looked at, because it moves over time. Throws DatastoreError for a type that is not known.
 */
export async function openStore(type: string, root: string, options: StoreOptions): Promise<ObjectStore> {
  if (type === "local" || type === "spin") return new LocalStore(root);
  const open = REMOTE.get(type);
  if (open === undefined) {
    throw new DatastoreError(`The data is in ${root}, a datastore of type '${type}', which is not known`, {
      store: `${type}@${root}`,
    });
  }
  return cached(retrying(await open(root, options.config)), options.disk);
}
