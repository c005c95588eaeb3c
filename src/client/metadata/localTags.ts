import { delay } from "../../base/async.ts";
import { readIfPresent } from "../../base/files.ts";
import type { IoOptions } from "../../base/io.ts";
import { localFailure } from "../datastore/local.ts";
import { MetaflowTaggingError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { editHolds, planTagEdit, validateEdit } from "../tags.ts";
import { parseJson, type Json } from "./parse.ts";
import type { TagEdit } from "./provider.ts";
import { swapFile } from "./swapFile.ts";

const TRIES = 10;
/**
 * So long after a write it may still be undone: by a writer that had read the record before, and does not look again. Python's takes a millisecond
 * from the one to the other, but a busy machine can stop it in between.
 */
const UNSETTLED_MS = 100;
/** One of the writers wins each race: more than so many lost in a row are no chance. */
const MAX_RACES = 100;

/**
 * Rewrites the tags in a run's record and gives the user tags afterwards; everything else in the record stays, `ts_epoch` too.
 * Nobody's change is overwritten: an edit that was planned on a record which is another one by now is planned anew. Metaflow's own
 * writers do not look before they write, so the result is read back after a moment and the edit made again when one of them undid it.
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
    const outcome = await mutateOnce(file, run, edit, io);
    if (outcome.holds) return outcome.tags;
    // Who undid it is about to write again.
    await delay(UNSETTLED_MS * Math.random(), io?.signal);
  }
  throw new MetaflowTaggingError(
    "Tagging failed due to too many conflicting updates from other processes",
    { kind: "conflict" },
    { pathspec: run.join("/") },
  );
}

type Outcome = { readonly holds: true; readonly tags: readonly string[] } | { readonly holds: false };

async function mutateOnce(
  file: string,
  run: PathComponents,
  edit: TagEdit,
  io?: IoOptions,
): Promise<Outcome> {
  for (let races = 1; races <= MAX_RACES; races++) {
    const { bytes, json } = await readRun(file, run, io);
    const systemTags = tagsOf(json, "system_tags");
    const plan = planTagEdit(tagsOf(json, "tags"), systemTags, edit);
    if (!plan.changes) return { holds: true, tags: plan.next };
    if (!(await swapRecord(file, bytes, { ...json, tags: plan.next }))) continue;
    await delay(UNSETTLED_MS, io?.signal);
    const readBack = tagsOf((await readRun(file, run, io)).json, "tags");
    return editHolds(edit, readBack, systemTags) ? { holds: true, tags: readBack } : { holds: false };
  }
  return { holds: false };
}

async function readRun(
  file: string,
  run: PathComponents,
  io?: IoOptions,
): Promise<{ readonly bytes: Buffer; readonly json: Json }> {
  const bytes = await readIfPresent(file, io).catch((cause: unknown) => {
    throw localFailure(`cannot read ${file}`, "local", file, cause);
  });
  if (bytes === undefined) {
    const context = { pathspec: run.join("/"), key: file };
    throw new MetaflowTaggingError(`Run not found (${run.join(", ")})`, { kind: "not-found" }, context);
  }
  return { bytes, json: parseJson(bytes.toString("utf8"), file) };
}

async function swapRecord(file: string, before: Buffer, after: Json): Promise<boolean> {
  try {
    return await swapFile(file, before, asciiJson(after));
  } catch (cause) {
    throw localFailure(`cannot write ${file}`, "local", file, cause);
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
