import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listProfiles } from "../../../src/client/profiles.ts";

describe("the list of profiles", () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "metaflow-profiles-")));
    await mkdir(join(root, "home"));
    await mkdir(join(root, "work/.metaflow"), { recursive: true });
  });
  afterEach(async () => rm(root, { recursive: true }));

  const write = async (name: string, content: unknown): Promise<void> =>
    writeFile(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  const list = async (env = {}, options = {}) =>
    listProfiles({ cwd: join(root, "work"), env: { METAFLOW_HOME: join(root, "home"), ...env }, ...options });
  const PROD = {
    METAFLOW_DEFAULT_METADATA: "service",
    METAFLOW_SERVICE_URL: "https://ada:pw@metadata.example.org/prod",
    METAFLOW_SERVICE_AUTH_KEY: "s3cr3t",
    METAFLOW_DEFAULT_DATASTORE: "s3",
    METAFLOW_DATASTORE_SYSROOT_S3: "s3://bucket/root",
  };
  const LOCAL = { metadata: "local", serviceUrl: undefined, datastore: { type: "local", root: undefined } };

  it("has the default one first, then those with names, with what each reads and no secret", async () => {
    await write("home/config_prod.json", PROD);
    await write("home/config.json", {});
    await write("home/config_dev.json", { METAFLOW_DATASTORE_SYSROOT_LOCAL: "/data" });
    await write("home/notes.json", {});
    const profiles = await list({ METAFLOW_PROFILE: "prod" });
    expect(profiles).toEqual([
      { kind: "default", name: "", file: join(root, "home/config.json"), places: LOCAL, problem: undefined },
      {
        kind: "named",
        name: "dev",
        file: join(root, "home/config_dev.json"),
        places: { ...LOCAL, datastore: { type: "local", root: "/data" } },
        problem: undefined,
      },
      {
        kind: "named",
        name: "prod",
        file: join(root, "home/config_prod.json"),
        places: {
          metadata: "service",
          serviceUrl: "https://metadata.example.org/prod",
          datastore: { type: "s3", root: "s3://bucket/root" },
        },
        problem: undefined,
      },
    ]);
    expect(JSON.stringify(profiles)).not.toMatch(/s3cr3t|pw/);
  });

  it("is empty where nothing is configured", async () => {
    expect(await list()).toEqual([]);
    expect(await list({ METAFLOW_HOME: join(root, "nowhere") })).toEqual([]);
  });

  it("tells with each profile what goes before it: the environment, then the project", async () => {
    await write("home/config_prod.json", PROD);
    await write("work/.metaflow/config.json", { METAFLOW_SERVICE_URL: "http://project:1" });
    const [prod, project] = await list({ METAFLOW_DATASTORE_SYSROOT_S3: "s3://mine" });
    expect(prod?.places).toMatchObject({ serviceUrl: "http://project:1", datastore: { root: "s3://mine" } });
    expect(project).toMatchObject({ kind: "project", name: undefined, places: { metadata: "local" } });
  });

  it("leaves out the project where nobody trusts it", async () => {
    await write("home/config_prod.json", PROD);
    await write("work/.metaflow/config.json", { METAFLOW_SERVICE_URL: "http://project:1" });
    const profiles = await list({}, { project: false });
    expect(profiles.map(({ kind, places }) => [kind, places?.serviceUrl])).toEqual([
      ["named", "https://metadata.example.org/prod"],
    ]);
  });

  it("lists the others beside one that is damaged, of which it does not quote a word", async () => {
    await write("home/config_bad.json", '{ "METAFLOW_SERVICE_AUTH_KEY": "s3cr3t" "');
    await write("home/config_prod.json", PROD);
    const [bad, prod] = await list();
    expect(bad).toMatchObject({ name: "bad", places: undefined, problem: { code: "config-error" } });
    expect(bad?.problem?.message).toMatch(/config_bad\.json is not valid JSON$/);
    expect(prod?.problem).toBeUndefined();
  });
});
