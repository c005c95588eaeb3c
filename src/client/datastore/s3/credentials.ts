import type { IoOptions } from "../../../base/io.ts";
import { Shared } from "../../../base/shared.ts";
import type { MetaflowConfig } from "../../config.ts";
import { CredentialsMissing } from "../../errors.ts";
import { Profiles } from "./profiles.ts";
import { isInSandbox, settingsOf } from "./settings.ts";
import { sandboxKeys } from "./sandbox.ts";
import type { Keys } from "./sign.ts";
import { absenceOf, SOURCES } from "./sources.ts";

/** Keys that end within this time are not begun with. */
const EARLY_MS = 60_000;
/** Sources give what they have kept, though it ends soon: they are not asked all the time. */
const PAUSE_MS = 10_000;

/** Credentials of a configuration, for all its buckets. */
const known = new WeakMap<MetaflowConfig, AwsCredentials>();

/** The credentials that a configuration's environment leads to, found when they are needed. */
export function credentialsOf(config: MetaflowConfig): AwsCredentials {
  let credentials = known.get(config);
  if (credentials === undefined) known.set(config, (credentials = new AwsCredentials(config)));
  return credentials;
}

/**
 * AWS's credentials by the chain of its tools, of the session's environment and not of the process. Python: boto3's chain, in its order.
 *
 * What AWS's own library takes from the process alone: the folder in which `aws sso login` and `aws login` leave their tokens (`~/.aws`), the environment of
 * a `credential_process` and of `credential_source`, and another address of an instance's metadata.
 */
export class AwsCredentials {
  readonly #config: MetaflowConfig;
  readonly #shared = new Shared<Keys>();
  #keys: Keys | undefined;
  #askedMs = 0;

  constructor(config: MetaflowConfig) {
    this.#config = config;
  }

  /** What to sign with. Throws CredentialsMissing, naming where it was looked for, and AccessDenied where a source refuses. */
  async keys(io?: IoOptions): Promise<Keys> {
    const keys = this.#keys;
    if (keys !== undefined && !this.#endsSoon(keys)) return keys;
    return this.#shared.ask("keys", async (signal) => this.#renew(signal), io?.signal);
  }

  /** The store does not take this key any more: another is asked for next. */
  refused(accessKeyId: string | undefined): void {
    // Another request may have had it thrown away, or renewed, meanwhile.
    if (this.#keys?.accessKeyId === accessKeyId) this.#keys = undefined;
  }

  #endsSoon({ expiration }: Keys): boolean {
    if (expiration === undefined) return false;
    const leftMs = expiration.getTime() - Date.now();
    return leftMs <= 0 || (leftMs < EARLY_MS && Date.now() - this.#askedMs > PAUSE_MS);
  }

  async #renew(signal: AbortSignal): Promise<Keys> {
    const keys = await this.#find(signal);
    this.#askedMs = Date.now();
    return (this.#keys = keys);
  }

  async #find(signal: AbortSignal): Promise<Keys> {
    if (isInSandbox(this.#config)) return sandboxKeys(this.#config, signal);
    const { env, cwd } = this.#config;
    const profiles = await Profiles.load(this.#config);
    const { keys, region } = settingsOf(this.#config, profiles);
    if (keys !== undefined) return keys;
    const from = { env, cwd, profiles, region };
    for (const source of SOURCES) {
      signal.throwIfAborted();
      const found = await source(from);
      if (found !== undefined) return found;
    }
    throw new CredentialsMissing(
      `there are no credentials for Amazon S3: ${absenceOf(from)}; run 'aws configure' or 'aws sso login', or name a profile with AWS_PROFILE`,
    );
  }
}
