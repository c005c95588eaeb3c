import type { MetaflowError } from "./errors.ts";
import type { PathComponents } from "./pathspec.ts";

/** What a metadata provider knows of a flow, run, step or task, independent of how it is stored. */
export interface ObjectRecord {
  readonly path: PathComponents;
  /** The recorded `ts_epoch`: milliseconds since the epoch. Python's own tag edits move it for a run. */
  readonly createdAtMs: number;
  /** When the object was made, which no later edit moves; siblings are ordered by it. Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** The run's tags, also for what lies below the run. Empty for a flow. */
  readonly userTags: readonly string[];
  readonly systemTags: readonly string[];
  /** The last heartbeat in milliseconds, where the provider keeps heartbeats. */
  readonly heartbeatMs?: number;
  /** When the record was read, where records have heartbeats: later its heartbeat, or that it has none, says little. */
  readonly seenMs?: number;
  /**
   * How a run stands by its service, where that says it along with the record. `completed` is true; a run that completed in an end step of another name
   * than `end` it calls running, then failed, as it calls one that is merely silent.
   */
  readonly toldState?: "running" | "completed" | "failed";
}

/** One artifact of one attempt. */
export interface ArtifactRecord extends ObjectRecord {
  readonly name: string;
  readonly attempt: number;
  /** The content-addressed key: SHA-1 of the pickled bytes before gzip. */
  readonly sha: string;
  /** `local`, `s3`, `azure`, `gs`. */
  readonly dsType: string;
  /** `:root:<datastore root>` since Metaflow 2.4.0, before that the blob's full path. */
  readonly location: string;
  /** `pickle-v4`, `gzip+pickle-v2`, … */
  readonly contentType: string | undefined;
}

/** One metadata entry of a task, as recorded. */
export interface MetadataRecord {
  readonly name: string;
  /** Usually text, but Metaflow also writes lists, integers and booleans. */
  readonly value: unknown;
  readonly type: string;
  readonly createdAtMs: number;
  /** `attempt_id:<n>` since Metaflow 2.4.1. */
  readonly tags: readonly string[];
}

/** A child that is there but cannot be read; what lies beside it can. */
export interface BrokenRecord {
  readonly path: PathComponents;
  /** Where it stands among its siblings, as far as that can be told without its record; else 0. */
  readonly startedAtMs: number;
  readonly problem: MetaflowError;
}

/** One child of a listing: its record, or why it has none. */
export type ChildRecord = ObjectRecord | BrokenRecord;

/** Tells the two kinds of a listing's children apart. */
export function isBroken(child: ChildRecord): child is BrokenRecord {
  return "problem" in child;
}
