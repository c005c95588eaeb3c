/** Azure's credentials as a session's environment leads to them, on loopback: found, shared, kept, renewed, refused, missing. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MetaflowConfig, type Environment } from "../../src/client/config.ts";
import { credentialsOf } from "../../src/client/datastore/azure/credentials.ts";
import { AzureDialect } from "../../src/client/datastore/azure/dialect.ts";
import { parseRoot } from "../../src/client/datastore/azure/place.ts";
import { HttpStore } from "../../src/client/datastore/http.ts";
import { openStore } from "../../src/client/datastore/open.ts";
import { retrying } from "../../src/client/datastore/retrying.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { AccessDenied, CredentialsMissing, DatastoreError } from "../../src/client/errors.ts";
import { AzureDouble } from "../servers/azureDouble.mjs";
import { AzureTokens } from "../servers/azureTokens.mjs";

const CONTAINER = "container";

describe("credentials for Azure Blob Storage", () => {
  let tokens: AzureTokens;
  let identity: Environment;
  let double: AzureDouble;
  let url: string;
  let home: string;
  const opened: ObjectStore[] = [];

  beforeEach(async () => {
    tokens = new AzureTokens();
    identity = await tokens.start();
    double = new AzureDouble(CONTAINER);
    double.token = () => tokens.last;
    double.put("root/key", "text");
    url = await double.start();
    home = await mkdtemp(join(tmpdir(), "metaflow-azure-home-"));
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close?.();
    await tokens.stop();
    await double.stop();
    await rm(home, { recursive: true });
  });

  /** No program of this machine is found: only those that a test puts there. */
  async function configured(env: Environment): Promise<MetaflowConfig> {
    return MetaflowConfig.load({ cwd: home, env: { HOME: home, PATH: `${home}:/bin`, ...env } });
  }
  /** The double has no certificate, and so takes what would be sent by https alone. */
  function open(config: MetaflowConfig, root = `${CONTAINER}/root`): ObjectStore {
    const endpoint = { url, signature: undefined };
    const dialect = new AzureDialect(parseRoot(root), endpoint, credentialsOf(config, undefined));
    const store = retrying(new HttpStore(dialect));
    opened.push(store);
    return store;
  }
  async function read(env: Environment): Promise<string> {
    const bytes = await open(await configured(env)).get("key");
    return Buffer.from(bytes ?? []).toString();
  }
  /** A program in place of Azure's own; each call of it leaves a line in a file. */
  async function program(name: string, script: string): Promise<() => Promise<number>> {
    const calls = join(home, `${name}.calls`);
    await writeFile(join(home, name), `#!/bin/sh\necho "$@" >> ${calls}\n${script}\n`);
    await chmod(join(home, name), 0o755);
    return async () => (await readFile(calls, "utf8").catch(() => "")).split("\n").length - 1;
  }
  const failure = async (asked: Promise<unknown>): Promise<DatastoreError> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof DatastoreError) return error;
    throw new Error(`no DatastoreError but ${String(error)}`);
  };

  it("are those of the machine's managed identity, where the session's environment leads to it", async () => {
    expect(process.env["IDENTITY_ENDPOINT"]).toBeUndefined();
    expect(await read(identity)).toBe("text");
    const [asked] = tokens.asked;
    expect(new URL(asked?.path ?? "", "http://tokens").searchParams.get("resource")).toBe(
      "https://storage.azure.com",
    );
  });

  it("are those of 'az login', by the program that the session's PATH finds", async () => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const answer = { accessToken: "of az", expires_on: expires, expiresOn: "2030-01-01 00:00:00.000000" };
    const calls = await program("az", `echo '${JSON.stringify(answer)}'`);
    double.token = () => "of az";
    const store = open(await configured({ AZURE_TOKEN_CREDENTIALS: "dev" }));
    for (let time = 0; time < 3; time++)
      expect(await Promise.all([store.head("key"), store.head("key")])).toHaveLength(2);
    expect(await calls()).toBe(1);
  });

  it("are asked for once by all stores of a configuration", async () => {
    const config = await configured(identity);
    const stores = [open(config), open(config, CONTAINER)];
    await Promise.all(Array.from({ length: 20 }, async (_, at) => stores[at % 2]?.head("key")));
    expect(tokens.asked).toHaveLength(1);
  });

  it("are not given to another configuration", async () => {
    expect(await read(identity)).toBe("text");
    expect(await failure(read({ ...identity, IDENTITY_HEADER: "wrong" }))).toBeInstanceOf(CredentialsMissing);
  });

  it("are renewed once when the store does not take them any more", async () => {
    const store = open(await configured(identity));
    expect(await store.get("key")).toHaveLength(4);
    tokens.give();
    const heads = await Promise.all(Array.from({ length: 20 }, async () => store.head("key")));
    expect(heads.every((head) => head?.sizeBytes === 4)).toBe(true);
    expect(tokens.asked).toHaveLength(2);
  });

  it("are renewed before they expire", async () => {
    tokens.lifetime = -1;
    const store = open(await configured(identity));
    expect(await store.get("key")).toHaveLength(4);
    tokens.lifetime = 86_400;
    for (let time = 0; time < 3; time++) expect(await store.get("key")).toHaveLength(4);
    expect(tokens.asked).toHaveLength(2);
  });

  it("that the store does not take are refused at once, after one renewal, in the store's words", async () => {
    double.token = () => "another";
    const error = await failure(read(identity));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error.message).toMatch(/Server failed to authenticate the request\. The token is expired\./);
    expect([double.asked.length, tokens.asked.length]).toEqual([2, 2]);
    for (const secret of [tokens.last, identity["IDENTITY_HEADER"] ?? ""])
      expect(inspect(error, { depth: 9 })).not.toContain(secret);
  });

  it("that cannot be used are told with what is wrong with them", async () => {
    const env = {
      AZURE_TENANT_ID: "11111111-1111-1111-1111-111111111111",
      AZURE_CLIENT_ID: "11111111-1111-1111-1111-111111111112",
      AZURE_CLIENT_CERTIFICATE_PATH: join(home, "missing.pem"),
    };
    const error = await failure(read(env));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(error.message).toContain("missing.pem");
    expect(double.asked).toHaveLength(0);
  });

  it("that are missing are said to be, with all places where they were looked for", async () => {
    await program("az", "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    const error = await failure(read({}));
    expect(error).toBeInstanceOf(CredentialsMissing);
    for (const place of [
      "AZURE_CLIENT_SECRET",
      "EnvironmentCredential is unavailable",
      "ManagedIdentityCredential",
      "Please run 'az login'",
      "PowerShell",
      "Azure Developer CLI",
    ])
      expect(error.message).toContain(place);
    expect(double.asked).toHaveLength(0);
  });

  it("that the identity's endpoint refuses are missing, in its words", async () => {
    tokens.instead = {
      status: 400,
      body: '{"statusCode": 400, "message": "No User Assigned Identity found"}',
    };
    const error = await failure(read(identity));
    expect(error).toBeInstanceOf(CredentialsMissing);
    expect(error.message).toContain("ManagedIdentityCredential");
    expect(inspect(error, { depth: 9 })).not.toContain(identity["IDENTITY_HEADER"]);
  });

  it("that come after a failure are used without another session", async () => {
    const store = open(await configured({ AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }));
    expect(await failure(store.get("key"))).toBeInstanceOf(CredentialsMissing);
    const answer = {
      accessToken: "later",
      expires_on: 4_000_000_000,
      expiresOn: "2030-01-01 00:00:00.000000",
    };
    await program("az", `echo '${JSON.stringify(answer)}'`);
    double.token = () => "later";
    expect(await store.get("key")).toHaveLength(4);
  });

  it("are waited for no longer than somebody wants them", async () => {
    tokens.isSilent = true;
    const abort = new AbortController();
    const asked = open(await configured(identity))
      .get("key", { signal: abort.signal })
      .catch((error: unknown) => error);
    await expect.poll(() => tokens.asked.length).toBe(1);
    abort.abort();
    expect(await asked).toBe(abort.signal.reason);
  });

  it("are sent over https alone", async () => {
    const config = await configured({
      ...identity,
      METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT: url,
    });
    const error = await failure(openStore("azure", CONTAINER, { config, disk: undefined }));
    expect(error.message).toContain("METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT");
    expect(tokens.asked).toHaveLength(0);
  });

  it("are not needed where the endpoint has a signature, which no message repeats", async () => {
    const signed = `${url}/?sv=2021-12-02&sp=r&sig=the%2Fsecret%3D`;
    const config = await configured({ METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT: signed });
    const store = await openStore("azure", `${CONTAINER}/root`, { config, disk: undefined });
    opened.push(store);
    double.token = undefined;
    expect(await store.get("key")).toHaveLength(4);
    expect((await store.head("key"))?.sizeBytes).toBe(4);
    for await (const { key } of store.list("")) expect(key).toBe("key");
    expect(double.asked.map(({ path }) => new URL(path, url).searchParams.get("sig"))).toEqual([
      "the/secret=",
      "the/secret=",
      "the/secret=",
    ]);
    expect(double.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    double.token = () => "wanted";
    const error = await failure(store.get("other"));
    expect(error).toBeInstanceOf(AccessDenied);
    expect(inspect(error, { depth: 9 })).not.toMatch(/secret/);
    expect(store.description).not.toContain("sig");
  });
});
