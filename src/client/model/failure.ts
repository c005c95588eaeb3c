import type { IoOptions } from "../../base/io.ts";
import type { TaskStatus } from "../status/state.ts";
import type { Run } from "./run.ts";
import type { TaskWithStatus } from "./step.ts";
import type { Task, TaskException } from "./task.ts";

/** What made a run fail. */
export interface Failure {
  /** The task that failed. */
  readonly task: Task;
  /** How it stands: what it failed of is in `code` and `reason`. */
  readonly status: TaskStatus;
  /** What it raised; `undefined` for a crash, an exit call or a kill. */
  readonly exception: TaskException | undefined;
  /** The last lines of its stderr, or of its stdout where it wrote no stderr; oldest first. */
  readonly logLines: readonly string[];
}

const LINES = 20;

/** The task that failed first: of those that failed, the one that ended first. Tasks that were only killed because of it come later. */
export async function findFirstFailure(run: Run, io?: IoOptions): Promise<Failure | undefined> {
  const status = await run.status(io);
  let found: TaskWithStatus | undefined;
  for (const [name, step] of status.steps) {
    if (step.counts.failed === 0) continue;
    const { items } = await (await run.get(name, io)).statuses(io);
    for (const one of items)
      if (one.status.state === "failed" && (found === undefined || one.status.since < found.status.since))
        found = one;
  }
  if (found === undefined) return undefined;
  // The artifacts of the last done attempt: a later attempt may have crashed without any.
  const exception = await found.task.exception(io).catch(() => undefined);
  return { ...found, exception, logLines: await lastLines(found.task, io) };
}

async function lastLines(task: Task, io?: IoOptions): Promise<readonly string[]> {
  for (const stream of ["stderr", "stdout"] as const) {
    // The failure is told also where its log is gone.
    const log = await task.log(stream, io).catch(() => undefined);
    const tail = await log?.tail(LINES, io).catch(() => undefined);
    if (tail !== undefined && tail.lines.length > 0) return tail.lines.map(({ text }) => text);
  }
  return [];
}
