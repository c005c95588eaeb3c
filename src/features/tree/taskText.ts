import type { Status } from "../../client/index.ts";
import { reasonText } from "../statusText.ts";
import { t } from "../text.ts";
import { agoText, countText, spanText } from "./format.ts";
import { joined, type Surroundings } from "./row.ts";
import type { RowState } from "./state.ts";

/** The state that a task's icon shows: a clone was executed elsewhere. */
export function taskState(status: Status | undefined): RowState {
  if (status === undefined) return "loading";
  return status.code.kind === "cloned" ? "cloned" : status.state;
}

/** A task's description: how long it took, or what keeps it. */
export function taskText(status: Status | undefined, now: Date): string {
  switch (status?.state) {
    case undefined:
      return "";
    case "running": {
      const isFirst = status.code.kind === "running" && status.code.attempt === 0;
      const note = isFirst ? undefined : reasonText(status);
      return joined([spanText(now.getTime() - status.since.getTime()), note]);
    }
    case "completed":
      if (status.code.kind === "cloned") return t("cloned");
      return joined([spanText(status.duration ?? -1), laterAttempt(status)]);
    case "failed":
      return joined([reasonText(status), spanText(status.duration ?? -1)]);
    case "stale":
      return t("no sign of life since {0}", spanText(now.getTime() - status.since.getTime()));
    case "pending":
      return reasonText(status);
    case "unknown":
      return t("last activity {0}", agoText(status.since, now));
  }
}

/** What is worth saying of a completed task: that it took more than one attempt. */
function laterAttempt({ code }: Status): string | undefined {
  return code.kind === "completed" && code.attempt > 0 ? t("in attempt {0}", code.attempt) : undefined;
}

/** How the tasks of a step stand. */
export interface StepFacts {
  readonly status: Status;
  readonly counts: Readonly<Partial<Record<Status["state"], number>>>;
  /** How many tasks there will be, where that is known. */
  readonly expected: number | undefined;
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
  if (total <= 1) return taskText(status, now);
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
