import { join } from "node:path";
import * as vscode from "vscode";
import { logProblem } from "./problems.ts";
import { Reach } from "./reach.ts";
import { ServiceKeys } from "./serviceKeys.ts";
import { SessionService, type Open } from "./session.ts";
import { SETTING_DEFAULTS, type SettingId, type SettingValues } from "./settings.ts";
import type { Target } from "./targets.ts";
import { t } from "./text.ts";

export { onCommand, Refusal, remedy } from "./problems.ts";
export { targetsOf } from "./targets.ts";

/** The sidebar, as the other features see it. */
export interface Sidebar {
  /** The targets of the selected rows. */
  readonly selection: readonly Target[];
  /** Shows an object in the sidebar, opening what lies above it. Throws what reading it throws. */
  reveal(target: Target, options?: { readonly focus?: boolean }): Promise<void>;
  /** Reads again what is shown at or below a pathspec; without one, everything. */
  refresh(pathspec?: string): void;
  /** What the view is filled from; for tests in the extension host. */
  readonly provider: vscode.TreeDataProvider<unknown>;
}

/** The few shared objects: built once by the entry, passed to each feature. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** Details for whoever looks after the extension; nothing personal, no values of artifacts. */
  readonly log: vscode.LogOutputChannel;
  /** The open Metaflow session: `await services.session.get()`. */
  readonly session: SessionService;
  /** Whether the session's service can be read. */
  readonly reach: Reach;
  /** The keys of metadata services. */
  readonly keys: ServiceKeys;
  /** What is kept for this workspace. */
  readonly memory: vscode.Memento;
  /** The sidebar; until the tree is registered it has no rows and shows nothing. */
  sidebar: Sidebar;
}

/** Builds the shared objects; reads and opens nothing. */
export function createServices(context: vscode.ExtensionContext, open: Open): Services {
  const log = vscode.window.createOutputChannel("Metaflow", { log: true });
  const keys = new ServiceKeys(context.secrets);
  const session = new SessionService(
    open,
    context.workspaceState,
    keys,
    join(context.globalStorageUri.fsPath, "objects"),
  );
  const reach = new Reach({
    probe: async (signal) => {
      // Whether there is a flow of this name does not matter: that it says so does.
      await (await session.get()).has("metaflow", { signal });
    },
  });
  const following = session.onDidChange((change) => {
    if (change === "session") reach.reset();
  });
  const writing = reach.onDidChange(() => {
    const { away } = reach;
    if (away === undefined) log.info(t("The metadata service answers again."));
    else logProblem(log, away.error);
  });
  context.subscriptions.push(log, following, writing, reach, session);
  return { context, log, session, reach, keys, memory: context.workspaceState, sidebar: NO_SIDEBAR };
}

/** A setting's value. */
export function setting<S extends SettingId>(id: S): SettingValues[S] {
  // Of a section: the editor copies all that it gives, and of everything that is hundreds of settings for each row of the sidebar. Of no
  // resource, which is said outright: else it warns in a log each time.
  const section = id.slice(0, id.indexOf("."));
  const values = vscode.workspace.getConfiguration(section, null);
  return values.get<SettingValues[S]>(id.slice(section.length + 1), SETTING_DEFAULTS[id]);
}

const NO_SIDEBAR: Sidebar = {
  selection: [],
  reveal: async () => Promise.resolve(),
  refresh: () => undefined,
  provider: { getChildren: () => [], getTreeItem: () => new vscode.TreeItem("") },
};
