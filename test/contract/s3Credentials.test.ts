/** Where the client has AWS's keys from, each way of them against an emulator that refuses keys that it does not know and signatures that are wrong. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openS3 } from "../../src/client/datastore/s3/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import {
  AccessDenied,
  CredentialsMissing,
  DatastoreError,
  StoreUnreachable,
} from "../../src/client/errors.ts";
import { AwsKeys } from "../servers/awsKeys.mjs";
import { BUCKET, S3Emulator, s3Python } from "../servers/s3Emulator.mjs";

/** Nobody but a test's own servers is asked. */
const ALONE = { AWS_EC2_METADATA_DISABLED: "true" };
const SECRET = /wrong secret|hidden|Signature=/;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

describe("keys for Amazon S3", () => {
  let emulator: S3Emulator;
  let endpoint: string;
  let user: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  /** Keys of a role that was taken on, which are worth something with their token alone. */
  let ofRole: Keys;
  let givers: AwsKeys;
  let giversUrl: string;
  let home: string;
  const opened: ObjectStore[] = [];

  beforeAll(async () => {
    emulator = new S3Emulator(await s3Python());
    endpoint = await emulator.start();
    await emulator.put("root/key", "here");
    ofRole = await roleKeys();
    await emulator.checkSignatures();
    const { accessKeyId, secretAccessKey } = emulator.told;
    user = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  });
  afterAll(async () => {
    await emulator.stop();
  });
  beforeEach(async () => {
    givers = new AwsKeys(ofRole);
    giversUrl = await givers.start();
    home = await mkdtemp(join(tmpdir(), "metaflow-aws-"));
    await mkdir(join(home, ".aws/sso/cache"), { recursive: true });
    vi.stubEnv("AWS_ENDPOINT_URL_STS", endpoint);
    vi.stubEnv("AWS_ENDPOINT_URL_SSO", giversUrl);
    vi.stubEnv("HOME", home);
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close?.();
    vi.unstubAllEnvs();
    await givers.stop();
    await rm(home, { recursive: true });
  });

  async function roleKeys(): Promise<Keys> {
    const query = new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: emulator.told.role,
      RoleSessionName: "test",
    });
    const answer = await (
      await fetch(endpoint, { method: "POST", body: query, headers: { authorization: STS } })
    ).text();
    const [accessKeyId = "", secretAccessKey = "", sessionToken = ""] = [
      "AccessKeyId",
      "SecretAccessKey",
      "SessionToken",
    ].map((name) => new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(answer)?.[1]?.trim());
    return { accessKeyId, secretAccessKey, sessionToken };
  }
  async function open(env: Record<string, string>): Promise<ObjectStore> {
    const all = {
      HOME: home,
      METAFLOW_HOME: "/nonexistent",
      METAFLOW_S3_ENDPOINT_URL: endpoint,
      ...ALONE,
      ...env,
    };
    const store = await openS3(`s3://${BUCKET}/root`, await MetaflowConfig.load({ cwd: home, env: all }));
    opened.push(store);
    return store;
  }
  async function read(env: Record<string, string>): Promise<string> {
    return Buffer.from((await (await open(env)).get("key")) ?? []).toString();
  }
  async function failure(env: Record<string, string>): Promise<DatastoreError> {
    const error = await read(env).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DatastoreError)) throw new Error(`no DatastoreError but ${String(error)}`);
    expect(JSON.stringify([error.message, error.stack, error.context])).not.toMatch(SECRET);
    return error;
  }
  async function writeAws(name: "config" | "credentials", ...lines: string[]): Promise<void> {
    await writeFile(join(home, ".aws", name), `${lines.join("\n")}\n`);
  }
  function section(name: string, keys = user): string {
    return `[${name}]\naws_access_key_id = ${keys.AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${keys.AWS_SECRET_ACCESS_KEY}`;
  }

  it("come from the session's environment, with a token where there is one", async () => {
    expect(await read(user)).toBe("here");
    const env = { AWS_ACCESS_KEY_ID: ofRole.accessKeyId, AWS_SECRET_ACCESS_KEY: ofRole.secretAccessKey };
    expect(await read({ ...env, AWS_SESSION_TOKEN: ofRole.sessionToken })).toBe("here");
    expect(await failure(env)).toBeInstanceOf(AccessDenied);
  });

  it("come from nowhere but there: the process's environment is another one", async () => {
    for (const [name, value] of Object.entries(user)) vi.stubEnv(name, value);
    expect(await failure({})).toBeInstanceOf(CredentialsMissing);
  });

  it("that are wrong are refused at once, in the store's own words", async () => {
    const wrong = await failure({ ...user, AWS_SECRET_ACCESS_KEY: "a wrong secret" });
    expect(wrong).toBeInstanceOf(AccessDenied);
    expect(wrong.message).toContain("SignatureDoesNotMatch");
    const unknown = await failure({
      AWS_ACCESS_KEY_ID: "AKIAUNKNOWN",
      AWS_SECRET_ACCESS_KEY: "a wrong secret",
    });
    expect(unknown).toBeInstanceOf(AccessDenied);
    expect(unknown.message).toContain("InvalidAccessKeyId");
  });

  it("are looked for anew once they were refused", async () => {
    await writeAws("credentials", section("default", { ...user, AWS_SECRET_ACCESS_KEY: "a wrong secret" }));
    const store = await open({});
    await expect(store.get("key")).rejects.toThrow(AccessDenied);
    await writeAws("credentials", section("default"));
    expect(await store.get("key")).toHaveLength(4);
  });

  it("come from the profile that is named, in the files that are named", async () => {
    await writeAws("credentials", section("team"));
    expect(await read({ AWS_PROFILE: "team" })).toBe("here");
    expect(await read({ AWS_DEFAULT_PROFILE: "team", AWS_PROFILE: "other" })).toBe("here");
    await writeFile(join(home, "mine"), section("default"));
    expect(await read({ AWS_SHARED_CREDENTIALS_FILE: "mine" })).toBe("here");
    await writeFile(join(home, "conf"), `[profile own]\n${section("").split("\n").slice(1).join("\n")}\n`);
    expect(await read({ AWS_CONFIG_FILE: join(home, "conf"), AWS_PROFILE: "own" })).toBe("here");
  });

  it("of the environment win over a profile, as for Python", async () => {
    await writeAws(
      "credentials",
      section("team", { AWS_ACCESS_KEY_ID: "AKIAUNKNOWN", AWS_SECRET_ACCESS_KEY: "x" }),
    );
    expect(await read({ ...user, AWS_PROFILE: "team" })).toBe("here");
  });

  it("of Metaflow's own settings win over all", async () => {
    const params = {
      aws_access_key_id: user.AWS_ACCESS_KEY_ID,
      aws_secret_access_key: user.AWS_SECRET_ACCESS_KEY,
    };
    const env = { AWS_ACCESS_KEY_ID: "AKIAUNKNOWN", AWS_SECRET_ACCESS_KEY: "x" };
    expect(await read({ ...env, METAFLOW_DATATOOLS_CLIENT_PARAMS: JSON.stringify(params) })).toBe("here");
  });

  it("come from a role that a profile takes on with another's keys", async () => {
    await writeAws("credentials", section("base"));
    await writeAws(
      "config",
      "[profile role]",
      `role_arn = ${emulator.told.role}`,
      "source_profile = base",
      "region = eu-west-1",
    );
    expect(await read({ AWS_PROFILE: "role" })).toBe("here");
    await writeAws(
      "config",
      "[profile role]",
      "role_arn = arn:aws:iam::123456789012:role/nobody",
      "source_profile = none",
    );
    expect(await failure({ AWS_PROFILE: "role" })).toBeInstanceOf(CredentialsMissing);
  });

  it("come from a program that a profile names, whose command is told nobody", async () => {
    const given = {
      Version: 1,
      AccessKeyId: ofRole.accessKeyId,
      SecretAccessKey: ofRole.secretAccessKey,
      SessionToken: ofRole.sessionToken,
    };
    await writeFile(join(home, "keys.json"), JSON.stringify(given));
    await writeAws("config", "[profile program]", `credential_process = cat ${join(home, "keys.json")}`);
    expect(await read({ AWS_PROFILE: "program" })).toBe("here");
    const failing = `sh -c "echo nobody is signed in >&2; exit 1" hidden`;
    await writeAws("config", "[profile program]", `credential_process = ${failing}`);
    const error = await failure({ AWS_PROFILE: "program" });
    expect(error).toBeInstanceOf(CredentialsMissing);
    expect(error.message).toMatch(
      /the profile 'program' cannot be used: the credential_process fails: nobody is signed in$/,
    );
  });

  it("come from single sign-on, which says what to do where nobody is signed in", async () => {
    await writeAws(
      "config",
      "[profile sso]",
      "sso_start_url = https://start.example",
      "sso_region = eu-west-1",
      "sso_account_id = 123456789012",
      "sso_role_name = readers",
    );
    const error = await failure({ AWS_PROFILE: "sso" });
    expect(error).toBeInstanceOf(CredentialsMissing);
    expect(error.message).toMatch(/profile 'sso'.*aws sso login/);
    const file = `${createHash("sha1").update("https://start.example").digest("hex")}.json`;
    const token = { accessToken: "sso", expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    await writeFile(join(home, ".aws/sso/cache", file), JSON.stringify(token));
    expect(await read({ AWS_PROFILE: "sso" })).toBe("here");
  });

  it("come from a role that a web identity may take on, as a pod's may", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_STS", giversUrl);
    await writeFile(join(home, "token"), "pod");
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: "token", AWS_ROLE_ARN: emulator.told.role };
    expect(await read(env)).toBe("here");
    await writeFile(join(home, "token"), "hidden");
    const error = await failure(env);
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error.message).toBe("AWS refuses the credentials of AWS_WEB_IDENTITY_TOKEN_FILE: Not yours.");
  });

  it("come from a container's agent, once for all who ask, and again when they end", async () => {
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${giversUrl}/container`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "container",
    };
    const store = await open(env);
    await Promise.all([1, 2, 3, 4].map(async () => store.get("key")));
    await store.get("key");
    expect(givers.asked).toEqual(["GET /container"]);
    givers.asked = [];
    givers.lifetime = -1;
    const other = await open(env);
    await other.get("key");
    await other.get("key");
    expect(givers.asked).toEqual(["GET /container", "GET /container"]);
    expect(await failure({ ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: "another" })).toBeInstanceOf(
      CredentialsMissing,
    );
  });

  it("come from the metadata of an instance", async () => {
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", giversUrl);
    expect(await read({ AWS_EC2_METADATA_DISABLED: "false" })).toBe("here");
    expect(givers.asked[0]).toBe("PUT /latest/api/token");
  });

  it("come from Metaflow's sandbox, by its service and its key", async () => {
    const env = { METAFLOW_AWS_SANDBOX_ENABLED: "true", METAFLOW_SERVICE_URL: `${giversUrl}/` };
    expect(await read({ ...env, METAFLOW_AWS_SANDBOX_API_KEY: "sandbox" })).toBe("here");
    expect(await failure({ ...env, METAFLOW_AWS_SANDBOX_API_KEY: "hidden" })).toBeInstanceOf(AccessDenied);
    expect(await failure(env)).toBeInstanceOf(CredentialsMissing);
    await givers.stop();
    expect(await failure({ ...env, METAFLOW_AWS_SANDBOX_API_KEY: "hidden" })).toBeInstanceOf(
      StoreUnreachable,
    );
  });

  it("that nobody has are missed at once, with all places that were looked at", async () => {
    const begun = performance.now();
    const error = await failure({});
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(error).toBeInstanceOf(CredentialsMissing);
    expect(error.message).toBe(
      `there are no credentials for Amazon S3: AWS_ACCESS_KEY_ID is not set, neither ${home}/.aws/credentials nor ${home}/.aws/config has any in the profile 'default', the metadata of an instance are not to be asked (AWS_EC2_METADATA_DISABLED); run 'aws configure' or 'aws sso login', or name a profile with AWS_PROFILE`,
    );
    expect((await failure({ AWS_PROFILE: "none" })).message).toMatch(
      /^the profile 'none' that AWS_PROFILE names is neither in/,
    );
    expect((await failure({ AWS_ACCESS_KEY_ID: "AKIA" })).message).toContain("AWS_SECRET_ACCESS_KEY is not");
  });

  it("are not waited for where an instance's metadata do not answer", async () => {
    givers.isSilent = true;
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", giversUrl);
    const begun = performance.now();
    expect(await failure({ AWS_EC2_METADATA_DISABLED: "false" })).toBeInstanceOf(CredentialsMissing);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

/** Which service is meant; until it checks signatures the emulator takes any. */
const STS =
  "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0";
