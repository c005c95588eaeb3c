import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
  truncate,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ArtifactDecodeError,
  CorruptRecord,
  DatastoreError,
  MetaflowDataMissing,
  MetaflowInvalidPathspec,
  openMetaflow,
  type DataArtifact,
  type Flow,
  type Metaflow,
} from "../../src/client/index.ts";
import { copyOfFixtures, type StoreCopy } from "../helpers/copy.ts";

const FLOW = "RouteFlow";
const NOBODY = 65534;

let store: StoreCopy;
let metaflow: Metaflow;
let flow: Flow;
let ids: string[];

beforeEach(async () => {
  store = await copyOfFixtures([FLOW]);
  // The recorded roots are the original's: it must look as if that were gone, so that only the copy can answer.
  metaflow = await openMetaflow({ cwd: store.project, namespace: null });
  flow = await metaflow.flow(FLOW);
  ids = (await flow.page()).items.map((run) => run.id);
  expect(ids.length).toBeGreaterThan(2);
});
afterEach(async () => store.dispose());

const fileOf = (...parts: string[]): string => join(store.project, ".metaflow", FLOW, ...parts);
const selfOf = (id: string): string => fileOf(id, "_meta/_self.json");
const others = (broken: string): string[] => ids.filter((id) => id !== broken);

/** The page of runs: its ids, and what it says of those that it cannot show. */
async function listed(): Promise<{ ids: string[]; problems: readonly Error[] }> {
  const page = await flow.page();
  return { ids: page.items.map((run) => run.id), problems: page.problems };
}

describe("a run's record", () => {
  it.each([
    ["half-written", '{"flow_id": "Rou', /not valid JSON/],
    ["empty", "", /it is empty/],
    ["no object", "[1, 2]", /does not hold a JSON object/],
    ["without its time", '{"flow_id": "RouinFlow"}', /no number "ts_epoch"/],
  ])("that is %s is told with its place, and every run beside it is there", async (_name, text, message) => {
    const [broken = ""] = ids;
    await writeFile(selfOf(broken), text);
    const { ids: shown, problems } = await listed();
    expect(shown).toEqual(others(broken));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toBeInstanceOf(CorruptRecord);
    expect(problems[0]!.message).toMatch(message);
    expect(problems[0]!.message).toContain(selfOf(broken));
    await expect(metaflow.run(`${FLOW}/${broken}`)).rejects.toThrow(message);
  });

  it("that has grown to gigabytes is not read at all", async () => {
    const [broken = ""] = ids;
    await truncate(selfOf(broken), 3 * 2 ** 30); // Sparse: it takes no room.
    const { ids: shown, problems } = await listed();
    expect(shown).toEqual(others(broken));
    expect(problems[0]).toBeInstanceOf(CorruptRecord);
    expect(problems[0]!.message).toMatch(/has 3221225472 bytes/);
  });

  it("is read again once it is whole", async () => {
    const [broken = ""] = ids;
    const whole = await readFile(selfOf(broken), "utf8");
    await writeFile(selfOf(broken), whole.slice(0, 40));
    expect((await listed()).problems).toHaveLength(1);
    await writeFile(selfOf(broken), whole);
    expect(await listed()).toEqual({ ids, problems: [] });
  });

  it("that is missing is told once the folder is not just being made", async () => {
    const [broken = ""] = ids;
    await rm(selfOf(broken));
    expect(await listed()).toMatchObject({ ids: others(broken) });
    await utimes(fileOf(broken), new Date(0), new Date(0));
    const { problems } = await listed();
    expect(problems[0]?.message).toContain(`${FLOW}/${broken} has no record`);
    await expect(metaflow.run(`${FLOW}/${broken}`)).rejects.toMatchObject({
      code: "not-found",
      message: `Run('${FLOW}/${broken}') does not exist`,
    });
  });

  it("whose folder vanishes while the runs are read is left out without a word", async () => {
    const shown: string[] = [];
    for await (const run of flow) {
      if (shown.length === 0) await rename(fileOf(ids.at(-1)!), join(store.project, "gone"));
      shown.push(run.id);
    }
    expect(ids).toEqual(expect.arrayContaining(shown));
    expect((await listed()).ids).toEqual(ids.slice(0, -1));
  });
});

describe("a place that cannot be read", () => {
  it("is told for one run with the system's reason", async () => {
    const [broken = ""] = ids;
    await rm(fileOf(broken, "_meta"), { recursive: true });
    await symlink(fileOf(broken, "_meta"), fileOf(broken, "_meta"));
    const { ids: shown, problems } = await listed();
    expect(shown).toEqual(others(broken));
    expect(problems[0]).toBeInstanceOf(DatastoreError);
    expect(problems[0]!.message).toMatch(new RegExp(`cannot read .*${broken}.*ELOOP`));
  });

  it.runIf(process.getuid?.() === 0)("is told for a whole datastore as a matter of permission", async () => {
    await chmod(join(store.project), 0o755);
    await chmod(join(store.project, ".metaflow"), 0o000);
    // Root may read everything: be somebody else for a moment.
    process.seteuid!(NOBODY);
    try {
      const env = { METAFLOW_HOME: "/nonexistent" };
      await expect(openMetaflow({ cwd: store.project, namespace: null, env })).rejects.toMatchObject({
        code: "access-denied",
        message: expect.stringMatching(/denies access/),
      });
    } finally {
      process.seteuid!(0);
    }
  });

  it.each(["../etc", "RouteFlow/..", "RouteFlow/*", "RouteFlow/", ""])(
    "is refused as a pathspec: %j",
    async (pathspec) => {
      await expect(metaflow.object(pathspec)).rejects.toBeInstanceOf(MetaflowInvalidPathspec);
    },
  );

  it.each(["..", "*", "", "a/b"])("is no child: %j", async (id) => {
    expect(await flow.has(id)).toBe(false);
    await expect(flow.get(id)).rejects.toMatchObject({ code: "key-error", key: id });
  });
});

describe("an artifact", () => {
  let artifact: DataArtifact;
  let blob: string;

  beforeEach(async () => {
    const run = (await flow.latestSuccessfulRun())!;
    artifact = [...(await (await run.endTask())!.artifacts()).values()][0]!;
    blob = fileOf("data", artifact.sha.slice(0, 2), artifact.sha);
    await rename(join(store.project, ".metaflow"), join(store.project, "moved"));
    await mkdir(join(store.project, "away"));
    await rename(join(store.project, "moved"), join(store.project, "away/.metaflow"));
    const moved = await openMetaflow({ cwd: join(store.project, "away"), namespace: null });
    artifact = await moved.artifact(artifact.pathspec);
    blob = blob.replace("/.metaflow/", "/away/.metaflow/");
    await relocate(join(store.project, "away/.metaflow", FLOW), artifact.pathspec);
    artifact = await (
      await openMetaflow({ cwd: join(store.project, "away"), namespace: null })
    ).artifact(artifact.pathspec);
  });

  it("is read where the store lies now", async () => {
    expect(await artifact.data()).toBeDefined();
  });

  it("whose blob is gone says which and where", async () => {
    await rm(blob);
    const failure = await artifact.data().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MetaflowDataMissing);
    expect((failure as Error).message).toContain(artifact.toString());
    expect((failure as Error).message).toContain(artifact.sha);
    expect((failure as Error).message).toContain("away/.metaflow");
  });

  it("whose blob is damaged says what is wrong", async () => {
    const bytes = await readFile(blob);
    await writeFile(blob, bytes.subarray(0, bytes.length - 9));
    await expect(artifact.data()).rejects.toBeInstanceOf(ArtifactDecodeError);
    await writeFile(blob, "no pickle at all");
    await expect(artifact.data()).rejects.toThrow(/cannot be decoded/);
  });
});

describe("the blobs of a run", () => {
  it("may all be gone: how it stands, its steps and its tasks are told by their records", async () => {
    await rm(fileOf("data"), { recursive: true });
    const away = await mkdtemp(join(tmpdir(), "metaflow-away-"));
    await rename(join(store.project, ".metaflow"), join(away, ".metaflow"));
    for (const id of ids) await relocateRun(join(away, ".metaflow", FLOW, id));
    const fresh = await (await openMetaflow({ cwd: away, namespace: null })).flow(FLOW);
    for await (const run of fresh) {
      expect((await run.status()).state).toBe("completed");
      for await (const step of run) {
        expect((await step.status()).state).toBe("completed");
        for await (const task of step) expect((await task.artifacts()).size).toBeGreaterThan(0);
      }
    }
    await rm(away, { recursive: true });
  });
});

describe("a task's metadata", () => {
  it("that are damaged leave its state unknown, and the run's other tasks as they are", async () => {
    const run = (await flow.latestSuccessfulRun())!;
    const task = (await run.endTask())!;
    const folder = join(store.project, ".metaflow", task.pathspec, "_meta");
    const name = (await readdir(folder)).find((file) => file.startsWith("sysmeta_attempt_ok"))!;
    await writeFile(join(folder, name), "{");
    const fresh = await openMetaflow({ cwd: store.project, namespace: null });
    const status = await (await fresh.task(task.pathspec)).status();
    expect(status).toMatchObject({ state: "unknown", reason: expect.stringContaining(name) });
    expect((await (await fresh.run(run.pathspec)).status()).state).toBe("unknown");
    await expect((await fresh.task(task.pathspec)).metadata()).rejects.toThrow(/not valid JSON/);
  });
});

/** The same for all tasks of a run. */
async function relocateRun(runFolder: string): Promise<void> {
  for (const file of await readdir(runFolder, { recursive: true })) {
    if (!file.endsWith(".json") || !file.includes("_meta/")) continue;
    const text = await readFile(join(runFolder, file), "utf8");
    await writeFile(join(runFolder, file), text.replaceAll(/:root:[^"]*/g, ":root:/gone/.metaflow"));
  }
}

/** Makes the records of an artifact name a root that is gone, as on a machine to which the store was copied. */
async function relocate(flowFolder: string, pathspec: string): Promise<void> {
  const meta = join(flowFolder, ...pathspec.split("/").slice(1, 4), "_meta");
  for (const name of await readdir(meta)) {
    const text = await readFile(join(meta, name), "utf8");
    await writeFile(
      join(meta, name),
      text.replaceAll(store.project, "/gone").replaceAll(/:root:[^"]*/g, ":root:/gone/.metaflow"),
    );
  }
}
