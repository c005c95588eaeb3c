/** Google's credentials by every way that a session's environment can lead to them, on loopback: found, shared, kept, renewed, refused, missing. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MetaflowConfig, type Environment } from "../../src/client/config.ts";
import { openGs } from "../../src/client/datastore/gs/open.ts";
import { openStore } from "../../src/client/datastore/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import {
  AccessDenied,
  CredentialsMissing,
  DatastoreError,
  StoreUnreachable,
} from "../../src/client/errors.ts";
import { GoogleTokens } from "../servers/googleTokens.mjs";
import { GsDouble } from "../servers/gsDouble.mjs";

const BUCKET = "bucket";
/** Nobody listens there. */
const NOBODY = "127.0.0.1:9";

describe("credentials for Google Cloud Storage", () => {
  let tokens: GoogleTokens;
  let double: GsDouble;
  let url: string;
  let home: string;
  let file: string;
  const opened: ObjectStore[] = [];

  beforeEach(async () => {
    tokens = new GoogleTokens();
    await tokens.start();
    double = new GsDouble(BUCKET);
    double.token = () => tokens.last;
    double.put("root/key", "text");
    url = await double.start();
    home = await mkdtemp(join(tmpdir(), "metaflow-gs-home-"));
    file = join(home, "account.json");
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close?.();
    await tokens.stop();
    await double.stop();
    await rm(home, { recursive: true });
  });

  async function configured(env: Environment): Promise<MetaflowConfig> {
    const all = { HOME: home, API_ENDPOINT_OVERRIDE: url, GCE_METADATA_HOST: NOBODY, ...env };
    return MetaflowConfig.load({ cwd: home, env: all });
  }
  async function open(config: MetaflowConfig, root = `gs://${BUCKET}/root`): Promise<ObjectStore> {
    const store = await openStore("gs", root, { config, disk: undefined });
    opened.push(store);
    return store;
  }
  async function read(env: Environment): Promise<string> {
    const bytes = await (await open(await configured(env))).get("key");
    return Buffer.from(bytes ?? []).toString();
  }
  const failure = async (asked: Promise<unknown>): Promise<DatastoreError> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof DatastoreError) return error;
    throw new Error(`no DatastoreError but ${String(error)}`);
  };
  const grants = (): (string | null)[] =>
    tokens.asked.map(({ body }) => new URLSearchParams(body).get("grant_type"));

  describe("are found", () => {
    it("in the file that GOOGLE_APPLICATION_CREDENTIALS names, for reading alone", async () => {
      await tokens.writeAccount(file);
      expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: "account.json" })).toBe("text");
      expect(grants()).toEqual(["urn:ietf:params:oauth:grant-type:jwt-bearer"]);
      const [, claims = ""] = (new URLSearchParams(tokens.asked[0]?.body).get("assertion") ?? "").split(".");
      expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
        iss: "tests@tests.iam.gserviceaccount.com",
        scope: "https://www.googleapis.com/auth/devstorage.read_only",
      });
    });

    it("in gcloud's folder, the usual or another one", async () => {
      for (const [folder, env] of [
        [join(home, ".config/gcloud"), {}],
        [join(home, "elsewhere"), { CLOUDSDK_CONFIG: join(home, "elsewhere") }],
      ] as const) {
        await mkdir(folder, { recursive: true });
        await tokens.writeAccount(join(folder, "application_default_credentials.json"));
        expect(await read(env)).toBe("text");
      }
    });

    it("of a workload that is known elsewhere", async () => {
      await writeFile(join(home, "subject"), "a subject's token");
      const account = {
        type: "external_account",
        audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: `${tokens.url}/v1/token`,
        credential_source: { file: join(home, "subject") },
        quota_project_id: "billed",
      };
      await writeFile(file, JSON.stringify(account));
      expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: file })).toBe("text");
      expect(new URLSearchParams(tokens.asked[0]?.body).get("subject_token")).toBe("a subject's token");
      expect(double.asked[0]?.headers["x-goog-user-project"]).toBe("billed");
    });

    it("of an account that another one may act for", async () => {
      await tokens.writeAccount(join(home, "source.json"));
      const source: unknown = JSON.parse(await readFile(join(home, "source.json"), "utf8"));
      const impersonation = `${tokens.url}/v1/projects/-/serviceAccounts/other@tests.iam.gserviceaccount.com:generateAccessToken`;
      const account = {
        type: "impersonated_service_account",
        service_account_impersonation_url: impersonation,
        source_credentials: source,
      };
      await writeFile(file, JSON.stringify(account));
      expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: file })).toBe("text");
      expect(tokens.asked.map(({ path }) => path).at(-1)).toContain("/serviceAccounts/other@tests");
    });

    it("at the metadata server, which is asked once for an hour", async () => {
      const config = await configured({ GCE_METADATA_HOST: tokens.url.slice("http://".length) });
      const store = await open(config);
      for (let time = 0; time < 3; time++) expect(await store.head("key")).toBeDefined();
      expect(tokens.asked.map(({ path }) => path.split("?")[0])).toEqual([
        "/",
        "/computeMetadata/v1/instance/service-accounts/default/token",
      ]);
      expect(tokens.asked.every(({ headers }) => headers["metadata-flavor"] === "Google")).toBe(true);
    });
  });

  it("name the project that is billed, the environment's before the account's", async () => {
    await tokens.writeAccount(file, { quota_project_id: "of-account" });
    await read({ GOOGLE_APPLICATION_CREDENTIALS: file });
    await read({ GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_CLOUD_QUOTA_PROJECT: "of-environment" });
    expect(double.asked.map(({ headers }) => headers["x-goog-user-project"])).toEqual([
      "of-account",
      "of-environment",
    ]);
  });

  it("are asked for once by all stores of a configuration, and once more when they expire", async () => {
    await tokens.writeAccount(file);
    const config = await configured({ GOOGLE_APPLICATION_CREDENTIALS: file });
    const stores = [await open(config), await open(config, `gs://${BUCKET}`)];
    await Promise.all(Array.from({ length: 20 }, async (_, at) => stores[at % 2]?.head("key")));
    expect(tokens.asked).toHaveLength(1);

    // The store does not take the token any more, whatever its date says.
    double.token = () => "token-2";
    const asked = await Promise.all(Array.from({ length: 20 }, async () => stores[0]?.head("key")));
    expect(asked.every((head) => head?.sizeBytes === 4)).toBe(true);
    expect(tokens.asked).toHaveLength(2);
  });

  it("that the store does not take are refused at once, after one renewal", async () => {
    await tokens.writeAccount(file);
    double.token = () => "another";
    const error = await failure(read({ GOOGLE_APPLICATION_CREDENTIALS: file }));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error.message).toContain("Invalid Credentials");
    expect([double.asked.length, tokens.asked.length]).toEqual([2, 2]);
  });

  it("that Google does not take are refused at once, with its words and without a secret", async () => {
    await tokens.writeAccount(file);
    tokens.instead = {
      status: 400,
      body: { error: "invalid_grant", error_description: "Invalid JWT Signature." },
    };
    const error = await failure(read({ GOOGLE_APPLICATION_CREDENTIALS: file }));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error.message).toContain("invalid_grant: Invalid JWT Signature.");
    expect(error.message).toContain(file);
    expect(tokens.asked).toHaveLength(1);
    expect(double.asked).toHaveLength(0);
    const assertion = new URLSearchParams(tokens.asked[0]?.body).get("assertion") ?? "";
    for (const secret of [assertion, "PRIVATE KEY"]) expect(everything(error)).not.toContain(secret);
  });

  it("that come after a failure are used without another session", async () => {
    const store = openGs(`gs://${BUCKET}/root`, await configured({ GOOGLE_APPLICATION_CREDENTIALS: file }));
    opened.push(store);
    expect(await failure(store.get("key"))).toBeInstanceOf(CredentialsMissing);
    await tokens.writeAccount(file, { token_uri: `${tokens.url}/old` });
    tokens.instead = { status: 400, body: { error: "invalid_grant" } };
    expect(await failure(store.get("key"))).toBeInstanceOf(AccessDenied);
    await tokens.writeAccount(file, { token_uri: `${tokens.url}/new` });
    tokens.instead = undefined;
    expect(await store.get("key")).toHaveLength(4);
    expect(tokens.asked.map(({ path }) => path)).toEqual(["/old", "/new"]);
  });

  it("that cannot be had for a moment are asked for again", async () => {
    await tokens.writeAccount(file);
    tokens.instead = { status: 503, body: "busy" };
    const reading = read({ GOOGLE_APPLICATION_CREDENTIALS: file });
    await expect.poll(() => tokens.asked.length).toBeGreaterThan(1);
    tokens.instead = undefined;
    expect(await reading).toBe("text");
  });

  it("that nobody gives out are unreachable, not missing", async () => {
    await tokens.writeAccount(file, { token_uri: `http://${NOBODY}/token` });
    const store = openGs(`gs://${BUCKET}/root`, await configured({ GOOGLE_APPLICATION_CREDENTIALS: file }));
    opened.push(store);
    expect(await failure(store.get("key"))).toBeInstanceOf(StoreUnreachable);
  });

  it("that are missing are said to be at once, with all places where they were looked for", async () => {
    const begun = performance.now();
    const error = await failure(read({}));
    expect(error).toBeInstanceOf(CredentialsMissing);
    for (const place of [
      "GOOGLE_APPLICATION_CREDENTIALS",
      join(home, ".config/gcloud/application_default_credentials.json"),
      NOBODY,
      "gcloud auth application-default login",
    ])
      expect(error.message).toContain(place);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect((await failure(read({ NO_GCE_CHECK: "true" }))).message).toContain(
      "no metadata server is to be asked",
    );
  });

  it("are not waited for where a machine in a cloud would have them", async () => {
    const silent = new GoogleTokens();
    await silent.start();
    silent.isSilent = true;
    const begun = performance.now();
    const error = await failure(read({ GCE_METADATA_HOST: silent.url.slice("http://".length) }));
    await silent.stop();
    expect(error).toBeInstanceOf(CredentialsMissing);
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  it("that cannot be used are told with what is wrong with them", async () => {
    const wrong: [string | undefined, RegExp][] = [
      [undefined, /which does not exist/],
      ["{", /not valid JSON/],
      ["[]", /does not hold a JSON object/],
      ['{"type": "gdch_service_account"}', /'gdch_service_account' are not known/],
      ['{"type": "service_account"}', /client_email/],
      ['{"type": "authorized_user", "client_id": "c"}', /client_secret/],
      ['{"type": "external_account"}', /./],
      ['{"type": "impersonated_service_account"}', /service_account_impersonation_url/],
      ['{"type": "service_account", "client_email": "a", "private_key": "no key"}', /cannot be used/],
    ];
    for (const [text, says] of wrong) {
      await rm(file, { force: true });
      if (text !== undefined) await writeFile(file, text);
      const error = await failure(read({ GOOGLE_APPLICATION_CREDENTIALS: file }));
      expect(error, text).toBeInstanceOf(CredentialsMissing);
      expect(error.message).toMatch(says);
      expect(error.message).toContain(file);
      expect(error.message).not.toContain("no key");
    }
  });

  it("start a program only where the session's environment allows it", async () => {
    const account = {
      type: "external_account",
      audience: "a",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${tokens.url}/v1/token`,
      credential_source: { executable: { command: `touch ${join(home, "started")}` } },
    };
    await writeFile(file, JSON.stringify(account));
    const error = await failure(read({ GOOGLE_APPLICATION_CREDENTIALS: file }));
    expect(error.message).toContain("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES");
  });

  it("are neither looked for nor sent where an emulator is named", async () => {
    await tokens.writeAccount(file);
    double.token = undefined;
    const env = { STORAGE_EMULATOR_HOST: url.slice("http://".length), GOOGLE_APPLICATION_CREDENTIALS: file };
    expect(await read(env)).toBe("text");
    expect(await read({ ...env, GOOGLE_APPLICATION_CREDENTIALS: undefined })).toBe("text");
    expect(tokens.asked).toHaveLength(0);
    expect(double.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

/** All texts of an error and of what caused it. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return [error.stack, JSON.stringify(error), everything(error.cause)].join("\n");
}
