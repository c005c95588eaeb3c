import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { andThen, whenAll, type Soon } from "../../base/soon.ts";
import { CorruptRecord, MetaflowError, MetaflowInternalError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ArtifactRecord, BrokenRecord, ChildRecord, MetadataRecord, ObjectRecord } from "../records.ts";
import { LocalFiles } from "./localFiles.ts";
import { firstBelow, readRunIndex, type RunIndex } from "./localRuns.ts";
import { mutateLocalTags } from "./localTags.ts";
import { watchLocal } from "./localWatch.ts";
import {
  artifactRecord,
  metadataRecord,
  objectRecord,
  parseJson,
  numberOfLocalRun,
  startOfLocalRun,
  type RunTags,
  type Json,
} from "./parse.ts";
import { MetaNames } from "./metaNames.ts";
import { liveTasksOf } from "./processes.ts";
import type { Change, ChildQuery, MetadataProvider, TagEdit, Watch } from "./provider.ts";

const META = "_meta";
const SELF = "_meta/_self.json";
/** What stands beside the flows in the root and beside the runs in a flow's folder. Steps and tasks may have any name, these too. */
const NO_FLOWS = new Set(["config.json", "mf.cards"]);
const NO_RUNS = new Set(["data", "latest_run"]);
const FIRST_BATCH = 32;
const LARGEST_BATCH = 512;
const MAX_TAGS = 1000;
/** So long do the tags of a run serve what is read below it: they come with every record there, and hardly anybody looks. */
const TAGS_MS = 100;
/** A folder without a record is one that is just being made until it is this old. */
const BEING_MADE_MS = 10_000;

/** Metaflow's local metadata: JSON files in the `_meta` folders of a `.metaflow` (or `.metaflow_spin`) folder. */
export class LocalMetadata implements MetadataProvider {
  readonly type: "local" | "spin";
  readonly description: string;
  /** The folder that holds the flows. */
  readonly dataRoot: string;
  readonly #files: LocalFiles;
  readonly #tags = new LRUCache<string, { readonly readAt: number; readonly tags: RunTags }>({
    maxSize: MAX_TAGS,
    sizeCalculation: () => 1,
  });

  /** @param root the `.metaflow` folder; @param description Python's `metadata_str()` */
  constructor(root: string, description: string, type: "local" | "spin" = "local") {
    this.dataRoot = root;
    this.type = type;
    this.description = description;
    this.#files = new LocalFiles(root, description);
  }

  async record(path: PathComponents, io?: IoOptions): Promise<ObjectRecord | undefined> {
    if (path.length <= 2) return this.#ownRecord(path, io);
    const own = await this.#ownRecord(path, io);
    if (own === undefined) return undefined;
    return { ...own, ...(await this.#runTags(path, io)) };
  }

  async count(path: PathComponents, io?: IoOptions): Promise<number> {
    if (path.length === 1) return (await this.#runIndex(path, io))?.length ?? 0;
    return (await this.#childNames(path, io)).length;
  }

  async *children(path: PathComponents, query: ChildQuery = {}, io?: IoOptions): AsyncIterable<ChildRecord> {
    if (path.length === 1) {
      yield* this.#runs(path, query, io);
      return;
    }
    const children = await this.#read(path, await this.#childNames(path, io), io);
    children.sort(newestFirst);
    for (const child of children) if (isAfter(child, query.after)) yield child;
  }

  async artifacts(
    task: PathComponents,
    attempt?: number,
    io?: IoOptions,
  ): Promise<readonly ArtifactRecord[]> {
    const names = await this.#metaNames(task, io);
    if (names === undefined) return [];
    const tags = await this.#runTags(task, io);
    const chosen = attempt ?? (await this.#lastDoneAttempt(task, names, io));
    if (chosen === undefined) return [];
    return mapLimited(names.artifacts(chosen), LARGEST_BATCH, async (file) => {
      const record = await this.#artifactFile(task, file, tags, io);
      if (record !== undefined) return record;
      throw new CorruptRecord(`${this.#files.pathOf(this.#metaKey(task, file))} vanished while it was read`);
    });
  }

  async artifact(
    task: PathComponents,
    name: string,
    attempt?: number,
    io?: IoOptions,
  ): Promise<ArtifactRecord | undefined> {
    // One wait, however much is read: thousands who wait are what memory is cleared of for longer than reading takes.
    const turn = this.#files.turn();
    if (turn instanceof Promise) await turn;
    type Found = Soon<ArtifactRecord | undefined>;
    return andThen(this.#metaNames(task, io), (names): Found => {
      if (names === undefined) return undefined;
      return andThen(this.#runTags(task, io), (tags): Found => {
        const last = attempt ?? this.#lastDoneAttempt(task, names, io);
        return andThen(last, (chosen): Found => {
          if (chosen === undefined) return undefined;
          return this.#artifactFile(task, `${chosen}_artifact_${name}.json`, tags, io);
        });
      });
    });
  }

  async taskMetadata(
    task: PathComponents,
    fields?: readonly string[],
    io?: IoOptions,
  ): Promise<readonly MetadataRecord[]> {
    const turn = this.#files.turn();
    if (turn instanceof Promise) await turn;
    const listing = this.#metaNames(task, io);
    const names = listing instanceof Promise ? await listing : listing;
    if (names === undefined) return [];
    const files = names.metadata(fields).sort();
    type Entry = Soon<MetadataRecord | undefined>;
    const entries = await whenAll(files.map((file): Entry => this.#metadataFile(task, file, io)));
    return entries.filter((entry) => entry !== undefined).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  async mutateTags(run: PathComponents, edit: TagEdit, io?: IoOptions): Promise<readonly string[]> {
    this.#tags.delete(run.join("/"));
    return mutateLocalTags(join(this.dataRoot, ...run, SELF), run, edit, io).finally(() =>
      this.#tags.delete(run.join("/")),
    );
  }

  async liveTasks(run: PathComponents, sinceMs: number): Promise<ReadonlySet<string> | undefined> {
    return liveTasksOf(run[1] ?? "", sinceMs);
  }

  watch(path: PathComponents, listener: (change: Change) => void): Watch {
    return watchLocal(this.dataRoot, path, (change) => {
      // Nobody is told twice: what is asked after the news must not be answered by what was read before it.
      this.#files.changed();
      this.#tags.clear();
      listener(change);
    });
  }

  async #childNames(path: PathComponents, io?: IoOptions): Promise<readonly string[]> {
    const names = (await this.#files.names(path.join("/"), io)) ?? [];
    const beside = path.length === 0 ? NO_FLOWS : undefined;
    return names.filter((name) => isChild(name) && beside?.has(name) !== true);
  }

  async #runIndex(flow: PathComponents, io?: IoOptions): Promise<RunIndex | undefined> {
    return this.#files.listing(flow.join("/"), async (folder) => readRunIndex(folder, isRun, io), io);
  }

  /** The record in the object's own file: that of a step or task without tags, which may be stale there. */
  #ownRecord(path: PathComponents, io?: IoOptions): Soon<ObjectRecord | undefined> {
    const key = `${path.join("/")}/${SELF}`;
    const tags = path.length > 2 ? NO_TAGS : undefined;
    const parse = parsed((json, place) => objectRecord(json, path, place, tags));
    // Tags live in the run's record, the only one that is ever rewritten.
    return path.length === 2 ? this.#files.current(key, parse, io) : this.#files.frozen(key, parse, io);
  }

  /** The tags of the run that a path is below; those read a moment ago serve all that is read of the run together. */
  #runTags(path: PathComponents, io?: IoOptions): Soon<RunTags> {
    const [flow = "", run = ""] = path;
    const key = `${flow}/${run}`;
    const known = this.#tags.get(key);
    if (known !== undefined && performance.now() - known.readAt < TAGS_MS) return known.tags;
    return andThen(this.#ownRecord([flow, run], io), (record) => {
      if (record === undefined) throw new MetaflowInternalError(`Could not find run ('${flow}', '${run}')`);
      const tags = { userTags: record.userTags, systemTags: record.systemTags };
      this.#tags.set(key, { readAt: performance.now(), tags });
      return tags;
    });
  }

  /** Runs, newest first: ids that tell their time need no reading to be put in order. */
  async *#runs(flow: PathComponents, query: ChildQuery, io?: IoOptions): AsyncIterable<ChildRecord> {
    const index = await this.#runIndex(flow, io);
    if (index === undefined) return;
    const { named, order } = index;
    const { after } = query;
    const rest = (await this.#read(flow, named, io)).sort(newestFirst).filter((run) => isAfter(run, after));
    let next =
      after === undefined ? 0 : firstBelow(order, numberOfLocalRun(after.id) ?? after.startedAtMs * 1000);
    let size = Math.min(query.expected ?? FIRST_BATCH, LARGEST_BATCH);
    while (next < order.length) {
      const batch = Array.from(order.subarray(next, next + size), String);
      next += batch.length;
      size = Math.min(size * 2, LARGEST_BATCH);
      for (const run of await this.#read(flow, batch, io)) {
        for (let other = rest[0]; other !== undefined && newestFirst(other, run) < 0; other = rest[0]) {
          yield other;
          rest.shift();
        }
        yield run;
      }
    }
    yield* rest;
  }

  /** The records of these children; those that are no objects are left out, those that cannot be read are broken. */
  async #read(parent: PathComponents, ids: readonly string[], io?: IoOptions): Promise<ChildRecord[]> {
    if (ids.length === 0) return [];
    const tags = parent.length >= 2 ? await this.#runTags(parent, io) : undefined;
    const children: Soon<ChildRecord | undefined>[] = [];
    let isQuick = true;
    for (const id of ids) {
      // A promise for each of ten thousand runs would take as long as the reading. Of a slow disk all are read side by side.
      const turn: Soon<boolean> = isQuick && this.#files.turn();
      isQuick = turn instanceof Promise ? await turn : turn;
      children.push(this.#child([...parent, id], tags, io));
    }
    return (await whenAll(children)).filter((child) => child !== undefined);
  }

  #child(path: PathComponents, tags: RunTags | undefined, io?: IoOptions): Soon<ChildRecord | undefined> {
    try {
      const own = this.#ownRecord(path, io);
      if (own === undefined || own instanceof Promise) return this.#childLater(path, tags, own, io);
      return tags === undefined ? own : { ...own, ...tags };
    } catch (problem) {
      return this.#unreadable(path, problem);
    }
  }

  async #childLater(
    path: PathComponents,
    tags: RunTags | undefined,
    reading: Soon<ObjectRecord | undefined>,
    io?: IoOptions,
  ): Promise<ChildRecord | undefined> {
    try {
      const own = await reading;
      if (own === undefined) return await this.#withoutRecord(path, io);
      return tags === undefined ? own : { ...own, ...tags };
    } catch (problem) {
      return this.#unreadable(path, problem);
    }
  }

  #unreadable(path: PathComponents, problem: unknown): BrokenRecord {
    if (!(problem instanceof MetaflowError)) throw problem;
    return this.#broken(path, naming(problem, path));
  }

  /** A folder among runs, steps or tasks that has no record is one whose record got lost. */
  async #withoutRecord(path: PathComponents, io?: IoOptions): Promise<BrokenRecord | undefined> {
    if (path.length === 1) return undefined;
    const key = path.join("/");
    const names = await this.#files.names(key, io);
    const changedMs = await this.#files.changedMs(key, io);
    if (names === undefined || changedMs === undefined || Date.now() - changedMs < BEING_MADE_MS)
      return undefined;
    const place = this.#files.pathOf(`${key}/${SELF}`);
    return this.#broken(
      path,
      new CorruptRecord(`${key} has no record: ${place} is missing`, { pathspec: key }),
    );
  }

  #broken(path: PathComponents, problem: MetaflowError): BrokenRecord {
    return { path, problem, startedAtMs: startOfLocalRun(path.length === 2 ? (path[1] ?? "") : "") ?? 0 };
  }

  /** The names in a task's `_meta` folder; `undefined` where there are none. */
  #metaNames(task: PathComponents, io?: IoOptions): Soon<MetaNames | undefined> {
    const listing = this.#files.named(`${task.join("/")}/${META}`, (names) => new MetaNames(names), io);
    return andThen(listing, (names) => (names?.length === 0 ? undefined : names));
  }

  #metaKey(task: PathComponents, file: string): string {
    return `${task.join("/")}/${META}/${file}`;
  }

  #metadataFile(task: PathComponents, file: string, io?: IoOptions): Soon<MetadataRecord | undefined> {
    return this.#files.frozen(this.#metaKey(task, file), parsed(metadataRecord), io);
  }

  /** The attempt whose artifacts a task answers with: the one in the lexically last "attempt-done" file. */
  #lastDoneAttempt(task: PathComponents, names: MetaNames, io?: IoOptions): Soon<number | undefined> {
    const last = names.lastDone();
    if (last === undefined) return undefined;
    return andThen(this.#metadataFile(task, last, io), (entry) => entry && Number(entry.value));
  }

  #artifactFile(
    task: PathComponents,
    file: string,
    tags: RunTags,
    io?: IoOptions,
  ): Soon<ArtifactRecord | undefined> {
    const parse = parsed((json, place) => artifactRecord(json, task, NO_TAGS, place));
    const reading = this.#files.frozen(this.#metaKey(task, file), parse, io);
    return andThen(reading, (record) => record && { ...record, ...tags });
  }
}

const NO_TAGS = { userTags: [], systemTags: [] } as const;

function parsed<T>(make: (json: Json, place: string) => T): (text: string, place: string) => T {
  return (text, place) => make(parseJson(text, place), place);
}

function isChild(name: string): boolean {
  return name !== META && !name.startsWith(".");
}

function isRun(name: string): boolean {
  return isChild(name) && !NO_RUNS.has(name);
}

/** Newest first; equals by id, so that an order is always the same one. */
function newestFirst(a: ChildRecord, b: ChildRecord): number {
  return b.startedAtMs - a.startedAtMs || compareIds(idOf(b), idOf(a));
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

function idOf(child: ChildRecord): string {
  return child.path.at(-1) ?? "";
}

function isAfter(child: ChildRecord, after: ChildQuery["after"]): boolean {
  if (after === undefined) return true;
  return (
    child.startedAtMs - after.startedAtMs < 0 ||
    (child.startedAtMs === after.startedAtMs && compareIds(idOf(child), after.id) < 0)
  );
}

/** A damaged file does not know whose record it is. */
function naming(problem: MetaflowError, path: PathComponents): MetaflowError {
  if (!(problem instanceof CorruptRecord) || problem.context.pathspec !== undefined) return problem;
  return new CorruptRecord(problem.message, { ...problem.context, pathspec: path.join("/") });
}
