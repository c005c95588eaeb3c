import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoDatastore } from "../../../src/features/discovery.ts";
import { findPlace, type Circumstances, type Place } from "../../../src/features/sessionPlace.ts";

describe("where a session reads", () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "metaflow-place-")));
    await mkdir(join(root, "home"));
    await mkdir(join(root, "empty"));
    await mkdir(join(root, "churn/.metaflow"), { recursive: true });
    await mkdir(join(root, "churn/flows"));
  });
  afterEach(async () => rm(root, { recursive: true }));

  const SERVICE = { METAFLOW_DEFAULT_METADATA: "service", METAFLOW_SERVICE_URL: "http://prod:8080" };
  const write = async (name: string, content: unknown): Promise<void> =>
    writeFile(join(root, name), JSON.stringify(content));
  const find = async (given: Partial<Circumstances> = {}): Promise<Place> =>
    findPlace({
      choice: { kind: "automatic" },
      root: "",
      profile: "",
      folders: [join(root, "churn/flows")],
      trusted: true,
      env: { METAFLOW_HOME: join(root, "home") },
      ...given,
    });
  const empty = (): Partial<Circumstances> => ({ folders: [join(root, "empty")] });

  it("is the nearest datastore, whatever the profile names", async () => {
    await write("home/config.json", SERVICE);
    expect(await find()).toEqual({
      kind: "folder",
      source: { cwd: join(root, "churn"), project: true, metadata: `local@${root}/churn` },
      root: join(root, "churn"),
      label: "churn",
    });
  });

  it("is the service of the configured profile where there is no datastore", async () => {
    await write("home/config.json", SERVICE);
    await write("home/config_dev.json", SERVICE);
    const source = { cwd: join(root, "empty"), project: true };
    expect(await find(empty())).toEqual({ kind: "profile", source, label: "default profile" });
    const env = { METAFLOW_HOME: join(root, "home"), METAFLOW_PROFILE: "dev" };
    expect(await find({ ...empty(), env })).toEqual({ kind: "profile", source, label: "dev" });
    const bySetting = await find({ ...empty(), profile: "dev" });
    expect(bySetting).toEqual({ kind: "profile", source: { ...source, profile: "dev" }, label: "dev" });
  });

  it("is nowhere where the profile names no service either", async () => {
    await write("home/config.json", { METAFLOW_DEFAULT_METADATA: "local" });
    await expect(find(empty())).rejects.toThrow(NoDatastore);
    await write("home/config.json", { METAFLOW_DEFAULT_METADATA: "service" });
    await expect(find(empty())).rejects.toThrow(NoDatastore);
  });

  it("is the service that the project itself names, although its folder is there", async () => {
    await write("churn/.metaflow/config.json", SERVICE);
    expect(await find()).toMatchObject({ kind: "profile", source: { project: true } });
  });

  it("is what was chosen: a folder, a profile, an address", async () => {
    const { source: folder } = await find({
      ...empty(),
      choice: { kind: "folder", root: join(root, "churn") },
    });
    expect(folder.metadata).toBe(`local@${root}/churn`);
    const byProfile = await find({ choice: { kind: "profile", name: "prod" } });
    expect(byProfile).toMatchObject({ kind: "profile", source: { profile: "prod" }, label: "prod" });
    expect(byProfile.source.metadata).toBeUndefined();
    expect(await find({ choice: { kind: "profile", name: "" } })).toMatchObject({ source: { profile: "" } });
    expect(await find({ choice: { kind: "address", url: "http://metadata:8080/x" } })).toMatchObject({
      kind: "address",
      source: { metadata: "service@http://metadata:8080/x" },
      label: "metadata:8080",
    });
  });

  it("is the example until the workspace has something of its own", async () => {
    const choice = { kind: "example", root: join(root, "churn") } as const;
    expect(await find({ ...empty(), choice })).toMatchObject({ kind: "example", label: "example" });
    await mkdir(join(root, "empty/.metaflow"));
    expect(await find({ ...empty(), choice })).toMatchObject({ kind: "folder", label: "empty" });
  });

  describe("of a workspace that nobody trusts", () => {
    it("is its datastore, read without the project's configuration", async () => {
      await write("churn/.metaflow/config.json", SERVICE);
      expect(await find({ trusted: false })).toMatchObject({ kind: "folder", source: { project: false } });
    });

    it("is looked for by the person's own profiles alone, not in its folders", async () => {
      await write("home/config.json", SERVICE);
      for (const given of [
        empty(),
        { choice: { kind: "profile", name: "prod" } as const },
        { choice: { kind: "address", url: "http://metadata" } as const },
      ]) {
        const { source } = await find({ ...given, trusted: false });
        expect(source).toMatchObject({ cwd: homedir(), project: false });
      }
    });
  });
});
