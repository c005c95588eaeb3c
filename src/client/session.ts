import { isFolder } from "../base/files.ts";
import type { IoOptions } from "../base/io.ts";
import { Shared } from "../base/shared.ts";
import type { MetaflowConfig } from "./config.ts";
import type { DiskCache } from "./datastore/diskCache.ts";
import { openStore } from "./datastore/open.ts";
import type { ObjectStore } from "./datastore/store.ts";
import { AccessDenied, MetaflowUnknownUser } from "./errors.ts";
import type { MetadataProvider } from "./metadata/provider.ts";
import { LRUCache } from "lru-cache";
import type { Status } from "./status/state.ts";
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
  readonly #stores = new Map<string, ObjectStore>();
  readonly #opening = new Shared<ObjectStore>();
  readonly #disk: DiskCache | undefined;
  #namespace: string | null | undefined;

  constructor(
    config: MetaflowConfig,
    provider: MetadataProvider,
    {
      namespace,
      disk,
    }: { readonly namespace?: string | null | undefined; readonly disk?: DiskCache | undefined } = {},
  ) {
    this.config = config;
    this.provider = provider;
    this.#namespace = namespace;
    this.#disk = disk;
  }

  /** A session with the same configuration and namespace on other metadata. */
  on(provider: MetadataProvider): Session {
    return new Session(this.config, provider, { namespace: this.#namespace, disk: this.#disk });
  }

  /** The namespace of new objects; `null` is the global one. Throws MetaflowUnknownUser where Metaflow's default is asked for and no user is known. */
  get namespace(): string | null {
    return this.#namespace === undefined ? this.defaultNamespace : this.#namespace;
  }

  set namespace(namespace: string | null | undefined) {
    this.#namespace = namespace;
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
  async store(type: string, root: string, io?: IoOptions): Promise<ObjectStore> {
    const here = this.provider.dataRoot;
    const isFile = type === "local" || type === "spin";
    if (!isFile && here !== undefined && !this.config.trustsProject) {
      // A record of the project names a host, and a person's credentials would be used for it.
      throw new AccessDenied(
        `The data are in ${root}: they are not read for records in a folder that nobody has trusted yet`,
        { store: `${type}@${root}` },
      );
    }
    // Looked at anew each time: a disk that is mounted later holds the data then.
    const wasMoved = isFile && here !== undefined && root !== here && !(await isFolder(root));
    return this.#open(type, wasMoved ? here : root, io);
  }

  /** The datastore that shares its folder with the local provider's records; `undefined` for other providers. */
  async localStore(): Promise<ObjectStore | undefined> {
    const here = this.provider.dataRoot;
    return here === undefined ? undefined : this.#open("local", here);
  }

  /** Gives back what the session holds. */
  async close(): Promise<void> {
    for (const store of this.#stores.values()) store.close?.();
    await this.provider.close?.();
  }

  async #open(type: string, root: string, io?: IoOptions): Promise<ObjectStore> {
    const key = `${type}@${root}`;
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const store = await this.#opening.ask(
      key,
      async () => openStore(type, root, { config: this.config, disk: this.#disk }),
      io?.signal,
    );
    this.#stores.set(key, store);
    return store;
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
