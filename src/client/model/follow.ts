import type { IoOptions } from "../../base/io.ts";
import { followLog } from "../logs/follow.ts";
import { joinedLines } from "../logs/joined.ts";
import type { TimedLine } from "../logs/mflog.ts";
import type { LogStream } from "../logs/tasklog.ts";
import type { MetadataProvider } from "../metadata/provider.ts";
import { News } from "./news.ts";
import type { Task } from "./task.ts";

/** How a task's log is followed. */
export interface FollowOptions extends IoOptions {
  /** What to begin with: all lines (default), those written from now on, or the last so many. */
  readonly from?: "start" | "now" | { readonly last: number };
}

/**
 * The lines of a task's log as they are written, one attempt after the other, until the task ends. A local task's log is written when the
 * task has ended, so all its lines come then. What exceeds 32 Mi characters of a line comes as further lines.
 *
 * The log is looked at twice a second while it grows, every few seconds while it does not; how the task stands is asked when its records change.
 */
export async function* followTask(
  provider: MetadataProvider,
  task: Task,
  stream: LogStream,
  options: FollowOptions = {},
): AsyncIterable<TimedLine> {
  const { signal } = options;
  const news = new News(provider, task.pathComponents);
  try {
    let from = options.from ?? "start";
    let attempt = task.attempt ?? (await task.currentAttempt(options));
    for (;;) {
      const isEnded = async (): Promise<boolean> => {
        if (!news.areDue) return false;
        news.asked();
        return attemptIsOver(task, attempt, options);
      };
      const log = await task.ofAttempt(attempt).log(stream, options);
      if (log === undefined) {
        if (await isEnded()) return;
        await news.next(signal);
        continue;
      }
      const changed = async (ended: AbortSignal): Promise<void> => news.next(ended);
      yield* joinedLines(followLog(log, { isEnded: lasting(isEnded), changed, from, signal }));
      const next = task.attempt ?? (await nextAttempt(news, task, attempt, options));
      if (next === undefined || next === attempt) return;
      attempt = next;
      from = "start";
    }
  } finally {
    news.dispose();
  }
}

/** What has ended is not asked again. */
function lasting(isEnded: () => Promise<boolean>): () => Promise<boolean> {
  let ended = false;
  return async () => (ended ||= await isEnded());
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
async function nextAttempt(
  news: News,
  task: Task,
  attempt: number,
  options: FollowOptions,
): Promise<number | undefined> {
  for (;;) {
    news.asked();
    const last = (await task.attempts(options)).at(-1);
    if (last !== undefined && last.attempt > attempt) return last.attempt;
    const { state } = last?.status ?? (await task.status(options));
    if (state !== "running" && state !== "pending") return undefined;
    await news.next(options.signal);
  }
}
