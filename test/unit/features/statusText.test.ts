import { describe, expect, it } from "vitest";
import type { StatusCode } from "../../../src/client/index.ts";
import { explained } from "../../../src/client/status/reason.ts";
import { reasonText } from "../../../src/features/statusText.ts";

const failed = { kind: "failed", attempt: 1 } as const;
const CODES: readonly StatusCode[] = [
  { kind: "starting" },
  { kind: "running", attempt: 0 },
  { kind: "running", attempt: 2 },
  { kind: "storing" },
  { kind: "retrying", attempt: 0, crashed: false },
  { kind: "retrying", attempt: 1, crashed: true },
  { kind: "completed", attempt: 0 },
  { kind: "completed", attempt: 1 },
  { kind: "cloned" },
  { kind: "failed", attempt: 0 },
  failed,
  { kind: "exited", attempt: 0, exitCode: 3 },
  { kind: "exited", attempt: 1, exitCode: 3 },
  { kind: "signalled", attempt: 0, signal: 9 },
  { kind: "signalled", attempt: 1, signal: 11 },
  { kind: "signalled", attempt: 1, signal: 6 },
  { kind: "killed" },
  { kind: "not-stored" },
  { kind: "lost-storing" },
  { kind: "silent" },
  { kind: "never-started" },
  { kind: "unobservable" },
  { kind: "unreadable", errorCode: "access-denied", message: "Task('F/1/s/2') may not be read" },
  { kind: "no-tasks" },
  { kind: "tasks-progress", completed: 3, failed: 0, expected: undefined },
  { kind: "tasks-progress", completed: 3, failed: 1, expected: 10 },
  { kind: "tasks-completed", completed: 3 },
  { kind: "tasks-failed", failed: 1, total: 3 },
  { kind: "tasks-silent", silent: 1, total: 3 },
  { kind: "tasks-missing", completed: 1, expected: 3 },
  { kind: "run-running", step: "train" },
  { kind: "run-failing", step: "train", cause: failed },
  { kind: "run-between-steps", step: "train" },
  { kind: "run-completed" },
  { kind: "run-failed", step: "train", cause: { kind: "tasks-failed", failed: 1, total: 3 } },
  { kind: "run-silent", step: "train" },
  { kind: "run-stopped", step: "train" },
  { kind: "run-never-started" },
  { kind: "run-unobservable", step: "train" },
];

describe("reasonText", () => {
  it.each(CODES.map((code) => [code.kind, explained(code)] as const))(
    "says of %s in English what the library says",
    (_kind, { code, reason }) => {
      expect(reasonText({ code })).toBe(reason);
    },
  );
});
