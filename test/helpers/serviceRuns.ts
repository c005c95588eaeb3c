/** Rows of a metadata service as a scheduler and its tasks would write them, at the times that a test gives. */
import type { Rows, Run } from "../servers/rows.mjs";

/** An attempt of a task; times are milliseconds since the epoch. */
export interface AttemptRow {
  readonly startedMs: number;
  /** Absent while it runs. */
  readonly ok?: boolean;
  readonly endedMs?: number;
}

/** A task of a step. */
export interface TaskRow {
  readonly attempts: readonly AttemptRow[];
  readonly heartbeatMs?: number;
}

/** A run with its steps in the order of their starts. */
export interface RunRow {
  readonly startedMs: number;
  readonly heartbeatMs?: number;
  readonly systemTags?: readonly string[];
  readonly steps: Readonly<Record<string, readonly TaskRow[]>>;
  /** Recorded with the parameters. */
  readonly endStep?: string;
}

/** Adds a run to a flow that is there. */
export function addRun(rows: Rows, flow: string, run: RunRow): Run {
  const { startedMs, heartbeatMs, systemTags = ["user:ada", "runtime:dev"], steps, endStep = "end" } = run;
  const { run_number: number } = rows.addRun(
    flow,
    { user_name: "ada", tags: [], system_tags: systemTags },
    startedMs,
  );
  const added = rows.flows.get(flow)?.byId.get(String(number));
  if (added === undefined) throw new Error("no run");
  if (heartbeatMs !== undefined) added.row["last_heartbeat_ts"] = Math.floor(heartbeatMs / 1000);
  addStep(rows, added, "_parameters", [{ attempts: [{ startedMs, ok: true, endedMs: startedMs + 1 }] }]);
  const parameters = [...(added.steps.get("_parameters")?.tasks.values() ?? [])].at(-1);
  if (parameters === undefined) throw new Error("no task");
  rows.addMetadata(added, parameters, [entry("end_step", endStep)], startedMs);
  for (const [name, tasks] of Object.entries(steps)) addStep(rows, added, name, tasks);
  return added;
}

function addStep(rows: Rows, run: Run, name: string, tasks: readonly TaskRow[]): void {
  const first = tasks[0]?.attempts[0]?.startedMs ?? Number(run.row["ts_epoch"]);
  rows.addStep(run, name, {}, first);
  const step = run.steps.get(name);
  if (step === undefined) throw new Error("no step");
  for (const { attempts, heartbeatMs } of tasks) {
    const createdMs = attempts[0]?.startedMs ?? first;
    rows.addTask(run, step, {}, createdMs);
    const task = [...step.tasks.values()].at(-1);
    if (task === undefined) throw new Error("no task");
    if (heartbeatMs !== undefined) task.row["last_heartbeat_ts"] = Math.floor(heartbeatMs / 1000);
    rows.addMetadata(run, task, [entry("runtime", "dev"), entry("ds-type", "s3")], createdMs);
    for (const [number, attempt] of attempts.entries()) addAttempt(rows, run, task, number, attempt);
  }
}

/** Adds what an attempt writes. */
export function addAttempt(
  rows: Rows,
  run: Run,
  task: Parameters<Rows["addMetadata"]>[1],
  number: number,
  { startedMs, ok, endedMs }: AttemptRow,
): void {
  rows.addMetadata(run, task, [entry("attempt", String(number), number)], startedMs);
  if (ok === undefined || endedMs === undefined) return;
  rows.addMetadata(
    run,
    task,
    [entry("attempt_ok", ok ? "True" : "False", number), entry("attempt-done", String(number), number)],
    endedMs,
  );
}

function entry(field_name: string, value: string, attempt = 0): Record<string, unknown> {
  return { field_name, value, type: field_name, tags: [`attempt_id:${attempt}`] };
}
