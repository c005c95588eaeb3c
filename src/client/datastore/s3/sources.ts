import { resolve } from "node:path";
import type { Environment } from "../../config.ts";
import { CredentialsMissing } from "../../errors.ts";
import { failureOf } from "./failure.ts";
import type { Profile, Profiles } from "./profiles.ts";
import type { Keys } from "./sign.ts";

/** Where credentials are looked for. */
export interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly profiles: Profiles;
  /** In which roles are taken on. */
  readonly region: string;
}

/**
 * Gives keys; `undefined` where there are none. Throws where there should be some: what a person has configured is never passed over in silence.
 */
type Source = (from: Surroundings) => Promise<Keys | undefined>;

/** Metadata of an instance or a container are near, or not there at all. */
const NEAR_MS = 1000;

const nothing = (): void => undefined;
/** Instead of the console, to which AWS's library would write. */
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How AWS is asked for a role's keys. */
const clientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000 },
  logger,
};

/** In boto3's order: unlike in AWS's other tools, keys in the environment win over a profile that it names. They need none of AWS's library. */
export const SOURCES: readonly Source[] = [environment, role, webIdentity, profile, container, instance];

/** Why none of the sources gives anything. */
export function absenceOf({ env, profiles }: Surroundings): string {
  const { configFilepath, filepath } = profiles.files;
  return [
    "AWS_ACCESS_KEY_ID is not set",
    `neither ${filepath} nor ${configFilepath} has any in the profile '${profiles.name}'`,
    isWithoutInstance(env)
      ? "the metadata of an instance are not to be asked (AWS_EC2_METADATA_DISABLED)"
      : "there is no role of a container or an instance",
  ].join(", ");
}

async function environment({ env }: Surroundings): Promise<Keys | undefined> {
  const accessKeyId = env["AWS_ACCESS_KEY_ID"] ?? "";
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"] ?? "";
  if (accessKeyId === "") return Promise.resolve(undefined);
  if (secretAccessKey === "")
    throw new CredentialsMissing("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  const sessionToken = env["AWS_SESSION_TOKEN"] ?? env["AWS_SECURITY_TOKEN"] ?? "";
  return Promise.resolve({ accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) });
}

async function role(from: Surroundings): Promise<Keys | undefined> {
  return from.profiles.chosen?.["role_arn"] === undefined ? undefined : profile(from);
}

async function webIdentity({ env, cwd, region }: Surroundings): Promise<Keys | undefined> {
  const file = env["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? "";
  const roleArn = env["AWS_ROLE_ARN"] ?? "";
  if (file === "" || roleArn === "") return undefined;
  const roleSessionName = env["AWS_ROLE_SESSION_NAME"] ?? `metaflow-${Date.now()}`;
  const webIdentityTokenFile = resolve(cwd, file);
  const given = { webIdentityTokenFile, roleArn, roleSessionName, clientConfig, logger };
  const { fromTokenFile } = await import("./library.ts");
  return told("of AWS_WEB_IDENTITY_TOKEN_FILE", fromTokenFile({ ...given, parentClientConfig: { region } }));
}

async function profile({ profiles, region }: Surroundings): Promise<Keys | undefined> {
  const { name, chosen, files, namedBy } = profiles;
  if (chosen === undefined && namedBy !== undefined) {
    throw new CredentialsMissing(
      `the profile '${name}' that ${namedBy} names is neither in ${files.configFilepath} nor in ${files.filepath}`,
      { key: files.configFilepath },
    );
  }
  if (chosen === undefined || !leadsToKeys(chosen)) return undefined;
  const options = { ...files, profile: name, ignoreCache: true, clientConfig, logger };
  const given = { ...options, parentClientConfig: { region } };
  // AWS's library forgets where the files are on its way from a profile to single sign-on.
  const isSso = BY_SSO.some((field) => field in chosen) && !BY_ITSELF.some((field) => field in chosen);
  const { fromIni, fromSSO } = await import("./library.ts");
  return told(`of the profile '${name}'`, isSso ? fromSSO(given) : fromIni(given));
}

const BY_SSO = ["sso_session", "sso_start_url", "sso_account_id"];
const BY_ITSELF = ["aws_access_key_id", "role_arn", "credential_process"];

/** Many profiles have a region and no more. */
function leadsToKeys(found: Profile): boolean {
  return [...BY_SSO, ...BY_ITSELF, "credential_source", "login_session"].some((field) => field in found);
}

async function container({ env, cwd }: Surroundings): Promise<Keys | undefined> {
  const relative = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] ?? "";
  const full = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
  if (relative === "" && full === "") return undefined;
  const tokenFile = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] ?? "";
  const given = {
    awsContainerCredentialsRelativeUri: relative,
    awsContainerCredentialsFullUri: relative === "" ? full : "",
    awsContainerAuthorizationToken: tokenFile === "" ? (env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "") : "",
    awsContainerAuthorizationTokenFile: tokenFile === "" ? "" : resolve(cwd, tokenFile),
  };
  const { fromHttp } = await import("./library.ts");
  return told("of the container", fromHttp({ ...given, timeout: NEAR_MS, maxRetries: 1, logger }));
}

async function instance({ env, profiles }: Surroundings): Promise<Keys | undefined> {
  if (isWithoutInstance(env)) return undefined;
  const { fromInstanceMetadata } = await import("./library.ts");
  const asking = fromInstanceMetadata({ timeout: NEAR_MS, maxRetries: 0, profile: profiles.name, logger });
  // On most machines nobody answers.
  return asking().catch(() => undefined);
}

function isWithoutInstance(env: Environment): boolean {
  return (env["AWS_EC2_METADATA_DISABLED"] ?? "").toLowerCase() === "true";
}

async function told(whose: string, give: () => Promise<Keys>): Promise<Keys> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await give();
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  } catch (cause) {
    throw failureOf(cause, whose);
  }
}
