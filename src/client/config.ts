import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isRefused, readIfPresent, isFolder } from "../base/files.ts";
import type { CredentialSource } from "./credentials.ts";
import { AccessDenied, MetaflowConfigError, messageOf } from "./errors.ts";
import type { Json } from "./metadata/parse.ts";

/** The environment, as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a configuration is looked for. */
export interface ConfigSource {
  /** The search for `.metaflow` starts here and goes up. */
  readonly cwd: string;
  /** Instead of `process.env`, wholly. */
  readonly env: Environment;
  /** Instead of METAFLOW_PROFILE; empty: the default profile. */
  readonly profile?: string | undefined;
  /** Whether the project's `.metaflow/config.json` counts; it does unless this is `false`, as for a project that nobody trusts. */
  readonly project?: boolean | undefined;
  /** Asked for what the configuration does not have. */
  readonly credentials?: CredentialSource | undefined;
}

/** The place of a setting: the person's environment, the project's file, the profile's. */
export type ConfigLayer = "environment" | "project" | "profile";

/**
 * Metaflow's settings: environment, then the project's `.metaflow/config.json`, then the profile's file in METAFLOW_HOME.
 * Python: `metaflow.metaflow_config_funcs.from_conf`.
 */
export class MetaflowConfig {
  /** Where the search for `.metaflow` starts. */
  readonly cwd: string;
  /** The environment that was given, wholly. */
  readonly env: Environment;
  /** The profile's name; `undefined` for the default one. Python: `METAFLOW_PROFILE`. */
  readonly profile: string | undefined;
  /** Where keys come from that no configuration holds. */
  readonly credentials: CredentialSource | undefined;
  /** @internal Whether what lies in the project may choose where is read: not where nobody trusts it. */
  readonly trustsProject: boolean;
  readonly #layers: readonly (readonly [ConfigLayer, Json])[];

  private constructor(source: ConfigSource, project: Json, profile: Json) {
    this.cwd = source.cwd;
    this.env = source.env;
    this.profile = source.profile;
    this.credentials = source.credentials;
    this.trustsProject = source.project !== false;
    this.#layers = [
      ["environment", source.env],
      ["project", project],
      ["profile", profile],
    ];
  }

  /** Reads the files. Throws MetaflowConfigError for a profile that does not exist and for a file that is not JSON. */
  static async load(source: ConfigSource): Promise<MetaflowConfig> {
    const named = source.profile ?? source.env["METAFLOW_PROFILE"];
    const profile = named === "" ? undefined : named;
    const [project, home] = await Promise.all([
      source.project === false ? {} : projectConfig(source.cwd),
      profileConfig(source, profile),
    ]);
    return new MetaflowConfig({ ...source, profile }, project, home);
  }

  /** A setting by its name without `METAFLOW_`, as text; `undefined` when nobody set it. */
  get(name: string): string | undefined {
    const layer = this.layerOf(name);
    return layer && this.getFrom(layer, name);
  }

  /** The first place that has a setting. */
  layerOf(name: string): ConfigLayer | undefined {
    return this.#layers.find(([, values]) => isSet(values[`METAFLOW_${name}`]))?.[0];
  }

  /** A setting as one place has it. */
  getFrom(layer: ConfigLayer, name: string): string | undefined {
    const value = this.#layers.find(([own]) => own === layer)?.[1][`METAFLOW_${name}`];
    if (!isSet(value)) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /** A setting that is a whole number. Throws MetaflowConfigError, as Python a ValueError. */
  wholeNumber(name: string): number | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw unusable(name, "a whole number");
    return Number(text);
  }

  /** A setting that is on or off: `0`, `false` and nothing are off, as Python has it. */
  flag(name: string): boolean | undefined {
    const text = this.get(name);
    return text === undefined ? undefined : !["0", "false", ""].includes(text.toLowerCase());
  }

  /** A setting that is a JSON object. Throws MetaflowConfigError, which does not quote it: it may hold a secret. */
  object(name: string): Json | undefined {
    const text = this.get(name);
    if (text === undefined) return undefined;
    const parsed = parseOrNothing(text);
    if (!isObject(parsed)) throw unusable(name, "a JSON object");
    return parsed;
  }

  /**
   * The user that tags and namespaces name, never `root`; `undefined` when the environment does not tell.
   * Python: `metaflow.util.get_username`.
   */
  get user(): string | undefined {
    const names = [this.get("USER"), this.env["SUDO_USER"], this.env["USERNAME"], this.env["USER"]];
    return names.find((name) => name !== undefined && name !== "" && name !== "root");
  }

  /** The default namespace; `undefined` when neither a production token nor a user is known. Python: `resolve_identity`. */
  get identity(): string | undefined {
    const token = this.env["METAFLOW_PRODUCTION_TOKEN"];
    if (token !== undefined && token !== "") return `production:${token}`;
    return this.user === undefined ? undefined : `user:${this.user}`;
  }
}

/**
 * The first folder called `name` at or above `cwd`, with links resolved; `undefined` when there is none up to the root.
 * Python: `LocalStorage.get_datastore_root_from_config`.
 */
export async function findUpwards(cwd: string, name: string): Promise<string | undefined> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, name);
    if (await isFolder(candidate)) return realpath(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The project's configuration above a folder, whether it is there or not; `undefined` where there is no `.metaflow`. */
export async function projectConfigFile(cwd: string): Promise<string | undefined> {
  const folder = await findUpwards(cwd, ".metaflow");
  return folder === undefined ? undefined : join(folder, "config.json");
}

/** The folder of the profiles: METAFLOW_HOME. */
export function configHome({ cwd, env }: Pick<ConfigSource, "cwd" | "env">): string {
  return resolve(cwd, homeOf(env).replace(/^~(?=$|\/)/, env["HOME"] ?? homedir()));
}

/** The name of a profile's file; without one, of the default's. */
export function profileFile(profile: string | undefined): string {
  return profile === undefined ? "config.json" : `config_${profile}.json`;
}

function homeOf(env: Environment): string {
  return env["METAFLOW_HOME"] ?? "~/.metaflowconfig";
}

async function projectConfig(cwd: string): Promise<Json> {
  const file = await projectConfigFile(cwd);
  return file === undefined ? {} : ((await readConfig(file)) ?? {});
}

async function profileConfig(source: ConfigSource, profile: string | undefined): Promise<Json> {
  const file = join(configHome(source), profileFile(profile));
  const config = await readConfig(file);
  if (config === undefined && profile !== undefined) {
    throw new MetaflowConfigError(
      `Unable to locate METAFLOW_PROFILE '${profile}' in '${homeOf(source.env)}')`,
      { key: file },
    );
  }
  return config ?? {};
}

async function readConfig(file: string): Promise<Json | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const parsed = parseOrNothing(text);
  if (isObject(parsed)) return parsed;
  // Without a word of what is in it, nor the parser's own message, which quotes it: there may be a key.
  const what = parsed === undefined ? "is not valid JSON" : "does not hold a JSON object";
  throw new MetaflowConfigError(`Metaflow's configuration cannot be read: ${file} ${what}`, { key: file });
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await readIfPresent(file))?.toString("utf8");
  } catch (cause) {
    if (isRefused(cause)) {
      throw new AccessDenied(`cannot read ${file}: the system denies access`, { key: file, cause });
    }
    throw new MetaflowConfigError(`Metaflow's configuration cannot be read: ${messageOf(cause)}`, {
      key: file,
      cause,
    });
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON, or `undefined` for what is none. */
function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(name: string, wanted: string): MetaflowConfigError {
  const key = `METAFLOW_${name}`;
  return new MetaflowConfigError(`${key} must be ${wanted}`, { key });
}
