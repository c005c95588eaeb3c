import type { TaskStatus } from "./state.ts";
import type { TaskStatusCode } from "./code.ts";
import { explained } from "./reason.ts";

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
  /** How often the step may be tried again: `@retry` times, and three fallbacks of `@catch`; `undefined` where that was not asked or recorded. */
  readonly retries: number | undefined;
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

/** The status of a task that completed at its first attempt. @param durationMs `undefined` where it is not known */
export function completedTask(endMs: number, durationMs: number | undefined): TaskStatus {
  return {
    state: "completed",
    since: new Date(endMs),
    duration: durationMs,
    ...explained({ kind: "completed", attempt: 0 }),
    settled: true,
  };
}

/** A task's status: the decision table of Metaflow's own records, first match wins. */
export function taskStatus(signals: TaskSignals, nowMs: number): TaskStatus {
  const last = signals.attempts.at(-1);
  const startMs = signals.attempts[0]?.startedMs ?? signals.createdMs;
  const ended = (
    state: "completed" | "failed",
    atMs: number,
    code: TaskStatusCode,
    settled = true,
  ): TaskStatus => ({
    state,
    since: new Date(atMs),
    duration: Math.max(0, atMs - startMs),
    ...explained(code),
    settled,
  });
  const running = (code: TaskStatusCode): TaskStatus => ({
    state: "running",
    since: new Date(startMs),
    duration: Math.max(0, nowMs - startMs),
    ...explained(code),
    settled: false,
  });

  if (signals.cloned) {
    return ended("completed", last?.ok?.atMs ?? last?.doneMs ?? signals.createdMs, { kind: "cloned" });
  }
  if (last === undefined) return notStarted(signals, nowMs);

  const { process, retries, alive, runAlive } = signals;
  const { attempt } = last;
  const isTriedAgain = retries !== undefined && attempt < retries && (alive === true || runAlive);
  // A scheduler may wait for minutes before it tries again, and show nothing meanwhile: no silence makes a failure final.
  const isLast = retries !== undefined && attempt >= retries;
  if (last.ok?.value === true) {
    if (last.doneMs !== undefined) return ended("completed", last.ok.atMs, { kind: "completed", attempt });
    const storing = alive === true || nowMs - last.ok.atMs < FINISHING_MS;
    return storing ? running({ kind: "storing" }) : lost(last.ok.atMs, startMs, { kind: "lost-storing" });
  }
  if (last.ok !== undefined) {
    if (isTriedAgain) return running({ kind: "retrying", attempt, crashed: false });
    return ended("failed", last.ok.atMs, failureCode(attempt, process), isLast);
  }
  if (process !== undefined && (process.killed || process.returnCode === -2 || process.returnCode === -15)) {
    return ended("failed", process.atMs, { kind: "killed" }, process.killed || isLast);
  }
  if (process !== undefined && process.returnCode !== 0) {
    if (isTriedAgain) return running({ kind: "retrying", attempt, crashed: true });
    return ended("failed", process.atMs, crashCode(attempt, process.returnCode), isLast);
  }
  if (last.doneMs !== undefined) return ended("completed", last.doneMs, { kind: "completed", attempt });
  if (alive === true) return running({ kind: "running", attempt });
  const lastSign = last.startedMs ?? signals.createdMs;
  if (alive === undefined) {
    return {
      state: "unknown",
      since: new Date(lastSign),
      duration: undefined,
      ...explained({ kind: "unobservable" }),
      settled: false,
    };
  }
  return lost(lastSign, startMs, { kind: "silent" });
}

function notStarted({ alive, createdMs }: TaskSignals, nowMs: number): TaskStatus {
  if (alive !== true && nowMs - createdMs >= STARTING_MS) {
    return lost(createdMs, createdMs, { kind: "never-started" });
  }
  return {
    state: "pending",
    since: new Date(createdMs),
    duration: undefined,
    ...explained({ kind: "starting" }),
    settled: false,
  };
}

function lost(sinceMs: number, startMs: number, code: TaskStatusCode): TaskStatus {
  return {
    state: "stale",
    since: new Date(sinceMs),
    duration: Math.max(0, sinceMs - startMs),
    ...explained(code),
    settled: false,
  };
}

/** Of an attempt that told of its failure: `1` is how Metaflow ends then, and a signal may come after what decided. */
function failureCode(attempt: number, process: ProcessEnd | undefined): TaskStatusCode {
  if (process === undefined || process.returnCode === 1 || process.returnCode < 0) {
    return { kind: "failed", attempt };
  }
  return { kind: "exited", attempt, exitCode: process.returnCode };
}

/** Of an attempt whose process ended without a word. */
function crashCode(attempt: number, returnCode: number): TaskStatusCode {
  if (returnCode < 0) return { kind: "signalled", attempt, signal: -returnCode };
  return returnCode === 1 ? { kind: "not-stored" } : { kind: "exited", attempt, exitCode: returnCode };
}
