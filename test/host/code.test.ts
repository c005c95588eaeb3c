import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { activeInput, anotherClient, closeEditors, projectFolder, runWith, until } from "./support.ts";

const OPEN = "metaflow.code.open";
const DIFF = "metaflow.code.diff";

describe("the flow source", () => {
  before(async () => vscode.commands.executeCommand("metaflow.namespace.pick", null));
  after(async () => vscode.commands.executeCommand("metaflow.namespace.pick", "user:ada"));
  afterEach(closeEditors);

  const lineInFront = (): string => {
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    return editor.document.lineAt(editor.selection.active.line).text;
  };

  it("of a run opens from its code package, read-only, as Python", async () => {
    const run = await runWith("TrainFlow", "best");
    await vscode.commands.executeCommand(OPEN, run.pathspec);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), `metaflow:/${run.pathspec}/~code/train_flow.py`);
    assert.equal(document.languageId, "python");
    assert.match(lineInFront(), /^class TrainFlow/);
    const recorded = (await run.code())?.flowspec;
    assert.equal(document.getText(), Buffer.from(recorded ?? []).toString("utf8"));
  });

  it("opens at the step's line from a step and from a task", async () => {
    const run = await runWith("TrainFlow", "best");
    await vscode.commands.executeCommand(OPEN, `${run.pathspec}/evaluate`);
    assert.match(lineInFront(), /def evaluate\(/);
    const task = await (await run.get("train")).task();
    await vscode.commands.executeCommand(OPEN, task?.pathspec);
    assert.match(lineInFront(), /def train\(/);
  });

  it("is the workspace's file where Metaflow kept no package", async () => {
    const run = await runWith("EvalFlow", "baseline");
    assert.equal(await run.code(), undefined);
    await vscode.commands.executeCommand(OPEN, `${run.pathspec}/start`);
    const uri = vscode.window.activeTextEditor?.document.uri;
    assert.equal(uri?.fsPath, join(projectFolder(), "eval_flow.py"));
    assert.match(lineInFront(), /def start\(/);
  });

  it("that is nowhere is said to be nowhere", async () => {
    const run = await runWith("EvalFlow", "baseline");
    const file = join(projectFolder(), "eval_flow.py");
    await rename(file, `${file}.away`);
    try {
      await vscode.commands.executeCommand(OPEN, run.pathspec);
      assert.equal(vscode.window.activeTextEditor, undefined);
    } finally {
      await rename(`${file}.away`, file);
    }
  });

  it("is compared with the workspace's file", async () => {
    const run = await runWith("TrainFlow", "best");
    await vscode.commands.executeCommand(DIFF, run.pathspec);
    const input = await until("the comparison", () => {
      const shown = activeInput();
      return shown instanceof vscode.TabInputTextDiff ? shown : undefined;
    });
    assert.equal(input.original.toString(), `metaflow:/${run.pathspec}/~code/train_flow.py`);
    assert.equal(input.modified.fsPath, join(projectFolder(), "train_flow.py"));
  });

  it("is a folder with the whole package", async () => {
    const run = await runWith("TrainFlow", "best");
    const root = vscode.Uri.from({ scheme: "metaflow", path: `/${run.pathspec}/~code` });
    const entries = new Map(await vscode.workspace.fs.readDirectory(root));
    assert.equal(entries.get("train_flow.py"), vscode.FileType.File);
    const members = (await (await run.code())?.tarball()) ?? [];
    const file = vscode.Uri.joinPath(root, "train_flow.py");
    const size = members.find(({ name }) => name === "train_flow.py")?.size;
    assert.equal((await vscode.workspace.fs.stat(file)).size, size);
    await anotherClient();
  });
});
