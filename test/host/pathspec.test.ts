import assert from "node:assert/strict";
import * as vscode from "vscode";
import { DatastoreError, MetaflowInvalidPathspec, MetaflowNotFound } from "../../src/client/errors.ts";
import { pickTarget } from "../../src/features/pathspecPicker.ts";
import type { Services } from "../../src/features/services.ts";
import { activeInput, anotherClient, closeEditors, runWith, services, until } from "./support.ts";

const GO = "metaflow.pathspec.goTo";
const COPY = "metaflow.pathspec.copy";

describe("pathspecs", () => {
  let shared: Services;
  let run = "";
  let task = "";
  before(async () => {
    shared = await services();
    await vscode.commands.executeCommand("metaflow.namespace.pick", null);
    const best = await runWith("TrainFlow", "best");
    run = best.pathspec;
    task = (await (await best.get("train")).task())?.pathspec ?? "";
    assert.notEqual(task, "");
  });
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand("metaflow.namespace.pick", "user:ada");
  });

  const selected = async (pathspec: string): Promise<void> => {
    await until(
      `${pathspec} selected in the sidebar, not ${shared.sidebar.selection.map((each) => each.pathspec).join()}`,
      () => shared.sidebar.selection.some((target) => target.pathspec === pathspec) || undefined,
    );
  };

  it("are gone to: a run, a step and a task are shown in the sidebar", async () => {
    await vscode.commands.executeCommand(GO, run);
    await selected(run);
    await vscode.commands.executeCommand(GO, `Task('${task}')`);
    await selected(task);
  });

  it("are no problem for the log when a person types one of nothing, unlike what cannot be read", async () => {
    const logged: string[] = [];
    const log = { error: (line: string) => logged.push(line) } as unknown as vscode.LogOutputChannel;
    const typed = async (start: string, thrown: Error): Promise<void> => {
      let asked = false;
      const flow = async (): Promise<never> => {
        asked = true;
        return Promise.reject(thrown);
      };
      // All that the picker asks of the session here.
      const session = { get: async () => Promise.resolve({ flow }) } as unknown as Services["session"];
      const picked = pickTarget({ ...shared, log, session }, { title: "Run", kinds: ["run"], start });
      await until("the picker reads what lies below", () => asked || undefined);
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      assert.equal(await picked, undefined);
    };
    await typed("..", new MetaflowInvalidPathspec("'..' is not a pathspec"));
    await typed("NoFlow", new MetaflowNotFound("Flow('NoFlow') does not exist"));
    assert.deepEqual(logged, []);
    await typed("TrainFlow", new DatastoreError("the disk is gone"));
    assert.match(logged.join("\n"), /the disk is gone/);
  });

  it("are found by a line of the scheduler, which names no flow", async () => {
    const [, id = "", step = "", number = ""] = task.split("/");
    await vscode.commands.executeCommand(GO, run);
    await vscode.commands.executeCommand(
      GO,
      `2026-11-23 17:02:13.123 [${id}/${step}/${number} (pid 4711)] Task is starting.`,
    );
    await selected(task);
  });

  it("are gone to: an artifact opens in its editor, a log as a document", async () => {
    await vscode.commands.executeCommand(GO, `${task}/name`);
    const input = await until("the artifact's editor", () => {
      const shown = activeInput();
      return shown instanceof vscode.TabInputCustom ? shown : undefined;
    });
    assert.equal(input.uri.path, `/${task}/name.artifact`);
    await vscode.commands.executeCommand(GO, `metaflow:/${task}/stdout.log`);
    const document = await until("the log's document", () => vscode.window.activeTextEditor?.document);
    assert.equal(document.uri.path, `/${task}/stdout.log`);
  });

  it("that do not exist are refused without an error of the command", async () => {
    await vscode.commands.executeCommand(GO, "TrainFlow/77");
    await vscode.commands.executeCommand(GO, "../etc/passwd");
  });

  it("are copied: one, several as lines, and that of the document in front", async () => {
    const other = (await runWith("EvalFlow", "baseline")).pathspec;
    const rows = [run, other].map((pathspec) => ({ target: { kind: "run", pathspec } }));
    await vscode.commands.executeCommand(COPY, rows[0], rows);
    assert.equal(await vscode.env.clipboard.readText(), `${run}\n${other}`);
    await vscode.commands.executeCommand(COPY, rows[0], [rows[0]]);
    assert.equal(await vscode.env.clipboard.readText(), run);
    await closeEditors();
    await vscode.commands.executeCommand("metaflow.log.openStdout", task);
    await until("the log's document", () => vscode.window.activeTextEditor);
    await vscode.commands.executeCommand(COPY);
    assert.equal(await vscode.env.clipboard.readText(), task);
  });

  it("of the document in front are revealed in the sidebar", async () => {
    await vscode.commands.executeCommand(GO, run);
    await selected(run);
    await vscode.commands.executeCommand("metaflow.log.openStdout", task);
    await vscode.commands.executeCommand("metaflow.pathspec.reveal");
    await until(
      "the task or its log selected",
      () => shared.sidebar.selection.some((target) => target.pathspec === task) || undefined,
    );
  });

  it("are folders of the metaflow: scheme, down to logs and artifacts", async () => {
    const names = async (path: string): Promise<readonly string[]> =>
      (await vscode.workspace.fs.readDirectory(vscode.Uri.from({ scheme: "metaflow", path }))).map(
        ([name]) => name,
      );
    assert.ok((await names("/")).includes("TrainFlow"));
    assert.ok((await names(`/${run}`)).includes("train"));
    const parts = await names(`/${task}`);
    assert.ok(parts.includes("stdout.log") && parts.includes("losses.artifact"), parts.join());
    const [, runId] = run.split("/");
    assert.equal((await names("/TrainFlow")).includes(runId ?? ""), true);
    await anotherClient();
  });

  it("cannot be written to, and what does not exist is said to be missing", async () => {
    const uri = vscode.Uri.from({ scheme: "metaflow", path: `/${task}/stdout.log` });
    assert.equal(vscode.workspace.fs.isWritableFileSystem("metaflow"), false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
    await assert.rejects(
      async () => vscode.workspace.fs.readFile(uri.with({ path: "/TrainFlow/77/train/1/stdout.log" })),
      (error) => error instanceof vscode.FileSystemError && error.code === "FileNotFound",
    );
  });
});
