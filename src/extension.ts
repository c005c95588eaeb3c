import * as vscode from "vscode";
import { inTurns } from "./base/load.ts";
import type { Metaflow, MetaflowOptions } from "./client/index.ts";
import { register as registerArtifacts } from "./features/artifacts/index.ts";
import { register as registerCode } from "./features/code/index.ts";
import { Command } from "./features/commands.ts";
import { register as registerDatastore } from "./features/datastore/index.ts";
import { register as registerDocuments } from "./features/documents/index.ts";
import { register as registerLogs } from "./features/logs/index.ts";
import { register as registerNamespace } from "./features/namespace/index.ts";
import { register as registerProfiles } from "./features/profiles/index.ts";
import { register as registerPathspec } from "./features/pathspec/index.ts";
import { createServices, onCommand, type Services } from "./features/services.ts";
import { register as registerTags } from "./features/tags/index.ts";
import { translateWith } from "./features/text.ts";
import { register as registerTree } from "./features/tree/index.ts";

/** What the extension gives to its own tests in the extension host; to nobody else. */
export interface Testing {
  readonly services: Services;
}

/** Each feature registers itself and knows nothing of the others. */
const FEATURES = [
  registerTree,
  registerDatastore,
  registerArtifacts,
  registerDocuments,
  registerTags,
  registerProfiles,
  registerNamespace,
  registerPathspec,
  registerLogs,
  registerCode,
] as const satisfies readonly ((services: Services) => vscode.Disposable)[];

/** Builds the shared objects and lets each feature register itself; waits for nothing and reads nothing. */
export function activate(context: vscode.ExtensionContext): Testing | undefined {
  translateWith(vscode.l10n.t);
  const services = createServices(context, openMetaflow);
  context.subscriptions.push(
    onCommand(services, Command.ShowExtensionLog, () => {
      services.log.show();
    }),
    ...FEATURES.map((register) => register(services)),
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? { services } : undefined;
}

// Half of the code is the client, which nothing needs before the first session is opened.
const loadClient = inTurns(
  [async () => import("./client/providers.ts")],
  async () => import("./client/open.ts"),
);

async function openMetaflow(options: MetaflowOptions): Promise<Metaflow> {
  const client = await loadClient();
  return client.openMetaflow(options);
}
