import { collect } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { attemptKey, rootOfLocation } from "../datastore/layout.ts";
import type { ObjectStore } from "../datastore/store.ts";
import { DatastoreError, MetaflowInternalError } from "../errors.ts";
import { parseJson, type Json } from "../metadata/parse.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ArtifactRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";

/** Metaflow never makes more attempts of a task. */
export const MAX_ATTEMPTS = 6;

/** What a task's `<k>.data.json` tells of one artifact. */
export interface ArtifactInfo {
  /** Of the pickled, uncompressed bytes. */
  readonly sizeBytes: number;
  /** As Python writes it: `<class 'int'>`. */
  readonly type: string | undefined;
  /** How the blob is encoded: `gzip+pickle-v4`. Python: `encoding` in its data file. */
  readonly encoding: string | undefined;
}

const MAX_CACHED = 1000;
// A finished attempt's data file never changes.
const dataFiles = new SessionCache<Json>(MAX_CACHED);

/** The `<k>.data.json` of an attempt, `undefined` while that attempt is not done. */
async function dataFile(
  session: Session,
  store: ObjectStore,
  task: PathComponents,
  attempt: number,
  io?: IoOptions,
): Promise<Json | undefined> {
  const cache = dataFiles.of(session);
  const key = attemptKey(task, attempt, "data.json");
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  if ((await store.head(attemptKey(task, attempt, "DONE.lock"), io)) === undefined) return undefined;
  const bytes = await store.get(key, io);
  if (bytes === undefined) return undefined;
  const json = parseJson(Buffer.from(bytes).toString("utf8"), `${store.description}/${key}`);
  cache.set(key, json);
  return json;
}

/**
 * The last attempt that was started, told by the names of its files: one listing, where a look at each would be many requests to a store far
 * away. The search stops at the first gap. Python: `TaskDataStore`.
 */
async function lastStarted(
  store: ObjectStore,
  task: PathComponents,
  io?: IoOptions,
): Promise<number | undefined> {
  const keys = new Set((await collect(store.list(`${task.join("/")}/`, io))).map(({ key }) => key));
  let last: number | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (keys.has(attemptKey(task, attempt, "attempt.json"))) last = attempt;
    else if (last !== undefined) break;
  }
  return last;
}

/**
 * What the datastore knows of an artifact. Throws DatastoreError where Python raises DataException: the attempt chosen (the last started
 * one, or the one asked for) is not done.
 */
export async function artifactInfo(
  session: Session,
  record: ArtifactRecord,
  attempt: number | undefined,
  io?: IoOptions,
): Promise<ArtifactInfo> {
  const [flow = ""] = record.path;
  const task = record.path.slice(0, 4);
  const store = await session.store(record.dsType, rootOfLocation(record.location, flow));
  const chosen = attempt ?? (await lastStarted(store, task, io));
  const json = chosen === undefined ? undefined : await dataFile(session, store, task, chosen, io);
  if (json === undefined) {
    throw new DatastoreError(`No completed attempts of the task was found for task '${task.join("/")}'`, {
      store: store.description,
      pathspec: record.path.join("/"),
    });
  }
  const info = infoOf(json, record.name);
  if (info !== undefined) return info;
  throw new MetaflowInternalError(`${record.path.join("/")} is not listed in ${chosen ?? 0}.data.json`);
}

/** What the data file of an attempt tells of each artifact; empty while the attempt is not done. */
export async function artifactInfos(
  session: Session,
  record: ArtifactRecord,
  io?: IoOptions,
): Promise<ReadonlyMap<string, ArtifactInfo>> {
  const [flow = ""] = record.path;
  const store = await session.store(record.dsType, rootOfLocation(record.location, flow));
  const json = await dataFile(session, store, record.path.slice(0, 4), record.attempt, io);
  const names = Object.keys((json?.["info"] as object | undefined) ?? {});
  return new Map(names.flatMap((name) => pairIfPresent(name, json && infoOf(json, name))));
}

function pairIfPresent(name: string, info: ArtifactInfo | undefined): [string, ArtifactInfo][] {
  return info === undefined ? [] : [[name, info]];
}

function infoOf(json: Json, name: string): ArtifactInfo | undefined {
  const infos = json["info"];
  if (typeof infos !== "object" || infos === null || !Object.hasOwn(infos, name)) return undefined;
  const info = (infos as Json)[name];
  if (typeof info !== "object" || info === null) return undefined;
  const { size, type, encoding } = info as Json;
  return {
    sizeBytes: typeof size === "number" ? size : 0,
    type: typeof type === "string" ? type : undefined,
    encoding: typeof encoding === "string" ? encoding : undefined,
  };
}
