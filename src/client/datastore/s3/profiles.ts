import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseKnownFiles } from "@smithy/core/config";
import type { MetaflowConfig } from "../../config.ts";

/** A section of AWS's configuration, or of its credentials. */
export type Profile = Readonly<Record<string, string | undefined>>;

/** Where AWS's tools keep what a person has configured. */
export interface ProfileFiles {
  /** `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`. */
  readonly filepath: string;
  /** `AWS_CONFIG_FILE`, else `~/.aws/config`. */
  readonly configFilepath: string;
}

/** The profiles of AWS's tools, as the environment of a session leads to them. */
export class Profiles {
  readonly files: ProfileFiles;
  /** Of the profile that is meant. */
  readonly name: string;
  /** Which variable names it; `undefined`: none does. */
  readonly namedBy: string | undefined;
  readonly #sections: Readonly<Record<string, Profile>>;

  private constructor(
    files: ProfileFiles,
    config: MetaflowConfig,
    sections: Readonly<Record<string, Profile>>,
  ) {
    this.files = files;
    this.namedBy = NAMES.find((name) => (config.env[name] ?? "") !== "");
    this.name = (this.namedBy === undefined ? undefined : config.env[this.namedBy]) ?? "default";
    this.#sections = sections;
  }

  /** Reads the files anew. What is not there or cannot be read is empty, as for AWS's own tools. */
  static async load(config: MetaflowConfig): Promise<Profiles> {
    const files = filesOf(config);
    return new Profiles(files, config, await parseKnownFiles({ ...files, ignoreCache: true }));
  }

  /** The profile that is meant; `undefined` where no file has it. */
  get chosen(): Profile | undefined {
    return this.#sections[this.name];
  }

  /** The endpoint that the profile has for S3, or for everything. */
  get endpoint(): string | undefined {
    const services = this.chosen?.["services"];
    const own = services === undefined ? undefined : this.#sections[`services.${services}`];
    return own?.["s3.endpoint_url"] ?? this.chosen?.["endpoint_url"];
  }
}

/** Python's order. */
const NAMES = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"] as const;

function filesOf({ env, cwd }: MetaflowConfig): ProfileFiles {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  const place = (given: string | undefined, name: string): string =>
    given === undefined || given === ""
      ? join(home, ".aws", name)
      : resolve(cwd, given.replace(/^~(?=$|[/\\])/, home));
  return {
    filepath: place(env["AWS_SHARED_CREDENTIALS_FILE"], "credentials"),
    configFilepath: place(env["AWS_CONFIG_FILE"], "config"),
  };
}
