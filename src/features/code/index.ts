import * as vscode from "vscode";
import { codeOf, type OwnedCode } from "../codeOf.ts";
import { Command } from "../commands.ts";
import { withProgress } from "../progress.ts";
import { onCommand, Refusal, remedy, type Services } from "../services.ts";
import { subjectOf } from "../subject.ts";
import { t } from "../text.ts";
import { codeUri, parseUri } from "../uris.ts";
import { lineOfFlow, lineOfStep } from "./locate.ts";
import { findInWorkspace, scriptNameOf } from "./workspaceScript.ts";

const KINDS = ["run", "step", "task"] as const;
// Metaflow >= 2.15.21
const KEEP_CODE = "METAFLOW_FEAT_ALWAYS_UPLOAD_CODE_PACKAGE";

/** The flow's source as it ran, and what has changed in the workspace since. */
export function register(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    onCommand(services, Command.OpenCode, async (...args) => openCode(services, args)),
    onCommand(services, Command.DiffCode, async (...args) => diffCode(services, args)),
  );
}

/** What is known of a run's source. */
interface Source {
  readonly pathspec: string;
  readonly flow: string;
  readonly step: string | undefined;
  readonly owned: OwnedCode | undefined;
  /** The flow's file in the package, or as recorded without one. */
  readonly script: string | undefined;
  readonly startedAt: Date;
}

async function openCode(services: Services, args: readonly unknown[]): Promise<vscode.Uri> {
  const source = await sourceOf(services, args, t("Open Flow Source"));
  if (source.owned !== undefined && source.script !== undefined) {
    const uri = await recordedFile(source, source.owned, source.script);
    await showAt(uri, source);
    return uri;
  }
  const local = await findInWorkspace(source.flow, source.script);
  if (local === undefined) throw noSource(source);
  await showAt(local, source);
  const changed = (await vscode.workspace.fs.stat(local)).mtime > source.startedAt.getTime();
  void tellItIsLocal(source.pathspec, vscode.workspace.asRelativePath(local), changed);
  return local;
}

/** Says that what is shown need not be what ran, and how to have that the next time. */
async function tellItIsLocal(pathspec: string, file: string, changed: boolean): Promise<void> {
  const how = t("How to Keep Code");
  const since = changed
    ? t("It was saved after the run started, so it may differ from what ran.")
    : t("It has not changed since the run started.");
  const answer = await vscode.window.showInformationMessage(
    t("This is {0} of the workspace: Metaflow kept no code package of {1}. {2}", file, pathspec, since),
    how,
  );
  if (answer !== how) return;
  const copy = t("Copy");
  const setting = `${KEEP_CODE}=1`;
  const next = await vscode.window.showInformationMessage(
    t("With {0} in its environment, Metaflow keeps a code package of every run.", setting),
    copy,
  );
  if (next === copy) await vscode.env.clipboard.writeText(setting);
}

async function diffCode(
  services: Services,
  args: readonly unknown[],
): Promise<readonly [vscode.Uri, vscode.Uri]> {
  const open = args[0] instanceof vscode.Uri ? parseUri(args[0]) : undefined;
  const source = await sourceOf(services, args, t("Compare Flow Source with Workspace"));
  const { owned, script } = source;
  if (owned === undefined || script === undefined) {
    throw new Refusal(
      t(
        "Metaflow kept no code package of {0}, so there is nothing to compare with. With {1}=1 in its environment it keeps one of every run.",
        source.pathspec,
        KEEP_CODE,
      ),
      [remedy(t("Open Flow Source"), Command.OpenCode, source.pathspec)],
    );
  }
  const workspaceScript = await findInWorkspace(source.flow, script);
  if (workspaceScript === undefined) {
    throw new Refusal(
      t("No file of this workspace defines {0}, so there is nothing to compare with.", source.flow),
      [remedy(t("Open Flow Source"), Command.OpenCode, source.pathspec)],
    );
  }
  const member = open?.kind === "code" && open.member !== "" ? open.member : script;
  // Other files of the package lie beside the flow's, as they did when it was packed.
  const local = member === script ? workspaceScript : vscode.Uri.joinPath(workspaceScript, "..", member);
  const recorded = vscode.Uri.from(codeUri(owned.owner, member));
  const title = t("{0} ({1} ↔ workspace)", member, owned.owner);
  await vscode.commands.executeCommand("vscode.diff", recorded, local, title, { preview: true });
  return [recorded, local];
}

async function sourceOf(services: Services, args: readonly unknown[], title: string): Promise<Source> {
  const { pathspec } = await subjectOf(services, args, { title, kinds: KINDS });
  const [flow = "", runId = "", step] = pathspec.split("/");
  return withProgress(t("Reading the code of {0}", pathspec), async (io) => {
    const metaflow = await services.session.get();
    const owned = await codeOf(metaflow, pathspec, io);
    const run = await metaflow.run(`${flow}/${runId}`, io);
    const script = owned === undefined ? await scriptNameOf(metaflow, run, io) : owned.code.scriptName;
    return { pathspec, flow, step, owned, script, startedAt: run.startedAt };
  });
}

/** The package's file that defines the step: the flow's own, or the one that it inherits the step from. */
async function recordedFile(source: Source, { owner, code }: OwnedCode, script: string): Promise<vscode.Uri> {
  const own = vscode.Uri.from(codeUri(owner, script));
  if (source.step === undefined) return own;
  const step = source.step;
  const text = async (bytes: Promise<Uint8Array>): Promise<string> => new TextDecoder().decode(await bytes);
  const members = (await code.tarball()).filter(({ name, kind }) => kind === "file" && isUserPython(name));
  const flowFile = members.find(({ name }) => name === script);
  if (flowFile === undefined || lineOfStep(await text(flowFile.bytes()), step) !== undefined) return own;
  for (const member of members) {
    if (lineOfStep(await text(member.bytes()), step) !== undefined) {
      return vscode.Uri.from(codeUri(owner, member.name));
    }
  }
  return own;
}

// Metaflow's own library is packed too.
function isUserPython(name: string): boolean {
  return name.endsWith(".py") && !/^(?:\.mf_code|metaflow|metaflow_extensions)\//.test(name);
}

async function showAt(uri: vscode.Uri, { flow, step }: Source): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const source = document.getText();
  const line = (step === undefined ? undefined : lineOfStep(source, step)) ?? lineOfFlow(source, flow) ?? 0;
  const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
  const editor = await vscode.window.showTextDocument(document, {
    preview: true,
    selection: new vscode.Range(range.start, range.start),
  });
  editor.revealRange(range, vscode.TextEditorRevealType.AtTop);
}

function noSource({ pathspec, flow, script }: Source): Refusal {
  const message =
    script === undefined
      ? t("Metaflow kept no code package of {0}, and no file of this workspace defines {1}.", pathspec, flow)
      : t(
          "Metaflow kept no code package of {0}, and its script {1} is not in this workspace.",
          pathspec,
          script,
        );
  return new Refusal(message, [
    { title: t("Open Folder…"), run: () => vscode.commands.executeCommand("vscode.openFolder") },
  ]);
}
