import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findUpwards, MetaflowConfig } from "../../../src/client/config.ts";
import { openMetaflow } from "../../../src/client/open.ts";

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "metaflow-config-")));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const write = async (name: string, content: unknown): Promise<void> => {
  await mkdir(join(root, name, ".."), { recursive: true });
  await writeFile(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
};

describe("MetaflowConfig", () => {
  it("takes the environment before the project before the home", async () => {
    await write("home/config.json", { METAFLOW_A: "home", METAFLOW_B: "home", METAFLOW_C: "home" });
    await write("work/.metaflow/config.json", { METAFLOW_A: "project", METAFLOW_B: "project" });
    const env = { METAFLOW_HOME: join(root, "home"), METAFLOW_A: "environment" };
    const config = await MetaflowConfig.load({ cwd: join(root, "work"), env });
    expect(["A", "B", "C", "D"].map((name) => config.get(name))).toEqual([
      "environment",
      "project",
      "home",
      undefined,
    ]);
  });

  it("reads a profile's file instead of the plain one", async () => {
    await write("home/config.json", { METAFLOW_A: "plain", METAFLOW_B: "plain" });
    await write("home/config_prod.json", { METAFLOW_A: "prod" });
    const config = await MetaflowConfig.load({
      cwd: root,
      env: { METAFLOW_HOME: join(root, "home"), METAFLOW_PROFILE: "prod" },
    });
    expect([config.get("A"), config.get("B")]).toEqual(["prod", undefined]);
  });

  it("names a profile that does not exist", async () => {
    const env = { METAFLOW_HOME: join(root, "home"), METAFLOW_PROFILE: "gone" };
    await expect(MetaflowConfig.load({ cwd: root, env })).rejects.toThrow(
      /Unable to locate METAFLOW_PROFILE 'gone'/,
    );
  });

  it("names a configuration file that is damaged", async () => {
    await write("home/config.json", "{");
    await expect(
      MetaflowConfig.load({ cwd: root, env: { METAFLOW_HOME: join(root, "home") } }),
    ).rejects.toThrow(/home\/config\.json is not valid JSON/);
  });

  it("leaves out the project's file where it is told to", async () => {
    await write("work/.metaflow/config.json", { METAFLOW_A: "project" });
    const env = { METAFLOW_HOME: root };
    const config = await MetaflowConfig.load({ cwd: join(root, "work"), env, project: false });
    expect(config.get("A")).toBeUndefined();
  });

  it("takes an empty profile for the default one, whatever the environment says", async () => {
    await write("home/config.json", { METAFLOW_A: "plain" });
    const env = { METAFLOW_HOME: join(root, "home"), METAFLOW_PROFILE: "gone" };
    expect((await MetaflowConfig.load({ cwd: root, env, profile: "" })).get("A")).toBe("plain");
  });

  it("reads numbers, flags and objects as Python does, from text and from JSON", async () => {
    await write("home/config.json", {
      METAFLOW_N: 7,
      METAFLOW_F: true,
      METAFLOW_O: { a: 1 },
      METAFLOW_NO: null,
    });
    const env = {
      METAFLOW_HOME: join(root, "home"),
      METAFLOW_M: "12",
      METAFLOW_OFF: "False",
      METAFLOW_NONE: "",
      METAFLOW_ON: "yes",
      METAFLOW_P: '{"b": "2"}',
    };
    const config = await MetaflowConfig.load({ cwd: root, env });
    expect(["N", "M", "NO"].map((name) => config.wholeNumber(name))).toEqual([7, 12, undefined]);
    expect(["F", "OFF", "NONE", "ON", "NO"].map((name) => config.flag(name))).toEqual([
      true,
      false,
      false,
      true,
      undefined,
    ]);
    expect(["O", "P", "NO"].map((name) => config.object(name))).toEqual([{ a: 1 }, { b: "2" }, undefined]);
  });

  it("names a setting that cannot be used, and does not quote it", async () => {
    const env = { METAFLOW_HOME: root, METAFLOW_N: "often", METAFLOW_O: "s3cr3t", METAFLOW_L: "[1]" };
    const config = await MetaflowConfig.load({ cwd: root, env });
    expect(() => config.wholeNumber("N")).toThrow("METAFLOW_N must be a whole number");
    expect(() => config.object("O")).toThrow(/^METAFLOW_O must be a JSON object$/);
    expect(() => config.object("L")).toThrow(/^METAFLOW_L must be a JSON object$/);
  });

  it.each([
    [{ METAFLOW_USER: "m", SUDO_USER: "s", USERNAME: "n", USER: "u" }, "m"],
    [{ SUDO_USER: "root", USERNAME: "n", USER: "u" }, "n"],
    [{ USER: "root", LOGNAME: "l" }, undefined],
  ])("finds the user in %j", async (env, user) => {
    const config = await MetaflowConfig.load({ cwd: root, env: { ...env, METAFLOW_HOME: root } });
    expect(config.user).toBe(user);
  });

  it("takes a production token before the user as the namespace", async () => {
    const env = { METAFLOW_HOME: root, USER: "u", METAFLOW_PRODUCTION_TOKEN: "token" };
    expect((await MetaflowConfig.load({ cwd: root, env })).identity).toBe("production:token");
  });
});

describe("openMetaflow", () => {
  const env = (): Record<string, string> => ({ METAFLOW_HOME: root });

  it("finds the first datastore upwards and says so as Python does", async () => {
    await mkdir(join(root, ".metaflow"));
    await mkdir(join(root, "a/b"), { recursive: true });
    expect(await findUpwards(join(root, "a/b"), ".metaflow")).toBe(join(root, ".metaflow"));
    expect((await openMetaflow({ cwd: join(root, "a/b"), env: env() })).metadata).toBe(`local@${root}`);
  });

  it("is empty where there is no datastore, and makes none", async () => {
    const metaflow = await openMetaflow({
      cwd: root,
      env: { ...env(), METAFLOW_DATASTORE_SYSROOT_LOCAL: join(root, "none") },
      namespace: null,
    });
    expect((await metaflow.page()).items).toEqual([]);
    expect(await findUpwards(join(root, "none"), ".metaflow")).not.toBe(join(root, "none/.metaflow"));
  });

  it("says which folder has no datastore", async () => {
    await expect(openMetaflow({ cwd: root, env: env(), metadata: "local@/nowhere" })).rejects.toThrow(
      "Could not find directory .metaflow in directory /nowhere",
    );
  });

  it("asks who the user is only where a namespace needs it", async () => {
    await mkdir(join(root, ".metaflow"));
    const metaflow = await openMetaflow({ cwd: root, env: env() });
    expect(() => metaflow.namespace).toThrow(/could not determine your user name/);
    metaflow.setNamespace(null);
    expect(metaflow.namespace).toBeNull();
  });
});
