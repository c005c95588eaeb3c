import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openMetaflow, type Metaflow, type Run } from "../../src/client/index.ts";
import { copyOfFixtures, type StoreCopy } from "../helpers/copy.ts";

let store: StoreCopy;
let metaflow: Metaflow;
let pathspec: string;
let record: string;
let original: string;

beforeAll(async () => {
  store = await copyOfFixtures(["TrainFlow"]);
  metaflow = await openMetaflow({ cwd: store.project, namespace: null });
  pathspec = (await (await metaflow.flow("TrainFlow")).latestRun())!.pathspec;
  record = join(store.project, ".metaflow", pathspec, "_meta/_self.json");
  original = await readFile(record, "utf8");
});
beforeEach(async () => writeFile(record, original));
afterAll(async () => store.dispose());

/** The user tags of a run as the Python client reads them. */
async function tagsInPython(): Promise<Set<string>> {
  const script = `
import json, metaflow
metaflow.namespace(None)
print(json.dumps(sorted(metaflow.Run("${pathspec}").user_tags)))`;
  return new Set(JSON.parse(await python(script)) as string[]);
}

async function python(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(store.python, ["-c", script], {
    cwd: store.project,
    env: { ...process.env, METAFLOW_USER: "tester", METAFLOW_DATASTORE_SYSROOT_LOCAL: store.project },
  });
  return stdout;
}

const run = async (): Promise<Run> => metaflow.run(pathspec);

describe("tags of a local run", () => {
  it("are what the Python client reads afterwards, in any script", async () => {
    const edited = await run();
    await edited.addTags(["nightly", "größe=ä", "版本-2"]);
    await edited.replaceTag("nightly", "weekly");
    const expected = new Set(edited.userTags);
    expect(expected).toEqual(await tagsInPython());
    expect(expected.has("weekly") && expected.has("版本-2") && !expected.has("nightly")).toBe(true);
    expect(edited.tags.has("weekly")).toBe(true);
  });

  it("leave everything else in the record as it was, the time of its creation too", async () => {
    await (await run()).addTag("kept");
    const before = JSON.parse(original) as Record<string, unknown>;
    const after = JSON.parse(await readFile(record, "utf8")) as Record<string, unknown>;
    expect({ ...after, tags: undefined }).toEqual({ ...before, tags: undefined });
    expect((await readdir(join(record, ".."))).filter((name) => name.startsWith("tmp"))).toEqual([]);
  });

  it("are not written when nothing changes", async () => {
    await (await run()).removeTag("never there");
    expect(await readFile(record, "utf8")).toBe(original);
  });

  it("keep what other writers add at the same time", async () => {
    const ours = Array.from({ length: 20 }, (_, index) => `ours-${index}`);
    const sessions = await Promise.all(
      ours.map(async () => openMetaflow({ cwd: store.project, namespace: null })),
    );
    const theirs = python(`
import metaflow
metaflow.namespace(None)
run = metaflow.Run("${pathspec}")
for index in range(10): run.add_tag("theirs-%d" % index)`);
    await Promise.all(
      sessions.map(async (session, index) => (await session.run(pathspec)).addTag(ours[index]!)),
    );
    await theirs;
    const tags = await tagsInPython();
    for (let index = 0; index < 10; index++) expect(tags).toContain(`theirs-${index}`);
  });

  it("are all kept when only this client's writers meet", async () => {
    const ours = Array.from({ length: 30 }, (_, index) => `ours-${index}`);
    const sessions = await Promise.all(
      ours.map(async () => openMetaflow({ cwd: store.project, namespace: null })),
    );
    await Promise.all(
      sessions.map(async (session, index) => (await session.run(pathspec)).addTag(ours[index]!)),
    );
    expect([...(await run()).userTags]).toEqual(expect.arrayContaining(ours));
  });

  it.each([
    ["a tag of 501 characters", async (r: Run) => r.addTag("x".repeat(501)), "Tag is too long 501 > 500"],
    ["an empty tag", async (r: Run) => r.addTag(""), "Tags must not be empty string"],
    ["a text for many tags", async (r: Run) => r.addTags("abc" as never), undefined],
    ["a text to remove", async (r: Run) => r.removeTags("abc"), "tags_to_remove may not be a string"],
    ["no tags at all", async (r: Run) => r.addTags([]), "Must add or remove at least one tag"],
    [
      "51 tags",
      async (r: Run) => r.addTags(Array.from({ length: 51 }, (_, index) => `n${index}`)),
      "Cannot increase size of tag set beyond 50",
    ],
    [
      "the removal of a system tag",
      async (r: Run) => r.removeTag([...r.systemTags].find((tag) => tag.startsWith("runtime:"))!),
      "Cannot remove a tag that is an existing system tag (['runtime:dev'])",
    ],
  ])("refuse %s and change nothing", async (_name, edit, message) => {
    const edited = await run();
    if (message === undefined) {
      // As in Python, add_tags hands a text on to replace_tag, which wraps it to one tag.
      await edit(edited);
      expect(edited.userTags).toContain("abc");
      return;
    }
    await expect(edit(edited)).rejects.toThrow(
      expect.objectContaining({ name: "MetaflowTaggingError", message }),
    );
    expect(await readFile(record, "utf8")).toBe(original);
  });

  it("refuse arguments of any kind as Python does, in its words", async () => {
    const wrong: unknown[] = [undefined, "", "a", 0, 5, true, [], ["a"], [""], [5], [undefined], [["a"]]];
    const calls = [
      ...["add_tag", "add_tags", "remove_tag", "remove_tags"].flatMap((name) =>
        wrong.map((it) => [name, it]),
      ),
      ...["replace_tag", "replace_tags"].flatMap((name) =>
        wrong.flatMap((it) => ["", "a", 5, [], ["b"], undefined].map((other) => [name, it, other])),
      ),
    ];
    const told = await python(`
import json, metaflow
metaflow.namespace(None)
def answer(name, *tags):
    run = metaflow.Run("${pathspec}")
    try:
        getattr(run, name)(*tags)
    except Exception as error:
        return [type(error).__name__, error.message]
    return sorted(run.user_tags)
print(json.dumps([answer(*call) for call in json.loads(${JSON.stringify(JSON.stringify(calls))})]))`);
    await writeFile(record, original);
    const answers: unknown[] = [];
    for (const [name, ...tags] of calls) {
      const edited = await run();
      const method = String(name).replace(/_(.)/, (_, letter: string) => letter.toUpperCase());
      const methods = edited as unknown as Record<string, (...tags: unknown[]) => Promise<void>>;
      try {
        await methods[method]?.(...tags);
        answers.push([...edited.userTags].sort());
      } catch (error) {
        answers.push([(error as Error).name, (error as Error).message]);
      }
    }
    expect(answers).toEqual(JSON.parse(told));
  });

  it("say that the run is gone when it was deleted meanwhile", async () => {
    const edited = await run();
    const moved = join(store.project, ".metaflow", `${pathspec}-gone`);
    const { rename } = await import("node:fs/promises");
    await rename(join(store.project, ".metaflow", pathspec), moved);
    await expect(edited.addTag("x")).rejects.toThrow(/Run not found/);
    await rename(moved, join(store.project, ".metaflow", pathspec));
    await mkdir(join(record, ".."), { recursive: true });
  });
});
