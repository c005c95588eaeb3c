import { resolve } from "node:path";
import { readIfPresent } from "../../base/files.ts";
import { DatastoreError, messageOf } from "../errors.ts";

/**
 * The certificates in a file, in PEM: those that are trusted instead of the well-known ones. Throws DatastoreError where it cannot be read.
 * @param cwd what a path begins from
 * @param namedBy the settings that name the file, for the message
 */
export async function readCertificates(cwd: string, file: string, namedBy: string): Promise<string> {
  const key = resolve(cwd, file);
  try {
    const pem = await readIfPresent(key);
    if (pem !== undefined) return pem.toString("utf8");
  } catch (cause) {
    const why = messageOf(cause);
    throw new DatastoreError(`the certificates in ${key} cannot be read (${namedBy} names it): ${why}`, {
      key,
      cause,
    });
  }
  throw new DatastoreError(`the file of certificates ${key} does not exist (${namedBy} names it)`, { key });
}
