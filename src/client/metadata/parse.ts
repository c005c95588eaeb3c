import { CorruptRecord } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ArtifactRecord, MetadataRecord, ObjectRecord } from "../records.ts";

/** A JSON object as a provider sends it, before its fields are checked. */
export type Json = Readonly<Record<string, unknown>>;

const LOCAL_RUN_DIGITS = 16;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/**
 * The number in a run id that the local provider gave: microseconds since the epoch, 16 digits from 2001 on; `undefined` for an id of a scheduler
 * or a service.
 */
export function numberOfLocalRun(id: string): number | undefined {
  if (id.length !== LOCAL_RUN_DIGITS || id.startsWith("0")) return undefined;
  let number = 0;
  // Not by an expression: a hundred thousand of them are put in order before the first is shown.
  for (let at = 0; at < LOCAL_RUN_DIGITS; at++) {
    const code = id.charCodeAt(at);
    if (code < DIGIT_0 || code > DIGIT_9) return undefined;
    number = number * 10 + (code - DIGIT_0);
  }
  // A number that is not exact (from 2255 on) would not give the id back.
  return number <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

/** When a local run was started, in milliseconds; `undefined` for an id that a scheduler or a service gave. */
export function startOfLocalRun(id: string): number | undefined {
  const number = numberOfLocalRun(id);
  return number === undefined ? undefined : number / 1000;
}

/** Parses a metadata value that is JSON text; throws CorruptRecord. */
export function parseValue(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CorruptRecord(`The recorded ${field} is not valid JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Parses a JSON object; throws CorruptRecord with the place where it came from. */
export function parseJson(text: string, place: string): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const what = text.trim() === "" ? "it is empty" : (cause as Error).message;
    throw new CorruptRecord(`${place} is not valid JSON: ${what}`, { key: place, cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new CorruptRecord(`${place} does not hold a JSON object`, { key: place });
  }
  return parsed as Json;
}

/** The record of a flow, run, step or task. A run's start is told by its id where the local provider gave it. */
export function objectRecord(
  json: Json,
  path: PathComponents,
  place: string,
  tags: RunTags = tagsOf(json),
): ObjectRecord {
  const createdAtMs = numberField(json, "ts_epoch", place);
  const startedAtMs = path.length === 2 ? (startOfLocalRun(path[1] ?? "") ?? createdAtMs) : createdAtMs;
  return {
    path,
    createdAtMs,
    startedAtMs,
    ...tags,
  };
}

function tagsOf(json: Json): RunTags {
  return { userTags: tagsField(json, "tags"), systemTags: tagsField(json, "system_tags") };
}

/** The record of an artifact below a task. */
export function artifactRecord(
  json: Json,
  task: PathComponents,
  tags: RunTags,
  place: string,
): ArtifactRecord {
  const name = textField(json, "name", place);
  const createdAtMs = numberField(json, "ts_epoch", place);
  const contentType = json["content_type"];
  return {
    path: [...task, name],
    createdAtMs,
    startedAtMs: createdAtMs,
    ...tags,
    name,
    attempt: Number(json["attempt_id"] ?? 0),
    sha: textField(json, "sha", place),
    dsType: textField(json, "ds_type", place),
    location: textField(json, "location", place),
    contentType: typeof contentType === "string" ? contentType : undefined,
  };
}

/** One metadata entry; its value may be of any JSON type. */
export function metadataRecord(json: Json, place: string): MetadataRecord {
  return {
    name: textField(json, "field_name", place),
    value: json["value"] ?? undefined,
    type: typeof json["type"] === "string" ? json["type"] : "",
    createdAtMs: numberField(json, "ts_epoch", place),
    tags: tagsField(json, "tags"),
  };
}

/** The tags of a run, which everything below it answers with. */
export type RunTags = Pick<ObjectRecord, "userTags" | "systemTags">;

/** Null is what a service writes for "none". */
function tagsField(json: Json, field: string): readonly string[] {
  const value = json[field];
  return Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === "string") : [];
}

function numberField(json: Json, field: string, place: string): number {
  const value = json[field];
  if (typeof value === "number") return value;
  throw new CorruptRecord(`${place} has no number "${field}"`, { key: place });
}

function textField(json: Json, field: string, place: string): string {
  const value = json[field];
  if (typeof value === "string") return value;
  throw new CorruptRecord(`${place} has no text "${field}"`, { key: place });
}
