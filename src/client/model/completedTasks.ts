import type { IoOptions } from "../../base/io.ts";
import type { PathComponents } from "../pathspec.ts";
import type { ObjectRecord } from "../records.ts";
import type { Session } from "../session.ts";
import { SessionCache } from "../sessionCache.ts";
import { endByHeartbeat } from "../status/heartbeat.ts";
import type { TaskStatus } from "../status/state.ts";
import { completedTask } from "../status/task.ts";

/**
 * From so many tasks on lists tell which completed. The metadata of a task are some 3 kB, and they come of all tasks of a run or of one: of fewer
 * tasks all of them are read, which also tells exactly when each ended.
 */
const MANY_TASKS = 250;
const MAX_KNOWN = 200_000;

/** The tasks that lists have told of. Apart from what is settled: who asks for one of them alone is told its exact times. */
const known = new SessionCache<TaskStatus>(MAX_KNOWN);

/**
 * How those of a step's tasks stand that completed at their first attempt, where lists of a service tell them: four of pathspecs instead of megabytes of
 * metadata. When they ended is told by their heartbeats. None of a step of few tasks.
 */
export async function completedByLists(
  session: Session,
  tasks: readonly ObjectRecord[],
  io?: IoOptions,
): Promise<ReadonlyMap<ObjectRecord, TaskStatus>> {
  const completed = new Map<ObjectRecord, TaskStatus>();
  const [first] = tasks;
  if (first === undefined || tasks.length < MANY_TASKS) return completed;
  const told = known.of(session);
  const isOpen = ({ path, heartbeatMs }: ObjectRecord): boolean => {
    const key = path.join("/");
    return heartbeatMs !== undefined && !told.has(key) && !session.settled.has(key);
  };
  if (tasks.some(isOpen)) {
    const names = await completedNames(session, first.path.slice(0, 3), io);
    for (const { path, startedAtMs, heartbeatMs } of tasks.filter(isOpen)) {
      const key = path.join("/");
      if (heartbeatMs === undefined || !names.has(key)) continue;
      const { endMs, durationMs } = endByHeartbeat(startedAtMs, heartbeatMs);
      told.set(key, completedTask(endMs, durationMs));
    }
  }
  for (const task of tasks) {
    const status = told.get(task.path.join("/"));
    if (status !== undefined) completed.set(task, status);
  }
  return completed;
}

/**
 * The pathspecs of a step's tasks that completed at their first attempt. A list is of what was recorded at any attempt: a task with a second one, or one that
 * was taken over from another run, is left to be read.
 */
async function completedNames(
  { provider }: Session,
  step: PathComponents,
  io?: IoOptions,
): Promise<ReadonlySet<string>> {
  const lists = await Promise.all(
    [
      ["attempt_ok", "True"],
      ["attempt-done", "0"],
      ["attempt", "[1-9][0-9]*"],
      ["origin-task-id", ".+"],
    ].map(async ([field = "", pattern = ""]) => provider.filterTasks?.(step, field, pattern, io)),
  );
  const [ok, done, again, cloned] = lists.map((names) => names && new Set(names));
  if (ok === undefined || done === undefined || again === undefined || cloned === undefined) return new Set();
  return new Set([...ok].filter((name) => done.has(name) && !again.has(name) && !cloned.has(name)));
}
