/** Why a task stands as it does. */
export type TaskStatusCode =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly attempt: number }
  /** User code has ended well, and its artifacts are being stored. */
  | { readonly kind: "storing" }
  /** An attempt failed, and the scheduler will start another one; `crashed`: its process ended before it could tell why. */
  | { readonly kind: "retrying"; readonly attempt: number; readonly crashed: boolean }
  | { readonly kind: "completed"; readonly attempt: number }
  /** A resumed run took the task over from its origin. */
  | { readonly kind: "cloned" }
  | { readonly kind: "failed"; readonly attempt: number }
  /** The process ended with a code that Metaflow itself does not use. */
  | { readonly kind: "exited"; readonly attempt: number; readonly exitCode: number }
  /** The process was ended by a signal that the scheduler did not send. */
  | { readonly kind: "signalled"; readonly attempt: number; readonly signal: number }
  /** The scheduler ended the task, because another one failed or a person stopped the run. */
  | { readonly kind: "killed" }
  /** The process failed before it had stored the attempt's artifacts. */
  | { readonly kind: "not-stored" }
  /** User code ended well, but nothing has been heard of the storing of its artifacts. */
  | { readonly kind: "lost-storing" }
  | { readonly kind: "silent" }
  | { readonly kind: "never-started" }
  /** It started, and whether its process is alive cannot be seen from here. */
  | { readonly kind: "unobservable" }
  /** Its records cannot be read; `errorCode` and `message` are those of the MetaflowError. */
  | { readonly kind: "unreadable"; readonly errorCode: string; readonly message: string };

/** Why a step of several tasks stands as it does; a step with one task has that task's code. */
export type StepStatusCode =
  | { readonly kind: "no-tasks" }
  | { readonly kind: "starting" }
  /** How far it has come; `expected` where it is known how many tasks there will be. */
  | {
      readonly kind: "tasks-progress";
      readonly completed: number;
      readonly failed: number;
      readonly expected: number | undefined;
    }
  | { readonly kind: "tasks-completed"; readonly completed: number }
  | { readonly kind: "tasks-failed"; readonly failed: number; readonly total: number }
  | { readonly kind: "tasks-silent"; readonly silent: number; readonly total: number }
  /** The run ended before all tasks of a foreach were started. */
  | { readonly kind: "tasks-missing"; readonly completed: number; readonly expected: number };

/** Why a run stands as it does. `step` is the name of the step that decides it, `cause` the code of that step. */
export type RunStatusCode =
  | { readonly kind: "starting" }
  | { readonly kind: "run-running"; readonly step: string }
  /** A step failed while tasks of others still run. */
  | { readonly kind: "run-failing"; readonly step: string; readonly cause: TaskStatusCode | StepStatusCode }
  /** `step` completed, and the scheduler is about to start what follows it. */
  | { readonly kind: "run-between-steps"; readonly step: string }
  | { readonly kind: "run-completed" }
  | { readonly kind: "run-failed"; readonly step: string; readonly cause: TaskStatusCode | StepStatusCode }
  | { readonly kind: "run-silent"; readonly step: string }
  /** The scheduler ended after `step` completed and before it started what follows. */
  | { readonly kind: "run-stopped"; readonly step: string }
  | { readonly kind: "run-never-started" }
  /** Whether `step` still runs cannot be seen from here. */
  | { readonly kind: "run-unobservable"; readonly step: string };

/** Why an object stands as it does, for programs: the same as a status's `reason`. */
export type StatusCode = TaskStatusCode | StepStatusCode | RunStatusCode;
