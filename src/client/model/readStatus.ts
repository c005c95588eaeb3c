import type { IoOptions } from "../../base/io.ts";
import { mapLimited } from "../../base/async.ts";
import type { MetadataRecord, ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { completedRun, runStatus, type RunStatus } from "../status/run.ts";
import { endByHeartbeat } from "../status/heartbeat.ts";
import type { StepStatus, TaskStatus } from "../status/state.ts";
import { stepStatus } from "../status/step.ts";
import { SCHEDULER_QUIET_MS } from "../status/task.ts";
import { completedByLists } from "./completedTasks.ts";
import { endpointOf, newestTask } from "./endpoints.ts";
import { expectedTasks, tasksOf } from "./expected.ts";
import { readTasks, readRunTasks } from "./runTasks.ts";
import { readTaskStatus } from "./signals.ts";
import { signsOf, withHeartbeat, type RunLook, type RunSigns, type TasksRead } from "./signs.ts";

const PARALLEL_TASKS = 64;

/** A run's status: by what its record tells, by its end task when that completed, else by all its tasks. */
export async function readRunStatus(session: Session, run: ObjectRecord, io?: IoOptions): Promise<RunStatus> {
  const key = run.path.join("/");
  const settled = session.settled.get(key);
  if (settled !== undefined) return settled as RunStatus; // A run's key holds a run's status.
  const status =
    completedByRecord(run) ??
    (await completedByEnd(session, run, io)) ??
    (await statusByTasks(session, run, io));
  if (status.settled) session.settled.set(key, status);
  return status;
}

/**
 * What a service says of a completed run along with its record: no request is made for it. It ended about when its heartbeat did; how long a run of a
 * few seconds took, that does not tell.
 */
function completedByRecord({ toldState, heartbeatMs, startedAtMs }: ObjectRecord): RunStatus | undefined {
  if (toldState !== "completed" || heartbeatMs === undefined) return undefined;
  const { endMs, durationMs } = endByHeartbeat(startedAtMs, heartbeatMs);
  return completedRun(endMs, durationMs);
}

/** The status of a run whose end task completed: little is read for it, however many tasks there are. */
async function completedByEnd(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<RunStatus | undefined> {
  const task = await endTaskOf(session, run, io);
  if (task === undefined) return undefined;
  const status = await readTaskStatus(session, task, NOBODY, io);
  return status.state === "completed" ? completedAt(run, status) : undefined;
}

/** Where one question tells all tasks of a run, that is asked of a run whose end has another name than Metaflow's own, or that its service calls unfinished. */
async function endTaskOf(
  session: Session,
  run: ObjectRecord,
  io?: IoOptions,
): Promise<ObjectRecord | undefined> {
  if (run.toldState === "running" || run.toldState === "failed") return undefined;
  if (session.provider.metadataBelow !== undefined) return newestTask(session, [...run.path, "end"], io);
  const end = await endpointOf(session, run.path, "end", io);
  return end && newestTask(session, end.path, io);
}

function completedAt({ startedAtMs }: ObjectRecord, end: TaskStatus): RunStatus {
  const endMs = end.since.getTime();
  return completedRun(endMs, Math.max(0, endMs - startedAtMs));
}

/** Enough to know whether a task completed; anything else is asked again with the run's signs of life. */
const NOBODY: RunSigns = { live: undefined, alive: true, retries: async () => Promise.resolve(undefined) };

/** Until then a scheduler that is no process of this run may try a task again. */
const LATEST_RETRY_MS = 24 * 3_600_000;

async function statusByTasks(session: Session, run: ObjectRecord, io?: IoOptions): Promise<RunStatus> {
  const { steps, read, endStep, parameters } = await readRunTasks(session, run, io);
  const look = await signsOf(session, run, read, io, parameters);
  const { alive, lastMs } = look;
  // Only a scheduler elsewhere tries a task again after its run fell silent; else nothing is read to know whether it might.
  const triesLater = !isOwnScheduler(run) && Date.now() - lastMs < LATEST_RETRY_MS;
  const signs = alive || triesLater ? look : { ...look, retries: NOBODY.retries };
  const ofTasks = new Map<string, readonly TaskStatus[]>();
  for (const [step, records] of steps) ofTasks.set(step, await statusesOf(session, records, read, signs, io));
  const all = [...ofTasks.values()].flat();
  const failed = all.filter(({ state }) => state === "failed");
  const end = ofTasks.get(endStep ?? "end")?.[0];
  if (end?.state === "completed") return completedAt(run, end);
  // How many tasks a step should have matters where nothing failed, and is shown while it runs; else it is not worth the reading.
  const graph = failed.length > 0 && !alive ? undefined : await look.graph();
  // A resume does not copy the name of the last step: its graph tells it, or where that cannot be read the run that was resumed.
  const isResumed = failed.length === 0 && all.some(({ code }) => code.kind === "cloned");
  const named = endStep ?? graph?.endStep;
  const lastStep =
    named ?? (isResumed ? (await endpointOf(session, run.path, "end", io))?.path.at(-1) : undefined);
  const resumedEnd = lastStep === undefined ? undefined : ofTasks.get(lastStep)?.[0];
  if (resumedEnd?.state === "completed") return completedAt(run, resumedEnd);
  const statuses = new Map<string, StepStatus>();
  const nowMs = Date.now();
  for (const [step, own] of ofTasks) {
    const expected = graph && (await expectedTasks(session, run, graph, step, steps, io));
    statuses.set(step, stepStatus(own, expected, alive, nowMs));
  }
  const status = runStatus(
    statuses,
    {
      startedMs: run.startedAtMs,
      lastMs,
      alive,
      quiet: nowMs - lastMs > SCHEDULER_QUIET_MS,
      mayBeTriedAgain: triesLater && failed.some(({ settled }) => !settled),
    },
    nowMs,
  );
  if (status.settled) settleFailed(session, steps, ofTasks);
  return status;
}

/** Whether the run's own process starts its tasks: nothing follows its end. */
function isOwnScheduler({ systemTags }: ObjectRecord): boolean {
  const runtime = systemTags.find((tag) => tag.startsWith("runtime:"));
  return runtime === undefined || runtime === "runtime:dev";
}

/** Nothing tries the tasks of a run again that is over. */
function settleFailed(
  session: Session,
  steps: ReadonlyMap<string, readonly ObjectRecord[]>,
  statuses: ReadonlyMap<string, readonly TaskStatus[]>,
): void {
  for (const [step, tasks] of steps) {
    for (const [index, { path }] of tasks.entries()) {
      const status = statuses.get(step)?.[index];
      if (status?.state === "failed") session.settled.set(path.join("/"), { ...status, settled: true });
    }
  }
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
  const { look, statuses } = await readTogether(session, run, records, io);
  const graph = await look.graph();
  const known = new Map([[step, records]]);
  const expected = graph && (await expectedTasks(session, run, graph, step, known, io));
  return stepStatus(statuses, expected, look.alive, Date.now());
}

/** How these tasks of a run stand, in their order; what the run shows of life is looked at once for all of them. */
export async function readStatuses(
  session: Session,
  run: ObjectRecord,
  records: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<readonly { readonly task: ObjectRecord; readonly status: TaskStatus }[]> {
  const { statuses } = await readTogether(session, run, records, io);
  return records.flatMap((task, index) => {
    const status = statuses[index];
    return status === undefined ? [] : [{ task, status }];
  });
}

async function readTogether(
  session: Session,
  run: ObjectRecord,
  records: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<{ readonly look: RunLook; readonly statuses: readonly TaskStatus[] }> {
  const completed = await completedByLists(session, records, io);
  const others = records.filter((task) => !completed.has(task));
  const read = await readTasks(session, others, io, records.length);
  // Of those that completed their heartbeats tell when the run was at work.
  const seen = [...completed.keys()].map((task) => [task, []] as const);
  const look = await signsOf(session, run, new Map([...seen, ...read]), io);
  const statuses = new Map(completed);
  for (const [index, status] of (await statusesOf(session, others, read, look, io)).entries()) {
    const task = others[index];
    if (task !== undefined) statuses.set(task, status);
  }
  return { look, statuses: records.flatMap((task) => statuses.get(task) ?? []) };
}

/** How one task stands. `run` is the task's run, `metadata` what was read of it already. */
export async function readStatusOf(
  session: Session,
  run: ObjectRecord,
  task: ObjectRecord,
  io?: IoOptions,
  metadata?: readonly MetadataRecord[],
): Promise<TaskStatus> {
  const read = metadata ?? (await readTasks(session, [task], io)).get(task);
  const current = Array.isArray(read) ? await withHeartbeat(session, task, read, io) : task;
  const tasks: TasksRead = new Map(read && [[current, read]]);
  return readTaskStatus(session, current, await signsOf(session, run, tasks, io), io, read);
}
