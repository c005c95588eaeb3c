import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Task } from "../../src/client/index.ts";
import { activeInput, anotherClient, closeEditors, projectFolder, until } from "./support.ts";

const OPEN = "metaflow.artifact.open";
const COPY_JSON = "metaflow.artifact.copyJson";
const COPY_SNIPPET = "metaflow.artifact.copySnippet";
const EXPORT = "metaflow.artifact.export";
const COMPARE = "metaflow.artifact.compare";
const COPY_VALUE = "metaflow.artifact.copyValue";
const COPY_VALUE_JSON = "metaflow.artifact.copyValueJson";
const COPY_VALUE_SNIPPET = "metaflow.artifact.copyValueSnippet";

const COPY_AGAIN_MS = 1_000;

/** The task of CatalogFlow, whose artifacts are of every kind. */
async function catalog(step: string): Promise<Task> {
  const run = await (await (await anotherClient()).flow("CatalogFlow")).latestRun();
  assert.ok(run);
  const task = await (await run.get(step)).task();
  assert.ok(task);
  return task;
}

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}

/** The artifact editor in front shows this artifact. */
async function editorOf(pathspec: string): Promise<vscode.Tab> {
  return until(`the editor of ${pathspec}`, () => {
    const input = activeInput();
    const isIt =
      input instanceof vscode.TabInputCustom &&
      input.viewType === "metaflow.artifact" &&
      input.uri.path === `/${pathspec}.artifact`;
    return isIt ? activeTab() : undefined;
  });
}

/**
 * What a command of the editor puts on the clipboard: it goes through the page, which copies nothing until it has shown the value, so the
 * command is given again until it does.
 */
async function copiedBy(command: string, like: RegExp): Promise<string> {
  let nextMs = 0;
  return until(`${command} to copy`, async () => {
    if (Date.now() >= nextMs) {
      await vscode.commands.executeCommand(command);
      nextMs = Date.now() + COPY_AGAIN_MS;
    }
    const text = await vscode.env.clipboard.readText();
    return like.test(text) ? text : undefined;
  });
}

describe("artifacts", () => {
  let containers = "";
  before(async () => {
    containers = (await catalog("containers")).pathspec;
  });
  afterEach(closeEditors);

  it("open in an editor of their own, in the preview tab unless they are to stay", async () => {
    await vscode.commands.executeCommand(OPEN, `${containers}/table`);
    const preview = await editorOf(`${containers}/table`);
    assert.equal(preview.label, "table.artifact");
    await until("the preview tab", () => activeTab()?.isPreview === true);
    await vscode.commands.executeCommand(OPEN, `${containers}/rows`, { keep: true });
    assert.equal((await editorOf(`${containers}/rows`)).isPreview, false);
  });

  it("show their value in the page, from which the focused part is copied", async () => {
    await vscode.commands.executeCommand(OPEN, `${containers}/table`);
    await editorOf(`${containers}/table`);
    await vscode.env.clipboard.writeText("nothing yet");
    const table: unknown = JSON.parse(await copiedBy(COPY_VALUE_JSON, /^\{\n/));
    assert.deepEqual(table, { 3: "three", id: 1, name: "Ada", "(1, 2)": "tuple key", null: "none key" });
    await copiedBy(
      COPY_VALUE_SNIPPET,
      /table = Task\("CatalogFlow\/\d+\/containers\/2", attempt=0\)\.data\.table\n/,
    );
    assert.match(await copiedBy(COPY_VALUE, /^\{[^]*\}$/), /"name": "Ada"/);
  });

  it("are copied as JSON and as a Python snippet without being opened", async () => {
    const json = await vscode.commands.executeCommand<string>(COPY_JSON, `${containers}/counted`);
    assert.deepEqual(JSON.parse(json), { m: 1, i: 4, s: 4, p: 2 });
    assert.equal(await vscode.env.clipboard.readText(), json);
    const snippet = await vscode.commands.executeCommand<string>(COPY_SNIPPET, `${containers}/counted`);
    assert.match(snippet, /^from metaflow import Task/);
    assert.ok(snippet.includes(`Task("${containers}", attempt=0).data.counted`), snippet);
    assert.equal(activeTab(), undefined);
  });

  it("are exported whole to a file, without being opened", async () => {
    const destination = vscode.Uri.file(join(projectFolder(), "counted.json"));
    const pickle = vscode.Uri.file(join(projectFolder(), "counted.pkl"));
    const counted = `${containers}/counted`;
    await vscode.commands.executeCommand(EXPORT, counted, { format: "json", destination });
    assert.deepEqual(JSON.parse(await readFile(destination.fsPath, "utf8")), { m: 1, i: 4, s: 4, p: 2 });
    await vscode.commands.executeCommand(EXPORT, counted, { format: "pickle", destination: pickle });
    assert.equal((await readFile(pickle.fsPath)).at(-1), ".".charCodeAt(0));
    const some = vscode.Uri.file(join(projectFolder(), "some.csv"));
    const rows = { sort: [{ column: 0, descending: true }], filter: "id > 57" };
    await vscode.commands.executeCommand(EXPORT, `${containers}/rows`, {
      format: "csv",
      destination: some,
      rows,
    });
    assert.match(await readFile(some.fsPath, "utf8"), /^id,name,spent,active\n59,.*\n58,.*\n$/);
    for (const { fsPath } of [destination, pickle, some]) await rm(fsPath);
    assert.deepEqual(
      (await readdir(projectFolder())).filter((name) => name.includes("partial")),
      [],
    );
  });

  it("are compared: equal at once by their SHA, else as a diff of their parts", async () => {
    const two = [{ kind: "artifact", pathspec: `${containers}/counted` }];
    const equal = await vscode.commands.executeCommand<string>(COMPARE, two[0], [
      ...two,
      { ...two[0], attempt: 0 },
    ]);
    assert.match(equal, /are equal: same SHA [0-9a-f]{7}\.$/);
    const table = { kind: "artifact", pathspec: `${containers}/table` };
    const text = await vscode.commands.executeCommand<string>(COMPARE, two[0], [...two, table]);
    assert.match(text, /^--- CatalogFlow\/\d+\/containers\/2\/counted {2}SHA [0-9a-f]{7}$/m);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), text);
    assert.equal(vscode.window.activeTextEditor.document.languageId, "diff");
  });

  it("tell which task stored them first, and which other runs have the same", async () => {
    const show = async (pathspec: string): Promise<{ first: string; sameIn: string[] }> => {
      const found = await vscode.commands.executeCommand<{ first: string; sameIn: string[] }>(
        "metaflow.artifact.whereFrom",
        pathspec,
      );
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return found;
    };
    const end = (await catalog("end")).pathspec;
    assert.equal((await show(`${end}/counted`)).first, `${containers}/counted`);

    const runs = [];
    for await (const run of await (await anotherClient()).flow("EvalFlow")) runs.push(run);
    const [newest] = runs;
    assert.ok(newest);
    const first = await (await newest.get("start")).task();
    assert.ok(first);
    const { first: parameter, sameIn } = await show(`${first.pathspec}/threshold`);
    assert.match(parameter, new RegExp(`^${newest.pathspec}/_parameters/\\d+/threshold$`));
    const { sha } = await first.get("threshold");
    const same = [];
    for (const run of runs.slice(1)) {
      const task = await (await run.get("start")).task();
      if (task !== undefined && (await task.get("threshold")).sha === sha)
        same.push(`${task.pathspec}/threshold`);
    }
    assert.deepEqual(sameIn, same);
  });

  it("that are gone open too, to say so, and copy nothing", async () => {
    const objects = await catalog("objects");
    const { sha } = await objects.get("price");
    const folder = join(projectFolder(), ".metaflow", "CatalogFlow", "data", sha.slice(0, 2));
    const files = (await readdir(folder)).filter((file) => file.startsWith(sha));
    assert.ok(files.length > 0);
    for (const file of files) await rm(join(folder, file));
    const gone = `${objects.pathspec}/price`;
    await vscode.commands.executeCommand(OPEN, gone);
    await editorOf(gone);
    await vscode.env.clipboard.writeText("before");
    assert.equal(await vscode.commands.executeCommand(COPY_JSON, gone), undefined);
    assert.equal(await vscode.env.clipboard.readText(), "before");
    const beside = await vscode.commands.executeCommand<string>(COPY_JSON, `${objects.pathspec}/key`);
    assert.equal(beside, '"12345678-1234-5678-1234-567812345678"');
  });

  it("have their editor for files with a pickle, too, where a person chooses it", async () => {
    const file = vscode.Uri.file(join(projectFolder(), "model.pkl"));
    // {"lr": 0.5}, protocol 2
    const pickle = "\x80\x02}q\0X\x02\0\0\0lrG?\xe0\0\0\0\0\0\0s.";
    await vscode.workspace.fs.writeFile(file, Buffer.from(pickle, "latin1"));
    try {
      await vscode.commands.executeCommand("vscode.openWith", file, "metaflow.pickle");
      await until("the file's editor", () => {
        const input = activeInput();
        return input instanceof vscode.TabInputCustom && input.viewType === "metaflow.pickle"
          ? input
          : undefined;
      });
      assert.equal(JSON.stringify(JSON.parse(await copiedBy(COPY_VALUE_JSON, /lr/))), '{"lr":0.5}');
      assert.match(await copiedBy(COPY_VALUE_SNIPPET, /pickle\.load/), /model = pickle\.load\(file\)/);
    } finally {
      await closeEditors();
      await vscode.workspace.fs.delete(file);
    }
  });
});
