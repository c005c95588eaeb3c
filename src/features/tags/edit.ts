import * as vscode from "vscode";
import type { IoOptions } from "../../base/io.ts";
import { errorText } from "../errorText.ts";
import { Command, type CommandId } from "../commands.ts";
import { isCancelled, logProblem } from "../problems.ts";
import { withProgress } from "../progress.ts";
import type { Services } from "../services.ts";
import { t } from "../text.ts";
import { applyEdits, undoOf, type EditableRun, type Outcome, type RunEdit } from "./apply.ts";
import type { TagChange } from "./plan.ts";
import { accountOf, subject, verb } from "./words.ts";

/** What an edit came to. */
export interface EditResult {
  readonly outcomes: readonly Outcome[];
  /** What the person is told. */
  readonly message: string;
  /** Takes back what was written and nothing else; itself an edit that can be taken back. */
  readonly undo: () => Promise<EditResult>;
}

/** Makes the same change on every run and tells what came of it, with Undo. `undefined` when the person would not after all. */
export async function editTags(
  services: Services,
  pathspecs: readonly string[],
  change: TagChange,
): Promise<EditResult | undefined> {
  const edits = pathspecs.map((pathspec) => ({ pathspec, change }));
  if (!(await mayWrite(services, verb(change, subject(edits))))) return undefined;
  return write(services, edits);
}

async function write(services: Services, edits: readonly RunEdit[]): Promise<EditResult> {
  const read = await reader(services);
  const outcomes = await applyWithProgress(edits, read);
  for (const outcome of outcomes) {
    if (outcome.kind === "failed" && !isCancelled(outcome.error)) logProblem(services.log, outcome.error);
    if (outcome.kind === "written") services.sidebar.refresh(outcome.pathspec);
  }
  const account = accountOf(edits, outcomes);
  const undo = async (): Promise<EditResult> => write(services, undoOf(outcomes));
  void tell(services, { outcomes, message: account.message, undo }, account, edits);
  return { outcomes, message: account.message, undo };
}

/** Cancelling ends the edit early, not the account of it: what was written until then is told, and can be undone. */
async function applyWithProgress(
  edits: readonly RunEdit[],
  read: (pathspec: string, io?: IoOptions) => Promise<EditableRun>,
): Promise<readonly Outcome[]> {
  let applying: Promise<readonly Outcome[]> | undefined;
  try {
    return await withProgress(t("Editing tags"), async (io, report) => {
      applying = applyEdits(edits, read, io, (count) => {
        if (edits.length > 1) report(t("{0} of {1} runs", count, edits.length));
      });
      return applying;
    });
  } catch (error) {
    if (applying === undefined || !isCancelled(error)) throw error;
    return applying;
  }
}

/** Reads runs as the edit needs them, whichever namespace they are in: Undo may have to bring one back into it. */
async function reader(
  services: Services,
): Promise<(pathspec: string, io?: IoOptions) => Promise<EditableRun>> {
  const metaflow = await services.session.everywhere();
  return async (pathspec, io) => metaflow.run(pathspec, io);
}

async function tell(
  services: Services,
  result: EditResult,
  { severity, full }: { readonly severity: "information" | "warning" | "error"; readonly full: boolean },
  edits: readonly RunEdit[],
): Promise<void> {
  const undo = t("Undo");
  const remove = t("Remove Tags…");
  const again = t("Choose Other Tags…");
  const showLog = t("Show Log");
  const written = result.outcomes.some((outcome) => outcome.kind === "written");
  const failed = result.outcomes.some((outcome) => outcome.kind === "failed");
  const refused = refusedOf(result.outcomes);
  // A message without an action is cut after its first line, before its cause.
  const actions = [
    ...(written ? [undo] : []),
    ...(full ? [remove] : refused.length > 0 ? [again] : []),
    ...(failed ? [showLog] : []),
  ];
  const answer = await show(severity, result.message, actions);
  if (answer === undo) {
    try {
      await result.undo();
    } catch (error) {
      logProblem(services.log, error);
      await show("error", t("Could not undo: {0}", errorText(error)), []);
    }
  }
  if (answer === showLog) services.log.show();
  if (answer === remove) await vscode.commands.executeCommand(Command.RemoveTags, { runs: refused });
  if (answer === again) await vscode.commands.executeCommand(commandOf(edits), { runs: refused });
}

function refusedOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.filter(({ kind }) => kind === "refused").map(({ pathspec }) => pathspec);
}

/** The command that makes edits of this kind. */
function commandOf(edits: readonly RunEdit[]): CommandId {
  const adds = edits.some(({ change }) => change.add.length > 0);
  const removes = edits.some(({ change }) => change.remove.length > 0);
  if (adds && removes) return Command.ReplaceTags;
  return removes ? Command.RemoveTags : Command.AddTags;
}

async function show(
  severity: "information" | "warning" | "error",
  message: string,
  actions: readonly string[],
): Promise<string | undefined> {
  if (severity === "information") return vscode.window.showInformationMessage(message, ...actions);
  if (severity === "warning") return vscode.window.showWarningMessage(message, ...actions);
  return vscode.window.showErrorMessage(message, ...actions);
}

/** In a workspace that is not trusted, writing is asked for each time. */
async function mayWrite(services: Services, what: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const metaflow = await services.session.get();
  const edit = t("Edit Tags");
  const answer = await vscode.window.showWarningMessage(
    t("This workspace is not trusted. Really {0}?", what),
    { modal: true, detail: t("The change is written to {0}. It can be undone.", metaflow.metadata) },
    edit,
  );
  return answer === edit;
}
