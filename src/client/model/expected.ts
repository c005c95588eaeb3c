import { mapLimited } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import { isBroken, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";
import { readValue } from "../values.ts";
import { graphOfRun } from "./endpoints.ts";
import { canBeSkipped, enclosingForeach, type Graph } from "./graph.ts";

const PARALLEL_TASKS = 64;

/** The graph by which a run's tasks are expected; `undefined` where none was recorded (yet), or it cannot be read. */
export async function recordedGraph(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<Graph | undefined> {
  // A graph that cannot be read leaves open how often a task may be tried again, not how it stands.
  return graphOfRun(session, run.path, io).catch(() => undefined);
}

/**
 * How many tasks a step will have: one, or what the tasks of the innermost foreach around it split into; `undefined` where that is not
 * recorded (yet), and where a switch decides for each item whether it comes here.
 */
export async function expectedTasks(
  session: Session,
  run: ObjectRecord,
  step: string,
  io?: IoOptions,
): Promise<number | undefined> {
  const graph = await recordedGraph(session, run, io);
  if (graph === undefined) return undefined;
  const enclosing = enclosingForeach(graph, step);
  if (enclosing === "unknown") return undefined;
  if (enclosing === undefined) return 1;
  if (canBeSkipped(graph, enclosing, step)) return undefined;
  const splitters = await tasksOf(session, [...run.path, enclosing], io);
  const outer = await expectedTasks(session, run, enclosing, io);
  if (outer === undefined || splitters.length < outer) return undefined;
  const splits = await mapLimited(splitters, PARALLEL_TASKS, async (task) => numSplits(session, task, io));
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
  for await (const task of session.provider.children(step, undefined, io))
    if (!isBroken(task)) tasks.push(task);
  return tasks;
}

const MAX_SPLITS = 10_000;
const splitsOfTasks = new SessionCache<number>(MAX_SPLITS);

async function numSplits(session: Session, task: ObjectRecord, io?: IoOptions): Promise<number | undefined> {
  const known = splitsOfTasks.of(session);
  const key = task.path.join("/");
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  try {
    const record = await session.provider.artifact(task.path, "_foreach_num_splits", undefined, io);
    const value = record && (await readValue(session, record, io));
    if (typeof value !== "number") return undefined;
    known.set(key, value);
    return value;
  } catch (cause) {
    // A count that is gone or damaged leaves open how many tasks there will be, not how those that are there stand.
    if (cause instanceof MetaflowError) return undefined;
    throw cause;
  }
}
