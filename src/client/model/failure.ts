import type { IoOptions } from "../../base/io.ts";
import type { TaskStatus } from "../status/state.ts";
import type { Run } from "./run.ts";
import type { Task, TaskException } from "./task.ts";

/** What made a run fail. */
export interface Failure {
  readonly task: Task;
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
  let found: { task: Task; status: TaskStatus } | undefined;
  for (const [name, step] of status.steps) {
    if (step.counts.failed === 0) continue;
    for await (const task of (await run.get(name, io)).children(undefined, io)) {
      const own = await task.status(io);
      if (own.state === "failed" && (found === undefined || own.since < found.status.since))
        found = { task, status: own };
    }
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
