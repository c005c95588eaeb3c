/** What callers without types give: refused by an error of this library that says what is wanted, never by one of the platform. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MetaflowConfigError, MetaflowInvalidPathspec } from "../../../src/client/errors.ts";
import type { Metaflow } from "../../../src/client/model/metaflow.ts";
import { openMetaflow } from "../../../src/client/open.ts";

let root: string;
let metaflow: Metaflow;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "metaflow-arguments-"));
  await mkdir(join(root, ".metaflow"));
  metaflow = await openMetaflow({ cwd: root, env: {}, namespace: null });
});
afterAll(async () => rm(root, { recursive: true }));

const WRONG: readonly unknown[] = [undefined, null, 5, Number.NaN, true, {}, [], Symbol("s"), 10n];

describe("a pathspec", () => {
  it.each(["flow", "run", "step", "task", "artifact", "object", "get"] as const)(
    "that is no text is refused by %s",
    async (method) => {
      for (const wrong of WRONG)
        await expect(metaflow[method](wrong as string)).rejects.toThrow(MetaflowInvalidPathspec);
    },
  );

  it("that is no text is refused by a watch", () => {
    for (const wrong of WRONG.slice(1))
      expect(() => metaflow.watch(wrong as string)).toThrow(MetaflowInvalidPathspec);
  });
});

describe("a page", () => {
  it.each<[string, unknown]>([
    ["limit", -1],
    ["limit", 2.5],
    ["limit", "10"],
    ["cursor", "nonsense"],
    ["cursor", null],
    ["tags", "nightly"],
    ["tags", [5]],
    ["status", "failed"],
    ["user", 5],
    ["since", new Date(Number.NaN)],
    ["until", 1700000000000],
    ["text", {}],
  ])("that is asked by a wrong '%s' says so", async (name, given) => {
    await expect(metaflow.page({ [name]: given })).rejects.toThrow(
      expect.objectContaining({
        code: "config-error",
        message: expect.stringContaining(`'${name}'`) as string,
      }),
    );
  });

  it("may be asked for as many children as there are", async () => {
    expect((await metaflow.page({ limit: Number.POSITIVE_INFINITY })).items).toEqual([]);
  });
});

describe("a session", () => {
  it.each<[string, unknown]>([
    ["cwd", 5],
    ["env", null],
    ["profile", {}],
    ["datastore", "local"],
    ["namespace", 5],
  ])("is not opened with a wrong '%s'", async (name, given) => {
    await expect(openMetaflow({ cwd: root, env: {}, [name]: given })).rejects.toThrow(
      expect.objectContaining({
        code: "config-error",
        message: expect.stringContaining(`'${name}'`) as string,
      }),
    );
  });

  it("takes no metadata that are not named by text", async () => {
    for (const wrong of WRONG) {
      await expect(metaflow.setMetadata(wrong as string)).rejects.toThrow(MetaflowConfigError);
      if (wrong !== undefined)
        await expect(openMetaflow({ metadata: wrong as string, env: {} })).rejects.toThrow(
          MetaflowConfigError,
        );
    }
  });
});

describe("an id", () => {
  const NO_IDS = [...WRONG, Object.create(null), () => undefined, ""] as string[];

  beforeAll(async () => {
    const task = join(root, ".metaflow/F/1/start/2");
    for (const [at, name] of ["F", "F/1", "F/1/start", "F/1/start/2"].entries()) {
      const record = { flow_id: "F", run_number: "1", step_name: "start", task_id: "2", ts_epoch: at };
      await mkdir(join(root, ".metaflow", name, "_meta"), { recursive: true });
      await writeFile(join(root, ".metaflow", name, "_meta/_self.json"), JSON.stringify(record));
    }
    const artifact = { name: "x", sha: "0".repeat(40), ds_type: "local", location: ":root:/", ts_epoch: 9 };
    await writeFile(join(task, "_meta/0_artifact_x.json"), JSON.stringify(artifact));
  });

  it("that is no text, or none, is not there, and asking for it is an error with a message", async () => {
    const [flow, run, step, task, artifact] = await Promise.all([
      metaflow.flow("F"),
      metaflow.run("F/1"),
      metaflow.step("F/1/start"),
      metaflow.task("F/1/start/2", { attempt: 0 }),
      metaflow.artifact("F/1/start/2/x", { attempt: 0 }),
    ]);
    const data = await task.data();
    for (const wrong of NO_IDS) {
      for (const parent of [flow, run, step, task]) expect(await parent.has(wrong)).toBe(false);
      for (const parent of [flow, run, step, task, artifact, data])
        await expect(parent.get(wrong)).rejects.toMatchObject({
          code: "key-error",
          message: expect.stringMatching(/./) as string,
        });
    }
  });

  it("of another kind is refused where a run, a stream or a folder is wanted", async () => {
    const [run, task] = await Promise.all([metaflow.run("F/1"), metaflow.task("F/1/start/2")]);
    for (const wrong of [null, 5, {}, Symbol("s")] as never[]) {
      await expect(run.compare(wrong)).rejects.toThrow(MetaflowConfigError);
      await expect(task.log(wrong)).rejects.toThrow(MetaflowConfigError);
      await expect(metaflow.inspectSpin(wrong)).rejects.toThrow(MetaflowConfigError);
    }
  });
});
