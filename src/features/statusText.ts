import type { Status, StatusCode } from "../client/index.ts";
import { t } from "./text.ts";

/** Why an object stands as it does, as a clause in the editor's language. */
export function reasonText({ code }: Pick<Status, "code">): string {
  return textOf(code);
}

function textOf(code: StatusCode): string {
  switch (code.kind) {
    case "starting":
      return t("starting");
    case "running":
      return code.attempt === 0 ? t("running") : t("running attempt {0}", code.attempt);
    case "storing":
      return t("finishing: storing artifacts");
    case "retrying":
      return code.crashed
        ? t("attempt {0} crashed, retrying", code.attempt)
        : t("attempt {0} failed, retrying", code.attempt);
    case "completed":
      return code.attempt === 0 ? t("completed") : t("completed in attempt {0}", code.attempt);
    case "cloned":
      return t("cloned from the origin run");
    case "failed":
      return code.attempt === 0 ? t("failed") : t("failed in attempt {0}", code.attempt);
    case "exited":
      return code.attempt === 0
        ? t("exited with code {0}", code.exitCode)
        : t("attempt {0} exited with code {1}", code.attempt, code.exitCode);
    case "signalled":
      return signalText(code.signal, code.attempt);
    case "killed":
      return t("killed by the scheduler");
    case "not-stored":
      return t("failed before its artifacts could be stored");
    case "lost-storing":
      return t("its process ended before the artifacts were stored");
    case "silent":
      return t("no sign of life since it started");
    case "never-started":
      return t("created, but never started");
    case "unobservable":
      return t("started, and nothing tells whether it still runs");
    case "unreadable":
      return code.message;
    case "no-tasks":
      return t("no task yet");
    case "tasks-progress":
      return progressText(code);
    case "tasks-completed":
      return t("{0} tasks completed", code.completed);
    case "tasks-failed":
      return t("{0} of {1} tasks failed", code.failed, code.total);
    case "tasks-silent":
      return t("{0} of {1} tasks show no sign of life", code.silent, code.total);
    case "tasks-missing":
      return t("{0} of {1} tasks completed, the others were never started", code.completed, code.expected);
    case "run-running":
      return t("running {0}", code.step);
    case "run-failing":
      return t("failing in {0}: {1}; others still run", code.step, textOf(code.cause));
    case "run-between-steps":
      return t("{0} completed, the next step is starting", code.step);
    case "run-completed":
      return t("completed");
    case "run-failed":
      return t("failed in {0}: {1}", code.step, textOf(code.cause));
    case "run-silent":
      return t("no sign of life in {0}", code.step);
    case "run-stopped":
      return t("stopped after {0}: its scheduler ended before the next step started", code.step);
    case "run-never-started":
      return t("created, but no step was ever started");
    case "run-unobservable":
      return t("nothing tells whether {0} still runs", code.step);
  }
}

function progressText({
  completed,
  failed,
  expected,
}: Extract<StatusCode, { readonly kind: "tasks-progress" }>): string {
  const progress =
    expected === undefined
      ? t("{0} tasks completed", completed)
      : t("{0} of {1} tasks completed", completed, expected);
  return failed === 0 ? progress : t("{0}, {1} failed", progress, failed);
}

function signalText(signal: number, attempt: number): string {
  const name =
    signal === 9
      ? t("signal 9: often out of memory")
      : signal === 11
        ? t("signal 11: a segmentation fault")
        : t("signal {0}", signal);
  return attempt === 0 ? t("ended by {0}", name) : t("attempt {0} ended by {1}", attempt, name);
}
