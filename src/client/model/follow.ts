import { delay } from "../../base/async.ts";
import type { IoOptions } from "../../base/io.ts";
import { followLog } from "../logs/follow.ts";
import { joinedLines } from "../logs/joined.ts";
import type { TimedLine } from "../logs/mflog.ts";
import type { LogStream } from "../logs/tasklog.ts";
import type { Task } from "./task.ts";

/** How a task's log is followed. */
export interface FollowOptions extends IoOptions {
  /** What to begin with: all lines (default), those written from now on, or the last so many. */
  readonly from?: "start" | "now" | { readonly last: number };
}

const LOOK_MS = 500;

/**
 * The lines of a task's log as they are written, one attempt after the other, until the task ends. A local task's log is written when the
 * task has ended, so all its lines come then. What exceeds 32 Mi characters of a line comes as further lines.
 */
export async function* followTask(
  task: Task,
  stream: LogStream,
  options: FollowOptions = {},
): AsyncIterable<TimedLine> {
  let from = options.from ?? "start";
  let attempt = task.attempt ?? (await task.currentAttempt(options));
  for (;;) {
    const current = task.ofAttempt(attempt);
    const log = await current.log(stream, options);
    if (log === undefined) {
      if (await attemptIsOver(task, attempt, options)) return;
      await delay(LOOK_MS, options.signal);
      continue;
    }
    const isEnded = async (): Promise<boolean> => attemptIsOver(task, attempt, options);
    yield* joinedLines(followLog(log, { isEnded, from, signal: options.signal }));
    const next = task.attempt ?? (await nextAttempt(task, attempt, options));
    if (next === undefined || next === attempt) return;
    attempt = next;
    from = "start";
  }
}

/** Whether an attempt has ended: it has a result, or there is a later one. */
export async function attemptIsOver(task: Task, attempt: number, io?: IoOptions): Promise<boolean> {
  const attempts = await task.attempts(io);
  const own = attempts.find((one) => one.attempt === attempt);
  if (attempts.some((one) => one.attempt > attempt) || own?.finishedAt !== undefined) return true;
  const { state } = own?.status ?? (await task.status(io));
  return state === "completed" || state === "failed" || state === "stale";
}

/** The attempt that a failed one is followed by; waits for it as long as the scheduler may start it. */
async function nextAttempt(task: Task, attempt: number, options: FollowOptions): Promise<number | undefined> {
  for (;;) {
    const last = await task.currentAttempt(options);
    if (last > attempt) return last;
    const { state } = await task.status(options);
    if (state !== "running" && state !== "pending") return undefined;
    await delay(LOOK_MS, options.signal);
  }
}
