/** Amazon S3 by https: whose certificates are trusted is for Metaflow's settings and AWS's to say. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openS3 } from "../../src/client/datastore/s3/open.ts";
import { DatastoreError, StoreUnreachable } from "../../src/client/errors.ts";
import { makeCertificate } from "../servers/certificate.mjs";
import { S3Double } from "../servers/s3Double.mjs";
import { s3Python } from "../servers/s3Emulator.mjs";

describe("a store with a certificate of its own", () => {
  let folder: string;
  let ca: string;
  let double: S3Double;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-tls-"));
    const { key, cert, file } = await makeCertificate(await s3Python(), folder);
    ca = file;
    double = new S3Double("bucket", { key, cert });
    double.put("root/key", "here");
    url = await double.start();
  }, 600_000);
  afterAll(async () => {
    await double.stop();
    await rm(folder, { recursive: true });
  });

  async function read(env: Record<string, string>): Promise<string> {
    const keys = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "any" };
    const all = { HOME: "/nonexistent", METAFLOW_S3_ENDPOINT_URL: url, ...keys, ...env };
    const store = await openS3("s3://bucket/root", await MetaflowConfig.load({ cwd: folder, env: all }));
    try {
      return Buffer.from((await store.get("key")) ?? []).toString();
    } finally {
      store.close?.();
    }
  }

  it("is told nothing while nobody trusts it", async () => {
    const error = await read({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreUnreachable);
    expect(String(error)).toContain("self-signed certificate");
    expect(double.asked).toHaveLength(0);
  });

  it("is trusted where a setting names the certificate", async () => {
    expect(await read({ METAFLOW_S3_VERIFY_CERTIFICATE: ca })).toBe("here");
    expect(await read({ METAFLOW_S3_VERIFY_CERTIFICATE: "certificate.pem" })).toBe("here");
    expect(await read({ AWS_CA_BUNDLE: ca })).toBe("here");
    expect(await read({ METAFLOW_DATATOOLS_CLIENT_PARAMS: JSON.stringify({ verify: ca }) })).toBe("here");
  });

  it("is trusted unseen only where a person says so", async () => {
    expect(await read({ METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"verify": false}' })).toBe("here");
  });

  it("is not opened where the certificates that are named are not there", async () => {
    const error = await read({ METAFLOW_S3_VERIFY_CERTIFICATE: "none.pem" }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DatastoreError);
    expect(String(error)).toContain(`${join(folder, "none.pem")} does not exist`);
  });
});
