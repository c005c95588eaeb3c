import * as vscode from "vscode";
import type { IoOptions } from "../base/io.ts";
import { MetaflowNotFound, MetaflowUnknownUser } from "../client/errors.ts";
import type { CredentialSource, Metaflow, MetaflowOptions } from "../client/index.ts";
import { datastoreIn, hasDatastore } from "./discovery.ts";
import { findPlace, type Choice, type Place } from "./sessionPlace.ts";
import { Setting } from "./settings.ts";
import { localFolders, watchDatastores } from "./workspaceFolders.ts";

const NAMESPACE = "namespace";
const CHOICE = "session.choice";

/** What happened to the session: another one is to be opened, or the open one looks into another namespace. */
export type SessionChange = "session" | "namespace";

/** How a session is opened: the client's `openMetaflow`. */
export type Open = (options: MetaflowOptions) => Promise<Metaflow>;

/** A session and where it reads. */
export interface Opened {
  readonly metaflow: Metaflow;
  readonly place: Place;
}

/** Where to find the open Metaflow session, and how to point it elsewhere. */
export class SessionService implements vscode.Disposable {
  readonly #open: Open;
  readonly #memory: vscode.Memento;
  readonly #credentials: CredentialSource;
  readonly #cacheDir: string | undefined;
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly #didOpen = new vscode.EventEmitter<Opened>();
  readonly #subscriptions: vscode.Disposable;
  /** Counts the sessions that were asked for, so that a late one never takes the place of a newer one. */
  #generation = 0;
  #placing: Promise<Place> | undefined;
  #opening: Promise<Opened> | undefined;
  #current: Opened | undefined;
  #all: { readonly of: Metaflow; readonly opening: Promise<Metaflow> } | undefined;

  /** Tells that what was read from the session so far may not hold any more. */
  readonly onDidChange = this.#changed.event;
  /** Tells that a session is open. */
  readonly onDidOpen = this.#didOpen.event;

  /** @param cacheDir keeps what never changes of datastores over the network, for all windows */
  constructor(open: Open, memory: vscode.Memento, credentials: CredentialSource, cacheDir?: string) {
    this.#cacheDir = cacheDir;
    this.#open = open;
    this.#memory = memory;
    this.#credentials = credentials;
    const reopen = (): void => {
      this.reopen();
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      this.#didOpen,
      watchDatastores({
        onMade: () => {
          if (this.#current === undefined || this.#yieldsToFolders) reopen();
        },
        onGone: reopen,
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(reopen),
      vscode.workspace.onDidChangeConfiguration((change) => {
        const asked = [Setting.DatastoreRoot, Setting.ProfileName];
        if (asked.some((setting) => change.affectsConfiguration(setting))) reopen();
      }),
      // From then on the workspace has a say in where and how is read.
      vscode.workspace.onDidGrantWorkspaceTrust(reopen),
    );
  }

  /** The session, when it is open already: for what must not wait. */
  get current(): Metaflow | undefined {
    return this.#current?.metaflow;
  }

  /** Where the open session reads. */
  get place(): Place | undefined {
    return this.#current?.place;
  }

  /** What the person chose to see in this workspace. */
  get choice(): Choice {
    return this.#memory.get<Choice>(CHOICE) ?? { kind: "automatic" };
  }

  /**
   * The session, opened at the first call. Whoever waits while another is asked for is given that one. Throws NoDatastore and what
   * `openMetaflow` throws; a failure is tried anew next time.
   */
  async get(): Promise<Metaflow> {
    return (await this.opened()).metaflow;
  }

  /** The same with where it reads. */
  async opened(): Promise<Opened> {
    const generation = this.#generation;
    const opening = (this.#opening ??= this.#find());
    try {
      const opened = await opening;
      if (generation === this.#generation) {
        const isNew = this.#current !== opened;
        this.#current = opened;
        if (isNew) this.#didOpen.fire(opened);
        return opened;
      }
    } catch (error) {
      if (generation === this.#generation) {
        if (this.#opening === opening) this.#opening = undefined;
        throw error;
      }
    }
    return this.opened();
  }

  /** Where the session reads, or would. Opens nothing, and asks no service. Throws as `findPlace`. */
  async findPlace(): Promise<Place> {
    const placing = (this.#placing ??= this.#placeOf(this.choice));
    try {
      return await placing;
    } catch (error) {
      if (this.#placing === placing) this.#placing = undefined;
      throw error;
    }
  }

  /** Forgets the session; the next `get` opens one where the settings point now. */
  reopen(): void {
    this.#close();
    this.#generation++;
    this.#placing = undefined;
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
   * Reads elsewhere in this workspace from now on, also after a restart. Throws MetaflowConfigError where a folder is chosen that has no
   * `.metaflow`: then nothing changes.
   */
  async choose(choice: Choice): Promise<void> {
    const chosen = choice.kind === "folder" ? { ...choice, root: await datastoreIn(choice.root) } : choice;
    await this.#memory.update(CHOICE, chosen.kind === "automatic" ? undefined : chosen);
    this.reopen();
  }

  /** Opens another session for a moment, with a question that its service has to answer. Throws what hinders. */
  async tryOut(choice: Choice, io: IoOptions): Promise<void> {
    const place = await this.#placeOf(choice);
    const metaflow = await this.#open({ ...place.source, credentials: this.#credentials, namespace: null });
    try {
      await metaflow.has("metaflow", io);
    } finally {
      await metaflow.close();
    }
  }

  /** Whether the open session shows the example. */
  get isExample(): boolean {
    return this.#current?.place.kind === "example";
  }

  /** Whether the datastore that the open session reads was taken away. */
  async isGone(): Promise<boolean> {
    const root = this.#current?.place.root;
    return root !== undefined && !(await hasDatastore(root));
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

  /**
   * The open session's metadata in all namespaces: for what is named outright, such as a run whose tag edit is undone after the edit took it
   * out of the namespace, and for finding out which namespaces there are.
   */
  async everywhere(): Promise<Metaflow> {
    const { metaflow, place } = await this.opened();
    if (metaflow.namespace === null) return metaflow;
    if (this.#all?.of !== metaflow) {
      const opening = this.#open({ ...place.source, credentials: this.#credentials, namespace: null });
      const all = { of: metaflow, opening };
      this.#all = all;
      opening.catch(() => {
        if (this.#all === all) this.#all = undefined;
      });
    }
    return this.#all.opening;
  }

  /** Whether what is shown stands in for a datastore of the workspace. */
  get #yieldsToFolders(): boolean {
    const { kind } = this.choice;
    return (kind === "automatic" || kind === "example") && this.place?.kind !== "folder";
  }

  dispose(): void {
    this.#close();
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

  async #placeOf(choice: Choice): Promise<Place> {
    const settings = vscode.workspace.getConfiguration();
    const place = await findPlace({
      choice,
      root: settings.get(Setting.DatastoreRoot, ""),
      profile: settings.get(Setting.ProfileName, ""),
      folders: localFolders(),
      trusted: vscode.workspace.isTrusted,
      env: process.env,
    });
    const kept = this.#cacheDir === undefined ? {} : { cacheDir: this.#cacheDir };
    return { ...place, source: { ...place.source, ...kept } };
  }

  async #find(): Promise<Opened> {
    const place = await this.findPlace();
    const remembered = this.#memory.get<{ namespace: string | null }>(NAMESPACE);
    const metaflow = await this.#open({
      ...place.source,
      credentials: this.#credentials,
      namespace: remembered?.namespace,
    });
    // The example's runs are other people's.
    const isOthers = place.kind === "example" || !hasUser(metaflow);
    if (remembered === undefined && isOthers) metaflow.setNamespace(null);
    return { metaflow, place };
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
