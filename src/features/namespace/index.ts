import type * as vscode from "vscode";
import { Command } from "../commands.ts";
import { onCommand, type Services } from "../services.ts";
import { pickNamespace } from "./pick.ts";

/** The command that switches the namespace. */
export function register(services: Services): vscode.Disposable {
  return onCommand(services, Command.PickNamespace, async (...args) => switchNamespace(services, args[0]));
}

/** Switches at once; called with a namespace (`null`: the global one) it asks nobody. */
async function switchNamespace(services: Services, given: unknown): Promise<void> {
  const asked =
    typeof given === "string" || given === null ? { namespace: given } : await pickNamespace(services);
  if (asked === undefined) return;
  const metaflow = await services.session.get();
  if (asked.namespace !== metaflow.namespace) await services.session.setNamespace(asked.namespace);
}
