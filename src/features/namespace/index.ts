import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { logProblem } from "../problems.ts";
import { onCommand, type Services } from "../services.ts";
import { NoDatastore } from "../discovery.ts";
import { t } from "../text.ts";
import { namespaceLabel } from "./choices.ts";
import { pickNamespace } from "./pick.ts";

/** The namespace in the status bar, and the command that switches it. */
export function register(services: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("metaflow.namespace", vscode.StatusBarAlignment.Left, 10);
  item.name = t("Metaflow Namespace");
  item.command = Command.PickNamespace;
  const paint = async (): Promise<void> => {
    try {
      show(item, (await services.session.get()).namespace);
    } catch (error) {
      // Without a datastore there is no namespace to speak of; the sidebar says what to do.
      if (!(error instanceof NoDatastore)) logProblem(services.log, error);
      item.hide();
    }
  };
  void paint();
  return vscode.Disposable.from(
    item,
    services.session.onDidChange(() => void paint()),
    onCommand(services, Command.PickNamespace, async (...args) => switchNamespace(services, args[0])),
  );
}

/** Switches at once; called with a namespace (`null`: the global one) it asks nobody. */
async function switchNamespace(services: Services, given: unknown): Promise<void> {
  const asked =
    typeof given === "string" || given === null ? { namespace: given } : await pickNamespace(services);
  if (asked === undefined) return;
  const metaflow = await services.session.get();
  if (asked.namespace !== metaflow.namespace) await services.session.setNamespace(asked.namespace);
}

function show(item: vscode.StatusBarItem, namespace: string | null): void {
  item.text = `$(account) ${namespaceLabel(namespace)}`;
  item.tooltip = new vscode.MarkdownString(
    namespace === null
      ? t("Metaflow shows the runs of **all namespaces**. Click to see one only.")
      : t("Metaflow shows only runs that have the tag `{0}`. Click to switch the namespace.", namespace),
  );
  item.accessibilityInformation = {
    label: t("Metaflow namespace: {0}", namespaceLabel(namespace)),
    role: "button",
  };
  item.show();
}
