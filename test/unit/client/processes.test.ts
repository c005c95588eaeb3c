import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { liveTasksOf } from "../../../src/client/metadata/processes.ts";

/** A look at all processes serves a second, so one that has just begun may be missing from it. */
const DEADLINE = { timeout: 20_000 };
const WAIT = "setTimeout(() => undefined, 60_000)";

describe("liveTasksOf", () => {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  const start = (command: string, ...args: string[]): ChildProcessByStdio<null, Readable, null> => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    started.push(child);
    return child;
  };
  const alive = async (runId: string, sinceMs = 0): Promise<readonly string[]> => [
    ...((await liveTasksOf(runId, sinceMs)) ?? []),
  ];
  /** Starts a task's process and waits until it is up. */
  const startTask = async (runId: string, taskId: string): Promise<ChildProcess> => {
    const script = `console.log("up"); ${WAIT}`;
    const child = start(process.execPath, "-e", script, "--", "--run-id", runId, "--task-id", taskId);
    await once(child.stdout, "data");
    return child;
  };

  it("looks again for a run that has written something since the last look", async () => {
    await alive("young-run", Date.now());
    const child = await startTask("young-run", "9");
    expect(await alive("young-run", Date.now())).toEqual(["9"]);
    child.kill("SIGKILL");
  });

  it("tells of a task's process while it runs, and not of one that was killed since the last look", async () => {
    const child = await startTask("killed-run", "7");
    await expect.poll(async () => alive("killed-run"), DEADLINE).toEqual(["7"]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await alive("killed-run")).toEqual([]);
  });

  it.runIf(process.platform === "linux")("does not tell of one that is dead and not yet reaped", async () => {
    // The shell becomes a program that never waits for its child.
    const script = `"$0" -e '${WAIT}' -- --run-id dead-run --task-id 8 & echo $!; exec sleep 60`;
    const { stdout } = start("sh", "-c", script, process.execPath);
    const pid = Number(String((await once(stdout, "data"))[0]));
    await expect.poll(async () => alive("dead-run"), DEADLINE).toEqual(["8"]);
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => readFile(`/proc/${pid}/stat`, "utf8"), DEADLINE).toMatch(/\) Z /);
    expect(await alive("dead-run")).toEqual([]);
  });
});
