import type { IoOptions } from "../../base/io.ts";
import { Slices } from "../../base/slices.ts";
import type { HttpClient } from "../http/client.ts";
import { CorruptRecord, MetaflowError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ArtifactRecord, ChildRecord, MetadataRecord, ObjectRecord } from "../records.ts";
import { artifactRecord, metadataRecord, objectRecord, type Json } from "./parse.ts";
import type { Change, ChildQuery, MetadataProvider, TagEdit, Watch } from "./provider.ts";
import { ServiceListings } from "./serviceListings.ts";
import { ServiceRequests, type ServiceAddress } from "./serviceRequests.ts";
import { mutateServiceTags } from "./serviceTags.ts";
import { watchService } from "./serviceWatch.ts";

const FIRST_VERSION_WITH_ATTEMPTS = "2.0.6";
/** The names of the levels in the service's paths. */
const LEVELS = ["flows", "runs", "steps", "tasks", "artifacts"] as const;
/** The fields that hold the ids of each level. */
const ID_FIELDS = ["flow_id", "run_number", "step_name", "task_id"] as const;

/** Metaflow's metadata service, from 2.0.6 on. */
export class ServiceMetadata implements MetadataProvider {
  readonly type = "service";
  readonly description: string;
  /** The service's address, without a slash at its end. */
  readonly url: string;
  readonly #requests: ServiceRequests;
  readonly #listings: ServiceListings;

  constructor(address: ServiceAddress, http?: HttpClient) {
    this.url = address.url;
    this.description = `service@${address.url}`;
    this.#requests = new ServiceRequests(address, http);
    this.#listings = new ServiceListings(this.#requests);
  }

  /** Throws ServiceException where the service does not answer. */
  async ping(io?: IoOptions): Promise<void> {
    await this.#requests.version(io);
  }

  async record(path: PathComponents, io?: IoOptions): Promise<ObjectRecord | undefined> {
    const json = await this.#requests.object(pathOf(path), io);
    return json && recordOf(json, path, pathOf(path));
  }

  async *children(path: PathComponents, query: ChildQuery = {}, io?: IoOptions): AsyncIterable<ChildRecord> {
    const listing = `${pathOf(path)}/${LEVELS[path.length] ?? ""}`;
    const kind = path.length === 1 ? "runs" : path.length === 2 ? "whole" : "pages";
    const slices = new Slices(io);
    for await (const { rows, readMs } of this.#listings.rows(listing, query, kind, io)) {
      for (const row of rows) {
        if (slices.areDue) await slices.pause();
        yield childOf(row, path, listing, readMs);
      }
    }
  }

  async artifacts(
    task: PathComponents,
    attempt?: number,
    io?: IoOptions,
  ): Promise<readonly ArtifactRecord[]> {
    if (attempt !== undefined) await this.#wantAttempts(io);
    const path = `${pathOf(task)}${attempt === undefined ? "" : `/attempt/${attempt}`}/artifacts`;
    const rows = (await this.#requests.listing(path, io))?.rows ?? [];
    return ofNewestAttempt(rows.map((row) => artifactOf(row, task, path)));
  }

  async artifact(
    task: PathComponents,
    name: string,
    attempt?: number,
    io?: IoOptions,
  ): Promise<ArtifactRecord | undefined> {
    if (attempt !== undefined) await this.#wantAttempts(io);
    const path = `${pathOf([...task, name])}${attempt === undefined ? "" : `/attempt/${attempt}`}`;
    const json = await this.#requests.object(path, io);
    return json && artifactOf(json, task, path);
  }

  async taskMetadata(
    task: PathComponents,
    names?: readonly string[],
    io?: IoOptions,
  ): Promise<readonly MetadataRecord[]> {
    const path = `${pathOf(task)}/metadata`;
    const rows = (await this.#requests.listing(path, io))?.rows ?? [];
    return metadataOf(rows, names, path);
  }

  async metadataBelow(
    run: PathComponents,
    names: readonly string[],
    io?: IoOptions,
  ): Promise<ReadonlyMap<string, readonly MetadataRecord[]> | undefined> {
    const path = `${pathOf(run)}/metadata`;
    const listing = await this.#requests.listing(path, io);
    // The official service lists nothing of what is not there; others have no such listing.
    if (listing === undefined) return undefined;
    const wanted = new Set<unknown>(names);
    const slices = new Slices(io);
    const below = new Map<string, MetadataRecord[]>();
    for (const { task, rows } of await byTask(listing.rows, wanted, slices)) {
      if (slices.areDue) await slices.pause();
      below.set(task, metadataOf(rows, undefined, path));
    }
    return below;
  }

  async artifactBelow(
    step: PathComponents,
    name: string,
    io?: IoOptions,
  ): Promise<ReadonlyMap<string, ArtifactRecord> | undefined> {
    const path = `${pathOf(step)}/artifacts`;
    const listing = await this.#requests.listing(path, io);
    const named = listing?.rows.filter((row) => row["name"] === name);
    return named && new Map(named.map((row) => [taskOf(row), artifactOf(row, taskOf(row).split("/"), path)]));
  }

  async filterTasks(
    step: PathComponents,
    field: string,
    pattern: string,
    io?: IoOptions,
  ): Promise<readonly string[] | undefined> {
    // The service looks for the pattern anywhere in the value.
    const query = new URLSearchParams({ metadata_field_name: field, pattern: `^(?:${pattern})$` });
    const path = `${pathOf(step)}/filtered_tasks?${pattern === ".*" ? "" : query.toString()}`;
    return this.#requests.texts(path, io);
  }

  async mutateTags(run: PathComponents, edit: TagEdit, io?: IoOptions): Promise<readonly string[]> {
    const tags = await mutateServiceTags(this.#requests, pathOf(run), run, edit, io);
    this.#listings.forget(`${pathOf(run.slice(0, 1))}/runs`);
    return tags;
  }

  /** Told by the heartbeats in the records. */
  async liveTasks(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  watch(path: PathComponents, listener: (change: Change) => void): Watch {
    return watchService(this.#listings, pathOf(path), path, listener);
  }

  async close(): Promise<void> {
    this.#requests.close();
    return Promise.resolve();
  }

  async #wantAttempts(io?: IoOptions): Promise<void> {
    await this.#requests.require(
      FIRST_VERSION_WITH_ATTEMPTS,
      "Getting specific attempts of Tasks or Artifacts requires the metaflow service to be at least version " +
        `${FIRST_VERSION_WITH_ATTEMPTS}. Please upgrade your service`,
      io,
    );
  }
}

/** `/flows/F/runs/1/…`, with every part encoded: an id must not lead elsewhere. */
function pathOf(path: PathComponents): string {
  return path.map((part, level) => `/${LEVELS[level] ?? ""}/${encodeURIComponent(part)}`).join("");
}

function childOf(row: Json, parent: PathComponents, place: string, seenMs: number): ChildRecord {
  const id = row[ID_FIELDS[parent.length] ?? "flow_id"];
  const path = [...parent, String(id)];
  try {
    if (typeof id !== "string" && typeof id !== "number")
      throw new CorruptRecord(`a row of ${place} has no id`);
    return recordOf(row, path, place, seenMs);
  } catch (problem) {
    if (!(problem instanceof MetaflowError)) throw problem;
    return { path, problem, startedAtMs: 0 };
  }
}

/** How a service says that a run stands. */
const STATES = ["running", "completed", "failed"] as const;

function recordOf(json: Json, path: PathComponents, place: string, seenMs = Date.now()): ObjectRecord {
  const record = objectRecord(json, path, place);
  const beat = json["last_heartbeat_ts"];
  const state = STATES.find((known) => known === json["status"]);
  return {
    ...record,
    // No edit moves a service's times, and its listings are ordered by them.
    startedAtMs: record.createdAtMs,
    seenMs,
    // Heartbeats are in seconds, everything else in milliseconds.
    ...(typeof beat === "number" && { heartbeatMs: beat * 1000 }),
    ...(state !== undefined && { toldState: state }),
  };
}

/** Not every service leaves out the attempts before the newest. */
function ofNewestAttempt(artifacts: readonly ArtifactRecord[]): readonly ArtifactRecord[] {
  const newest = artifacts.reduce((highest, { attempt }) => Math.max(highest, attempt), 0);
  return artifacts.filter(({ attempt }) => attempt === newest);
}

function artifactOf(json: Json, task: PathComponents, place: string): ArtifactRecord {
  const { userTags, systemTags } = objectRecord(json, task, place);
  return artifactRecord(json, task, { userTags, systemTags }, place);
}

/** The pathspec of the task that a row belongs to. */
function taskOf(row: Json): string {
  return ID_FIELDS.map((field) => String(row[field])).join("/");
}

interface TaskRows {
  readonly task: string;
  readonly rows: Json[];
}

/** The rows of these fields of each task. Of a thousand tasks there are many thousands of rows: what names a task is put together once. */
async function byTask(
  rows: readonly Json[],
  wanted: ReadonlySet<unknown>,
  slices: Slices,
): Promise<readonly TaskRows[]> {
  const steps = new Map<unknown, Map<unknown, TaskRows>>();
  const all: TaskRows[] = [];
  for (const row of rows) {
    if (slices.areDue) await slices.pause();
    let tasks = steps.get(row["step_name"]);
    if (tasks === undefined) steps.set(row["step_name"], (tasks = new Map<unknown, TaskRows>()));
    let own = tasks.get(row["task_id"]);
    if (own === undefined) {
      own = { task: taskOf(row), rows: [] };
      tasks.set(row["task_id"], own);
      all.push(own);
    }
    if (wanted.has(row["field_name"])) own.rows.push(row);
  }
  return all;
}

/** Oldest first; those of the same time in the order of their numbers. */
function metadataOf(
  rows: readonly Json[],
  names: readonly string[] | undefined,
  place: string,
): MetadataRecord[] {
  const wanted = names && new Set<unknown>(names);
  return rows
    .filter((row) => wanted === undefined || wanted.has(row["field_name"]))
    .sort((a, b) => Number(a["ts_epoch"]) - Number(b["ts_epoch"]) || Number(a["id"]) - Number(b["id"]))
    .map((row) => metadataRecord(row, place));
}
