import * as vscode from "vscode";
import type { Copyable } from "../../protocol/artifact.ts";
import { checkRowOrder } from "../../protocol/arrange.ts";
import { EXPORT_FORMATS } from "../../protocol/exports.ts";
import { Command } from "../commands.ts";
import type { CommandId } from "../commands.ts";
import { withProgress } from "../progress.ts";
import { pickTarget } from "../pathspecPicker.ts";
import { onCommand, targetsOf } from "../services.ts";
import type { Services } from "../services.ts";
import { activeTarget, subjectOf, targetOfUri } from "../subject.ts";
import { parentPathspec } from "../targets.ts";
import type { Target } from "../targets.ts";
import { t } from "../text.ts";
import { artifactUri } from "../uris.ts";
import { Comparisons } from "./compare.ts";
import { copy } from "./copy.ts";
import { DEAF, Decoder } from "./decoder.ts";
import { exportArtifact, type ExportChoice } from "./exportTo.ts";
import { ArtifactEditors, FILE_VIEW_TYPE, VIEW_TYPE } from "./editor.ts";
import { artifactSource } from "./source.ts";
import { showWhereFrom } from "./whereFrom.ts";

/** Artifacts: their editor, and their values on the clipboard. */
export function register(services: Services): vscode.Disposable {
  const decoder = new Decoder({
    script: vscode.Uri.joinPath(services.context.extensionUri, "dist", "worker.cjs").fsPath,
    onError: (error) => {
      services.log.error(error);
    },
  });
  const editors = new ArtifactEditors(services, decoder);
  const comparisons = new Comparisons(services, decoder);
  const copying = (command: CommandId, title: string, what: Copyable): vscode.Disposable =>
    onCommand(services, command, async (...args) => copyArtifact(services, decoder, args, title, what));
  const copyingValue = (command: CommandId, what: Copyable): vscode.Disposable =>
    onCommand(services, command, () => editors.copyFocused(what));
  return vscode.Disposable.from(
    decoder,
    ...[VIEW_TYPE, FILE_VIEW_TYPE].map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, editors, {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { enableFindWidget: true },
      }),
    ),
    onCommand(services, Command.OpenArtifact, async (...args) => openArtifact(services, args)),
    copying(Command.CopyArtifactJson, t("Copy Artifact as JSON"), "json"),
    copying(Command.CopyArtifactSnippet, t("Copy Python Access Snippet"), "snippet"),
    comparisons,
    onCommand(services, Command.CompareArtifacts, async (...args) => comparisons.selected(args)),
    onCommand(services, Command.CompareArtifactOfRun, async (...args) => comparisons.withAnotherRun(args)),
    onCommand(services, Command.ExportArtifact, async (...args) => exportFrom(services, decoder, args)),
    onCommand(services, Command.ShowWhereFrom, async (...args) => showWhereFrom(services, args)),
    copyingValue(Command.CopyValue, "value"),
    copyingValue(Command.CopyValueJson, "json"),
    copyingValue(Command.CopyValueSnippet, "snippet"),
  );
}

/** A row of the sidebar opens in the preview tab, as files do; `{ keep: true }` as the second argument opens it to stay. */
async function openArtifact(services: Services, args: readonly unknown[]): Promise<void> {
  const target = artifactIn(args) ?? (await askForArtifact(services));
  const uri = vscode.Uri.from(artifactUri(target.pathspec, target.attempt));
  const options = args[1];
  const keep = typeof options === "object" && options !== null && "keep" in options && options.keep === true;
  // Not openWith: VS Code 1.96 pins what it opens. The manifest makes ours the default for these addresses.
  await vscode.commands.executeCommand("vscode.open", uri, { preview: !keep });
}

/** An artifact that is in front already is not what the person asks for; one beside it may be. */
async function askForArtifact(services: Services): Promise<Target> {
  const [selected] = services.sidebar.selection;
  const near = selected ?? activeTarget();
  const start = near?.kind === "artifact" ? parentPathspec(near.pathspec) : near?.pathspec;
  const picked = await pickTarget(services, { title: t("Open Artifact"), kinds: ["artifact"], start });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked;
}

function artifactIn(args: readonly unknown[]): Target | undefined {
  const [first] = args;
  const target = first instanceof vscode.Uri ? targetOfUri(first) : targetsOf(args)[0];
  return target?.kind === "artifact" ? target : undefined;
}

/** `{ format, destination }` as the second argument asks nothing; `{ rows }` says which rows a person sees. */
async function exportFrom(
  services: Services,
  decoder: Decoder,
  args: readonly unknown[],
): Promise<string | undefined> {
  const file = fileIn(args);
  const wanted = { title: t("Export Artifact"), kinds: ["artifact"], documentFirst: true } as const;
  const target = file === undefined ? await subjectOf(services, args, wanted) : undefined;
  const source =
    target === undefined
      ? { file: file ?? "" }
      : await artifactSource(services, target.pathspec, target.attempt);
  return exportArtifact(decoder, source, choiceOf(args[1]));
}

/** The file with a pickle that a menu was opened on, or that is in front. */
function fileIn([given]: readonly unknown[]): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFront = input instanceof vscode.TabInputCustom && input.viewType === FILE_VIEW_TYPE;
  const uri = given instanceof vscode.Uri ? given : given === undefined && isFront ? input.uri : undefined;
  return uri?.scheme === "file" ? uri.fsPath : undefined;
}

function choiceOf(given: unknown): ExportChoice {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return {};
  const format = "format" in given ? EXPORT_FORMATS.find((each) => each === given.format) : undefined;
  const destination =
    "destination" in given && given.destination instanceof vscode.Uri ? given.destination : undefined;
  const rows = "rows" in given && given.rows !== undefined ? checkRowOrder(given.rows) : undefined;
  return { format, destination, rows };
}

async function copyArtifact(
  services: Services,
  decoder: Decoder,
  args: readonly unknown[],
  title: string,
  what: Copyable,
): Promise<string> {
  const target = await subjectOf(services, args, { title, kinds: ["artifact"] });
  const source = await artifactSource(services, target.pathspec, target.attempt);
  return withProgress(title, async ({ signal }) => {
    const document = await decoder.open(source, DEAF, { signal });
    try {
      return (await copy(services, document, what, [], signal)).text;
    } finally {
      document.close();
    }
  });
}
