import { isFolder } from "../base/files.ts";
import type { MetaflowConfig } from "./config.ts";
import { LocalStore } from "./datastore/local.ts";
import type { ObjectStore } from "./datastore/store.ts";
import { DatastoreError, MetaflowUnknownUser } from "./errors.ts";
import { LocalMetadata } from "./metadata/local.ts";
import type { MetadataProvider } from "./metadata/provider.ts";
import { LRUCache } from "lru-cache";
import type { Status } from "./status.ts";
import { TagsSeen } from "./tagsSeen.ts";

const MAX_SETTLED = 100_000;

/**
 * What all objects of one metadata provider share: the provider, the datastores, the namespace. There is no global state below it.
 */
export class Session {
  readonly config: MetaflowConfig;
  readonly provider: MetadataProvider;
  /** Statuses that nothing can change any more, by pathspec. */
  readonly settled = new LRUCache<string, Status>({ maxSize: MAX_SETTLED, sizeCalculation: () => 1 });
  /** The names of tags, users, projects that any record showed so far. */
  readonly tagsSeen = new TagsSeen();
  readonly flags = new FlagCache();
  readonly #stores = new Map<string, Promise<ObjectStore>>();
  #namespace: string | null | undefined;

  constructor(config: MetaflowConfig, provider: MetadataProvider, namespace?: string | null) {
    this.config = config;
    this.provider = provider;
    this.#namespace = namespace;
  }

  /** The namespace of new objects; `null` is the global one. Throws MetaflowUnknownUser where Metaflow's default is asked for and no user is known. */
  get namespace(): string | null {
    return this.#namespace === undefined ? this.defaultNamespace : this.#namespace;
  }

  set namespace(namespace: string | null | undefined) {
    this.#namespace = namespace;
  }

  /** What was asked for: `undefined` is Metaflow's default, which is resolved at its first use. */
  get givenNamespace(): string | null | undefined {
    return this.#namespace;
  }

  /** `user:<name>`, or `production:<token>`. Throws MetaflowUnknownUser. */
  get defaultNamespace(): string {
    const identity = this.config.identity;
    if (identity === undefined) throw new MetaflowUnknownUser();
    return identity;
  }

  /**
   * The datastore of a recorded type and root. A local root that does not exist here was moved or copied: then its data are looked
   * up below the root in which the records were found (deviation 9 of the client's contract).
   */
  async store(type: string, root: string): Promise<ObjectStore> {
    const key = `${type}@${root}`;
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const opening = this.#open(type, root);
    this.#stores.set(key, opening);
    opening.catch(() => this.#stores.delete(key));
    return opening;
  }

  /** The datastore that shares its folder with the local provider's records; `undefined` for other providers. */
  async localStore(): Promise<ObjectStore | undefined> {
    return this.provider instanceof LocalMetadata ? this.store("local", this.provider.root) : undefined;
  }

  async #open(type: string, root: string): Promise<ObjectStore> {
    if (type !== "local" && type !== "spin") {
      throw new DatastoreError(
        `The data is in ${root}, a datastore of type '${type}', which this version cannot read`,
        { store: `${type}@${root}` },
      );
    }
    const here = this.provider instanceof LocalMetadata ? this.provider.root : undefined;
    if (here === undefined || (await isFolder(root))) return new LocalStore(root);
    return new LocalStore(here);
  }
}

const MAX_FLAGS = 1000;

/** Values of artifacts such as `_success`: the same few bytes in every task of every run, known by their hash. */
class FlagCache {
  readonly #values = new LRUCache<string, { readonly value: unknown }>({ max: MAX_FLAGS });
  readonly #reading = new Map<string, Promise<unknown>>();

  /** The value of a blob with this hash, read when it is not known yet, once for all who ask meanwhile. Only true and false are kept. */
  async read(record: { readonly sha: string }, readBlob: () => Promise<unknown>): Promise<unknown> {
    const { sha } = record;
    const known = this.#values.get(sha);
    if (known !== undefined) return known.value;
    const others = this.#reading.get(sha);
    if (others !== undefined) {
      // Another reader's failure or cancellation is not this one's.
      const value = await others.catch(() => undefined);
      return typeof value === "boolean" ? value : readBlob();
    }
    const reading = readBlob();
    this.#reading.set(sha, reading);
    try {
      const value = await reading;
      if (typeof value === "boolean") this.#values.set(sha, { value });
      return value;
    } finally {
      this.#reading.delete(sha);
    }
  }
}
