import type { Status } from "../../client/index.ts";
import { t } from "../text.ts";
import { agoText, countText, spanText } from "./format.ts";
import { joined, type Surroundings } from "./row.ts";
import type { RowState } from "./state.ts";

/** The state that a task's icon shows: a clone was executed elsewhere. */
export function taskState(status: Status | undefined): RowState {
  if (status === undefined) return "loading";
  return isCloned(status) ? "cloned" : status.state;
}

function isCloned(status: Status): boolean {
  return status.state === "completed" && status.reason.startsWith("cloned");
}

/** A task's description: how long it took, or what keeps it. */
export function taskText(status: Status | undefined, now: Date): string {
  switch (status?.state) {
    case undefined:
      return "";
    case "running": {
      const note = status.reason === "running" ? undefined : status.reason;
      return joined([spanText(now.getTime() - status.since.getTime()), note]);
    }
    case "completed":
      if (isCloned(status)) return t("cloned");
      return joined([spanText(status.duration ?? -1), later(status.reason)]);
    case "failed":
      return joined([status.reason, spanText(status.duration ?? -1)]);
    case "stale":
      return t("no sign of life since {0}", spanText(now.getTime() - status.since.getTime()));
    case "pending":
      return status.reason;
    case "unknown":
      return t("last activity {0}", agoText(status.since, now));
  }
}

/** What is worth saying of a completed task: that it took more than one attempt. */
function later(reason: string): string | undefined {
  return reason === "completed" ? undefined : reason.replace(/^completed /, "");
}

/** How the tasks of a step stand. */
export interface StepFacts {
  readonly status: Status;
  readonly counts: Readonly<Partial<Record<Status["state"], number>>>;
  /** How many tasks there will be, where that is known. */
  readonly expected: number | undefined;
}

function oneTaskReason({ state, reason }: Status): string {
  if (state === "failed") return "failed";
  return state === "pending" || reason.startsWith("cloned") ? reason : state;
}

/** How many tasks a step has by now. */
export function taskCount(counts: StepFacts["counts"]): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** A step's description: `37/100 · 1 failed · 5 min`; of a step with one task that task's. */
export function stepText(
  { status, counts, expected }: StepFacts,
  { now, locale }: Pick<Surroundings, "now" | "locale">,
): string {
  const tasks = taskCount(counts);
  const total = Math.max(expected ?? 0, tasks);
  // The reason counts tasks, which is no news of a step that has one.
  if (total <= 1) return taskText({ ...status, reason: oneTaskReason(status) }, now);
  const done = counts.completed ?? 0;
  const running = status.state === "running";
  const progress =
    done === total
      ? t("{0} tasks", countText(total, locale))
      : `${countText(done, locale)}/${countText(total, locale)}`;
  const failed = counts.failed ?? 0;
  const span = running ? now.getTime() - status.since.getTime() : (status.duration ?? -1);
  return joined([
    progress,
    failed === 0 ? undefined : t("{0} failed", failed),
    status.state === "stale" ? t("no sign of life") : undefined,
    spanText(span),
  ]);
}
