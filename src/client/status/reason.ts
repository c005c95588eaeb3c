import type { StatusCode } from "./code.ts";

/** A code with its sentence: the two fields of a status that say why. */
export interface Explained<Code extends StatusCode> {
  readonly code: Code;
  readonly reason: string;
}

/** Puts the English sentence beside a code. */
export function explained<Code extends StatusCode>(code: Code): Explained<Code> {
  return { code, reason: reasonOf(code) };
}

/** A code in one English sentence without a period, in Metaflow's words. */
function reasonOf(code: StatusCode): string {
  switch (code.kind) {
    case "starting":
      return "starting";
    case "running":
      return code.attempt === 0 ? "running" : `running attempt ${code.attempt}`;
    case "storing":
      return "finishing: storing artifacts";
    case "retrying":
      return `attempt ${code.attempt} ${code.crashed ? "crashed" : "failed"}, retrying`;
    case "completed":
      return code.attempt === 0 ? "completed" : `completed in attempt ${code.attempt}`;
    case "cloned":
      return "cloned from the origin run";
    case "failed":
      return code.attempt === 0 ? "failed" : `failed in attempt ${code.attempt}`;
    case "exited":
      return `${ofAttempt(code.attempt)}exited with code ${code.exitCode}`;
    case "signalled":
      return `${ofAttempt(code.attempt)}ended by ${signalText(code.signal)}`;
    case "killed":
      return "killed by the scheduler";
    case "not-stored":
      return "failed before its artifacts could be stored";
    case "lost-storing":
      return "its process ended before the artifacts were stored";
    case "silent":
      return "no sign of life since it started";
    case "never-started":
      return "created, but never started";
    case "unobservable":
      return "started, and nothing tells whether it still runs";
    case "unreadable":
      return code.message;
    case "no-tasks":
      return "no task yet";
    case "tasks-progress": {
      const of = code.expected === undefined ? "" : ` of ${code.expected}`;
      const failed = code.failed === 0 ? "" : `, ${code.failed} failed`;
      return `${code.completed}${of} tasks completed${failed}`;
    }
    case "tasks-completed":
      return `${code.completed} tasks completed`;
    case "tasks-failed":
      return `${code.failed} of ${code.total} tasks failed`;
    case "tasks-silent":
      return `${code.silent} of ${code.total} tasks show no sign of life`;
    case "tasks-missing":
      return `${code.completed} of ${code.expected} tasks completed, the others were never started`;
    case "run-running":
      return `running ${code.step}`;
    case "run-failing":
      return `failing in ${code.step}: ${reasonOf(code.cause)}; others still run`;
    case "run-between-steps":
      return `${code.step} completed, the next step is starting`;
    case "run-completed":
      return "completed";
    case "run-failed":
      return `failed in ${code.step}: ${reasonOf(code.cause)}`;
    case "run-silent":
      return `no sign of life in ${code.step}`;
    case "run-stopped":
      return `stopped after ${code.step}: its scheduler ended before the next step started`;
    case "run-never-started":
      return "created, but no step was ever started";
    case "run-unobservable":
      return `nothing tells whether ${code.step} still runs`;
  }
}

function ofAttempt(attempt: number): string {
  return attempt === 0 ? "" : `attempt ${attempt} `;
}

function signalText(signal: number): string {
  switch (signal) {
    case 9:
      return "signal 9: often out of memory";
    case 11:
      return "signal 11: a segmentation fault";
    default:
      return `signal ${signal}`;
  }
}
