import { resolve } from "node:path";
import { MetaflowConfig, type Environment } from "./config.ts";
import type { CredentialSource } from "./credentials.ts";
import { DiskCache } from "./datastore/diskCache.ts";
import { MetaflowConfigError } from "./errors.ts";
import { Metaflow } from "./model/metaflow.ts";
import { openDefaultProvider, openProvider } from "./providers.ts";
import { Session } from "./session.ts";

/** How a session is opened; everything is optional. */
export interface MetaflowOptions {
  /** Where the search for `.metaflow` starts, upwards; the working directory. */
  readonly cwd?: string | undefined;
  /** Instead of `process.env`, wholly. */
  readonly env?: Environment | undefined;
  /** METAFLOW_PROFILE; empty: the default profile, whatever the environment says. */
  readonly profile?: string | undefined;
  /** Whether the project's `.metaflow/config.json` counts; it does unless this is `false`. */
  readonly project?: boolean | undefined;
  /** `local@/path`, a folder that has a `.metaflow`, or `service@http://host:8080`, as Python's `metadata()`. */
  readonly metadata?: string | undefined;
  /** Instead of METAFLOW_DATASTORE_SYSROOT_<TYPE>. */
  readonly datastore?: { readonly type?: string | undefined; readonly root?: string | undefined } | undefined;
  /** `null`: the global namespace; `undefined`: Metaflow's default, the user's. */
  readonly namespace?: string | null | undefined;
  /**
   * A folder that keeps what never changes in datastores over the network (blobs, what finished attempts left), at most 2 GiB; several processes
   * may share it. Without one, small objects are kept in memory.
   */
  readonly cacheDir?: string | undefined;
  /** Asked for the keys of services; default: environment and configuration alone. */
  readonly credentials?: CredentialSource | undefined;
}

/** Opens a session. Throws MetaflowConfigError where the configuration or an option cannot be used. */
export async function openMetaflow(options: MetaflowOptions = {}): Promise<Metaflow> {
  checkOptions(options);
  const config = await MetaflowConfig.load({
    cwd: options.cwd ?? process.cwd(),
    env: withDatastore(options.env ?? process.env, options.datastore),
    profile: options.profile,
    project: options.project,
    credentials: options.credentials,
  });
  const provider = await openDefaultProviderUnlessGiven(config, options.metadata);
  const disk = options.cacheDir === undefined ? undefined : new DiskCache(resolve(options.cacheDir));
  const session = new Session(config, provider.chosen, { namespace: options.namespace, disk });
  return new Metaflow(session, provider.byDefault);
}

/** Callers without types may give anything; `metadata` is checked where it is read. */
function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null)
    throw new MetaflowConfigError("The options must be an object");
  const { cwd, env, profile, project, datastore, namespace, cacheDir, credentials } = options as Readonly<
    Record<string, unknown>
  >;
  const refuse = (what: string): never => {
    throw new MetaflowConfigError(`The option ${what}`);
  };
  if (cwd !== undefined && typeof cwd !== "string") refuse("'cwd' must be text");
  if (profile !== undefined && typeof profile !== "string") refuse("'profile' must be text");
  if (cacheDir !== undefined && typeof cacheDir !== "string") refuse("'cacheDir' must be text");
  if (project !== undefined && typeof project !== "boolean") refuse("'project' must be true or false");
  if (credentials !== undefined && !isCredentialSource(credentials))
    refuse("'credentials' must be an object with a method 'serviceKey'");
  if (env === null || !["undefined", "object"].includes(typeof env)) refuse("'env' must be an object");
  if (datastore === null || !["undefined", "object"].includes(typeof datastore))
    refuse("'datastore' must be an object");
  if (namespace !== undefined && namespace !== null && typeof namespace !== "string")
    refuse("'namespace' must be text or null");
}

function isCredentialSource(value: unknown): value is CredentialSource {
  return (
    typeof value === "object" &&
    value !== null &&
    "serviceKey" in value &&
    typeof value.serviceKey === "function"
  );
}

async function openDefaultProviderUnlessGiven(
  config: MetaflowConfig,
  metadata: string | undefined,
): Promise<{ chosen: Awaited<ReturnType<typeof openProvider>>; byDefault: string }> {
  if (metadata === undefined) {
    const chosen = await openDefaultProvider(config);
    return { chosen, byDefault: chosen.description };
  }
  const chosen = await openProvider(metadata, config);
  // A default that cannot be opened is nobody's problem until it is asked for.
  const byDefault = await openDefaultProvider(config).then(
    ({ description }) => description,
    () => "",
  );
  return { chosen, byDefault };
}

function withDatastore(env: Environment, datastore: MetaflowOptions["datastore"]): Environment {
  if (datastore === undefined) return env;
  const type = datastore.type ?? "local";
  if (!/^[a-z]+$/.test(type)) throw new MetaflowConfigError(`'${type}' is not a type of datastore`);
  return {
    ...env,
    METAFLOW_DEFAULT_DATASTORE: type,
    ...(datastore.root !== undefined && {
      [`METAFLOW_DATASTORE_SYSROOT_${type.toUpperCase()}`]: datastore.root,
    }),
  };
}
