import { describe, expect, it } from "vitest";
import type { TaskStatus } from "../../../src/client/status/state.ts";
import { explained } from "../../../src/client/status/reason.ts";
import { runStatus } from "../../../src/client/status/run.ts";
import { stepStatus } from "../../../src/client/status/step.ts";
import { taskStatus, type AttemptSignals, type TaskSignals } from "../../../src/client/status/task.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

const attempt = (of: Partial<AttemptSignals> = {}): AttemptSignals => ({
  attempt: 0,
  startedMs: NOW - HOUR,
  ok: undefined,
  doneMs: undefined,
  ...of,
});
const ok = (value: boolean): Partial<AttemptSignals> => ({
  ok: { value, atMs: NOW - 1000 },
  doneMs: NOW - 900,
});
const task = (of: Partial<TaskSignals>): TaskSignals => ({
  createdMs: NOW - HOUR,
  attempts: [attempt()],
  cloned: false,
  process: undefined,
  retries: 0,
  alive: false,
  runAlive: false,
  ...of,
});

describe("taskStatus", () => {
  it.each([
    ["a clone", task({ cloned: true, attempts: [attempt(ok(true))] }), "completed", /cloned/],
    ["user code that ended well", task({ attempts: [attempt(ok(true))] }), "completed", /^completed$/],
    [
      "artifacts that are still being stored",
      task({ attempts: [attempt({ ok: { value: true, atMs: NOW - 1000 } })] }),
      "running",
      /finishing/,
    ],
    [
      "a process that ended before its artifacts were stored",
      task({ attempts: [attempt({ ok: { value: true, atMs: NOW - HOUR } })] }),
      "stale",
      /before the artifacts/,
    ],
    [
      "a failed attempt that will be tried again",
      task({ attempts: [attempt(ok(false))], retries: 2, runAlive: true }),
      "running",
      /retrying/,
    ],
    [
      "a failed attempt of a run that is over",
      task({ attempts: [attempt(ok(false))], retries: 2 }),
      "failed",
      /failed/,
    ],
    [
      "the last of its attempts",
      task({
        attempts: [attempt(ok(false)), attempt({ ...ok(false), attempt: 1 })],
        retries: 1,
        runAlive: true,
      }),
      "failed",
      /attempt 1/,
    ],
    [
      "a kill by the scheduler",
      task({ process: { returnCode: -9, killed: true, atMs: NOW } }),
      "failed",
      /killed by the scheduler/,
    ],
    [
      "a crash",
      task({ process: { returnCode: -11, killed: false, atMs: NOW } }),
      "failed",
      /segmentation fault/,
    ],
    [
      "an exit call",
      task({ attempts: [attempt(ok(false))], process: { returnCode: 3, killed: false, atMs: NOW } }),
      "failed",
      /exited with code 3/,
    ],
    ["a writer before 2.2.5", task({ attempts: [attempt({ doneMs: NOW - 5 })] }), "completed", /completed/],
    ["a live process", task({ alive: true }), "running", /running/],
    ["a process that is gone", task({ alive: false }), "stale", /no sign of life/],
    ["a place where processes cannot be seen", task({ alive: undefined }), "unknown", /nothing tells/],
    [
      "a task that is just being started",
      task({ attempts: [], createdMs: NOW - 1000 }),
      "pending",
      /starting/,
    ],
    ["a task that never started", task({ attempts: [] }), "stale", /never started/],
  ] as const)("for %s", (_name, signals, state, reason) => {
    const status = taskStatus(signals, NOW);
    expect(status.state).toBe(state);
    expect(status.reason).toMatch(reason);
  });

  it("tells programs why, with the numbers that the sentence has", () => {
    const attempts = [attempt(ok(false)), attempt({ attempt: 1 })];
    const codeOf = (of: Partial<TaskSignals>): unknown => taskStatus(task({ attempts, ...of }), NOW).code;
    expect(codeOf({ process: { returnCode: -9, killed: false, atMs: NOW } })).toEqual({
      kind: "signalled",
      attempt: 1,
      signal: 9,
    });
    expect(codeOf({ process: { returnCode: 3, killed: false, atMs: NOW } })).toEqual({
      kind: "exited",
      attempt: 1,
      exitCode: 3,
    });
    expect(codeOf({ alive: true })).toEqual({ kind: "running", attempt: 1 });
  });
});

describe("a failed task", () => {
  const failed = (of: Partial<TaskSignals>): TaskStatus =>
    taskStatus(task({ attempts: [attempt(ok(false))], ...of }), NOW);

  it("is final when its attempts are used up", () => {
    expect(failed({ retries: 0 })).toMatchObject({ state: "failed", settled: true });
    expect(failed({ retries: 2 })).toMatchObject({ state: "failed", settled: false });
  });

  it("is not final where nothing tells how often it may be tried again, however long ago it failed", () => {
    expect(failed({ retries: undefined, runAlive: false })).toMatchObject({
      state: "failed",
      settled: false,
    });
  });

  it("is final when the scheduler itself killed it, not when somebody else did", () => {
    const end = { returnCode: -15, atMs: NOW };
    const attempts = [attempt()];
    const of = (killed: boolean): TaskStatus =>
      failed({ attempts, retries: undefined, process: { ...end, killed } });
    expect([of(true).settled, of(false).settled]).toEqual([true, false]);
  });
});

describe("runStatus", () => {
  const failedStep = stepStatus([taskStatus(task({ attempts: [attempt(ok(false))] }), NOW)], 1, false, NOW);
  const of = (quietMs: number, mayBeTriedAgain: boolean): boolean =>
    runStatus(
      new Map([["train", failedStep]]),
      { startedMs: NOW - 48 * HOUR, lastMs: NOW - quietMs, alive: false, quiet: true, mayBeTriedAgain },
      NOW,
    ).settled;

  it("is final some minutes after the last sign of a failed run, and a day after it where a scheduler may try again", () => {
    expect([of(HOUR / 60, false), of(HOUR, false)]).toEqual([false, true]);
    expect([of(HOUR, true), of(25 * HOUR, true)]).toEqual([false, true]);
  });
});

describe("stepStatus", () => {
  const of = (state: "completed" | "running" | "failed"): TaskStatus => ({
    state,
    since: new Date(NOW),
    duration: 10,
    ...explained({ kind: state, attempt: 0 }),
    settled: state !== "running",
  });

  it("is running while a task runs, also when another failed", () => {
    const status = stepStatus([of("failed"), of("running"), of("completed")], 5, true, NOW);
    expect(status).toMatchObject({ state: "running", reason: "1 of 5 tasks completed, 1 failed" });
    expect(status.code).toEqual({ kind: "tasks-progress", completed: 1, failed: 1, expected: 5 });
    expect(status.counts).toMatchObject({ failed: 1, running: 1, completed: 1 });
  });

  it("lasts until the time it is asked for while it runs", () => {
    const status = stepStatus([of("running"), of("completed")], 2, true, NOW + HOUR);
    expect(status.duration).toBe(HOUR + 10);
  });

  it("is that of its task where there is one, with what the task says", () => {
    const killed = taskStatus(task({ process: { returnCode: -9, killed: true, atMs: NOW } }), NOW);
    expect(stepStatus([killed], 1, false, NOW)).toMatchObject(killed);
    expect(stepStatus([killed], undefined, false, NOW).code).toEqual({ kind: "killed" });
  });

  it("is not completed before every task that a foreach makes was there", () => {
    expect(stepStatus([of("completed")], 3, true, NOW).state).toBe("running");
    expect(stepStatus([of("completed")], 3, false, NOW).state).toBe("stale");
    expect(stepStatus([of("completed"), of("completed")], 2, false, NOW).state).toBe("completed");
  });
});
