import type { MetadataRecord } from "../records.ts";

/** One metadata entry of a task. Python: `metaflow.client.core.Metadata`. */
export interface Metadata {
  /** The field's name, `attempt`, `ds-type`, `code-package`. Python: `name`. */
  readonly name: string;
  /** Usually text; Metaflow also records lists, integers and booleans. `undefined` for Python's None. */
  readonly value: unknown;
  /** The field's type, mostly the same as its name. Python: `type`. */
  readonly type: string;
  /** Milliseconds since the epoch, as recorded. */
  readonly createdAt: number;
  /** The task that the entry was asked of: for what a clone takes over from its origin, the clone. */
  readonly taskId: string;
}

const END_OF_TIME = 32503680000000;

/**
 * The entries of one attempt: by their tags where all have one; else those between the attempt's start and the next one's, nothing
 * when it never started. Python: `MetadataProvider._reconstruct_metadata_for_attempt`.
 */
export function ofAttempt(records: readonly MetadataRecord[], attempt: number): readonly MetadataRecord[] {
  if (records.every((record) => attemptIdOf(record) !== undefined)) {
    return records.filter((record) => attemptIdOf(record) === attempt);
  }
  const starts = new Map<number, number>();
  for (const { name, value, createdAtMs } of records)
    if (name === "attempt") starts.set(Number(value), createdAtMs);
  const start = starts.get(attempt);
  if (start === undefined || start < 0) return [];
  const end = starts.get(attempt + 1) ?? END_OF_TIME;
  return records.filter(({ createdAtMs }) => createdAtMs >= start && createdAtMs < end);
}

/** The latest value of each name. Python: `Task.metadata_dict`. */
export function latestByName(metadata: readonly Metadata[]): Map<string, unknown> {
  const inOrder = [...metadata].sort((a, b) => a.createdAt - b.createdAt);
  return new Map(inOrder.map(({ name, value }) => [name, value]));
}

/** The value that was recorded last under a name; the entries are in order. */
export function lastValue(
  metadata: readonly Pick<MetadataRecord, "name" | "value">[],
  field: string,
): unknown {
  return metadata.findLast(({ name }) => name === field)?.value;
}

/** The attempt that an entry's `attempt_id:<n>` tag names (Metaflow >= 2.4.1). */
export function attemptIdOf(entry: MetadataRecord): number | undefined {
  for (const tag of entry.tags) {
    const id = /^attempt_id:([0-9]+)/.exec(tag)?.[1];
    if (id !== undefined) return Number(id);
  }
  return undefined;
}
