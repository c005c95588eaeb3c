import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Metaflow, Run } from "../../src/client/index.ts";
import { openMetaflow } from "../../src/client/index.ts";
import type { Services } from "../../src/features/services.ts";

const ID = "metaflow-tools.vscode-metaflow";

/** The extension's shared objects, which it gives to tests alone. */
export async function services(): Promise<Services> {
  const extension = vscode.extensions.getExtension<{ services: Services } | undefined>(ID);
  assert.ok(extension);
  const testing = await extension.activate();
  assert.ok(testing);
  return testing.services;
}

/** The folder that VS Code has open: a fresh copy of the sample project. */
export function projectFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri.fsPath;
}

/** Another client on the project's datastore, as another program would have it. */
export async function anotherClient(): Promise<Metaflow> {
  return openMetaflow({ metadata: `local@${projectFolder()}`, namespace: null });
}

/** The newest run of a flow that has all these tags. */
export async function runWith(flow: string, ...tags: string[]): Promise<Run> {
  for await (const run of (await (await anotherClient()).flow(flow)).runs(...tags)) return run;
  throw new Error(`no run of ${flow} has ${tags.join(", ")}`);
}

/** Waits until something holds, as the person in front of the screen would; generously, because other suites have the cores at the same time. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Closes every editor. */
export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** What the tab in front shows. */
export function activeInput(): unknown {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
}
