import assert from "node:assert/strict";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../../src/features/services.ts";
import { projectFolder, runWith, services, until } from "./support.ts";

const NAMESPACE = "metaflow.namespace.pick";
const FILTER = "metaflow.runs.filter";

describe("the sidebar", () => {
  let shared: Services;
  before(async () => {
    shared = await services();
    await vscode.commands.executeCommand(NAMESPACE, null);
    await vscode.commands.executeCommand("metaflow.runs.focus");
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("metaflow.runs.clearFilter");
  });
  after(async () => {
    await vscode.commands.executeCommand(NAMESPACE, "user:ada");
  });

  const children = async (row?: unknown): Promise<unknown[]> =>
    (await shared.sidebar.provider.getChildren(row)) ?? [];
  const item = async (row: unknown): Promise<vscode.TreeItem> => shared.sidebar.provider.getTreeItem(row);
  const labelled = async (rows: readonly unknown[]): Promise<Map<string, unknown>> => {
    const items = await Promise.all(rows.map(item));
    return new Map(items.map(({ label }, index) => [typeof label === "string" ? label : "", rows[index]]));
  };
  const rowOf = async (label: string, parent?: unknown): Promise<unknown> => {
    const rows = await labelled(await children(parent));
    const row = rows.get(label);
    assert.ok(row, `no row ${label} among ${[...rows.keys()].join(", ")}`);
    return row;
  };

  it("shows the flows, the one with the newest run first and open", async () => {
    const [first] = await children();
    const shown = await item(first);
    assert.equal(shown.label, "TrainFlow");
    assert.equal(shown.collapsibleState, vscode.TreeItemCollapsibleState.Expanded);
  });

  it("shows how each run stands, by icon, words and context value", async () => {
    const run = await runWith("TrainFlow", "look-into");
    const shown = await until("the run's failure", async () => {
      // Found anew: a refresh makes other rows.
      const rows = await children(await rowOf("TrainFlow"));
      const now = await item(rows.find((each) => idOf(each) === `run:${run.pathspec}`));
      return String(now.description).startsWith("failed in train[") ? now : undefined;
    });
    assert.ok(shown.iconPath instanceof vscode.ThemeIcon);
    assert.equal(shown.iconPath.id, "error");
    assert.equal(shown.contextValue, "metaflow:run+failed");
    assert.match(String(shown.description), /#look-into/);
    assert.match(shown.accessibilityInformation?.label ?? "", new RegExp(`run ${run.id}, failed`));
  });

  it("reads a hover when it is asked for, as Markdown that runs nothing", async () => {
    const run = await runWith("TrainFlow", "look-into");
    const rows = await children(await rowOf("TrainFlow"));
    const row = rows.find((each) => idOf(each) === `run:${run.pathspec}`);
    const shown = await item(row);
    assert.equal(shown.tooltip, undefined);
    const source = new vscode.CancellationTokenSource();
    const resolved = await shared.sidebar.provider.resolveTreeItem?.(shown, row, source.token);
    assert.ok(resolved?.tooltip instanceof vscode.MarkdownString);
    assert.equal(resolved.tooltip.isTrusted, false);
    assert.match(resolved.tooltip.value, new RegExp(run.id));
    assert.match(resolved.tooltip.value, /Diverged/);
  });

  it("goes down to logs and artifacts, which a click opens", async () => {
    const run = await runWith("TrainFlow", "reviewed");
    const rows = await children(await rowOf("TrainFlow"));
    const runRow = rows.find((each) => idOf(each) === `run:${run.pathspec}`);
    const start = await rowOf("start", runRow);
    const stdout = await item(await rowOf("stdout", start));
    assert.equal(stdout.command?.command, "metaflow.log.openStdout");
    const artifact = await item(await rowOf("epochs", start));
    assert.equal(artifact.command?.command, "metaflow.artifact.open");
    assert.match(String(artifact.description), /^\d+$/);
    assert.equal(artifact.contextValue, "metaflow:artifact");
  });

  it("reads the children of a row once", async () => {
    const flow = await rowOf("TrainFlow");
    const [once] = await children(flow);
    const [again] = await children(flow);
    assert.equal(once, again);
  });

  it("shows only what a filter lets through, until it is cleared", async () => {
    const all = (await children()).length;
    await vscode.commands.executeCommand(FILTER, "status:failed user:ada");
    const flows = await children();
    assert.ok(flows.length > 0 && flows.length < all);
    for (const flow of flows) {
      for (const run of await children(flow)) {
        assert.equal((await item(run)).contextValue, "metaflow:run+failed");
      }
    }
    assert.equal(shared.memory.get("runs.filter"), "user:ada status:failed");
    await vscode.commands.executeCommand("metaflow.runs.clearFilter");
    assert.equal((await children()).length, all);
    assert.equal(shared.memory.get("runs.filter"), undefined);
  });

  it("says where no run matches, and offers to clear the filter", async () => {
    await vscode.commands.executeCommand(FILTER, "no-such-run-anywhere");
    const shown = await Promise.all((await children()).map(item));
    assert.deepEqual(
      shown.map(({ label }) => label),
      ["No runs match the filter", "Clear Filter"],
    );
  });

  it("shows nothing in a namespace without runs", async () => {
    await vscode.commands.executeCommand(NAMESPACE, "user:nobody");
    assert.deepEqual(await children(), []);
    await vscode.commands.executeCommand(NAMESPACE, null);
    assert.ok((await children()).length > 0);
  });

  it("reveals an object, whatever has to be opened for it", async () => {
    const run = await runWith("TrainFlow", "reviewed");
    const task = await (await run.get("train")).task();
    assert.ok(task);
    await shared.sidebar.reveal({ kind: "task", pathspec: task.pathspec });
    await until(
      "the selection of the task",
      () => shared.sidebar.selection.some(({ pathspec }) => pathspec === task.pathspec) || undefined,
    );
  });

  it("shows a run that another program starts, without a click", async () => {
    const run = await runWith("TrainFlow", "reviewed");
    const flows = join(projectFolder(), ".metaflow");
    const copy = join(flows, "TrainFlow", "1795999999999999");
    // Whole at once, as a run that was moved here; its record then names it.
    const making = join(flows, "TrainFlow", "tmp-making");
    await cp(join(flows, run.pathspec), making, { recursive: true });
    await writeFile(
      join(making, "_meta", "_self.json"),
      JSON.stringify({
        flow_id: "TrainFlow",
        run_number: "1795999999999999",
        tags: [],
        system_tags: ["user:ada"],
        ts_epoch: 1795999999999,
        user_name: "ada",
      }),
    );
    try {
      await rename(making, copy);
      await until("the new run's row", async () => {
        const rows = await children(await rowOf("TrainFlow"));
        return rows.some((row) => idOf(row) === "run:TrainFlow/1795999999999999") || undefined;
      });
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
    await until("its row to go", async () => {
      const rows = await children(await rowOf("TrainFlow"));
      return !rows.some((row) => idOf(row) === "run:TrainFlow/1795999999999999") || undefined;
    });
  });
});

describe("the datastore", () => {
  let shared: Services;
  before(async () => {
    shared = await services();
  });
  const flows = async (): Promise<number> => ((await shared.sidebar.provider.getChildren()) ?? []).length;

  it("can be another one, until the workspace's own is looked for again", async () => {
    await vscode.commands.executeCommand(NAMESPACE, null);
    const other = join(projectFolder(), "elsewhere");
    const own = await flows();
    await mkdir(join(other, ".metaflow"), { recursive: true });
    await cp(join(projectFolder(), ".metaflow", "TuneFlow"), join(other, ".metaflow", "TuneFlow"), {
      recursive: true,
    });
    try {
      await vscode.commands.executeCommand("metaflow.datastore.openFolder", other);
      assert.equal(await flows(), 1);
    } finally {
      await shared.session.choose({ kind: "automatic" });
      await rm(other, { recursive: true, force: true });
    }
    assert.equal(await flows(), own);
    await vscode.commands.executeCommand(NAMESPACE, "user:ada");
  });

  it("is not changed by a folder that holds none", async () => {
    const before = (await shared.session.get()).metadata;
    await vscode.commands.executeCommand("metaflow.datastore.openFolder", "/nowhere/at/all");
    assert.equal((await shared.session.get()).metadata, before);
  });

  it("can be the example's, where the workspace has none of its own", async () => {
    const hidden = join(projectFolder(), "hidden-metaflow");
    const own = join(projectFolder(), ".metaflow");
    await rename(own, hidden);
    try {
      await vscode.commands.executeCommand("metaflow.view.refresh");
      shared.session.reopen();
      assert.equal(await flows(), 0);
      await vscode.commands.executeCommand("metaflow.datastore.showExample");
      assert.ok((await flows()) > 2);
      assert.equal(shared.session.isExample, true);
    } finally {
      await rename(hidden, own);
      await shared.session.choose({ kind: "automatic" });
    }
    assert.equal(shared.session.isExample, false);
  });
});

function idOf(row: unknown): unknown {
  return typeof row === "object" && row !== null && "id" in row ? row.id : undefined;
}
