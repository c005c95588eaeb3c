import type { IoOptions } from "../../base/io.ts";
import type { Run, RunStatus } from "../../client/index.ts";
import { reasonText } from "../statusText.ts";
import { taskInStep } from "./foreach.ts";
import type { FailureText, Progress } from "./runText.ts";
import { taskCount } from "./taskText.ts";

/** How far a running run has come. Reads the step that it is at, once more, for the number of tasks that it will have. */
export async function progressOf(run: Run, status: RunStatus, io: IoOptions): Promise<Progress | undefined> {
  if (status.step === undefined) return undefined;
  const step = await (await run.get(status.step, io)).status(io);
  const total = Math.max(step.expected ?? 0, taskCount(step.counts));
  return { step: status.step, done: step.counts.completed, total: total > 1 ? total : undefined };
}

/** Where a run failed first and by what; `undefined` where nothing tells. */
export async function failureOf(run: Run, io: IoOptions): Promise<FailureText | undefined> {
  const failure = await run.firstFailure(io);
  if (failure === undefined) return undefined;
  const step = failure.task.pathComponents[2] ?? "";
  const frames = await failure.task.foreachStack(io).catch(() => []);
  const exception = failure.exception?.type.split(".").at(-1);
  return { where: taskInStep(step, frames), exception: exception ?? reasonText(failure.status) };
}
