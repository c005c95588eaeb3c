import * as vscode from "vscode";
import type { Metaflow, MetaflowOptions } from "../client/index.ts";
import { MetaflowNotFound, MetaflowUnknownUser } from "../client/errors.ts";
import { datastoreIn, findDatastore, hasDatastore, NoDatastore } from "./discovery.ts";
import { Setting } from "./settings.ts";

const NAMESPACE = "namespace";
const DATASTORE = "datastore.root";
const EXAMPLE = "datastore.example";

/** What happened to the session: another one is to be opened, or the open one looks into another namespace. */
export type SessionChange = "session" | "namespace";

/** How a session is opened: the client's `openMetaflow`. */
export type Open = (options: MetaflowOptions) => Promise<Metaflow>;

/** A session and the folder whose `.metaflow` it reads. */
interface Opened {
  readonly metaflow: Metaflow;
  readonly root: string;
}

/** Where to find the open Metaflow session, and how to point it elsewhere. */
export class SessionService implements vscode.Disposable {
  readonly #open: Open;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly #subscriptions: vscode.Disposable;
  #watchers: vscode.Disposable[] = [];
  /** Counts the sessions that were asked for, so that a late one never takes the place of a newer one. */
  #generation = 0;
  #opening: Promise<Opened> | undefined;
  #current: Opened | undefined;
  #all: { readonly of: Metaflow; readonly opening: Promise<Metaflow> } | undefined;

  /** Tells that what was read from the session so far may not hold any more. */
  readonly onDidChange = this.#changed.event;

  constructor(open: Open, memory: vscode.Memento) {
    this.#open = open;
    this.#memory = memory;
    this.#watch();
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch();
        this.reopen();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(Setting.DatastoreRoot)) this.reopen();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (vscode.workspace.getConfiguration().get(Setting.DatastoreRoot) !== "") this.reopen();
      }),
    );
  }

  /** The session, when it is open already: for what must not wait. */
  get current(): Metaflow | undefined {
    return this.#current?.metaflow;
  }

  /**
   * The session, opened at the first call. Whoever waits while another is asked for is given that one. Throws NoDatastore and what
   * `openMetaflow` throws; a failure is tried anew next time.
   */
  async get(): Promise<Metaflow> {
    const generation = this.#generation;
    const opening = (this.#opening ??= this.#find());
    try {
      const opened = await opening;
      if (generation === this.#generation) {
        this.#current = opened;
        return opened.metaflow;
      }
    } catch (error) {
      if (generation === this.#generation) {
        if (this.#opening === opening) this.#opening = undefined;
        throw error;
      }
    }
    return this.get();
  }

  /** Forgets the session; the next `get` opens one where the settings point now. */
  reopen(): void {
    this.#close();
    this.#generation++;
    this.#opening = undefined;
    this.#current = undefined;
    this.#all = undefined;
    this.#changed.fire("session");
  }

  /** Looks into another namespace from now on, also after a restart; `null` is the global one, where everything is seen. */
  async setNamespace(namespace: string | null): Promise<void> {
    const metaflow = await this.get();
    await this.#memory.update(NAMESPACE, { namespace });
    metaflow.setNamespace(namespace);
    this.#changed.fire("namespace");
  }

  /**
   * Reads another datastore in this workspace from now on: `.metaflow` or the folder that holds it; `undefined` looks for one again.
   * Throws MetaflowConfigError when there is none.
   */
  async useDatastore(folder: string | undefined): Promise<void> {
    const root = folder === undefined ? undefined : await datastoreIn(folder);
    await this.#memory.update(DATASTORE, root);
    await this.#memory.update(EXAMPLE, undefined);
    this.reopen();
  }

  /** Shows an example until the workspace has a datastore of its own or another one is picked. */
  async useExample(root: string): Promise<void> {
    await this.#memory.update(EXAMPLE, root);
    await this.#memory.update(DATASTORE, undefined);
    this.reopen();
  }

  /** Whether the person picked what is shown, in place of the workspace's own. */
  get isPointedElsewhere(): boolean {
    return this.#memory.get(DATASTORE) !== undefined || this.#memory.get(EXAMPLE) !== undefined;
  }

  /** Whether the open session shows the example. */
  get isExample(): boolean {
    return this.#current !== undefined && this.#current.root === this.#memory.get(EXAMPLE);
  }

  /** Whether the datastore that the open session reads was taken away. */
  async isGone(): Promise<boolean> {
    return this.#current !== undefined && !(await hasDatastore(this.#current.root));
  }

  /** Whether the datastore has runs that the session's namespace hides. */
  async hasRunsElsewhere(): Promise<boolean> {
    if ((await this.get()).namespace === null) return false;
    for await (const flow of (await this.everywhere()).flows())
      if ((await flow.latestRun()) !== undefined) return true;
    return false;
  }

  /** Whether an object exists that the session's namespace hides. */
  async existsElsewhere(pathspec: string): Promise<boolean> {
    try {
      if ((await this.get()).namespace === null) return false;
      await (await this.everywhere()).object(pathspec);
      return true;
    } catch (error) {
      if (error instanceof MetaflowNotFound) return false;
      throw error;
    }
  }

  dispose(): void {
    this.#close();
    for (const watcher of this.#watchers) watcher.dispose();
    this.#subscriptions.dispose();
  }

  /** Closes what is open, and what is still being opened as soon as it is. */
  #close(): void {
    const sessions = [this.#opening?.then(({ metaflow }) => metaflow), this.#all?.opening];
    for (const session of sessions) {
      session?.then(
        async (metaflow) => metaflow.close(),
        // Whoever asked for it was told that it cannot be opened.
        () => undefined,
      );
    }
  }

  async #find(): Promise<Opened> {
    const example = this.#memory.get<string>(EXAMPLE);
    const root = await this.#findRoot(example);
    const remembered = this.#memory.get<{ namespace: string | null }>(NAMESPACE);
    const metaflow = await this.#open({
      cwd: root,
      metadata: `local@${root}`,
      namespace: remembered?.namespace,
    });
    // The example's runs are other people's.
    const isOthers = root === example || !hasUser(metaflow);
    if (remembered === undefined && isOthers) metaflow.setNamespace(null);
    return { metaflow, root };
  }

  async #findRoot(example: string | undefined): Promise<string> {
    try {
      return await findDatastore({
        setting: vscode.workspace.getConfiguration().get(Setting.DatastoreRoot, ""),
        chosen: this.#memory.get<string>(DATASTORE),
        folders: localFolders(),
      });
    } catch (error) {
      if (!(error instanceof NoDatastore) || example === undefined) throw error;
      return datastoreIn(example);
    }
  }

  /**
   * The open session's metadata in all namespaces: for what is named outright, such as a run whose tag edit is undone after the edit took it
   * out of the namespace, and for finding out which namespaces there are.
   */
  async everywhere(): Promise<Metaflow> {
    const metaflow = await this.get();
    if (metaflow.namespace === null) return metaflow;
    if (this.#all?.of !== metaflow) {
      const opening = this.#open({ cwd: this.#current?.root, metadata: metaflow.metadata, namespace: null });
      const all = { of: metaflow, opening };
      this.#all = all;
      opening.catch(() => {
        if (this.#all === all) this.#all = undefined;
      });
    }
    return this.#all.opening;
  }

  /** The first run makes `.metaflow`, and then the sidebar shall fill by itself. */
  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, ".metaflow"),
        false,
        true,
        false,
      );
      watcher.onDidCreate(() => {
        if (this.#current === undefined) this.reopen();
      });
      watcher.onDidDelete(() => {
        this.reopen();
      });
      return watcher;
    });
  }
}

/** Whether the environment names a user; where it does not, as for root, there is no namespace of one's own and all is shown. */
function hasUser(metaflow: Metaflow): boolean {
  try {
    return metaflow.namespace !== "";
  } catch (error) {
    if (error instanceof MetaflowUnknownUser) return false;
    throw error;
  }
}

function localFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}
