import type * as vscode from "vscode";

/** What ends a watch. */
export interface Ending {
  dispose(): void;
}

/** What can be watched, perhaps. */
export interface Watchable {
  /** Tells of changes until disposed. */
  watch?(changed: () => void): Ending;
}

/** One file or folder of the `metaflow:` scheme. Missing is MetaflowNotFound. */
export interface Content extends Watchable {
  stat(): Promise<vscode.FileStat>;
  read?(): Promise<Uint8Array>;
  list?(): Promise<readonly [string, vscode.FileType][]>;
}
