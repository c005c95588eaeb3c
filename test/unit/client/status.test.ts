import { describe, expect, it } from "vitest";
import { stepStatus, taskStatus, type AttemptSignals, type TaskSignals } from "../../../src/client/status.ts";

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
});

describe("stepStatus", () => {
  const of = (state: "completed" | "running" | "failed"): ReturnType<typeof taskStatus> => ({
    state,
    since: new Date(NOW),
    duration: 10,
    reason: state,
    settled: state !== "running",
  });

  it("is running while a task runs, also when another failed", () => {
    const status = stepStatus([of("failed"), of("running"), of("completed")], 5, true);
    expect(status).toMatchObject({ state: "running", reason: "1 of 5 tasks completed, 1 failed" });
    expect(status.counts).toMatchObject({ failed: 1, running: 1, completed: 1 });
  });

  it("is not completed before every task that a foreach makes was there", () => {
    expect(stepStatus([of("completed")], 3, true).state).toBe("running");
    expect(stepStatus([of("completed")], 3, false).state).toBe("stale");
    expect(stepStatus([of("completed"), of("completed")], 2, false).state).toBe("completed");
  });
});
