import { randomUUID } from "node:crypto";
import { rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { delay } from "../../base/async.ts";
import { errorCode, readIfPresent } from "../../base/files.ts";
import type { IoOptions } from "../../base/io.ts";
import { localFailure } from "../datastore/local.ts";
import { MetaflowTaggingError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { editHolds, planTagEdit, validateEdit } from "../tags.ts";
import { parseJson, type Json } from "./parse.ts";
import type { TagEdit } from "./provider.ts";

const TRIES = 5;
/** A lock whose holder has not finished after this long belongs to a process that ended. A rewrite takes milliseconds. */
const STALE_LOCK_MS = 5000;
const LOCK_RETRY_MS = 10;
const LOCK_DEADLINE_MS = 20_000;

/**
 * Rewrites the tags in a run's record and gives the user tags afterwards; everything else in the record stays, `ts_epoch` too.
 * This client's writers take turns by a lock file; Metaflow's own know no lock, so the result is read back and the edit made
 * again when another writer undid it: at most five times, as in Metaflow.
 * Throws MetaflowTaggingError, or a DatastoreError when the record cannot be written.
 */
export async function mutateLocalTags(
  file: string,
  run: PathComponents,
  edit: TagEdit,
  io?: IoOptions,
): Promise<readonly string[]> {
  validateEdit(edit);
  for (let tries = 1; tries <= TRIES; tries++) {
    const outcome = await locked(file, io, async () => mutateOnce(file, run, edit, io));
    if (outcome.holds) return outcome.tags;
    if (tries < TRIES) await delay(300 * (1.1 + 0.2 * Math.random()) ** tries, io?.signal);
  }
  throw new MetaflowTaggingError(
    "Tagging failed due to too many conflicting updates from other processes",
    { kind: "conflict" },
    { pathspec: run.join("/") },
  );
}

interface Outcome {
  readonly tags: readonly string[];
  readonly holds: boolean;
}

async function mutateOnce(
  file: string,
  run: PathComponents,
  edit: TagEdit,
  io?: IoOptions,
): Promise<Outcome> {
  const before = await readRun(file, run, io);
  const systemTags = tagsOf(before, "system_tags");
  const plan = planTagEdit(tagsOf(before, "tags"), systemTags, edit);
  if (!plan.changes) return { tags: plan.next, holds: true };
  await replaceFile(file, { ...before, tags: plan.next });
  const readBack = tagsOf(await readRun(file, run, io), "tags");
  return { tags: readBack, holds: editHolds(edit, readBack, systemTags) };
}

async function readRun(file: string, run: PathComponents, io?: IoOptions): Promise<Json> {
  const bytes = await readIfPresent(file, io).catch((cause: unknown) => {
    throw localFailure(`cannot read ${file}`, "local", file, cause);
  });
  if (bytes === undefined) {
    const context = { pathspec: run.join("/"), key: file };
    throw new MetaflowTaggingError(`Run not found (${run.join(", ")})`, { kind: "not-found" }, context);
  }
  return parseJson(bytes.toString("utf8"), file);
}

/** A new file, then a rename, so that no reader and no crash ever meets half a record. Metaflow's watchers ignore `tmp*`. */
async function replaceFile(file: string, json: Json): Promise<void> {
  const temporary = join(dirname(file), `tmp${randomUUID()}`);
  try {
    await writeFile(temporary, asciiJson(json), { mode: 0o600 });
    await rename(temporary, file);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw localFailure(`cannot write ${file}`, "local", file, cause);
  }
}

/** Runs one writer at a time, over all processes of this client. */
async function locked<T>(file: string, io: IoOptions | undefined, write: () => Promise<T>): Promise<T> {
  const lock = join(dirname(file), "tmp_self.lock");
  const deadline = Date.now() + LOCK_DEADLINE_MS;
  // Past the deadline the write goes on without the lock, as Metaflow's own do: it is read back in any case.
  while (!(await acquire(lock)) && Date.now() < deadline) {
    await delay(LOCK_RETRY_MS * (1 + Math.random()), io?.signal);
  }
  try {
    return await write();
  } finally {
    await unlink(lock).catch(() => undefined);
  }
}

async function acquire(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (cause) {
    // Where no lock can be made (no such run, no permission) the write itself fails, with a better message.
    if (errorCode(cause) !== "EEXIST") return true;
    const held = await stat(lock).catch(() => undefined);
    if (held !== undefined && Date.now() - held.mtimeMs > STALE_LOCK_MS)
      await unlink(lock).catch(() => undefined);
    return false;
  }
}

function tagsOf(json: Json, field: "tags" | "system_tags"): readonly string[] {
  const tags = json[field];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === "string") : [];
}

/** JSON as Python's `json.dump` writes it, ASCII only: Metaflow reads the file in the locale's encoding. */
function asciiJson(json: Json): string {
  return JSON.stringify(json).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
