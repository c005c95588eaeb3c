import * as vscode from "vscode";
import { Command, type CommandId } from "./commands.ts";
import { NoDatastore } from "./discovery.ts";
import { errorText } from "./errorText.ts";
import { whyAway } from "./outOfReach.ts";

/** A way out that a message offers. */
export interface Remedy {
  readonly title: string;
  readonly run: () => unknown;
}

/** Something that cannot be done, in words for the person who asked for it, with what to do instead. */
export class Refusal extends Error {
  readonly remedies: readonly Remedy[];
  /** A refusal is no failure of anything: it is shown as a warning unless `severity` says otherwise. */
  readonly severity: "information" | "warning" | "error";

  constructor(
    message: string,
    remedies: readonly Remedy[] = [],
    options: { readonly severity?: "information" | "warning" | "error"; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Refusal";
    this.remedies = remedies;
    this.severity = options.severity ?? "warning";
  }
}

/** A remedy that runs a command. */
export function remedy(title: string, command: CommandId, ...args: unknown[]): Remedy {
  return { title, run: () => vscode.commands.executeCommand(command, ...args) };
}

/** Whether work ended because nobody wants it any more: no one is told. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof vscode.CancellationError ||
    (error instanceof Error && (error.name === "AbortError" || error.name === "Canceled"))
  );
}

/** Registers a command; what it throws is shown kindly and logged wholly. The command's value is the function's. */
export function onCommand(
  services: { readonly log: vscode.LogOutputChannel },
  command: CommandId,
  run: (...args: unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (...args: unknown[]): Promise<unknown> => {
    try {
      return await run(...args);
    } catch (error) {
      showProblem(services.log, error);
      return undefined;
    }
  });
}

/** One sentence with its remedies to the person, everything else to the log. Returns at once. */
export function showProblem(log: vscode.LogOutputChannel, error: unknown): void {
  if (isCancelled(error)) return;
  const refusal =
    error instanceof Refusal
      ? error
      : error instanceof NoDatastore
        ? whereToLook(error)
        : whyAway(error) === "forbidden"
          ? keyWanted(error)
          : undefined;
  if (refusal === undefined) logProblem(log, error);
  else if (refusal.cause !== undefined) logProblem(log, refusal.cause);
  const showLog = remedy(vscode.l10n.t("Show Log"), Command.ShowExtensionLog);
  const remedies = refusal === undefined || refusal.cause !== undefined ? [showLog] : [];
  const offered = [...(refusal?.remedies ?? []), ...remedies];
  ask(refusal?.severity ?? "error", errorText(error), offered).catch((failure: unknown) => {
    logProblem(log, failure);
  });
}

/** Nothing is wrong where there is no datastore: it has to be said where one is. */
function whereToLook(error: NoDatastore): Refusal {
  return new Refusal(
    error.message,
    [
      remedy(vscode.l10n.t("Open Datastore Folder…"), Command.OpenDatastore),
      remedy(vscode.l10n.t("Show an Example"), Command.ShowExample),
    ],
    { severity: "information" },
  );
}

/** A service that refuses is told what it wants. */
function keyWanted(error: unknown): Refusal {
  const setKey = remedy(vscode.l10n.t("Set Key…"), Command.SetKey);
  return new Refusal(errorText(error), [setKey], { severity: "error", cause: error });
}

/** Writes an error with its causes, the object and the place to the log channel. */
export function logProblem(log: vscode.LogOutputChannel, error: unknown): void {
  let indent = "";
  for (let at: unknown = error; at !== undefined; indent += "  ") {
    const context = at instanceof Error && "context" in at ? at.context : undefined;
    log.error(`${indent}${indent === "" ? "" : "caused by: "}${describe(at)}${contextText(context)}`);
    at = at instanceof Error ? at.cause : undefined;
    if (indent.length > 16) return;
  }
}

async function ask(
  severity: "information" | "warning" | "error",
  message: string,
  remedies: readonly Remedy[],
): Promise<void> {
  const titles = remedies.map((each) => each.title);
  const window = vscode.window;
  // The overloads of the three are the same; only this one is used.
  const show = {
    information: window.showInformationMessage,
    warning: window.showWarningMessage,
    error: window.showErrorMessage,
  }[severity] as (message: string, ...titles: string[]) => Thenable<string | undefined>;
  const answer = await show(message, ...titles);
  await remedies.find((each) => each.title === answer)?.run();
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function contextText(context: unknown): string {
  if (typeof context !== "object" || context === null) return "";
  const known = Object.entries(context).filter(([key, value]) => key !== "cause" && value !== undefined);
  return known.length === 0
    ? ""
    : `\n    ${known.map(([key, value]) => `${key}: ${String(value)}`).join(", ")}`;
}
