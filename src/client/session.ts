import { dirname, join, resolve } from "node:path";
import { realpath } from "node:fs/promises";
import { statIfPresent } from "../base/files.ts";
import { findUpwards, type MetaflowConfig } from "./config.ts";
import { LocalStore } from "./datastore/local.ts";
import type { ObjectStore } from "./datastore/store.ts";
import { DatastoreError, MetaflowConfigError, MetaflowUnknownUser } from "./errors.ts";
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

async function isFolder(path: string): Promise<boolean> {
  return (await statIfPresent(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Where metadata are: in a folder, in a folder of `spin`, at a service. */
export type MetadataType = "local" | "spin" | "service";

const LOCAL_FOLDER = { local: ".metaflow", spin: ".metaflow_spin" } as const;

/** The kind of metadata that a text names, and the place behind it: empty where only the kind is named. Python: `_metadata(ms)`. */
export function parseMetadata(ms: unknown): { readonly type: MetadataType; readonly place: string } {
  if (typeof ms !== "string") {
    throw new MetaflowConfigError(
      `Metadata are named by text such as 'local@/path', not of type ${typeof ms}`,
    );
  }
  const named = /^(local|spin|service)(?:@(.*))?$/s.exec(ms);
  if (named !== null) return { type: named[1] as MetadataType, place: named[2] ?? "" }; // As in the expression.
  return { type: ms.startsWith("http") ? "service" : "local", place: ms };
}

/**
 * The provider that a text names: `local@/path`, `spin@/path`, `service@http://…`, a URL, or a path; a kind without a place is the
 * configured one. Python: `metadata(ms)`. Throws MetaflowConfigError where Python raises ValueError.
 */
export async function openProvider(ms: string, config: MetaflowConfig): Promise<MetadataProvider> {
  const { type, place } = parseMetadata(ms);
  if (place === "") return openConfiguredProvider(type, config);
  if (type === "service") throw noService(place);
  const name = LOCAL_FOLDER[type];
  const folder = join(resolve(config.cwd, place), name);
  if (!(await isFolder(folder))) {
    throw new MetaflowConfigError(`Could not find directory ${name} in directory ${place}`, { key: folder });
  }
  return new LocalMetadata(await realpath(folder), `${type}@${place}`, type);
}

/** The kind of metadata that the configuration names. */
export function defaultType(config: MetaflowConfig): MetadataType {
  const type = config.get("DEFAULT_METADATA");
  return type === "service" || type === "spin" ? type : "local";
}

/** The provider that the configuration names. */
export async function openDefaultProvider(config: MetaflowConfig): Promise<MetadataProvider> {
  return openConfiguredProvider(defaultType(config), config);
}

/** The provider of a kind at its configured place; for local metadata the first `.metaflow` at or above the working directory. */
async function openConfiguredProvider(type: MetadataType, config: MetaflowConfig): Promise<MetadataProvider> {
  if (type === "service") throw noService(config.get("SERVICE_URL") ?? "");
  const name = LOCAL_FOLDER[type];
  const sysroot = config.get(type === "spin" ? "DATASTORE_SYSROOT_SPIN" : "DATASTORE_SYSROOT_LOCAL");
  if (sysroot !== undefined) {
    // Told as it was given, as Python does, but for slashes at its end.
    return new LocalMetadata(
      resolve(config.cwd, sysroot, name),
      `${type}@${sysroot.replace(/(?<=[^/])\/+$/, "")}`,
      type,
    );
  }
  const root = await findUpwards(config.cwd, name);
  if (root !== undefined) return new LocalMetadata(root, `${type}@${dirname(root)}`, type);
  // Nothing is created by reading: the place where a writer would put it is shown as empty.
  const none = `${type}@<No ${name} directory found in current working tree>`;
  return new LocalMetadata(join(config.cwd, name), none, type);
}

function noService(url: string): MetaflowConfigError {
  return new MetaflowConfigError(`The metadata service at ${url} cannot be read by this version`);
}
