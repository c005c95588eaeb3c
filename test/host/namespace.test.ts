import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Services } from "../../src/features/services.ts";
import { runWith, services, until } from "./support.ts";

const PICK = "metaflow.namespace.pick";

describe("the namespace", () => {
  let shared: Services;
  before(async () => {
    shared = await services();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand(PICK, "user:ada");
  });

  const flows = async (): Promise<readonly string[]> => {
    const rows = (await shared.sidebar.provider.getChildren()) ?? [];
    const items = await Promise.all(rows.map(async (row) => shared.sidebar.provider.getTreeItem(row)));
    return items.map(({ label }) => (typeof label === "string" ? label : (label?.label ?? "")));
  };

  it("is Metaflow's default at first", async () => {
    assert.equal((await shared.session.get()).namespace, "user:ada");
  });

  it("is effective at once when it is switched: the sidebar shows the other's flows", async () => {
    await vscode.commands.executeCommand(PICK, "user:lin");
    assert.equal((await shared.session.get()).namespace, "user:lin");
    await until(
      "TuneFlow, which lin alone ran",
      async () => (await flows()).includes("TuneFlow") || undefined,
    );
    await vscode.commands.executeCommand(PICK, "user:ada");
    await until("ada's flows without it", async () => !(await flows()).includes("TuneFlow") || undefined);
  });

  it("can be the global one, where everything is seen", async () => {
    await vscode.commands.executeCommand(PICK, null);
    const metaflow = await shared.session.get();
    assert.equal(metaflow.namespace, null);
    const [ada, lin] = [await runWith("EvalFlow", "user:ada"), await runWith("EvalFlow", "user:lin")];
    for (const run of [ada, lin]) assert.equal((await metaflow.run(run.pathspec)).id, run.id);
  });

  it("stays after the session is opened anew", async () => {
    await vscode.commands.executeCommand(PICK, "user:lin");
    shared.session.reopen();
    assert.equal((await shared.session.get()).namespace, "user:lin");
  });
});
