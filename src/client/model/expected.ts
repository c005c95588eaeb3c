import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import { isBroken, type ArtifactRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";
import { readValue } from "../values.ts";
import { graphOfRun } from "./endpoints.ts";
import { canBeRepeated, canBeSkipped, enclosingForeach, type Graph } from "./graph.ts";

const PARALLEL_TASKS = 64;

/** The graph by which a run's tasks are expected; `undefined` where none was recorded (yet), or it cannot be read. */
export async function recordedGraph(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
  parameters?: PathComponents,
): Promise<Graph | undefined> {
  // A graph that cannot be read leaves open how often a task may be tried again, not how it stands.
  return graphOfRun(session, run.path, io, parameters).catch(() => undefined);
}

/**
 * How many tasks a step will have: one, or what the tasks of the innermost foreach around it split into; `undefined` where that is not
 * recorded (yet), and where a switch decides for each item whether it comes here, or how often.
 * @param known the tasks of the run's steps, as far as they were read
 */
export async function expectedTasks(
  session: Session,
  run: ObjectRecord,
  graph: Graph,
  step: string,
  known: ReadonlyMap<string, readonly ObjectRecord[]>,
  io?: IoOptions,
): Promise<number | undefined> {
  const enclosing = enclosingForeach(graph, step);
  if (enclosing === "unknown" || canBeRepeated(graph, step)) return undefined;
  if (enclosing === undefined) return 1;
  if (canBeSkipped(graph, enclosing, step)) return undefined;
  const splitters = known.get(enclosing) ?? (await tasksOf(session, [...run.path, enclosing], io));
  const outer = await expectedTasks(session, run, graph, enclosing, known, io);
  if (outer === undefined || splitters.length < outer) return undefined;
  const splits = await numSplits(session, splitters, io);
  return splits.every((count) => count !== undefined)
    ? splits.reduce((sum, count) => sum + count, 0)
    : undefined;
}

/** The tasks of a step that can be read, last created first. */
export async function tasksOf(
  session: Session,
  step: readonly string[],
  io?: IoOptions,
): Promise<ObjectRecord[]> {
  const tasks: ObjectRecord[] = [];
  for await (const task of session.provider.children(step, { expected: Number.POSITIVE_INFINITY }, io))
    if (!isBroken(task)) tasks.push(task);
  return tasks;
}

const SPLITS = "_foreach_num_splits";
const MAX_SPLITS = 10_000;
/** By task, and by what was stored: equal keys are equal numbers. */
const splits = new SessionCache<number>(MAX_SPLITS);

/** How many tasks each of these tasks of one step split into, in their order; `undefined` where that is not recorded. */
async function numSplits(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<readonly (number | undefined)[]> {
  const known = splits.of(session);
  const open = tasks.filter(({ path }) => !known.has(path.join("/")));
  const [first] = open;
  if (first === undefined) return tasks.map(({ path }) => known.get(path.join("/")));
  // One question for all tasks of a step, where the provider knows it.
  const together =
    open.length === 1
      ? undefined
      : await session.provider.artifactBelow?.(first.path.slice(0, 3), SPLITS, io);
  return mapLimited(tasks, PARALLEL_TASKS, async ({ path }) => {
    const key = path.join("/");
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const count = await splitsOf(session, path, together?.get(key), io);
    if (count !== undefined) known.set(key, count);
    return count;
  });
}

async function splitsOf(
  session: Session,
  task: PathComponents,
  recorded: ArtifactRecord | undefined,
  io?: IoOptions,
): Promise<number | undefined> {
  try {
    const record = recorded ?? (await session.provider.artifact(task, SPLITS, undefined, io));
    if (record === undefined) return undefined;
    const known = splits.of(session);
    const value = known.get(record.sha) ?? (await readValue(session, record, io));
    if (typeof value !== "number") return undefined;
    known.set(record.sha, value);
    return value;
  } catch (cause) {
    // A count that is gone or damaged leaves open how many tasks there will be, not how those that are there stand.
    if (cause instanceof MetaflowError) return undefined;
    throw cause;
  }
}
