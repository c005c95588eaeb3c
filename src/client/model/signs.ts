import type { IoOptions } from "../../base/io.ts";
import { MetaflowError } from "../errors.ts";
import type { PathComponents } from "../pathspec.ts";
import type { MetadataRecord, ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { HEARTBEAT_EVERY_MS } from "../status/heartbeat.ts";
import { SCHEDULER_QUIET_MS } from "../status/task.ts";
import { recordedGraph } from "./expected.ts";
import { retriesOf, type Graph } from "./graph.ts";
import { attemptsOf, isOver } from "./signals.ts";

/** What was read of each task, by its record; nothing of those whose status is settled. */
export type TasksRead = ReadonlyMap<ObjectRecord, readonly MetadataRecord[] | MetaflowError>;

/** What a run knows about its tasks beside their own records. */
export interface RunSigns {
  /** The ids of tasks that are alive; `undefined` where that cannot be known. */
  readonly live: ReadonlySet<string> | undefined;
  /** Whether anything in the run was written or lives so recently that its scheduler is at work. */
  readonly alive: boolean;
  /** How often a step's tasks may be tried again, `undefined` where that is not recorded; asked only for a failed attempt. */
  readonly retries: (step: string) => Promise<number | undefined>;
}

/** The same of a run that was looked at. */
export interface RunLook extends RunSigns {
  /** When it last showed anything: now, where a process of it lives. */
  readonly lastMs: number;
  /** What it recorded of its steps: read once, when somebody asks. */
  readonly graph: () => Promise<Graph | undefined>;
}

/**
 * What a run shows of life, told by these of its tasks.
 * @param parameters the task that recorded the run's graph, where that is known
 */
export async function signsOf(
  session: Session,
  run: ObjectRecord,
  tasks: TasksRead,
  io?: IoOptions,
  parameters?: PathComponents,
): Promise<RunLook> {
  let activeMs = lastActivity(run, tasks);
  if (mayHaveBeatenSince(run, activeMs)) {
    const now = await session.provider.record(run.path, io);
    activeMs = Math.max(activeMs, now?.heartbeatMs ?? 0);
  }
  const live = await session.provider.liveTasks(run.path, activeMs, io);
  const isLive = (live?.size ?? 0) > 0;
  const lastMs = isLive ? Date.now() : activeMs;
  let reading: Promise<Graph | undefined> | undefined;
  const graph = async (): Promise<Graph | undefined> =>
    (reading ??= recordedGraph(session, run, io, parameters));
  return {
    live,
    lastMs,
    alive: isLive || Date.now() - lastMs <= SCHEDULER_QUIET_MS,
    graph,
    retries: async (step) => {
      const recorded = await graph();
      return recorded && retriesOf(recorded.steps.get(step));
    },
  };
}

/** Whether a run that seems quiet by a record that was read a while ago was not so then: only its heartbeat may tell that it lives. */
function mayHaveBeatenSince({ heartbeatMs, seenMs }: ObjectRecord, activeMs: number): boolean {
  if (heartbeatMs === undefined || seenMs === undefined) return false;
  const now = Date.now();
  return (
    now - activeMs > SCHEDULER_QUIET_MS &&
    now - seenMs > HEARTBEAT_EVERY_MS &&
    seenMs - heartbeatMs <= SCHEDULER_QUIET_MS
  );
}

/**
 * A task with a heartbeat that tells whether it lives now: read again where its record was read a while ago, or before its last attempt began.
 * One that is over needs none.
 */
export async function withHeartbeat(
  session: Session,
  task: ObjectRecord,
  metadata: readonly MetadataRecord[],
  io?: IoOptions,
): Promise<ObjectRecord> {
  const { seenMs } = task;
  if (seenMs === undefined || isOver(metadata)) return task;
  const startedMs = attemptsOf(metadata).at(-1)?.startedMs ?? 0;
  if (Date.now() - seenMs <= HEARTBEAT_EVERY_MS && seenMs > startedMs) return task;
  return (await session.provider.record(task.path, io)) ?? task;
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
