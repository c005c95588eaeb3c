import { Worker } from "node:worker_threads";
import type { IoOptions } from "../../../base/io.ts";
import { Shared } from "../../../base/shared.ts";
import type { Environment, MetaflowConfig } from "../../config.ts";
import { AccessDenied, CredentialsMissing, DatastoreError, StoreUnreachable } from "../../errors.ts";
import type { Authorization } from "./dialect.ts";
import type { TokenOutcome, TokenWanted } from "./thread.mjs";

const SCOPE = "https://storage.azure.com/.default";
/** A token that expires so soon is not used any more. Python: `AzureStorage._get_default_token`. */
const EARLY_MS = 300_000;
/** All sources together: three programs may be started, one after the other. */
const LONGEST_MS = 60_000;

/** Credentials of a configuration, for all its containers. */
const known = new WeakMap<MetaflowConfig, AzureCredentials>();

/** The credentials that a configuration's environment leads to, asked for when they are needed. @param ca see `certificatesOf` */
export function credentialsOf(config: MetaflowConfig, ca: string | undefined): AzureCredentials {
  let credentials = known.get(config);
  if (credentials === undefined) known.set(config, (credentials = new AzureCredentials(config.env, ca)));
  return credentials;
}

/**
 * Azure's default credentials, of the session's environment and not of the process: AZURE_CLIENT_ID and what belongs to it, workload and managed
 * identity, `az login`, Azure PowerShell, azd. A token is asked for once by all, and kept until it expires.
 * Python: `azure.identity.DefaultAzureCredential`.
 */
export class AzureCredentials implements Authorization {
  readonly #env: Environment;
  readonly #ca: string | undefined;
  readonly #shared = new Shared<string>();
  #kept: { readonly token: string; readonly untilMs: number } | undefined;

  constructor(env: Environment, ca: string | undefined) {
    this.#env = env;
    this.#ca = ca;
  }

  async token(io?: IoOptions): Promise<string> {
    if (this.#kept !== undefined && Date.now() < this.#kept.untilMs) return this.#kept.token;
    return this.#shared.ask("token", async (signal) => this.#ask(signal), io?.signal);
  }

  refused(token: string): void {
    // Another request may have had it renewed meanwhile.
    if (this.#kept?.token === token) this.#kept = undefined;
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const outcome = await askThread(this.#env, { scope: SCOPE, ca: this.#ca }, signal);
    if ("missing" in outcome) throw missing(outcome.missing);
    if ("refused" in outcome) throw refusal(outcome.refused);
    const { token, expiresMs } = outcome;
    const left = expiresMs - Date.now();
    // Of a short-lived token the last half is given away.
    this.#kept = { token, untilMs: expiresMs - Math.min(EARLY_MS, left / 2) };
    return token;
  }
}

/** Asks Azure's library in a thread of its own: with this environment, without holding up anything here, and ended when nobody waits any more. */
async function askThread(env: Environment, wanted: TokenWanted, signal: AbortSignal): Promise<TokenOutcome> {
  const { THREAD } = await import("./thread.mjs");
  signal.throwIfAborted();
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const thread = new Worker(new URL(THREAD), {
    env: Object.fromEntries(given),
    workerData: { azureToken: wanted },
    // What the process was started with is not for its threads.
    execArgv: [],
    // Nothing that the library or a program prints is for anybody here.
    stdin: true,
    stdout: true,
    stderr: true,
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    return await new Promise<TokenOutcome>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", (cause) => {
        reject(new DatastoreError(`Azure's library for credentials failed: ${cause.message}`, { cause }));
      });
      thread.once("exit", () => {
        reject(new DatastoreError("Azure's library for credentials ended without an answer"));
      });
      limit.addEventListener("abort", () => {
        reject(
          signal.aborted
            ? (signal.reason as Error)
            : new DatastoreError(`no source of credentials for Azure answered in ${LONGEST_MS / 1000} s`),
        );
      });
    });
  } finally {
    await thread.terminate();
  }
}

function missing(said: readonly string[]): CredentialsMissing {
  const reasons = said.map((text) => `\n- ${inOneLine(text)}`).join("");
  return new CredentialsMissing(
    "there are no credentials for Azure: run 'az login', or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET. " +
      `These sources were asked:${reasons}`,
  );
}

function refusal(said: string): DatastoreError {
  // Azure's library has no other sign of it.
  const isNetwork = /\bnetwork_error\b|\b(?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT)\b/.test(said);
  return isNetwork
    ? new StoreUnreachable(`Azure's sign-in does not answer: ${inOneLine(said)}`)
    : new AccessDenied(`Azure refuses the credentials: ${inOneLine(said)}`);
}

/** Without the addresses of pages that tell more, and what is said about them. */
function inOneLine(text: string): string {
  return text
    .replaceAll(/\s*Please visit https:\/\/[^\n]*/g, "")
    .replaceAll(/\s*To (?:troubleshoot|mitigate)\b[^\n]*?https:\/\/\S+/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
