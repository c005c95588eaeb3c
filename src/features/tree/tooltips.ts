import type { IoOptions } from "../../base/io.ts";
import type { Run, Status, Step, StepStatus, Task } from "../../client/index.ts";
import { reasonText } from "../statusText.ts";
import { t } from "../text.ts";
import { exactText, spanText } from "./format.ts";
import { foreachText } from "./foreach.ts";
import { codeBlock, factsTable, lastLines } from "./markdown.ts";
import type { Surroundings } from "./row.ts";
import { systemTag } from "./runText.ts";
import { stateText } from "./state.ts";
import { taskCount, taskState } from "./taskText.ts";

const TRACE_LINES = 8;

type Facts = (readonly [string, string | undefined])[];

/** What a hover over a run tells: where it comes from, how it went, and why it failed. */
export async function runTooltip(
  run: Run,
  status: Status | undefined,
  io: IoOptions,
  surroundings: Surroundings,
): Promise<string> {
  const [origin, failure] = await Promise.all([
    // While the run has no step it cannot tell its origin.
    run.originPathspec(io).catch(() => undefined),
    status?.state === "failed" ? run.firstFailure(io).catch(() => undefined) : undefined,
  ]);
  const table = factsTable(run.pathspec, [
    ...statusFacts(run.startedAt, status, surroundings),
    [t("User"), systemTag(run.tags, "user")],
    [t("Tags"), [...run.userTags].join(", ")],
    [t("Resumed from"), origin],
    [t("System tags"), systemTags(run.systemTags)],
  ]);
  return failure?.exception === undefined ? table : `${table}\n\n${exceptionText(failure.exception)}`;
}

/** What a hover over a step tells. */
export async function stepTooltip(
  step: Step,
  status: StepStatus | undefined,
  io: IoOptions,
  surroundings: Surroundings,
): Promise<string> {
  const tasks = status === undefined ? 0 : taskCount(status.counts);
  const table = factsTable(step.pathspec, [
    ...statusFacts(step.startedAt, status, surroundings),
    [t("Tasks"), tasks < 2 ? undefined : countsText(status, tasks)],
  ]);
  if (status?.state !== "failed" || tasks !== 1) return table;
  const exception = await (await step.task(io))?.exception(io).catch(() => undefined);
  return exception === undefined ? table : `${table}\n\n${exceptionText(exception)}`;
}

/**
 * What a hover over a task, or over one of its attempts, tells.
 * @param startedAt `undefined` where it is not known
 */
export async function taskTooltip(
  task: Task,
  startedAt: Date | undefined,
  status: Status | undefined,
  io: IoOptions,
  surroundings: Surroundings,
): Promise<string> {
  const [frames, origin, exception] = await Promise.all([
    task.foreachStack(io).catch(() => []),
    taskState(status) === "cloned" ? task.originPathspec(io).catch(() => undefined) : undefined,
    status?.state === "failed" ? task.exception(io).catch(() => undefined) : undefined,
  ]);
  const table = factsTable(task.pathspec, [
    ...statusFacts(startedAt, status, surroundings),
    [t("Attempt"), task.attempt === undefined ? undefined : String(task.attempt)],
    [t("Foreach"), foreachText(frames)],
    [t("Cloned from"), origin],
  ]);
  return exception === undefined ? table : `${table}\n\n${exceptionText(exception)}`;
}

function statusFacts(
  startedAt: Date | undefined,
  status: Status | undefined,
  { now, locale }: Surroundings,
): Facts {
  const started = startedAt && exactText(startedAt, locale);
  if (status === undefined) return [[t("Started"), started]];
  const ended = status.state === "completed" || status.state === "failed";
  const span =
    status.state === "running" ? now.getTime() - status.since.getTime() : (status.duration ?? undefined);
  return [
    [t("State"), stateWithReason(stateText(taskState(status)), reasonText(status))],
    [t("Started"), started],
    [t("Ended"), ended ? exactText(status.since, locale) : undefined],
    [t("Duration"), span === undefined ? undefined : spanText(span)],
  ];
}

function countsText(status: StepStatus | undefined, tasks: number): string {
  if (status === undefined) return "";
  const states = ["completed", "running", "failed", "stale", "pending", "unknown"] as const;
  const parts = states.filter((state) => status.counts[state] > 0);
  const expected =
    status.expected === undefined || status.expected === tasks ? [] : [t("of {0}", status.expected)];
  return [...parts.map((state) => `${status.counts[state]} ${stateText(state)}`), ...expected].join(", ");
}

/** Those of Metaflow's own tags that have no row of their own. */
function systemTags(tags: ReadonlySet<string>): string {
  return [...tags].filter((tag) => !tag.startsWith("user:")).join(", ");
}

function exceptionText(exception: {
  readonly type: string;
  readonly exception: string;
  readonly stacktrace: string;
}): string {
  const trace = withoutMetaflowFrames(exception.stacktrace.trim());
  return codeBlock(
    trace === "" ? `${exception.type}: ${exception.exception}` : lastLines(trace, TRACE_LINES),
  );
}

/** The frames below Metaflow's own, which lead every trace and say nothing about the flow. */
export function withoutMetaflowFrames(trace: string): string {
  const frames = trace.split(/^(?= {2}File ")/m);
  const last = frames.findLastIndex((frame) => /^ {2}File "[^"]*[\\/]metaflow[\\/]/.test(frame));
  const own = frames.slice(last + 1);
  return last < 0 || own.length === 0 ? trace : own.join("");
}

function stateWithReason(state: string, reason: string): string {
  return reason.startsWith(state) ? reason : t("{0}: {1}", state, reason);
}
