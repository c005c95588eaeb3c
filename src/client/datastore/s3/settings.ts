import type { MetaflowConfig } from "../../config.ts";
import { MetaflowConfigError } from "../../errors.ts";
import { parseJson, type Json } from "../../metadata/parse.ts";
import { isRegion, type Addressing } from "./address.ts";
import type { Profiles } from "./profiles.ts";
import type { Keys } from "./sign.ts";

/** How Amazon S3, or what stands in for it, is reached. */
export interface S3Settings {
  /** Instead of AWS's own. */
  readonly endpoint: string | undefined;
  /** Until the bucket tells that it is in another one. */
  readonly region: string;
  readonly addressing: Addressing;
  /** Whether certificates are checked, or by which file. */
  readonly verify: boolean | string;
  /** Those that Metaflow's own configuration holds. */
  readonly keys: Keys | undefined;
}

const DEFAULT_REGION = "us-east-1";

/**
 * The settings of a configuration: METAFLOW_DATATOOLS_CLIENT_PARAMS before Metaflow's other settings, those before AWS's environment, that before
 * the profile. METAFLOW_DATATOOLS_SESSION_VARS has no bearing on reading: Python uses it for assumed roles alone. Throws MetaflowConfigError.
 */
export function settingsOf(config: MetaflowConfig, profiles: Profiles): S3Settings {
  const { env } = config;
  const params = clientParams(config);
  const isWithoutAwsEndpoints = isTrue(env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]);
  const awsEndpoints = isWithoutAwsEndpoints
    ? []
    : [env["AWS_ENDPOINT_URL_S3"], env["AWS_ENDPOINT_URL"], profiles.endpoint];
  return {
    endpoint: endpointOf(
      firstOf(text(params, "endpoint_url"), config.get("S3_ENDPOINT_URL"), ...awsEndpoints),
    ),
    region: regionOf(
      firstOf(
        text(params, "region_name"),
        isInSandbox(config) ? config.get("AWS_SANDBOX_REGION") : undefined,
        env["AWS_DEFAULT_REGION"],
        env["AWS_REGION"],
        profiles.chosen?.["region"],
      ),
    ),
    addressing: addressingOf(params),
    verify: verifyOf(
      config.get("S3_VERIFY_CERTIFICATE"),
      params["verify"],
      firstOf(env["AWS_CA_BUNDLE"], profiles.chosen?.["ca_bundle"]),
    ),
    keys: keysOf(params),
  };
}

/** Whether AWS's keys come from Metaflow's sandbox. */
export function isInSandbox(config: MetaflowConfig): boolean {
  return isTrue(config.get("AWS_SANDBOX_ENABLED"));
}

function clientParams(config: MetaflowConfig): Json {
  const name = "METAFLOW_DATATOOLS_CLIENT_PARAMS";
  const given = config.get("DATATOOLS_CLIENT_PARAMS") ?? "";
  if (given === "") return {};
  try {
    return parseJson(given, name);
  } catch {
    // Without its text, which may hold keys.
    throw new MetaflowConfigError(`${name} must be a JSON object`);
  }
}

function endpointOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (/^https?:\/\/[^/?#@]+(?:\/[^?#]*)?$/.test(url) && URL.canParse(url)) return url;
  throw new MetaflowConfigError(
    "The endpoint of Amazon S3 (METAFLOW_S3_ENDPOINT_URL) must begin with http:// or https:// and name a host, without a user or a query",
  );
}

function regionOf(given: string | undefined): string {
  const region: string = given ?? DEFAULT_REGION;
  if (!isRegion(region)) throw new MetaflowConfigError(`'${region}' is not the name of a region of AWS`);
  return region;
}

/** `{"config": {"s3": {"addressing_style": "path"}}}` */
function addressingOf(params: Json): Addressing {
  const style = text(object(object(params, "config"), "s3"), "addressing_style");
  return style === "path" || style === "virtual" ? style : "auto";
}

/** Metaflow's own setting wins over the parameter of that name. */
function verifyOf(
  setting: string | undefined,
  param: unknown,
  awsFile: string | undefined,
): boolean | string {
  const given = setting === undefined || setting === "" ? param : setting;
  if (given === false || (typeof given === "string" && /^(false|0)$/i.test(given))) return false;
  if (typeof given === "string" && !/^(true|1)$/i.test(given)) return given;
  return awsFile ?? true;
}

function keysOf(params: Json): Keys | undefined {
  const accessKeyId = text(params, "aws_access_key_id");
  const secretAccessKey = text(params, "aws_secret_access_key");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: text(params, "aws_session_token") };
}

function object(json: Json, name: string): Json {
  const value = json[name];
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === "string" ? value : undefined;
}

function firstOf(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "");
}

/** As Metaflow reads what is yes or no. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|false)$/i.test(value);
}
