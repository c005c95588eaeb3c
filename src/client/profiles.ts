import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isMissing, readIfPresent } from "../base/files.ts";
import {
  configHome,
  MetaflowConfig,
  profileFile,
  projectConfigFile,
  type ConfigSource,
  type Environment,
} from "./config.ts";
import { MetaflowConfigError, MetaflowError, messageOf } from "./errors.ts";
import { defaultType, type MetadataType } from "./providers.ts";

/** What a session that is opened by a configuration reads. No secrets. */
export interface ProfilePlaces {
  /** METAFLOW_DEFAULT_METADATA. */
  readonly metadata: MetadataType;
  /** METAFLOW_SERVICE_URL. */
  readonly serviceUrl: string | undefined;
  /** METAFLOW_DEFAULT_DATASTORE and its METAFLOW_DATASTORE_SYSROOT; data are always read where they were recorded to be. */
  readonly datastore: { readonly type: string; readonly root: string | undefined };
}

/** A configuration that a session can be opened by. */
export interface Profile {
  /** `config.json` of METAFLOW_HOME, one of its `config_<name>.json`, or the project's `.metaflow/config.json`, which goes before them. */
  readonly kind: "default" | "named" | "project";
  /** METAFLOW_PROFILE; empty for the default one. `undefined` for the project's: the profile in use. */
  readonly name: string | undefined;
  /** Where it is written. */
  readonly file: string;
  /** With what goes before it, as Metaflow has it: environment, then project, then profile. `undefined` where it cannot be used. */
  readonly places: ProfilePlaces | undefined;
  /** Why it cannot be used. */
  readonly problem: MetaflowError | undefined;
}

/** Where profiles are looked for. */
export interface ProfileSearch {
  /** Where the search for the project's `.metaflow` starts; the working directory. */
  readonly cwd?: string;
  /** Instead of `process.env`, wholly. */
  readonly env?: Environment;
  /** Whether the project's configuration counts; it does unless this is `false`. */
  readonly project?: boolean;
}

const NAMED = /^config_(.+)\.json$/;

/** The configurations that there are: the default, the named ones by their names, the project's. One that cannot be read is told with its problem. */
export async function listProfiles(search: ProfileSearch = {}): Promise<readonly Profile[]> {
  const { cwd = process.cwd(), env = process.env, project } = search;
  const source: ConfigSource = { cwd, env, project };
  const home = configHome(source);
  const files = (await namesIn(home)).filter((name) => name === profileFile(undefined) || NAMED.test(name));
  const ofHome = [...files].sort(defaultFirst).map(async (file): Promise<Profile> => {
    const name = NAMED.exec(file)?.[1];
    const described = await describe({ ...source, profile: name ?? "" });
    return {
      kind: name === undefined ? "default" : "named",
      name: name ?? "",
      file: join(home, file),
      ...described,
    };
  });
  return Promise.all([...ofHome, ...(await ofProject(source))]);
}

/** What the configuration in use reads. Throws MetaflowConfigError where it cannot be used. */
export async function configuredPlaces(source: ConfigSource): Promise<ProfilePlaces> {
  return placesOf(await MetaflowConfig.load(source));
}

async function ofProject(source: ConfigSource): Promise<readonly Promise<Profile>[]> {
  if (source.project === false) return [];
  const file = await projectConfigFile(source.cwd);
  if (file === undefined || !(await isThere(file))) return [];
  const described = describe(source);
  return [described.then((what) => ({ kind: "project", name: undefined, file, ...what }))];
}

async function describe(source: ConfigSource): Promise<Pick<Profile, "places" | "problem">> {
  try {
    return { places: await configuredPlaces(source), problem: undefined };
  } catch (problem) {
    if (problem instanceof MetaflowError) return { places: undefined, problem };
    throw problem;
  }
}

function placesOf(config: MetaflowConfig): ProfilePlaces {
  const type = config.get("DEFAULT_DATASTORE") ?? "local";
  return {
    metadata: defaultType(config),
    serviceUrl: withoutSecrets(config.get("SERVICE_URL")),
    datastore: { type, root: config.get(`DATASTORE_SYSROOT_${type.toUpperCase()}`) },
  };
}

/** An address may have a user and a password before its host. */
function withoutSecrets(url: string | undefined): string | undefined {
  return url === undefined || url === "" ? undefined : url.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw new MetaflowConfigError(`Metaflow's profiles cannot be listed: ${messageOf(cause)}`, {
      key: folder,
      cause,
    });
  }
}

/** A file that cannot be read is there, and says why when it is described. */
async function isThere(file: string): Promise<boolean> {
  return readIfPresent(file).then(
    (bytes) => bytes !== undefined,
    () => true,
  );
}

function defaultFirst(a: string, b: string): number {
  const isDefault = (name: string): number => Number(name !== profileFile(undefined));
  return isDefault(a) - isDefault(b) || a.localeCompare(b);
}
