/** What is known of how a run, step or task stands. */
export type State = "pending" | "running" | "completed" | "failed" | "stale" | "unknown";

/** How an object stands, since when and why. */
export interface Status {
  readonly state: State;
  /** When it came to stand so: its end, its start while it runs, its last sign of life when stale. */
  readonly since: Date;
  /** In milliseconds: from start to end, or to now while it runs; `undefined` before the start. */
  readonly duration: number | undefined;
  /** One sentence without a period, in Metaflow's words: `attempt 1 of 4 failed, retrying`. */
  readonly reason: string;
  /** Whether nothing can change it any more. */
  readonly settled: boolean;
}

/** How the tasks of a step stand. */
export interface StepStatus extends Status {
  /** How many tasks there are in each state. */
  readonly counts: Readonly<Record<State, number>>;
  /** How many tasks the step will have, where its foreach tells. */
  readonly expected: number | undefined;
}

/** One attempt of a task, by its metadata. */
export interface AttemptSignals {
  readonly attempt: number;
  readonly startedMs: number | undefined;
  /** `attempt_ok`: written when user code has ended, even if storing its artifacts failed (Metaflow >= 2.2.5). */
  readonly ok: { readonly value: boolean; readonly atMs: number } | undefined;
  /** `attempt-done`: written when the artifacts are stored. */
  readonly doneMs: number | undefined;
}

/** What the local scheduler noted of an attempt's process (`<k>.runtime`). */
export interface ProcessEnd {
  readonly returnCode: number;
  readonly killed: boolean;
  readonly atMs: number;
}

/** Everything a task's status is decided by. */
export interface TaskSignals {
  readonly createdMs: number;
  /** In order; the last one is the one that counts. */
  readonly attempts: readonly AttemptSignals[];
  /** A resumed run took the task over from its origin. */
  readonly cloned: boolean;
  /** Of the last attempt. */
  readonly process: ProcessEnd | undefined;
  /** How often the step may be tried again: `@retry` times, and three fallbacks of `@catch`. */
  readonly retries: number;
  /** `undefined` where it cannot be known. */
  readonly alive: boolean | undefined;
  /** Whether the run shows any sign of life: only then is a failed attempt tried again. */
  readonly runAlive: boolean;
}

/** A task that has shown nothing for so long, and has no process or heartbeat, is not starting any more. */
const STARTING_MS = 5 * 60_000;
/** Between user code and `attempt-done` lies the storing of artifacts. */
const FINISHING_MS = 60_000;
/** A scheduler starts the next step, or a retry, within this time. */
export const SCHEDULER_QUIET_MS = 60_000;

/** A task's status: the decision table of Metaflow's own records, first match wins. */
export function taskStatus(signals: TaskSignals, nowMs: number): Status {
  const last = signals.attempts.at(-1);
  const startMs = signals.attempts[0]?.startedMs ?? signals.createdMs;
  const ended = (state: "completed" | "failed", atMs: number, reason: string, settled = true): Status => ({
    state,
    since: new Date(atMs),
    duration: Math.max(0, atMs - startMs),
    reason,
    settled,
  });
  const going = (state: "pending" | "running", reason: string): Status => ({
    state,
    since: new Date(startMs),
    duration: state === "running" ? Math.max(0, nowMs - startMs) : undefined,
    reason,
    settled: false,
  });

  if (signals.cloned) {
    return ended(
      "completed",
      last?.ok?.atMs ?? last?.doneMs ?? signals.createdMs,
      "cloned from the origin run",
    );
  }
  if (last === undefined) return notStarted(signals, nowMs, going);

  const { process, retries, alive, runAlive } = signals;
  const mayRetry = last.attempt < retries && (alive === true || runAlive);
  const attempts = last.attempt > 0 ? `attempt ${last.attempt}` : "the task";
  if (last.ok?.value === true) {
    if (last.doneMs !== undefined) return ended("completed", last.ok.atMs, afterRetries(last.attempt));
    const finishing = alive === true || nowMs - last.ok.atMs < FINISHING_MS;
    return finishing
      ? going("running", "finishing: storing artifacts")
      : lost(last.ok.atMs, startMs, "its process ended before the artifacts were stored");
  }
  if (last.ok !== undefined) {
    if (mayRetry) return going("running", `attempt ${last.attempt} failed, retrying`);
    return ended("failed", last.ok.atMs, failureReason(attempts, process));
  }
  if (process !== undefined && (process.killed || process.returnCode === -2 || process.returnCode === -15)) {
    return ended("failed", process.atMs, "killed by the scheduler");
  }
  if (process !== undefined && process.returnCode !== 0) {
    if (mayRetry) return going("running", `attempt ${last.attempt} crashed, retrying`);
    return ended("failed", process.atMs, crashReason(process.returnCode));
  }
  if (last.doneMs !== undefined) return ended("completed", last.doneMs, afterRetries(last.attempt));
  if (alive === true)
    return going("running", last.attempt > 0 ? `running attempt ${last.attempt}` : "running");
  const lastSign = last.startedMs ?? signals.createdMs;
  if (alive === undefined) {
    return {
      state: "unknown",
      since: new Date(lastSign),
      duration: undefined,
      reason: "started, and nothing tells whether it still runs",
      settled: false,
    };
  }
  return lost(lastSign, startMs, "no sign of life since it started");
}

function notStarted(
  signals: TaskSignals,
  nowMs: number,
  going: (state: "pending" | "running", reason: string) => Status,
): Status {
  if (signals.alive === true || nowMs - signals.createdMs < STARTING_MS) return going("pending", "starting");
  return lost(signals.createdMs, signals.createdMs, "created, but never started");
}

function lost(sinceMs: number, startMs: number, reason: string): Status {
  return {
    state: "stale",
    since: new Date(sinceMs),
    duration: Math.max(0, sinceMs - startMs),
    reason,
    settled: false,
  };
}

function afterRetries(attempt: number): string {
  return attempt === 0 ? "completed" : `completed in attempt ${attempt}`;
}

function failureReason(subject: string, process: ProcessEnd | undefined): string {
  if (process !== undefined && process.returnCode !== 1 && process.returnCode >= 0) {
    return `${subject} exited with code ${process.returnCode}`;
  }
  return subject === "the task" ? "failed" : `failed in ${subject}`;
}

function crashReason(code: number): string {
  switch (code) {
    case -9:
      return "its process was killed (signal 9): often out of memory";
    case -11:
      return "its process crashed (signal 11, segmentation fault)";
    case 1:
      return "failed before its artifacts could be stored";
    default:
      return code < 0 ? `its process was ended by signal ${-code}` : `its process exited with code ${code}`;
  }
}

/** The number of tasks in each state. */
export function countStates(statuses: readonly Status[]): Record<State, number> {
  const counts = { pending: 0, running: 0, completed: 0, failed: 0, stale: 0, unknown: 0 };
  for (const { state } of statuses) counts[state]++;
  return counts;
}

/** A step's status by those of its tasks. `expected`: how many tasks it will have, where that is known. */
export function stepStatus(
  tasks: readonly Status[],
  expected: number | undefined,
  runAlive: boolean,
): StepStatus {
  const counts = countStates(tasks);
  const starts = tasks.map(
    (task) => task.since.getTime() - (task.state === "running" ? 0 : (task.duration ?? 0)),
  );
  const startMs = starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const endMs = tasks.reduce((most, task) => Math.max(most, task.since.getTime()), 0);
  const done = counts.completed;
  const of = expected === undefined ? "" : ` of ${expected}`;
  const result = (
    state: State,
    sinceMs: number,
    duration: number | undefined,
    reason: string,
  ): StepStatus => ({
    state,
    since: new Date(sinceMs),
    duration,
    reason,
    settled: tasks.every((task) => task.settled) && state !== "running" && state !== "pending",
    counts,
    expected,
  });
  const nowMs = Date.now();
  const unfinished = counts.running + counts.pending;

  if (tasks.length === 0) return result("pending", nowMs, undefined, "no task yet");
  if (counts.failed > 0 && unfinished === 0) {
    return result("failed", endMs, endMs - startMs, `${counts.failed} of ${tasks.length} tasks failed`);
  }
  if (unfinished > 0) {
    const failed = counts.failed > 0 ? `, ${counts.failed} failed` : "";
    if (counts.running === 0 && done === 0) return result("pending", startMs, undefined, "starting");
    return result("running", startMs, nowMs - startMs, `${done}${of} tasks completed${failed}`);
  }
  if (counts.stale > 0) {
    return result(
      "stale",
      endMs,
      endMs - startMs,
      `${counts.stale} of ${tasks.length} tasks show no sign of life`,
    );
  }
  if (counts.unknown > 0) return result("unknown", endMs, undefined, `${done}${of} tasks completed`);
  if (expected !== undefined && done < expected) {
    // Local schedulers create a foreach's tasks one worker slot at a time.
    if (runAlive) return result("running", startMs, nowMs - startMs, `${done}${of} tasks completed`);
    return result(
      "stale",
      endMs,
      endMs - startMs,
      `${done}${of} tasks completed, the others were never started`,
    );
  }
  return result(
    "completed",
    endMs,
    endMs - startMs,
    tasks.length === 1 ? "completed" : `${done} tasks completed`,
  );
}
