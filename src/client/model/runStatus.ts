import type { IoOptions } from "../../base/io.ts";
import { mapLimited } from "../../base/async.ts";
import { MetaflowError } from "../errors.ts";
import { isBroken, type MetadataRecord, type ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";
import { readValue } from "../values.ts";
import type { Status, StepStatus, TaskStatus } from "../status.ts";
import type { RunStatusCode } from "../statusCode.ts";
import { explained } from "../statusReason.ts";
import { stepStatus } from "../stepStatus.ts";
import { SCHEDULER_QUIET_MS } from "../taskStatus.ts";
import { endpointOf, graphOfRun, newestTask } from "./endpoints.ts";
import { canBeSkipped, retriesOf, type Graph } from "./graph.ts";
import { readSignals, readTaskStatus, SIGNAL_FIELDS, type RunSigns } from "./signals.ts";

/** How a run stands. */
export interface RunStatus extends Status {
  readonly code: RunStatusCode;
  /** The step that the run is at, or failed in; `undefined` when it completed. */
  readonly step: string | undefined;
  /** How each of its steps stands, in the order in which they were started; empty for a completed run, where nobody has to look. */
  readonly steps: ReadonlyMap<string, StepStatus>;
}

/** After this long without any change a failed run cannot be one whose orphaned tasks still end. */
const FINAL_MS = 10 * 60_000;
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
  return {
    state: "completed",
    since: new Date(Math.max(heartbeatMs, startedAtMs)),
    duration: durationMs < 2 * HEARTBEAT_EVERY_MS ? undefined : Math.round(durationMs),
    ...explained({ kind: "run-completed" }),
    settled: true,
    step: undefined,
    steps: new Map(),
  };
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
  return {
    state: "completed",
    since: status.since,
    duration: Math.round(Math.max(0, endMs - run.startedAtMs)),
    ...explained({ kind: "run-completed" }),
    settled: true,
    step: undefined,
    steps: new Map(),
  };
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
  const clock = { lastMs: signs.lastMs, nowMs, quiet: nowMs - signs.lastMs > SCHEDULER_QUIET_MS };
  return decide(run, statuses, signs, clock);
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

interface Clock {
  readonly lastMs: number;
  readonly nowMs: number;
  readonly quiet: boolean;
}

/** A run's status by its steps'; first match wins. */
function decide(
  run: ObjectRecord,
  steps: ReadonlyMap<string, StepStatus>,
  signs: RunSigns,
  clock: Clock,
): RunStatus {
  const startMs = run.startedAtMs;
  const byState = (state: Status["state"]): [string, StepStatus] | undefined =>
    [...steps].find(([, status]) => status.counts[state] > 0);
  const failed = byState("failed");
  const running = [...steps].findLast(([, { counts }]) => counts.running + counts.pending > 0);
  const result = (state: Status["state"], atMs: number, code: RunStatusCode): RunStatus => ({
    state,
    since: new Date(atMs),
    duration:
      state === "pending" || state === "unknown"
        ? undefined
        : Math.round(Math.max(0, (state === "running" ? clock.nowMs : atMs) - startMs)),
    ...explained(code),
    settled: state === "failed" && clock.nowMs - clock.lastMs > FINAL_MS,
    step: "step" in code ? code.step : undefined,
    steps,
  });

  if (failed !== undefined) {
    const [step, status] = failed;
    if (running !== undefined && signs.alive) {
      return result("running", startMs, { kind: "run-failing", step, cause: status.code });
    }
    return result("failed", endOf(status, clock.lastMs), { kind: "run-failed", step, cause: status.code });
  }
  if (running !== undefined) return result("running", startMs, { kind: "run-running", step: running[0] });
  const stale = byState("stale");
  if (stale !== undefined) return result("stale", clock.lastMs, { kind: "run-silent", step: stale[0] });
  const unknown = byState("unknown");
  if (unknown !== undefined)
    return result("unknown", clock.lastMs, { kind: "run-unobservable", step: unknown[0] });
  const last = [...steps.keys()].at(-1);
  if (!clock.quiet || signs.alive) {
    return last === undefined
      ? result("pending", startMs, { kind: "starting" })
      : result("running", startMs, { kind: "run-between-steps", step: last });
  }
  return last === undefined
    ? result("stale", clock.lastMs, { kind: "run-never-started" })
    : result("stale", clock.lastMs, { kind: "run-stopped", step: last });
}

function endOf(status: StepStatus, fallbackMs: number): number {
  const ms = status.since.getTime();
  return Number.isFinite(ms) ? ms : fallbackMs;
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

async function tasksOf(session: Session, step: readonly string[], io?: IoOptions): Promise<ObjectRecord[]> {
  const tasks: ObjectRecord[] = [];
  for await (const task of session.provider.children(step, undefined, io))
    if (!isBroken(task)) tasks.push(task);
  return tasks;
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
    retries: async (step) => retriesOf((await graphOf(session, run, io))?.steps.get(step)),
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

async function graphOf(session: Session, run: ObjectRecord, io?: IoOptions): Promise<Graph | undefined> {
  // A graph that cannot be read leaves open how often a task may be tried again, not how it stands.
  return graphOfRun(session, run.path, io).catch(() => undefined);
}

/**
 * How many tasks a step will have: one, or what the tasks of the innermost foreach around it split into; `undefined` where that is not
 * recorded (yet), and where a switch decides for each item whether it comes here.
 */
async function expectedTasks(
  session: Session,
  run: ObjectRecord,
  step: string,
  io?: IoOptions,
): Promise<number | undefined> {
  const graph = await graphOf(session, run, io);
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

/** The innermost foreach that is open around a step: found by walking the graph with the stack of open foreaches. */
function enclosingForeach(graph: Graph, wanted: string): string | undefined {
  const queue: { name: string; open: readonly string[] }[] = [{ name: graph.startStep, open: [] }];
  const seen = new Set<string>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const node = graph.steps.get(at.name);
    if (node === undefined || seen.has(at.name)) continue;
    seen.add(at.name);
    const closes = node.type === "join" && graph.steps.get(at.open.at(-1) ?? "")?.matchingJoin === at.name;
    const open = closes ? at.open.slice(0, -1) : at.open;
    if (at.name === wanted) return open.at(-1);
    const opens = node.type === "split-foreach" || node.type === "split-parallel";
    for (const next of node.next) queue.push({ name: next, open: opens ? [...open, at.name] : open });
  }
  return "unknown";
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
