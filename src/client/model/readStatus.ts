import type { IoOptions } from "../../base/io.ts";
import { mapLimited } from "../../base/async.ts";
import { MetaflowError } from "../errors.ts";
import { isBroken, type MetadataRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { completedRun, runStatus, type RunStatus } from "../status/run.ts";
import type { StepStatus, TaskStatus } from "../status/state.ts";
import { stepStatus } from "../status/step.ts";
import { SCHEDULER_QUIET_MS } from "../status/task.ts";
import { endpointOf, newestTask } from "./endpoints.ts";
import { expectedTasks, recordedGraph, tasksOf } from "./expected.ts";
import { retriesOf } from "./graph.ts";
import { readSignals, readTaskStatus, SIGNAL_FIELDS, type RunSigns } from "./signals.ts";

const PARALLEL_TASKS = 64;

/** A run's status: by its end task when that completed, else by all its tasks. */
export async function readRunStatus(session: Session, run: ObjectRecord, io?: IoOptions): Promise<RunStatus> {
  const key = run.path.join("/");
  const settled = session.settled.get(key);
  if (settled !== undefined) return settled as RunStatus; // A run's key holds a run's status.
  const status =
    completedByRecord(run) ??
    (await completedStatus(session, run, io)) ??
    (await unfinishedStatus(session, run, io));
  if (status.settled) session.settled.set(key, status);
  return status;
}

/** A run's last heartbeat comes up to this long before its end. */
const HEARTBEAT_EVERY_MS = 10_000;

/**
 * What a service says of a completed run along with its record: no request is made for it. It ended about when its heartbeat did; how long a run of a
 * few seconds took, that does not tell.
 */
function completedByRecord({ completed, heartbeatMs, startedAtMs }: ObjectRecord): RunStatus | undefined {
  if (completed !== true || heartbeatMs === undefined) return undefined;
  const durationMs = heartbeatMs - startedAtMs;
  return completedRun(
    Math.max(heartbeatMs, startedAtMs),
    durationMs < 2 * HEARTBEAT_EVERY_MS ? undefined : durationMs,
  );
}

async function completedStatus(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<RunStatus | undefined> {
  const end = await endpointOf(session, run.path, "end", io);
  const task = end && (await newestTask(session, end.path, io));
  if (task === undefined) return undefined;
  const status = await readTaskStatus(session, task, NOBODY, io);
  if (status.state !== "completed") return undefined;
  const endMs = status.since.getTime();
  return completedRun(endMs, Math.max(0, endMs - run.startedAtMs));
}

/** Enough to know whether a task completed; anything else is asked again with the run's signs of life. */
const NOBODY: RunSigns = { live: undefined, alive: true, retries: async () => Promise.resolve(0) };

async function unfinishedStatus(session: Session, run: ObjectRecord, io?: IoOptions): Promise<RunStatus> {
  const steps = await tasksBySteps(session, run, io);
  const tasks = await readTasks(session, [...steps.values()].flat(), io);
  const signs = await signsOf(session, run, tasks, io);
  const ofTasks = new Map<string, readonly TaskStatus[]>();
  for (const [step, records] of steps)
    ofTasks.set(step, await statusesOf(session, records, tasks, signs, io));
  // How many tasks a step should have matters where nothing failed, and is shown while it runs; else it is not worth the reading.
  const hasFailed = [...ofTasks.values()].flat().some(({ state }) => state === "failed");
  const statuses = new Map<string, StepStatus>();
  const nowMs = Date.now();
  for (const [step, own] of ofTasks) {
    const expected = hasFailed && !signs.alive ? undefined : await expectedTasks(session, run, step, io);
    statuses.set(step, stepStatus(own, expected, signs.alive, nowMs));
  }
  const { lastMs, alive } = signs;
  const quiet = nowMs - lastMs > SCHEDULER_QUIET_MS;
  return runStatus(statuses, { startedMs: run.startedAtMs, lastMs, alive, quiet }, nowMs);
}

/** What was read of each task, by its record; nothing of those whose status is settled. */
type TasksRead = ReadonlyMap<ObjectRecord, readonly MetadataRecord[] | MetaflowError>;

async function readTasks(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<TasksRead> {
  const open = tasks.filter(({ path }) => !session.settled.has(path.join("/")));
  const below = await readBelow(session, open, io);
  if (below !== undefined) return new Map(open.map((task) => [task, below.get(task.path.join("/")) ?? []]));
  const read = await mapLimited(open, PARALLEL_TASKS, async (task) => readSignals(session, task, io));
  return new Map(open.map((task, index) => [task, read[index] ?? []]));
}

/** The same of all tasks of a run at once, where the provider can tell it; not worth it for a single one. */
async function readBelow(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<ReadonlyMap<string, readonly MetadataRecord[]> | undefined> {
  const [first] = tasks;
  if (first === undefined || tasks.length === 1) return undefined;
  return session.provider.metadataBelow?.(first.path.slice(0, 2), SIGNAL_FIELDS, io);
}

/** The tasks of a run by step, in the order in which the steps were started. */
async function tasksBySteps(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<Map<string, readonly ObjectRecord[]>> {
  const steps: ObjectRecord[] = [];
  for await (const step of session.provider.children(run.path, undefined, io)) {
    if (!isBroken(step) && step.path[2] !== "_parameters") steps.push(step);
  }
  steps.sort((a, b) => a.startedAtMs - b.startedAtMs);
  const result = new Map<string, readonly ObjectRecord[]>();
  for (const step of steps) result.set(step.path[2] ?? "", await tasksOf(session, step.path, io));
  return result;
}

async function statusesOf(
  session: Session,
  records: readonly ObjectRecord[],
  tasks: TasksRead,
  signs: RunSigns,
  io?: IoOptions,
): Promise<readonly TaskStatus[]> {
  return mapLimited(records, PARALLEL_TASKS, async (task) =>
    readTaskStatus(session, task, signs, io, tasks.get(task)),
  );
}

/** How a step stands. `run` is the step's run. */
export async function readStepStatus(
  session: Session,
  run: ObjectRecord,
  step: string,
  io?: IoOptions,
): Promise<StepStatus> {
  const records = await tasksOf(session, [...run.path, step], io);
  const tasks = await readTasks(session, records, io);
  const signs = await signsOf(session, run, tasks, io);
  const statuses = await statusesOf(session, records, tasks, signs, io);
  return stepStatus(statuses, await expectedTasks(session, run, step, io), signs.alive, Date.now());
}

/** How these tasks of a run stand, in their order; what the run shows of life is looked at once for all of them. */
export async function readStatuses(
  session: Session,
  run: ObjectRecord,
  records: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<readonly { readonly task: ObjectRecord; readonly status: TaskStatus }[]> {
  const tasks = await readTasks(session, records, io);
  const signs = await signsOf(session, run, tasks, io);
  const statuses = await statusesOf(session, records, tasks, signs, io);
  return records.flatMap((task, index) => {
    const status = statuses[index];
    return status === undefined ? [] : [{ task, status }];
  });
}

/** How one task stands. `run` is the task's run. */
export async function readStatusOf(
  session: Session,
  run: ObjectRecord,
  task: ObjectRecord,
  io?: IoOptions,
): Promise<TaskStatus> {
  const tasks = await readTasks(session, [task], io);
  return readTaskStatus(session, task, await signsOf(session, run, tasks, io), io, tasks.get(task));
}

/** What a run shows of life, told by these of its tasks. */
async function signsOf(
  session: Session,
  run: ObjectRecord,
  tasks: TasksRead,
  io?: IoOptions,
): Promise<RunSigns & { readonly lastMs: number }> {
  const activeMs = lastActivity(run, tasks);
  const live = await session.provider.liveTasks(run.path, activeMs, io);
  const isLive = (live?.size ?? 0) > 0;
  const lastMs = isLive ? Date.now() : activeMs;
  return {
    live,
    lastMs,
    alive: isLive || Date.now() - lastMs <= SCHEDULER_QUIET_MS,
    retries: async (step) => retriesOf((await recordedGraph(session, run, io))?.steps.get(step)),
  };
}

/** When the run last showed anything: a scheduler that is at work has just started or ended a task. */
function lastActivity(run: ObjectRecord, tasks: TasksRead): number {
  let lastMs = Math.max(run.startedAtMs, run.heartbeatMs ?? 0);
  for (const [task, metadata] of tasks) {
    lastMs = Math.max(lastMs, task.createdAtMs, task.heartbeatMs ?? 0);
    if (metadata instanceof MetaflowError) continue;
    for (const { createdAtMs } of metadata) lastMs = Math.max(lastMs, createdAtMs);
  }
  return lastMs;
}
