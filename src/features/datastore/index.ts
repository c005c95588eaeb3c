import { join } from "node:path";
import * as vscode from "vscode";
import { MetaflowError } from "../../client/errors.ts";
import { Command } from "../commands.ts";
import { onCommand, Refusal, remedy, type Services } from "../services.ts";

/** Pointing the sidebar to another datastore, or to the example. */
export function register(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    onCommand(services, Command.OpenDatastore, async (folder) => {
      const wanted = typeof folder === "string" ? folder : await askForFolder(services);
      if (wanted !== undefined) await open(services, wanted);
    }),
    onCommand(services, Command.ShowExample, async () => showExample(services)),
  );
}

/** What the person picked: a folder, or the word for looking in the workspace again. */
type Wanted = string | typeof WORKSPACE;
const WORKSPACE = Symbol("the workspace's own");

async function open({ session }: Services, wanted: Wanted): Promise<void> {
  try {
    await session.choose(wanted === WORKSPACE ? { kind: "automatic" } : { kind: "folder", root: wanted });
  } catch (cause) {
    if (!(cause instanceof MetaflowError)) throw cause;
    throw new Refusal(
      cause.message,
      [remedy(vscode.l10n.t("Open Another Datastore Folder…"), Command.OpenDatastore)],
      { severity: "error", cause },
    );
  }
  await vscode.commands.executeCommand("metaflow.runs.focus");
}

async function askForFolder({ session }: Services): Promise<Wanted | undefined> {
  if (session.choice.kind !== "automatic") {
    const look = { label: vscode.l10n.t("$(search) Look in the Workspace Again"), again: true };
    const browse = { label: vscode.l10n.t("$(folder-opened) Choose a Folder…"), again: false };
    const picked = await vscode.window.showQuickPick([look, browse], {
      placeHolder: vscode.l10n.t("Which datastore shall the sidebar show?"),
    });
    if (picked === undefined) return undefined;
    if (picked.again) return WORKSPACE;
  }
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: vscode.l10n.t("Open Datastore"),
      title: vscode.l10n.t("Folder that holds .metaflow"),
    })) ?? [];
  return folder?.fsPath;
}

async function showExample({ context, session }: Services): Promise<void> {
  const { unpackExample } = await import("./example.ts");
  const archive = join(context.extensionPath, "dist", "example.json.br");
  const version = String((context.extension.packageJSON as { version?: unknown }).version);
  const target = join(context.globalStorageUri.fsPath, `example-${version}`);
  const root = await vscode.window.withProgress(
    { location: { viewId: "metaflow.runs" }, title: vscode.l10n.t("Unpacking the example") },
    async () => unpackExample(archive, target),
  );
  await session.choose({ kind: "example", root });
  await vscode.commands.executeCommand("metaflow.runs.focus");
}
