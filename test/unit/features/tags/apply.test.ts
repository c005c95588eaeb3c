import { describe, expect, it } from "vitest";
import { applyEdits, undoOf, type EditableRun } from "../../../../src/features/tags/apply.ts";
import { accountOf } from "../../../../src/features/tags/words.ts";

/** Runs as the client has them, in memory; another writer can come between. */
function datastore(runs: Record<string, readonly string[]>, system: readonly string[] = ["user:ada"]) {
  const tags = new Map(Object.entries(runs).map(([pathspec, own]) => [pathspec, new Set(own)]));
  const read = async (pathspec: string): Promise<EditableRun> => {
    const own = tags.get(pathspec);
    if (own === undefined) return Promise.reject(new Error(`Run('${pathspec}') does not exist`));
    return Promise.resolve({
      userTags: new Set(own),
      systemTags: new Set(system),
      replaceTags: async (remove, add) => {
        for (const tag of remove) own.delete(tag);
        for (const tag of add) own.add(tag);
        return Promise.resolve();
      },
    });
  };
  return { read, tagsOf: (pathspec: string) => [...(tags.get(pathspec) ?? [])].sort(), tags };
}

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `t${index}`);
const edit = (pathspec: string, add: readonly string[], remove: readonly string[] = []) => ({
  pathspec,
  change: { add, remove },
});

describe("editing the tags of several runs", () => {
  it("edits each run, and one run's failure stops no other", async () => {
    const store = datastore({ "F/1": ["a"], "F/2": many(50), "F/3": ["new"] });
    const edits = ["F/1", "F/2", "F/3", "F/4"].map((pathspec) => edit(pathspec, ["new"]));
    const outcomes = await applyEdits(edits, store.read);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["written", "refused", "nothing", "failed"]);
    expect(store.tagsOf("F/1")).toEqual(["a", "new"]);
    const account = accountOf(edits, outcomes);
    expect(account).toMatchObject({ severity: "warning", full: true });
    expect(account.message).toBe(
      "Added 'new' to 2 of 4 runs. Not for F/2: the run already has 50 tags, Metaflow's limit is 50; F/4: Run('F/4') does not exist.",
    );
  });

  it("undoes the difference that it made, and keeps what another writer did meanwhile", async () => {
    const store = datastore({ "F/1": ["a", "old"], "F/2": ["new"] });
    const outcomes = await applyEdits(
      [edit("F/1", ["new"], ["old"]), edit("F/2", ["new"], ["old"])],
      store.read,
    );
    store.tags.get("F/1")?.add("theirs");
    const undone = await applyEdits(undoOf(outcomes), store.read);
    expect(store.tagsOf("F/1")).toEqual(["a", "old", "theirs"]);
    expect(store.tagsOf("F/2")).toEqual(["new"]);
    expect(undone).toHaveLength(1);
  });

  it("leaves the rest alone once it is cancelled", async () => {
    const store = datastore({ "F/1": [] });
    const controller = new AbortController();
    controller.abort();
    const [outcome] = await applyEdits([edit("F/1", ["new"])], store.read, { signal: controller.signal });
    expect(outcome?.kind).toBe("failed");
    expect(store.tagsOf("F/1")).toEqual([]);
  });

  it("tells how far it is", async () => {
    const store = datastore({ "F/1": [], "F/2": [] });
    const told: number[] = [];
    await applyEdits([edit("F/1", ["x"]), edit("F/2", ["x"])], store.read, undefined, (count) =>
      told.push(count),
    );
    expect(told).toEqual([1, 2]);
  });
});

describe("what is said after an edit", () => {
  const account = async (
    runs: Record<string, readonly string[]>,
    add: readonly string[],
    remove: readonly string[] = [],
  ) => {
    const edits = Object.keys(runs).map((pathspec) => edit(pathspec, add, remove));
    return accountOf(edits, await applyEdits(edits, datastore(runs).read));
  };

  it("names tags and run", async () => {
    expect((await account({ "F/1": [] }, ["nightly"])).message).toBe("Added 'nightly' to F/1.");
    expect((await account({ "F/1": ["a", "b"] }, [], ["a", "b"])).message).toBe("Removed 'a', 'b' from F/1.");
    expect((await account({ "F/1": ["a"] }, ["b"], ["a"])).message).toBe("Replaced 'a' by 'b' on F/1.");
    expect((await account({ "F/1": [], "F/2": [] }, ["a", "b", "c", "d"])).message).toBe(
      "Added 4 tags to 2 runs.",
    );
  });

  it("says so when there was nothing to do", async () => {
    expect((await account({ "F/1": ["a"] }, ["a"])).message).toBe("Nothing to add: F/1 had 'a' already.");
    expect((await account({ "F/1": [] }, [], ["a"])).message).toBe(
      "Nothing to remove: F/1 did not have 'a'.",
    );
  });

  it("names object and cause of a refusal", async () => {
    const long = "x".repeat(501);
    expect((await account({ "F/1": [] }, [long])).message).toBe(
      `Could not add '${"x".repeat(40)}…' to F/1: the tag '${"x".repeat(40)}…' has 501 characters, Metaflow's limit is 500.`,
    );
    expect((await account({ "F/1": [] }, [], ["user:ada"])).message).toBe(
      "Could not remove 'user:ada' from F/1: 'user:ada' is a system tag, which Metaflow set and nobody can remove.",
    );
    expect(await account({ "F/1": many(50) }, ["x"])).toMatchObject({
      severity: "error",
      full: true,
      message: "Could not add 'x' to F/1: the run already has 50 tags, Metaflow's limit is 50.",
    });
    expect((await account({ "F/1": [] }, [""])).message).toContain("a tag needs at least one character");
  });

  it("names the first failures of many", async () => {
    const runs = Object.fromEntries(many(6).map((id) => [`F/${id}`, many(50)]));
    const { message, severity } = await account(runs, ["x"]);
    expect(severity).toBe("error");
    expect(message).toMatch(
      /^Could not add 'x' to any of 6 runs\. F\/t0: .*; F\/t1: .*; F\/t2: .*; and 3 more\.$/,
    );
  });
});
