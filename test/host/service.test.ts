import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../../src/features/services.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { anotherClient, projectFolder, services, until } from "./support.ts";

const KEY = "s3cr3t-key";
const HOUR_MS = 3_600_000;

/** Two flows: one with runs that are all over, one with a run that goes on. */
function someRows(): Rows {
  const rows = new Rows();
  for (const flow of ["DoneFlow", "LiveFlow"]) {
    rows.addFlow(flow, {});
    rows.addRun(flow, { user_name: "ada", tags: [], system_tags: ["user:ada"] }, Date.now() - HOUR_MS);
    const [run] = rows.flows.get(flow)?.runs ?? [];
    assert.ok(run);
    run.row["last_heartbeat_ts"] = (Date.now() - HOUR_MS) / 1000 + 1;
    const isLive = flow === "LiveFlow";
    const name = isLive ? "train" : "end";
    rows.addStep(run, name, {}, Date.now() - HOUR_MS);
    const step = run.steps.get(name);
    assert.ok(step);
    rows.addTask(run, step, {}, Date.now() - HOUR_MS);
    const [task] = step.tasks.values();
    assert.ok(task);
    const entry = (field: string, value: string) => ({
      field_name: field,
      value,
      type: field,
      tags: ["attempt_id:0"],
    });
    rows.addMetadata(run, task, [entry("attempt", "0")], Date.now() - HOUR_MS);
    if (!isLive)
      rows.addMetadata(
        run,
        task,
        [entry("attempt_ok", "True"), entry("attempt-done", "0")],
        Date.now() - HOUR_MS,
      );
  }
  return rows;
}

/** The run of LiveFlow shows that it is alive. */
function beat(rows: Rows): void {
  const [run] = rows.flows.get("LiveFlow")?.runs ?? [];
  assert.ok(run);
  run.row["last_heartbeat_ts"] = Date.now() / 1000;
  for (const { tasks } of run.steps.values())
    for (const { row } of tasks.values()) row["last_heartbeat_ts"] = Date.now() / 1000;
}

describe("a metadata service", () => {
  let shared: Services;
  let service: MetadataService;
  let proxy: FaultProxy;
  let url: string;
  before(async () => {
    shared = await services();
    await vscode.commands.executeCommand("metaflow.namespace.pick", null);
    await vscode.commands.executeCommand("metaflow.runs.focus");
  });
  beforeEach(async () => {
    service = new MetadataService({ apiKey: KEY, rows: someRows() });
    proxy = new FaultProxy(await service.start());
    url = await proxy.start();
  });
  afterEach(async () => {
    await shared.session.choose({ kind: "automatic" });
    await shared.keys.forget(url);
    await proxy.stop();
    await service.stop();
  });
  after(async () => {
    await vscode.commands.executeCommand("metaflow.namespace.pick", "user:ada");
  });

  const items = async (row?: unknown): Promise<readonly vscode.TreeItem[]> => {
    const rows = (await shared.sidebar.provider.getChildren(row)) ?? [];
    return Promise.all(rows.map(async (each) => shared.sidebar.provider.getTreeItem(each)));
  };
  const labels = async (): Promise<readonly unknown[]> => (await items()).map(({ label }) => label);
  const shown = async (expected: readonly string[]): Promise<void> => {
    await until(`the rows ${expected.join(", ")}`, async () => {
      const found = await labels();
      return (found.length === expected.length && expected.every((one) => found.includes(one))) || undefined;
    });
  };
  const state = async (pattern: RegExp): Promise<vscode.TreeItem> =>
    until(`a state like ${pattern.source}`, async () => {
      const [first] = await items();
      return typeof first?.label === "string" && pattern.test(first.label) ? first : undefined;
    });
  /** What of an answer is asked while nobody does anything, once what was asked before is over. */
  const askedWithin = async (ms: number): Promise<readonly string[]> => {
    await until("the reading to end", async () => {
      const before = service.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return service.requests.length === before || undefined;
    });
    service.requests.length = 0;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return [...service.requests];
  };

  it("is read by its address, with the key that is kept for it", async () => {
    await shared.keys.set(url, KEY);
    await vscode.commands.executeCommand("metaflow.service.connect", `${url}/`);
    await shown(["DoneFlow", "LiveFlow"]);
    assert.equal((await shared.session.get()).metadata, `service@${url}`);
    assert.deepEqual(shared.session.choice, { kind: "address", url });
  });

  it("is read by the profile that names it, and the workspace's own datastore again after it", async () => {
    const home = process.env["METAFLOW_HOME"] ?? "";
    assert.ok(home);
    await mkdir(home, { recursive: true });
    const file = join(home, "config_prod.json");
    const profile = {
      METAFLOW_DEFAULT_METADATA: "service",
      METAFLOW_SERVICE_URL: url,
      METAFLOW_SERVICE_AUTH_KEY: KEY,
    };
    await writeFile(file, JSON.stringify(profile));
    try {
      await vscode.commands.executeCommand("metaflow.profile.switch", "prod");
      await shown(["DoneFlow", "LiveFlow"]);
      assert.equal(shared.session.place?.label, "prod");
    } finally {
      await rm(file);
    }
    await shared.session.choose({ kind: "automatic" });
    const flows: string[] = [];
    for await (const flow of await anotherClient()) flows.push(flow.id);
    await shown(flows);
    assert.equal((await shared.session.get()).metadata, `local@${projectFolder()}`);
  });

  it("that refuses is shown to, with what to do, and is read once its key is set", async () => {
    await shared.keys.set(url, "wrong");
    await shared.session.choose({ kind: "address", url });
    const refused = await state(/^Access refused$/);
    assert.equal(refused.contextValue, "metaflow:state+forbidden");
    assert.match(String(refused.description), /^wants another key · 127\.0\.0\.1:\d+$/);
    assert.equal(refused.command?.command, "metaflow.service.setKey");
    assert.ok((await labels()).includes("Set Key…"));
    const before = service.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(service.requests.length, before);

    await shared.keys.set(url, KEY);
    await shown(["DoneFlow", "LiveFlow"]);
  });

  it("that goes away leaves what was shown, with its age, and comes back by itself", async () => {
    await shared.keys.set(url, KEY);
    await shared.session.choose({ kind: "address", url });
    await shown(["DoneFlow", "LiveFlow"]);
    const [flow] = (await shared.sidebar.provider.getChildren()) ?? [];
    const runs = (await items(flow)).map(({ label }) => label);
    assert.ok(runs.length > 0);

    proxy.fail(FAULTS.reset, Infinity);
    await vscode.commands.executeCommand("metaflow.view.refresh");
    const away = await state(/^Not answered$/);
    assert.equal(away.contextValue, "metaflow:state");
    assert.match(String(away.description), /^read at \d\d:\d\d · 127\.0\.0\.1:\d+$/);
    assert.equal((await labels()).length, 3);
    const [, kept] = (await shared.sidebar.provider.getChildren()) ?? [];
    assert.deepEqual(
      (await items(kept)).map(({ label }) => label),
      runs,
    );
    proxy.heal();
    await shown(["DoneFlow", "LiveFlow"]);
  });

  it("whose answers are of something else is told from one that is away", async () => {
    await shared.keys.set(url, KEY);
    await shared.session.choose({ kind: "address", url });
    await shown(["DoneFlow", "LiveFlow"]);
    proxy.fail(FAULTS.answer(200, "<!doctype html><title>Sign in</title>"), Infinity);
    await vscode.commands.executeCommand("metaflow.view.refresh");
    await state(/^No metadata service$/);
    proxy.heal();
    proxy.fail(FAULTS.answer(500, '{"detail": "no database"}'), Infinity);
    await vscode.commands.executeCommand("metaflow.view.refresh");
    await state(/^Nothing but errors$/);
    proxy.heal();
    await shown(["DoneFlow", "LiveFlow"]);
  });

  it("is asked one cheap thing an interval while a run that is shown goes on, nothing while the view is hidden", async () => {
    beat(service.rows);
    await shared.keys.set(url, KEY);
    await shared.session.choose({ kind: "address", url });
    await shown(["DoneFlow", "LiveFlow"]);
    const flows = (await shared.sidebar.provider.getChildren()) ?? [];
    for (const flow of flows) await shared.sidebar.provider.getChildren(flow);

    const whileLive = await askedWithin(11_000);
    assert.ok(whileLive.length >= 1 && whileLive.length <= 3, whileLive.join("\n"));
    for (const request of whileLive)
      assert.match(request, /^GET \/flows\/LiveFlow\/runs\/2\/metadata\?_limit=1$/);

    await vscode.commands.executeCommand("workbench.view.explorer");
    try {
      assert.deepEqual(await askedWithin(6_000), []);
    } finally {
      await vscode.commands.executeCommand("metaflow.runs.focus");
    }
  });

  it("is asked nothing while all that is shown is over", async () => {
    service.rows.flows.delete("LiveFlow");
    await shared.keys.set(url, KEY);
    await shared.session.choose({ kind: "address", url });
    await shown(["DoneFlow"]);
    const [flow] = (await shared.sidebar.provider.getChildren()) ?? [];
    await shared.sidebar.provider.getChildren(flow);
    assert.deepEqual(await askedWithin(11_000), []);
  });
});
