import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { LogStreaming } from "../../src/features/logs/stream.ts";
import { anotherClient, closeEditors, projectFolder, runWith, until } from "./support.ts";

const STREAM = "metaflow.log.stream";

describe("logs", () => {
  before(async () => vscode.commands.executeCommand("metaflow.namespace.pick", null));
  after(async () => vscode.commands.executeCommand("metaflow.namespace.pick", "user:ada"));
  afterEach(closeEditors);

  it("of a finished task open as documents, line for line what Metaflow's client gives", async () => {
    const task = await (await (await runWith("TrainFlow", "best")).get("train")).task();
    assert.ok(task);
    await vscode.commands.executeCommand("metaflow.log.openStdout", task.pathspec);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), `metaflow:/${task.pathspec}/stdout.log`);
    assert.equal(document.languageId, "log");
    // As a terminal would leave it.
    assert.equal(document.getText(), (await task.stdout()).replaceAll(/\u001b\[[0-9;]*m/g, ""));
  });

  it("that are empty are said to be empty", async () => {
    const task = await (await (await runWith("TrainFlow", "best")).get("train")).task();
    assert.equal(await task?.stderr(), "");
    await vscode.commands.executeCommand("metaflow.log.openStderr", task?.pathspec);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it("of a task that a resume took over are where it was executed: nothing opens, the message says where", async () => {
    const resumed = await runWith("ReportFlow", "user:lin");
    const origin = await resumed.originPathspec();
    assert.ok(origin);
    const task = await (await resumed.get("text")).task();
    assert.ok(task);
    assert.equal(await task.stdoutSize(), 0);
    await vscode.commands.executeCommand("metaflow.log.openStdout", task.pathspec);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it("are saved as a whole to a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "metaflow-log-"));
    const task = await (await (await runWith("TrainFlow", "best")).get("train")).task();
    assert.ok(task);
    const destination = vscode.Uri.file(join(folder, "saved.log"));
    const target = { kind: "log", pathspec: task.pathspec, stream: "stdout", destination };
    await vscode.commands.executeCommand("metaflow.log.save", target);
    assert.equal(await readFile(destination.fsPath, "utf8"), await task.stdout());
    await rm(folder, { recursive: true });
  });

  it("of a gigabyte open at once with their end, and say how to get all of them", async () => {
    const task = await (await runWith("TrainFlow", "best")).get("evaluate").then(async (step) => step.task());
    assert.ok(task);
    const path = join(projectFolder(), ".metaflow", task.pathspec, "0.runtime_stdout.log");
    const small = await readFile(path);
    try {
      await writeFile(path, repeated(small, 1e9));
      await vscode.commands.executeCommand("metaflow.log.openStdout", task.pathspec);
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      assert.match(
        document.lineAt(0).text,
        /^… \d+ MB of this log come before this line\..*Save Whole Log As…/,
      );
      assert.equal(
        document.getText().split("\n").at(-2),
        small
          .toString("utf8")
          .split("\n")
          .at(-2)
          ?.replace(/^\[MFLOG[^\]]*\]/, ""),
      );
      assert.ok(document.getText().length < 20e6);
    } finally {
      await writeFile(path, small);
    }
  });

  it("of a finished task are streamed at once, with how the task ended", async () => {
    const task = await (await (await runWith("TrainFlow", "best")).get("train")).task();
    assert.ok(task);
    const streaming = await stream(task.pathspec);
    await streaming.ended;
    const text = await outputText(streaming, "has ended");
    assert.match(text, / out {2}epoch\s+1\/10/);
    assert.ok(text.includes(`${task.pathspec} has ended: completed`), text);
  });

  describe("that grow while the task runs", () => {
    let gate = "";
    let flow: ChildProcess;
    let task = "";

    const say = async (number: number): Promise<void> => writeFile(join(gate, String(number)), "");

    before(async () => {
      const python = process.env["VSCODE_METAFLOW_PYTHON"];
      assert.ok(python);
      gate = await mkdtemp(join(tmpdir(), "metaflow-gate-"));
      const script = join(process.env["VSCODE_METAFLOW_HELPERS"] ?? "", "growing_log_flow.py");
      flow = spawn(python, [script, "run", "--gate", gate], { cwd: projectFolder(), stdio: "ignore" });
      const client = await anotherClient();
      task = await until("the task to run", async () => {
        if (!(await client.has("GrowingLogFlow"))) return undefined;
        const run = await (await client.flow("GrowingLogFlow")).latestRun();
        if (run === undefined || !(await run.has("start"))) return undefined;
        const found = await (await run.get("start")).task();
        return (await found?.metadataDict())?.has("ds-root") === true ? found?.pathspec : undefined;
      });
    });

    after(async () => {
      await writeFile(join(gate, "end"), "");
      if (flow.exitCode === null && flow.signalCode === null) await once(flow, "exit");
      await rm(gate, { recursive: true, force: true });
      // Other specs know the sample's flows.
      await rm(join(projectFolder(), ".metaflow/GrowingLogFlow"), { recursive: true, force: true });
    });

    it("are streamed line by line, standard error apart, and waiting is explained", async () => {
      const streaming = await stream(task);
      await outputText(streaming, "Metaflow writes the log of a local task when the task ends");
      await say(1);
      await outputText(streaming, "out  line 1");
      await say(2);
      const text = await outputText(streaming, "err  warning 2");
      assert.match(text, /\d\d:\d\d:\d\d\.\d{3} out {2}line 1/);
      assert.equal(streaming.active, true);
    });

    it("are documents that grow with them", async () => {
      await vscode.commands.executeCommand("metaflow.log.openStdout", task);
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      await until("what was logged so far", () => document.getText().includes("line 1\nline 2\n"));
      await say(3);
      await until("the new line in the document", () => document.getText().includes("line 3"));
    });

    it("are followed until they are stopped, and begin again where they stand", async () => {
      const first = await stream(task);
      await vscode.commands.executeCommand("metaflow.log.stop", task);
      await first.ended;
      await outputText(first, "the task itself goes on");
      const second = await stream(task);
      await outputText(second, "out  line 3");
      await writeFile(join(gate, "end"), "");
      await second.ended;
      const text = await outputText(second, "has ended: completed");
      assert.equal(text.split("line 3").length, 2, "no line comes twice");
    });
  });
});

/** A real log over and over, as the chunks of a file. */
function repeated(log: Buffer, sizeBytes: number): Iterable<Buffer> {
  const block = Buffer.concat(Array.from({ length: Math.ceil(2 ** 22 / log.length) }, () => log));
  return Array.from({ length: Math.ceil(sizeBytes / block.length) }, () => block);
}

async function stream(pathspec: string): Promise<LogStreaming> {
  const streaming = await vscode.commands.executeCommand<LogStreaming | undefined>(STREAM, pathspec);
  assert.ok(streaming);
  return streaming;
}

/** What the channel shows, once it shows a text: VS Code keeps the channel in front as a document. */
async function outputText(streaming: LogStreaming, text: string): Promise<string> {
  streaming.channel.show(true);
  let last = "";
  try {
    return await until(text, () => {
      const shown = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "output");
      last = shown.map((document) => document.getText()).join("\n");
      return shown.map((document) => document.getText()).find((each) => each.includes(text));
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}; the output was: ${last}`, { cause: error });
  }
}
