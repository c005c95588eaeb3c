import * as fs from "node:fs";
import { basename, join } from "node:path";
import { entriesIfPresent } from "../../base/files.ts";
import type { Change, Watch } from "./provider.ts";
import { isTemporary } from "./swapFile.ts";

/** A run is made by several writes; one message for all of them. */
const SETTLE_MS = 60;
/** How long to wait for a datastore that is not there yet, or not any more. */
const RETRY_MS = 2000;
/**
 * From so many bytes on, its own and not those of what is in it, a folder is looked at instead: Linux goes over all that it knows to be in a
 * folder before it tells of events there, and holds the thread meanwhile, fifteen milliseconds for a hundred thousand runs. They have 4 MB.
 */
const LARGE_BYTES = 1 << 19;
const LOOK_MS = 1000;
/** The name of the datastore's own folder among those that are watched. */
const ROOT = "";
/** What stands beside the flows. */
const NO_FLOWS = new Set(["data", "mf.cards"]);

/** What tells of a folder until it is closed. */
interface Watcher {
  close(): void;
}

/**
 * File events of a datastore's folder and of those of all its flows, or of one flow's. What is missing is watched as soon as it is there,
 * what was deleted and made anew is watched anew.
 */
export class FolderWatch implements Watch {
  readonly #root: string;
  readonly #flow: string | undefined;
  readonly #listener: (change: Change) => void;
  readonly #largeBytes: number;
  readonly #watchers = new Map<string, Watcher>();
  readonly #pending = new Map<string, NodeJS.Timeout>();
  #retry: NodeJS.Timeout | undefined;
  /** The folders that are there at the beginning are watched: any other is news. */
  #begun = false;
  #disposed = false;

  /** @param flow the only flow to watch; `undefined` for the datastore and all flows */
  constructor(
    root: string,
    flow: string | undefined,
    listener: (change: Change) => void,
    largeBytes = process.platform === "linux" ? LARGE_BYTES : Infinity,
  ) {
    this.#largeBytes = largeBytes;
    this.#root = root;
    this.#flow = flow;
    this.#listener = listener;
    void this.#watchAll();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    for (const timer of this.#pending.values()) clearTimeout(timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Watches whatever is there and is not watched yet. */
  async #watchAll(): Promise<void> {
    clearTimeout(this.#retry);
    // First, so that a flow which is made meanwhile is an event.
    if (!this.#watch(ROOT)) {
      this.#begun = true;
      if (!this.#disposed) this.#retry = setTimeout(() => void this.#watchAll(), RETRY_MS);
      return;
    }
    if (this.#flow !== undefined) this.#watch(this.#flow);
    else for (const flow of await this.#flows()) this.#watch(flow);
    this.#begun = true;
  }

  /** False where the folder is not there, or the system has no watches left: what is shown is then read again on request. */
  #watch(folder: string): boolean {
    if (this.#disposed) return false;
    if (this.#watchers.has(folder)) return true;
    try {
      const watcher = this.#isLarge(folder) ? this.#lookAt(folder) : this.#listenTo(folder);
      this.#watchers.set(folder, watcher);
    } catch {
      return false;
    }
    if (this.#begun) this.#tell(folder);
    return true;
  }

  #isLarge(folder: string): boolean {
    return folder !== ROOT && fs.statSync(join(this.#root, folder)).size >= this.#largeBytes;
  }

  #listenTo(folder: string): Watcher {
    const path = join(this.#root, folder);
    const watcher = fs.watch(path, (event, name) => {
      // A folder that goes away tells so by its own name.
      if (event === "rename" && name === basename(path)) this.#lose(folder, watcher);
      else if (name === null || !isTemporary(name)) this.#changed(folder, name);
    });
    watcher.on("error", () => {
      this.#lose(folder, watcher);
    });
    return watcher;
  }

  /** Looks at its time stamp, in the pool of threads. */
  #lookAt(folder: string): Watcher {
    const path = join(this.#root, folder);
    const look = (now: fs.Stats): void => {
      if (now.isDirectory()) this.#changed(folder, null);
      else this.#lose(folder, watcher);
    };
    const watcher = {
      close: () => {
        fs.unwatchFile(path, look);
      },
    };
    fs.watchFile(path, { interval: LOOK_MS }, look);
    return watcher;
  }

  #changed(folder: string, name: string | null): void {
    if (folder === ROOT && this.#flow !== undefined) {
      if (name === null || name === this.#flow) void this.#watchAll();
    } else this.#tell(folder);
  }

  #lose(folder: string, watcher: Watcher): void {
    watcher.close();
    if (this.#watchers.get(folder) !== watcher) return;
    this.#watchers.delete(folder);
    this.#tell(folder);
    void this.#watchAll();
  }

  #tell(folder: string): void {
    if (this.#disposed || this.#pending.has(folder)) return;
    if (folder === ROOT && this.#flow !== undefined) return;
    const timer = setTimeout(() => {
      this.#pending.delete(folder);
      if (folder === ROOT) void this.#watchAll();
      this.#listener({ path: folder === ROOT ? [] : [folder] });
    }, SETTLE_MS);
    this.#pending.set(folder, timer);
  }

  async #flows(): Promise<string[]> {
    const entries = await entriesIfPresent(this.#root).catch(() => undefined);
    return (entries ?? [])
      .filter((entry) => entry.isDirectory() && !NO_FLOWS.has(entry.name))
      .map(({ name }) => name)
      .filter((name) => !name.startsWith(".") && !isTemporary(name));
  }
}
