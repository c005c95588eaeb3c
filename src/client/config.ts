import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isRefused, readIfPresent, isFolder } from "../base/files.ts";
import { AccessDenied, MetaflowConfigError, messageOf } from "./errors.ts";
import { parseJson, type Json } from "./metadata/parse.ts";

/** The environment, as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a configuration is looked for. */
export interface ConfigSource {
  /** The search for `.metaflow` starts here and goes up. */
  readonly cwd: string;
  readonly env: Environment;
  /** Instead of METAFLOW_PROFILE. */
  readonly profile?: string | undefined;
}

/**
 * Metaflow's settings: environment, then the project's `.metaflow/config.json`, then the profile's file in METAFLOW_HOME.
 * Python: `metaflow.metaflow_config_funcs.from_conf`.
 */
export class MetaflowConfig {
  readonly cwd: string;
  readonly env: Environment;
  readonly profile: string | undefined;
  readonly #project: Json;
  readonly #home: Json;

  private constructor(source: ConfigSource, project: Json, home: Json) {
    this.cwd = source.cwd;
    this.env = source.env;
    this.profile = source.profile;
    this.#project = project;
    this.#home = home;
  }

  /** Reads the files. Throws MetaflowConfigError for a profile that does not exist and for a file that is not JSON. */
  static async load(source: ConfigSource): Promise<MetaflowConfig> {
    const named = source.profile ?? source.env["METAFLOW_PROFILE"];
    const profile = named === "" ? undefined : named;
    const [project, home] = await Promise.all([projectConfig(source.cwd), profileConfig(source, profile)]);
    return new MetaflowConfig({ ...source, profile }, project, home);
  }

  /** A setting by its name without `METAFLOW_`, as text; `undefined` when nobody set it. */
  get(name: string): string | undefined {
    const key = `METAFLOW_${name}`;
    const value = this.env[key] ?? this.#project[key] ?? this.#home[key];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
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

async function projectConfig(cwd: string): Promise<Json> {
  const folder = await findUpwards(cwd, ".metaflow");
  return folder === undefined ? {} : ((await readConfig(join(folder, "config.json"))) ?? {});
}

async function profileConfig({ cwd, env }: ConfigSource, profile: string | undefined): Promise<Json> {
  const home = env["METAFLOW_HOME"] ?? "~/.metaflowconfig";
  const expanded = home.replace(/^~(?=$|\/)/, env["HOME"] ?? homedir());
  const file = resolve(cwd, expanded, profile === undefined ? "config.json" : `config_${profile}.json`);
  const config = await readConfig(file);
  if (config === undefined && profile !== undefined) {
    throw new MetaflowConfigError(`Unable to locate METAFLOW_PROFILE '${profile}' in '${home}')`, {
      key: file,
    });
  }
  return config ?? {};
}

async function readConfig(file: string): Promise<Json | undefined> {
  try {
    const bytes = await readIfPresent(file);
    return bytes === undefined ? undefined : parseJson(bytes.toString("utf8"), file);
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
