import {
  ExternalAccountAuthorizedUserClient,
  ExternalAccountClient,
  Impersonated,
  JWT,
  UserRefreshClient,
  type AuthClient,
  type ExternalAccountAuthorizedUserClientOptions,
  type ExternalAccountClientOptions,
} from "google-auth-library";
import type { Environment } from "../../config.ts";
import {
  AccessDenied,
  CredentialsMissing,
  StoreUnreachable,
  messageOf,
  type MetaflowError,
} from "../../errors.ts";
import type { Json } from "../../metadata/parse.ts";
import { SCOPE, type TokenSource } from "./tokens.ts";

/** Without an answer for so long nobody is there. What fails is tried again by whoever asks for an object. */
const REQUESTS = { timeout: 10_000, retry: false };

/** An account whose file is at hand, by Google's own library. */
export class Account implements TokenSource {
  readonly description: string;
  readonly #client: AuthClient;

  private constructor(client: AuthClient, description: string) {
    this.#client = client;
    this.description = description;
  }

  /** The account that a file describes. Throws CredentialsMissing for a kind that is not known, and for one that lacks something. */
  static open(account: Json, path: string, env: Environment): Account {
    try {
      return new Account(clientOf(account, env), path);
    } catch (cause) {
      // Without its cause, which may hold the key.
      throw new CredentialsMissing(
        `the credentials for Google Cloud in ${path} cannot be used: ${messageOf(cause)}`,
        {
          key: path,
        },
      );
    }
  }

  get quotaProject(): string | undefined {
    return this.#client.quotaProjectId;
  }

  async token(): Promise<string> {
    let token: string | null | undefined;
    try {
      ({ token } = await this.#client.getAccessToken());
    } catch (cause) {
      throw this.#failure(cause);
    }
    if (typeof token === "string" && token !== "") return token;
    throw new CredentialsMissing(`the credentials for Google Cloud in ${this.description} give no token`, {
      key: this.description,
    });
  }

  /** In the client's classes. The cause is left out: it holds the request, and with it what must stay secret. */
  #failure(cause: unknown): MetaflowError {
    const context = { key: this.description };
    const { response, config } = cause as Failed;
    const said = saidBy(response?.data) ?? messageOf(cause);
    const status = response?.status;
    if (status !== undefined && status < 500 && status !== 429) {
      const advice = said.startsWith("invalid_grant")
        ? "; run 'gcloud auth application-default login' again, or renew the key"
        : "";
      return new AccessDenied(
        `Google Cloud refuses the credentials in ${this.description}: ${said}${advice}`,
        context,
      );
    }
    if (status !== undefined || config !== undefined)
      return new StoreUnreachable(
        `no token for Google Cloud can be obtained with ${this.description}: ${said}`,
        context,
      );
    return new CredentialsMissing(
      `the credentials for Google Cloud in ${this.description} cannot be used: ${said}`,
      context,
    );
  }
}

/** What the library's HTTP throws. */
interface Failed {
  readonly response?: { readonly status: number; readonly data: unknown };
  readonly config?: unknown;
}

/** What an endpoint of OAuth answers: `{"error": "invalid_grant", "error_description": "…"}`; others nest it. */
function saidBy(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("error" in data)) return undefined;
  const { error, error_description: description } = data as { error: unknown; error_description?: unknown };
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return typeof description === "string" ? `${String(error)}: ${description}` : String(error);
}

function clientOf(account: Json, env: Environment): AuthClient {
  const options = { transporterOptions: REQUESTS };
  switch (account["type"]) {
    case "service_account":
      return serviceAccount(account);
    case "authorized_user": {
      const client = new UserRefreshClient(options);
      client.fromJSON(account);
      return client;
    }
    case "external_account": {
      allowExecutable(account, env);
      // As the library reads it from a file: it checks what it needs.
      const client = ExternalAccountClient.fromJSON({
        ...account,
        ...options,
      } as unknown as ExternalAccountClientOptions);
      if (client === null) throw new Error("it is no external account");
      client.scopes = SCOPE;
      return client;
    }
    case "external_account_authorized_user":
      return new ExternalAccountAuthorizedUserClient({
        ...account,
        ...options,
      } as unknown as ExternalAccountAuthorizedUserClientOptions); // As above.
    case "impersonated_service_account":
      return impersonated(account, env);
    default:
      throw new Error(`accounts of type '${String(account["type"])}' are not known`);
  }
}

function serviceAccount(account: Json): JWT {
  const client = new JWT({ scopes: [SCOPE], transporterOptions: REQUESTS });
  client.fromJSON(account);
  const place = account["token_uri"];
  if (typeof place !== "string" || place === GOOGLES_PLACE) return client;
  const url = new URL(place);
  client.transporter.interceptors.request.add({
    resolved: async (config) =>
      Promise.resolve(String(config.url) === GOOGLES_PLACE ? { ...config, url } : config),
  });
  return client;
}

/** Where the library has the tokens of all service accounts from; Python goes where the file says. */
const GOOGLES_PLACE = "https://oauth2.googleapis.com/token";

function impersonated(account: Json, env: Environment): Impersonated {
  const url = text(account, "service_account_impersonation_url");
  const [, endpoint, principal] = /^(https?:\/\/[^/]+)\/v1\/.*\/([^/]+):generateAccessToken$/.exec(url) ?? [];
  if (endpoint === undefined || principal === undefined)
    throw new Error("it names no account to impersonate");
  const source = account["source_credentials"];
  if (typeof source !== "object" || source === null) throw new Error("it has no source_credentials");
  const delegates = account["delegates"];
  const client = new Impersonated({
    sourceClient: clientOf(source as Json, env),
    targetPrincipal: principal,
    targetScopes: [SCOPE],
    endpoint,
    ...(Array.isArray(delegates) && { delegates: delegates.map(String) }),
    transporterOptions: REQUESTS,
  });
  if (account["quota_project_id"] !== undefined) client.quotaProjectId = text(account, "quota_project_id");
  return client;
}

/** A program of an account's file is started only where the session's environment allows it, not where the process's alone does. */
function allowExecutable(account: Json, env: Environment): void {
  const source = account["credential_source"];
  const starts = typeof source === "object" && source !== null && "executable" in source;
  if (starts && env["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"] !== "1")
    throw new Error(
      "it starts a program, which GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1 would have to allow",
    );
}

function text(account: Json, name: string): string {
  const value = account[name];
  if (typeof value !== "string" || value === "") throw new Error(`it has no ${name}`);
  return value;
}
