import * as vscode from "vscode";
import type { IoOptions } from "../../base/io.ts";
import type { Metaflow, Run, Task } from "../../client/index.ts";
import { t } from "../text.ts";
import { lineOfFlow } from "./locate.ts";

const SKIPPED = "**/{.metaflow,.metaflow_spin,node_modules,.venv,venv,.git,__pycache__,site-packages}/**";
const MAX_FILES = 400;

/** The file name of a run's flow as Metaflow recorded it (2.15.8), from whichever task says it; `undefined` in older runs. */
export async function scriptNameOf(
  metaflow: Metaflow,
  run: Run,
  io?: IoOptions,
): Promise<string | undefined> {
  const parameters = await metaflow.step(`${run.pathspec}/_parameters`, io).catch(() => undefined);
  const first = await parameters?.task(io);
  const recorded = first && (await nameIn(first, io));
  if (recorded !== undefined) return recorded;
  for (const step of (await run.page({ limit: 1 }, io)).items) {
    const task = await step.task(io);
    const name = task && (await nameIn(task, io));
    if (name !== undefined) return name;
  }
  return undefined;
}

/**
 * The file in the workspace that defines a flow: of the recorded name where there is one, else any Python file. Of several the person picks.
 * `undefined` when there is none. Rejects with vscode.CancellationError when the person went away.
 */
export async function findInWorkspace(
  flow: string,
  name: string | undefined,
): Promise<vscode.Uri | undefined> {
  const named = name === undefined ? [] : await definitions(flow, `**/${escapeGlob(basename(name))}`);
  const found = named.length > 0 ? named : await definitions(flow, "**/*.py");
  if (found.length <= 1) return found[0];
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Which File Is the Source of {0}?", flow),
  });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.uri;
}

async function nameIn(task: Task, io: IoOptions | undefined): Promise<string | undefined> {
  const value = (await task.metadataDict(io)).get("script-name");
  return typeof value === "string" && value !== "" ? value : undefined;
}

async function definitions(flow: string, glob: string): Promise<readonly vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(glob, SKIPPED, MAX_FILES);
  const checked = await Promise.all(
    files.map(async (uri) => {
      try {
        const source = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
        return lineOfFlow(source, flow) === undefined ? [] : [uri];
      } catch {
        return []; // What cannot be read is not the file that could be opened.
      }
    }),
  );
  return checked.flat().sort((a, b) => a.path.length - b.path.length || a.path.localeCompare(b.path));
}

function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, "[$&]");
}
