import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync } from "node:fs";
import { chmod, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { delay } from "../../base/async.ts";
import { isMissing } from "../../base/files.ts";

/** One that was left by a writer that was killed is waited for in vain. */
const LOOKS = 100;
/** From the first look to the rename; Metaflow takes about as long to write its own file. What took longer was stopped in between, and looks again. */
const QUICK_MS = 0.25;
/** Python's `tempfile` names them so: not as this client does. */
const PYTHONS_TEMPORARY = /^tmp[a-z0-9_]{8}$/;

/**
 * Whether Metaflow is about to replace a file in a folder. It does not look before it does, and a rename of ours might have to wait for the folder
 * until it has read its own back: then it would take what we overwrite for written.
 */
function isBeingWritten(folder: string): boolean {
  return readdirSync(folder).some((name) => PYTHONS_TEMPORARY.test(name));
}

/** Whether a name is one that stands beside a record while it is written; only the rename is news. Metaflow names its own so, too. */
export function isTemporary(name: string): boolean {
  return name.startsWith("tmp") || name.endsWith(".tmp");
}

/**
 * Replaces a file that still has the bytes on which its new text was planned; false when it has others by now, or is gone.
 * It is a new file that takes the old one's place, so that no reader and no crash ever meets half a record. Metaflow's watchers ignore `tmp*`.
 */
export async function swapFile(file: string, before: Uint8Array, after: string): Promise<boolean> {
  const folder = dirname(file);
  const temporary = join(folder, `tmp${randomUUID()}`);
  let swapped = false;
  try {
    const { mode } = await stat(file);
    // On the disk before it takes the place: after a crash there is the old record or the new one, and the rename does not hold the folder while it writes.
    await writeFile(temporary, after, { mode: 0o600, flush: true });
    // Who could read the old one can read the new one: people share datastores. Some disks know no modes, which is no reason to lose an edit.
    await chmod(temporary, mode & 0o777).catch(() => undefined);
    for (let looks = 1; !swapped; looks++) {
      const isLast = looks >= LOOKS;
      // INVARIANT: nothing is awaited between the looks and the rename. Writers of this process cannot come between them, those of others
      // have some microseconds. The disk has just answered, so this one small file holds up nobody.
      const begunMs = performance.now();
      if (isBeingWritten(folder) && !isLast) {
        await delay(1);
        continue;
      }
      if (!readFileSync(file).equals(before)) break;
      // Looked at last, since a look waits until nobody changes the folder: the rename is then not the one that has to wait.
      if ((isBeingWritten(folder) || performance.now() - begunMs > QUICK_MS) && !isLast) {
        await delay(1);
        continue;
      }
      renameSync(temporary, file);
      swapped = true;
    }
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  } finally {
    if (!swapped) await unlink(temporary).catch(() => undefined);
  }
  return swapped;
}
