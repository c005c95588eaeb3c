import type { IoOptions } from "../../base/io.ts";
import type { ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import type { TaskStatus } from "../status/state.ts";
import { readAttemptStatuses, signalFields } from "./signals.ts";
import { readStatusOf } from "./readStatus.ts";
import type { Task } from "./task.ts";

/** One attempt of a task. */
export interface TaskAttempt {
  /** Counted from 0. */
  readonly attempt: number;
  /** How the attempt stands, or ended. */
  readonly status: TaskStatus;
  /** When it was started; `undefined` where that was not recorded. */
  readonly startedAt: Date | undefined;
  /** `undefined` while it runs, and for a crash that left no sign. */
  readonly finishedAt: Date | undefined;
  /** The task, asked for this attempt: its artifacts, metadata and logs. */
  readonly task: Task;
}

/** Every attempt that a task's metadata tell of, in order. */
export async function readAttempts(
  session: Session,
  task: ObjectRecord,
  ofAttempt: (attempt: number) => Task,
  io?: IoOptions,
): Promise<readonly TaskAttempt[]> {
  const run = await session.provider.record(task.path.slice(0, 2), io);
  const metadata = await session.provider.taskMetadata(task.path, signalFields(session), io);
  const last = await readStatusOf(session, run ?? task, task, io, metadata);
  const attempts = await readAttemptStatuses(session, task, last, metadata, io);
  return attempts.map(({ signals, status }) => {
    const ended = status.state === "completed" || status.state === "failed";
    return {
      attempt: signals.attempt,
      status,
      startedAt: signals.startedMs === undefined ? undefined : new Date(signals.startedMs),
      finishedAt: ended ? status.since : undefined,
      task: ofAttempt(signals.attempt),
    };
  });
}
