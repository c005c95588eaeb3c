import { flag, optional, record, text, type Check } from "./check.ts";

/** How a session is opened: by the window, and by its decoding thread in the same way. The environment of both is the process's. */
export interface SessionSource {
  /** Where the search for `.metaflow` starts. */
  readonly cwd: string;
  /** Whether the project's `.metaflow/config.json` counts: not where nobody trusts the project. */
  readonly project: boolean;
  /** METAFLOW_PROFILE, empty for the default one; absent: the environment's. */
  readonly profile?: string;
  /** `local@/path`, `service@http://host`; absent: what the configuration names. */
  readonly metadata?: string;
  /** Where what never changes is kept of datastores over the network, for all windows. */
  readonly cacheDir?: string;
}

/** A key that the window keeps, with the only service that it is for. */
export interface ServiceKeyOf {
  readonly url: string;
  readonly key: string;
}

/** The check of a session's source at a border. */
export const checkSessionSource: Check<SessionSource> = record<SessionSource>({
  cwd: text,
  project: flag,
  profile: optional(text),
  metadata: optional(text),
  cacheDir: optional(text),
});

/** The check of a key at a border. */
export const checkServiceKey: Check<ServiceKeyOf> = record<ServiceKeyOf>({ url: text, key: text });
