import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { EditResult } from "../../src/features/tags/edit.ts";
import { anotherClient, runWith } from "./support.ts";

const ADD = "metaflow.run.addTags";
const REMOVE = "metaflow.run.removeTags";
const REPLACE = "metaflow.run.replaceTags";

async function edit(command: string, ...args: unknown[]): Promise<EditResult> {
  const result = await vscode.commands.executeCommand<EditResult | undefined>(command, ...args);
  assert.ok(result);
  return result;
}

async function tagsOf(pathspec: string): Promise<readonly string[]> {
  return [...(await (await anotherClient()).run(pathspec)).userTags].sort();
}

const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `many-${index}`);

describe("tags", () => {
  let pathspec = "";
  let other = "";
  let before: readonly string[] = [];

  beforeEach(async () => {
    pathspec = (await runWith("TrainFlow", "best")).pathspec;
    other = (await runWith("EvalFlow", "baseline")).pathspec;
    before = await tagsOf(pathspec);
  });

  it("are added to a run of the sidebar, and Undo takes them away again", async () => {
    const result = await edit(ADD, { runs: [pathspec], add: ["host-nightly"] });
    assert.equal(result.message, `Added 'host-nightly' to ${pathspec}.`);
    assert.deepEqual(await tagsOf(pathspec), [...before, "host-nightly"].sort());
    const undone = await result.undo();
    assert.equal(undone.message, `Removed 'host-nightly' from ${pathspec}.`);
    assert.deepEqual(await tagsOf(pathspec), before);
  });

  it("are removed and replaced, and Undo keeps what another writer did meanwhile", async () => {
    const replaced = await edit(REPLACE, { runs: [pathspec], remove: ["best"], add: ["host-better"] });
    assert.equal(replaced.message, `Replaced 'best' by 'host-better' on ${pathspec}.`);
    await (await (await anotherClient()).run(pathspec)).addTag("host-theirs");
    await replaced.undo();
    assert.deepEqual(await tagsOf(pathspec), [...before, "host-theirs"].sort());
    await edit(REMOVE, { runs: [pathspec], remove: ["host-theirs"] });
    assert.deepEqual(await tagsOf(pathspec), before);
  });

  it("are edited on several runs at once; those where it failed are named with the cause", async () => {
    const fill = await edit(ADD, { runs: [other], add: many(50 - (await tagsOf(other)).length) });
    const result = await edit(ADD, { runs: [pathspec, other, "TrainFlow/1"], add: ["host-bulk"] });
    assert.deepEqual(
      result.outcomes.map(({ kind }) => kind),
      ["written", "refused", "failed"],
    );
    assert.ok(result.message.startsWith("Added 'host-bulk' to 1 of 3 runs."), result.message);
    assert.ok(
      result.message.includes(`${other}: the run already has 50 tags, Metaflow's limit is 50`),
      result.message,
    );
    assert.ok(result.message.includes("TrainFlow/1"), result.message);
    await result.undo();
    await fill.undo();
    assert.deepEqual(await tagsOf(pathspec), before);
  });

  it("that Metaflow would refuse are refused before anything is written", async () => {
    const tooLong = await edit(ADD, { runs: [pathspec], add: ["x".repeat(501)] });
    assert.match(tooLong.message, /501 characters, Metaflow's limit is 500/);
    const system = await edit(REMOVE, { runs: [pathspec], remove: ["user:ada"] });
    assert.match(system.message, /is a system tag, which Metaflow set and nobody can remove/);
    const empty = await edit(ADD, { runs: [pathspec], add: [""] });
    assert.match(empty.message, /a tag needs at least one character/);
    assert.deepEqual(await tagsOf(pathspec), before);
  });

  it("that take a run out of the namespace can be undone", async () => {
    await vscode.commands.executeCommand("metaflow.namespace.pick", "best");
    try {
      const result = await edit(REMOVE, { runs: [pathspec], remove: ["best"] });
      assert.deepEqual(
        (await result.undo()).outcomes.map(({ kind }) => kind),
        ["written"],
      );
      assert.deepEqual(await tagsOf(pathspec), before);
    } finally {
      await vscode.commands.executeCommand("metaflow.namespace.pick", "user:ada");
    }
  });

  it("keep the run's place: editing does not make it the latest", async () => {
    const client = await anotherClient();
    const latest = (await (await client.flow("EvalFlow")).latestRun())?.pathspec;
    assert.notEqual(latest, other);
    const result = await edit(ADD, { runs: [other], add: ["host-old"] });
    assert.equal((await (await (await anotherClient()).flow("EvalFlow")).latestRun())?.pathspec, latest);
    await result.undo();
  });
});
