import type { RunStatusCode } from "./code.ts";
import { explained } from "./reason.ts";
import type { State, Status, StepStatus } from "./state.ts";

/** How a run stands. */
export interface RunStatus extends Status {
  readonly code: RunStatusCode;
  /** The step that the run is at, or failed in; `undefined` when it completed. */
  readonly step: string | undefined;
  /** How each of its steps stands, in the order in which they were started; empty for a completed run, where nobody has to look. */
  readonly steps: ReadonlyMap<string, StepStatus>;
}

/** What a run's status is decided by beside its steps'. Times are milliseconds since the epoch. */
export interface RunSignals {
  readonly startedMs: number;
  /** When anything in it last showed a sign of life. */
  readonly lastMs: number;
  /** Whether its scheduler is at work. */
  readonly alive: boolean;
  /** Whether so long nothing happened that a scheduler would have started the next step. */
  readonly quiet: boolean;
  /** Whether a task that failed may be tried again by a scheduler that need not show anything until then. */
  readonly mayBeTriedAgain: boolean;
}

/** After this long without any change a failed run cannot be one whose orphaned tasks still end. */
const FINAL_MS = 10 * 60_000;
/** The same where a task may be tried again after minutes of its decorator's choice. */
const FINAL_OF_SCHEDULERS_MS = 24 * 3_600_000;

/** The status of a run that ended well: nobody looks at its steps. @param durationMs `undefined` where it is not known */
export function completedRun(endMs: number, durationMs: number | undefined): RunStatus {
  return {
    state: "completed",
    since: new Date(endMs),
    duration: durationMs === undefined ? undefined : Math.round(durationMs),
    ...explained({ kind: "run-completed" }),
    settled: true,
    step: undefined,
    steps: new Map(),
  };
}

/** The status of a run that did not complete, by its steps'; first match wins. */
export function runStatus(
  steps: ReadonlyMap<string, StepStatus>,
  signals: RunSignals,
  nowMs: number,
): RunStatus {
  const { startedMs, lastMs, alive, quiet, mayBeTriedAgain } = signals;
  const finalMs = mayBeTriedAgain ? FINAL_OF_SCHEDULERS_MS : FINAL_MS;
  const byState = (state: State): [string, StepStatus] | undefined =>
    [...steps].find(([, status]) => status.counts[state] > 0);
  const failed = byState("failed");
  const running = [...steps].findLast(([, { counts }]) => counts.running + counts.pending > 0);
  const result = (state: State, atMs: number, code: RunStatusCode): RunStatus => ({
    state,
    since: new Date(atMs),
    duration:
      state === "pending" || state === "unknown"
        ? undefined
        : Math.round(Math.max(0, (state === "running" ? nowMs : atMs) - startedMs)),
    ...explained(code),
    settled: state === "failed" && nowMs - lastMs > finalMs,
    step: "step" in code ? code.step : undefined,
    steps,
  });

  if (failed !== undefined) {
    const [step, status] = failed;
    if (running !== undefined && alive) {
      return result("running", startedMs, { kind: "run-failing", step, cause: status.code });
    }
    return result("failed", endOf(status, lastMs), { kind: "run-failed", step, cause: status.code });
  }
  if (running !== undefined) return result("running", startedMs, { kind: "run-running", step: running[0] });
  const stale = byState("stale");
  if (stale !== undefined) return result("stale", lastMs, { kind: "run-silent", step: stale[0] });
  const unknown = byState("unknown");
  if (unknown !== undefined) return result("unknown", lastMs, { kind: "run-unobservable", step: unknown[0] });
  const last = [...steps.keys()].at(-1);
  if (!quiet || alive) {
    return last === undefined
      ? result("pending", startedMs, { kind: "starting" })
      : result("running", startedMs, { kind: "run-between-steps", step: last });
  }
  return last === undefined
    ? result("stale", lastMs, { kind: "run-never-started" })
    : result("stale", lastMs, { kind: "run-stopped", step: last });
}

function endOf(status: StepStatus, fallbackMs: number): number {
  const ms = status.since.getTime();
  return Number.isFinite(ms) ? ms : fallbackMs;
}
