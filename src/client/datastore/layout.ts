import { CorruptRecord } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";

/**
 * The key of a content-addressed blob: below the flow, by the first two digits of its SHA-1.
 * Throws CorruptRecord for what is no SHA-1: a record that names another file must not be followed.
 */
export function blobKey(flow: string, sha: string): string {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new CorruptRecord(`'${sha.slice(0, 60)}' is not the key of a blob`);
  return `${flow}/data/${sha.slice(0, 2)}/${sha}`;
}

/** Whether an object never changes once it is there: a blob or an uploaded file, and what marks a finished attempt or was written just before it was. */
export function isWrittenOnce(key: string): boolean {
  return WRITTEN_ONCE.test(key);
}

const WRITTEN_ONCE = /(?:^|\/)data\/[^/]+\/[0-9a-f]{40}$|\/\d+\.(?:data\.json|DONE\.lock)$/;

/** The key of a file of a task's attempt: `<k>.<name>`. */
export function attemptKey(task: PathComponents, attempt: number, name: string): string {
  return `${task.join("/")}/${attempt}.${name}`;
}

/**
 * The datastore root in an artifact's or package's location: what follows `:root:`, or what stands before
 * `<flow>/data/<xx>/<sha>` in a location of Metaflow < 2.4.0.
 */
export function rootOfLocation(location: string, flow: string): string {
  if (location.startsWith(":root:")) return location.slice(":root:".length);
  const at = location.lastIndexOf(`/${flow}/data/`);
  return at < 0 ? location : location.slice(0, at);
}
