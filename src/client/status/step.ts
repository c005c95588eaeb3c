import type { State, Status, StepStatus, TaskStatus } from "./state.ts";
import type { StepStatusCode } from "./code.ts";
import { explained } from "./reason.ts";

/** The number of tasks in each state. */
function countStates(statuses: readonly Status[]): Record<State, number> {
  const counts = { pending: 0, running: 0, completed: 0, failed: 0, stale: 0, unknown: 0 };
  for (const { state } of statuses) counts[state]++;
  return counts;
}

/**
 * A step's status by those of its tasks.
 * @param expected how many tasks it will have, where that is known
 * @param runAlive whether the run's scheduler may start more of them
 */
export function stepStatus(
  tasks: readonly TaskStatus[],
  expected: number | undefined,
  runAlive: boolean,
  nowMs: number,
): StepStatus {
  const counts = countStates(tasks);
  const [first] = tasks;
  if (first !== undefined && Math.max(tasks.length, expected ?? 1) === 1)
    return { ...first, counts, expected };

  const starts = tasks.map(
    (task) => task.since.getTime() - (task.state === "running" ? 0 : (task.duration ?? 0)),
  );
  const startMs = starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const endMs = tasks.reduce((most, task) => Math.max(most, task.since.getTime()), 0);
  const result = (
    state: State,
    sinceMs: number,
    duration: number | undefined,
    code: StepStatusCode,
  ): StepStatus => ({
    state,
    since: new Date(sinceMs),
    duration,
    ...explained(code),
    settled: tasks.every((task) => task.settled) && state !== "running" && state !== "pending",
    counts,
    expected,
  });
  const { completed, failed, stale } = counts;
  const total = tasks.length;
  const unfinished = counts.running + counts.pending;
  const progress: StepStatusCode = { kind: "tasks-progress", completed, failed, expected };

  if (total === 0) return result("pending", nowMs, undefined, { kind: "no-tasks" });
  if (failed > 0 && unfinished === 0) {
    return result("failed", endMs, endMs - startMs, { kind: "tasks-failed", failed, total });
  }
  if (counts.running === 0 && counts.pending > 0 && completed === 0) {
    return result("pending", startMs, undefined, { kind: "starting" });
  }
  if (unfinished > 0) return result("running", startMs, nowMs - startMs, progress);
  if (stale > 0) {
    return result("stale", endMs, endMs - startMs, { kind: "tasks-silent", silent: stale, total });
  }
  if (counts.unknown > 0) return result("unknown", endMs, undefined, progress);
  if (expected !== undefined && completed < expected) {
    // Local schedulers create a foreach's tasks one worker slot at a time.
    if (runAlive) return result("running", startMs, nowMs - startMs, progress);
    return result("stale", endMs, endMs - startMs, { kind: "tasks-missing", completed, expected });
  }
  return result("completed", endMs, endMs - startMs, { kind: "tasks-completed", completed });
}
