import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ArtifactRecord, ChildRecord, MetadataRecord, ObjectRecord } from "../records.ts";

/** The tags to take from a run and to give to it; removal comes first. */
export interface TagEdit {
  /** Taken away first. */
  readonly remove: readonly string[];
  /** Given then. */
  readonly add: readonly string[];
}

/** Which children, and from where on. */
export interface ChildQuery {
  /** Continues after this child, in the listing's order; it need not exist any more. */
  readonly after?: { readonly startedAtMs: number; readonly id: string } | undefined;
  /** How many the caller is likely to take: what a listing reads ahead. All, where it is infinite. */
  readonly expected?: number | undefined;
  /** The caller leaves out children without all of these tags, user or system: a provider that can may leave them out itself. */
  readonly tags?: readonly string[] | undefined;
}

/** Something changed at or below this path. An empty path: anything may have. */
export interface Change {
  readonly path: PathComponents;
  /**
   * Set where nothing is known to have changed, because the place of the records does not answer, since then: milliseconds since the epoch. Told
   * once; the first change without it says that the place answers again, and that anything below the path may have changed meanwhile.
   */
  readonly unreachableSinceMs?: number;
}

/** A running subscription. */
export interface Watch {
  dispose(): void;
}

/**
 * Where Metaflow keeps its records. Paths have one part a level (flow, run, step, task); missing is `undefined` or an empty listing.
 * Namespaces, attempts, status and lineage are decided above this interface, once for all providers.
 */
export interface MetadataProvider {
  readonly type: "local" | "service" | "spin";
  /** Python's `metadata_str()`: `local@/path`, `service@http://host`. */
  readonly description: string;
  /** The folder that records share with data, where they lie in one. */
  readonly dataRoot?: string | undefined;
  /** The record at a path of one to four parts, with the run's own tags. */
  record(path: PathComponents, io?: IoOptions): Promise<ObjectRecord | undefined>;
  /** The children of a flow, run or step, or the flows for an empty path; newest first. Reads ahead no further than asked. */
  children(path: PathComponents, query?: ChildQuery, io?: IoOptions): AsyncIterable<ChildRecord>;
  /** How many children there are, where names alone tell. */
  count?(path: PathComponents, io?: IoOptions): Promise<number>;
  /** The artifacts of a task's attempt; without one, of its last done attempt. */
  artifacts(task: PathComponents, attempt?: number, io?: IoOptions): Promise<readonly ArtifactRecord[]>;
  /** One artifact by name, `undefined` when that attempt has none. */
  artifact(
    task: PathComponents,
    name: string,
    attempt?: number,
    io?: IoOptions,
  ): Promise<ArtifactRecord | undefined>;
  /** A task's metadata over all its attempts, oldest first; only the named fields where names are given. */
  taskMetadata(
    task: PathComponents,
    names?: readonly string[],
    io?: IoOptions,
  ): Promise<readonly MetadataRecord[]>;
  /**
   * The named metadata of all tasks of a run, by task, where one question tells them all: oldest first. Every task is there, also one without any
   * of these. `undefined` where this place does not know the question.
   */
  metadataBelow?(
    run: PathComponents,
    names: readonly string[],
    io?: IoOptions,
  ): Promise<ReadonlyMap<string, readonly MetadataRecord[]> | undefined>;
  /** The artifact of a name of all tasks of a step, by task, of the last attempt of each. `undefined` as above. */
  artifactBelow?(
    step: PathComponents,
    name: string,
    io?: IoOptions,
  ): Promise<ReadonlyMap<string, ArtifactRecord> | undefined>;
  /**
   * The pathspecs of a step's tasks of which a metadata field, of any attempt, fits a pattern as a whole, where the provider can tell it without a
   * look at each task; `undefined` where this place does not know the question. Python: `filter_tasks_by_metadata`.
   * @param pattern a regular expression; `.*` is every task
   */
  filterTasks?(
    step: PathComponents,
    field: string,
    pattern: string,
    io?: IoOptions,
  ): Promise<readonly string[] | undefined>;
  /** Changes a run's tags and gives its user tags afterwards. What another writer did meanwhile is kept. */
  mutateTags(run: PathComponents, edit: TagEdit, io?: IoOptions): Promise<readonly string[]>;
  /**
   * The ids of the run's tasks that are known to be alive now; `undefined` where that cannot be known.
   * Local: processes of this machine that carry the run's id. Service: heartbeats.
   * @param sinceMs when the run last showed anything: what was known before that does not serve
   */
  liveTasks(run: PathComponents, sinceMs: number, io?: IoOptions): Promise<ReadonlySet<string> | undefined>;
  /** Tells of changes at or below a path until disposed. */
  watch(path: PathComponents, listener: (change: Change) => void): Watch;
  /** Gives back what the provider holds: connections. */
  close?(): Promise<void>;
}
