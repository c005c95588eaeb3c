import { compareIds } from "../pathspec.ts";
import type { MetadataRecord } from "../records.ts";
import { FOREACH_PATH } from "./lineage.ts";
import { lastValue } from "./metadata.ts";
import { attemptsOf, SIGNAL_FIELDS } from "./signals.ts";
import type { Task } from "./task.ts";

const CODE = "code-package";
const ORIGIN_TASK = "origin-task-id";
/** What a task's metadata tell of where it ran. */
const ENVIRONMENT = [
  "python_version",
  "metaflow_version",
  "runtime",
  "script-name",
  "git-info",
  "ds-type",
  "ds-root",
  "conda_env_prefix",
] as const;

/** The metadata that a comparison of runs needs. */
export const COMPARED_FIELDS: readonly string[] = [...SIGNAL_FIELDS, ...ENVIRONMENT, FOREACH_PATH, CODE];

/** A task of a run that is compared, with its metadata. */
export interface SeenTask {
  readonly task: Task;
  readonly metadata: readonly MetadataRecord[];
}

/** Two tasks of the same place in their runs' flows, or one that the other run does not have. */
interface Pair<L, R> {
  readonly step: string;
  readonly left: L;
  readonly right: R;
}

/** Finds for each task of one run that of the other: of the same step and of the same indices of its foreaches. */
export function pairTasks(
  left: readonly SeenTask[],
  right: readonly SeenTask[],
): {
  readonly both: readonly Pair<SeenTask, SeenTask>[];
  readonly single: readonly Pair<SeenTask | undefined, SeenTask | undefined>[];
} {
  const [ours, theirs] = [byPlace(left), byPlace(right)];
  const both: Pair<SeenTask, SeenTask>[] = [];
  const single: Pair<SeenTask | undefined, SeenTask | undefined>[] = [];
  for (const place of new Set([...ours.keys(), ...theirs.keys()])) {
    const [l, r] = [ours.get(place), theirs.get(place)];
    const step = (l ?? r)?.task.pathComponents[2] ?? "";
    if (l !== undefined && r !== undefined) both.push({ step, left: l, right: r });
    else single.push({ step, left: l, right: r });
  }
  return { both, single };
}

/**
 * A task's place: its step, its way through the foreaches (Metaflow >= 2.14.1), and which one it is of those that share these: of the nodes of a
 * parallel step, of the rounds of a loop, of all tasks of a step where no way was recorded. Those are counted in the order of their ids.
 */
function byPlace(tasks: readonly SeenTask[]): Map<string, SeenTask> {
  const inOrder = [...tasks].sort((a, b) => compareIds(a.task.id, b.task.id));
  const counts = new Map<string, number>();
  const places = new Map<SeenTask, string>();
  for (const seen of inOrder) {
    const shared = JSON.stringify([seen.task.pathComponents[2], valueOf(seen, FOREACH_PATH)]);
    const count = counts.get(shared) ?? 0;
    counts.set(shared, count + 1);
    places.set(seen, `${shared} ${count}`);
  }
  return new Map(tasks.map((seen) => [places.get(seen) ?? "", seen]));
}

/** The key of the code package: any task may tell it, as early ones of a run may not. */
export function codeOf(tasks: readonly SeenTask[]): ReadonlyMap<string, string> {
  for (const seen of tasks) {
    const sha = /"sha": ?"([0-9a-f]{40})"/.exec(valueOf(seen, CODE) ?? "")?.[1];
    if (sha !== undefined) return new Map([[CODE, sha]]);
  }
  return new Map();
}

/** What the tasks tell of where they ran, each value once; several in one run stand side by side. */
export function environmentOf(tasks: readonly SeenTask[]): ReadonlyMap<string, string> {
  const executed = tasks.filter(({ metadata }) => !metadata.some(({ name }) => name === ORIGIN_TASK));
  const found = ENVIRONMENT.map((field): [string, string] => {
    const values = new Set(executed.flatMap((seen) => valueOf(seen, field) ?? []));
    return [field, [...values].sort().join(", ")];
  });
  return new Map(found.filter(([, value]) => value !== ""));
}

/** System tags such as `python_version:3.11.7` by what stands before the colon. */
export function tagsByName(tags: ReadonlySet<string>): ReadonlyMap<string, string> {
  const pairs = [...tags].sort().map((tag): [string, string] => {
    const colon = tag.indexOf(":");
    return colon < 0 ? [tag, tag] : [tag.slice(0, colon), tag.slice(colon + 1)];
  });
  return new Map(pairs);
}

/** From the start of the first of these tasks to the end of the last, `undefined` where none has both. */
export function spanOf(tasks: readonly SeenTask[]): {
  readonly durationMs: number | undefined;
  readonly cloned: boolean;
} {
  const attempts = tasks.flatMap(({ metadata }) => attemptsOf(metadata));
  const starts = attempts.flatMap(({ startedMs }) => startedMs ?? []);
  const ends = attempts.flatMap(({ ok, doneMs }) => ok?.atMs ?? doneMs ?? []);
  const cloned =
    tasks.length > 0 && tasks.every(({ metadata }) => metadata.some(({ name }) => name === ORIGIN_TASK));
  if (starts.length === 0 || ends.length === 0) return { durationMs: undefined, cloned };
  return { durationMs: Math.max(0, largest(ends) - smallest(starts)), cloned };
}

// Not by spreading into Math.max: a step may have more tasks than a call may have arguments.
function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function valueOf({ metadata }: SeenTask, field: string): string | undefined {
  const value = lastValue(metadata, field);
  return typeof value === "string" ? value : undefined;
}
