import type { IoOptions } from "../base/io.ts";
import type { Metaflow, Run, Step, Task, TaskWithStatus } from "../client/index.ts";
import type { Target } from "./targets.ts";

/**
 * The task that people mean when they ask for a run's or step's log: the only one, else the first that failed, else the one that
 * was started last of those that run. `undefined` where none stands out.
 */
export async function taskWithin(
  metaflow: Metaflow,
  { kind, pathspec }: Target,
  io: IoOptions,
): Promise<Task | undefined> {
  switch (kind) {
    case "run":
      return taskOfRun(await metaflow.run(pathspec, io), io);
    case "step":
      return taskOfStep(await metaflow.step(pathspec, io), io);
    default:
      return undefined;
  }
}

async function taskOfRun(run: Run, io: IoOptions): Promise<Task | undefined> {
  const { state, step } = await run.status(io);
  if (state === "failed") return (await run.firstFailure(io))?.task;
  const isUnderWay = state === "running" && step !== undefined;
  return isUnderWay ? taskOfStep(await run.get(step, io), io) : undefined;
}

async function taskOfStep(step: Step, io: IoOptions): Promise<Task | undefined> {
  const { items } = await step.page({ limit: 2 }, io);
  if (items.length < 2) return items[0];
  const tasks = (await step.statuses(io)).items;
  return (
    earliest(tasks.filter(({ status }) => status.state === "failed"))?.task ??
    latest(tasks.filter(({ status }) => status.state === "running"))?.task
  );
}

function earliest(tasks: readonly TaskWithStatus[]): TaskWithStatus | undefined {
  return [...tasks].sort((a, b) => a.status.since.getTime() - b.status.since.getTime())[0];
}

function latest(tasks: readonly TaskWithStatus[]): TaskWithStatus | undefined {
  return [...tasks].sort((a, b) => b.task.startedAt.getTime() - a.task.startedAt.getTime())[0];
}
