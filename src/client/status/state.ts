import type { StatusCode, StepStatusCode, TaskStatusCode } from "./code.ts";

/** What is known of how a run, step or task stands. */
export type State = "pending" | "running" | "completed" | "failed" | "stale" | "unknown";

/** How an object stands, since when and why. */
export interface Status {
  /** How it stands, for colours and filters; `code` tells why. */
  readonly state: State;
  /** When it came to stand so: its end, its start while it runs, its last sign of life when stale. */
  readonly since: Date;
  /** In milliseconds: from start to end, or to now while it runs; `undefined` before the start. */
  readonly duration: number | undefined;
  /** Why it stands so, for programs. */
  readonly code: StatusCode;
  /** The code in one English sentence without a period, in Metaflow's words: `attempt 1 failed, retrying`. */
  readonly reason: string;
  /** Whether nothing can change it any more. */
  readonly settled: boolean;
}

/** How a task stands. */
export interface TaskStatus extends Status {
  readonly code: TaskStatusCode;
}

/** How a step stands: as its task, where it has one. */
export interface StepStatus extends Status {
  readonly code: TaskStatusCode | StepStatusCode;
  /** How many tasks there are in each state. */
  readonly counts: Readonly<Record<State, number>>;
  /** How many tasks the step will have, where its foreach tells. */
  readonly expected: number | undefined;
}
