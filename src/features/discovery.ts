import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { AccessDenied, MetaflowConfigError } from "../client/errors.ts";
import { t } from "./text.ts";

const DATASTORE = ".metaflow";

/** No `.metaflow` folder was found; the sidebar then says what to do. */
export class NoDatastore extends MetaflowConfigError {
  /** The folders from which the search went upwards. */
  readonly searched: readonly string[];

  constructor(searched: readonly string[]) {
    super(
      searched.length === 0
        ? t("No folder is open in which Metaflow's runs could be looked for.")
        : t("No {0} folder was found in {1} or above.", DATASTORE, searched.join(", ")),
    );
    this.searched = searched;
  }
}

/** Where to look, in this order. */
export interface DatastoreSearch {
  /** The setting `metaflow.datastore.root`; empty when not set. */
  readonly setting: string;
  /** The workspace's folders. */
  readonly folders: readonly string[];
}

/**
 * The folder that holds the `.metaflow` to read. Throws NoDatastore when there is none, MetaflowConfigError when the one that was
 * named does not exist, AccessDenied when it may not be looked at.
 */
export async function findDatastore(search: DatastoreSearch): Promise<string> {
  const named = search.setting.trim();
  if (named !== "") return datastoreIn(named, search.folders[0]);
  for (const folder of search.folders) {
    const found = await upwards(folder);
    if (found !== undefined) return found;
  }
  throw new NoDatastore(search.folders);
}

/** The folder that holds the `.metaflow` which a person named: either that folder or the `.metaflow` itself. */
export async function datastoreIn(named: string, relativeTo = ""): Promise<string> {
  const home = named === "~" || /^~[\\/]/.test(named) ? join(homedir(), named.slice(1)) : named;
  const folder = isAbsolute(home) ? home : resolve(relativeTo, home);
  const root = basename(folder) === DATASTORE ? dirname(folder) : folder;
  if (await isFolder(join(root, DATASTORE))) return root;
  throw new MetaflowConfigError(t("{0} is no Metaflow datastore: it has no {1} folder.", folder, DATASTORE));
}

/** Whether the folder has a datastore, as far as can be seen. */
export async function hasDatastore(folder: string): Promise<boolean> {
  return isFolder(join(folder, DATASTORE)).catch((error: unknown) => error instanceof AccessDenied);
}

/** As Metaflow looks for its own: in the folder, then in each one above. */
async function upwards(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await isFolder(join(at, DATASTORE))) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    if (code === "EACCES" || code === "EPERM") {
      throw new AccessDenied(t("{0} cannot be read: permission denied.", path), { key: path, cause });
    }
    throw cause;
  }
}
