import type { PathComponents } from "../pathspec.ts";
import { FolderWatch } from "./folderWatch.ts";
import type { Change, Watch } from "./provider.ts";
import { lookAtRun } from "./runLook.ts";

/**
 * Tells of changes at or below a path of a local datastore.
 * Datastore and flows: file events of the folders, since new runs are new names in them. Runs and below: one cheap look a second,
 * since a run has too many folders for the system's watches.
 */
export function watchLocal(root: string, path: PathComponents, listener: (change: Change) => void): Watch {
  return path.length < 2 ? new FolderWatch(root, path[0], listener) : lookAtRun(root, path, listener);
}
