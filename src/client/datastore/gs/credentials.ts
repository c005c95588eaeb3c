import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isMissing, readIfPresent } from "../../../base/files.ts";
import type { IoOptions } from "../../../base/io.ts";
import { Shared } from "../../../base/shared.ts";
import type { MetaflowConfig } from "../../config.ts";
import { CredentialsMissing, messageOf } from "../../errors.ts";
import { parseJson, type Json } from "../../metadata/parse.ts";
import type { Authorization } from "./dialect.ts";
import { MetadataServer, metadataServerOf } from "./metadataServer.ts";
import type { TokenSource } from "./tokens.ts";

/** Credentials of a configuration, for all its buckets. */
const known = new WeakMap<MetaflowConfig, GoogleCredentials>();

/** The credentials that a configuration's environment leads to, found when they are needed. */
export function credentialsOf(config: MetaflowConfig): GoogleCredentials {
  let credentials = known.get(config);
  if (credentials === undefined) known.set(config, (credentials = new GoogleCredentials(config)));
  return credentials;
}

/**
 * Google's application default credentials, of the session's environment and not of the process: the file that GOOGLE_APPLICATION_CREDENTIALS names,
 * the one that `gcloud auth application-default login` leaves, the metadata server. Python: `google.auth.default`.
 *
 * What Google's library takes from the process alone: the proxy on the way to a token, AWS_* of an account that AWS vouches for, and, besides the
 * session's own, GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES.
 */
export class GoogleCredentials implements Authorization {
  readonly #config: MetaflowConfig;
  readonly #shared = new Shared<string>();
  #source: TokenSource | undefined;
  /** The token that was given out last, unless the store refused it. */
  #token: string | undefined;

  constructor(config: MetaflowConfig) {
    this.#config = config;
  }

  async headers(io?: IoOptions): Promise<Readonly<Record<string, string>>> {
    const token = await this.#shared.ask("token", async (signal) => this.#ask(signal), io?.signal);
    const project = this.#config.env["GOOGLE_CLOUD_QUOTA_PROJECT"] ?? this.#source?.quotaProject ?? "";
    return {
      authorization: `Bearer ${token}`,
      ...(project !== "" && { "x-goog-user-project": project }),
    };
  }

  refused({ authorization }: Readonly<Record<string, string>>): void {
    // Another request may have had it thrown away, or renewed, meanwhile.
    if (authorization === `Bearer ${this.#token ?? ""}`) {
      this.#source = undefined;
      this.#token = undefined;
    }
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const source = (this.#source ??= await this.#find(signal));
    try {
      return (this.#token = await source.token(signal));
    } catch (cause) {
      // Next time it is looked for anew: somebody may have logged in meanwhile.
      this.#source = undefined;
      throw cause;
    }
  }

  async #find(signal: AbortSignal): Promise<TokenSource> {
    const { env, cwd } = this.#config;
    const named = env["GOOGLE_APPLICATION_CREDENTIALS"] ?? "";
    if (named !== "") {
      const path = resolve(cwd, named);
      const account = await readAccount(path, signal);
      if (account === undefined)
        throw new CredentialsMissing(
          `there are no credentials for Google Cloud: GOOGLE_APPLICATION_CREDENTIALS names ${path}, which does not exist`,
          { key: path },
        );
      return openAccount(account, path, env);
    }
    const path = this.#wellKnownFile();
    const account = await readAccount(path, signal);
    if (account !== undefined) return openAccount(account, path, env);
    const host = metadataServerOf(env);
    const server = host === undefined ? undefined : await MetadataServer.find(host, signal);
    if (server !== undefined) return server;
    throw new CredentialsMissing(
      "there are no credentials for Google Cloud: GOOGLE_APPLICATION_CREDENTIALS is not set, " +
        `${path} does not exist, and ${host === undefined ? "no metadata server is to be asked" : `no metadata server answers at ${host}`}; ` +
        "run 'gcloud auth application-default login', or let GOOGLE_APPLICATION_CREDENTIALS name an account's key file",
    );
  }

  /** Where gcloud keeps what `application-default login` obtained. */
  #wellKnownFile(): string {
    const { env, cwd } = this.#config;
    const home = env["HOME"] ?? homedir();
    const configured = env["CLOUDSDK_CONFIG"] ?? "";
    const usual =
      process.platform === "win32" ? join(env["APPDATA"] ?? home, "gcloud") : join(home, ".config", "gcloud");
    return join(configured === "" ? usual : resolve(cwd, configured), "application_default_credentials.json");
  }
}

async function readAccount(path: string, signal: AbortSignal): Promise<Json | undefined> {
  try {
    const bytes = await readIfPresent(path, { signal });
    return bytes && parseJson(bytes.toString("utf8"), path);
  } catch (cause) {
    signal.throwIfAborted();
    if (isMissing(cause)) return undefined;
    throw new CredentialsMissing(
      `the credentials for Google Cloud in ${path} cannot be read: ${messageOf(cause)}`,
      {
        key: path,
      },
    );
  }
}

/** Google's library is loaded for files alone: it is large, and the metadata server needs none. */
async function openAccount(
  account: Json,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<TokenSource> {
  const { Account } = await import("./account.ts");
  return Account.open(account, path, env);
}
