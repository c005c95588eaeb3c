import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { onCommand, type Services } from "../services.ts";
import { subjectOf, subjectsOf } from "../subject.ts";
import { t } from "../text.ts";
import { goTo } from "./goTo.ts";

const ANY = ["flow", "run", "step", "task", "artifact", "log"] as const;
const REMARK_MS = 4000;

/** Going to a pathspec, copying one, showing one in the sidebar. */
export function register(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    onCommand(services, Command.GoToPathspec, async (...args) => goTo(services, args[0])),
    onCommand(services, Command.CopyPathspec, async (...args) => copy(services, args)),
    onCommand(services, Command.RevealPathspec, async (...args) => reveal(services, args)),
  );
}

/** Copies the pathspecs of all that is selected, one a line; a log's is its task's. */
async function copy(services: Services, args: readonly unknown[]): Promise<string> {
  const targets = await subjectsOf(services, args, {
    title: t("Copy Pathspec"),
    kinds: ANY,
    documentFirst: true,
  });
  const lines = [...new Set(targets.map((target) => target.pathspec))];
  const text = lines.join("\n");
  await vscode.env.clipboard.writeText(text);
  const what = lines.length === 1 ? text : t("{0} pathspecs", lines.length);
  vscode.window.setStatusBarMessage(`$(check) ${t("Copied {0}", what)}`, REMARK_MS);
  return text;
}

async function reveal(services: Services, args: readonly unknown[]): Promise<void> {
  const target = await subjectOf(services, args, {
    title: t("Reveal in the Sidebar"),
    kinds: ANY,
    documentFirst: true,
  });
  await services.sidebar.reveal(target, { focus: true });
}
