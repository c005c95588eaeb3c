/** The client against Python's on a run that is under way, and after it was killed; and what only this client tells: how it stands. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { begunTasks, metaflowEnv, runPlan, signalGroup, startPython, until } from "../../samples/run.mjs";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { ensurePython } from "../../tools/python.mjs";
import { groupEnded } from "../helpers/processes.ts";
import { Asker } from "./asker.ts";
import { compareAll } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPython, USER } from "./oracle.ts";

const FLOW = "NightlyFlow";

describe("a run that is under way", () => {
  let python: string;
  let project: string;
  let run: string;
  let started: ReturnType<typeof startPython>;

  beforeAll(async () => {
    python = await ensurePython();
    project = await mkdtemp(join(tmpdir(), "metaflow-live-"));
    await runPlan({ python, project, plan: [] });
    const idFile = join(project, "run.id");
    const flow = ["nightly_flow.py", "--no-pylint", "run", "--run-id-file", idFile, "--ending", "slow"];
    started = startPython(python, flow, { cwd: project, env: metaflowEnv(python, USER) });
    await until(async () => (await readFile(idFile, "utf8").catch(() => "")) !== "", "the run's id");
    run = `${FLOW}/${(await readFile(idFile, "utf8")).trim()}`;
    const step = join(project, ".metaflow", run, "compact");
    await until(async () => (await begunTasks(step)) === 3, "three tasks at work");
    // The logs of the two tasks that end at once are the last of what the scheduler writes.
    await until(async () => (await endedTasks(step)) === 2, "two tasks at their end");
  }, 120_000);

  afterAll(async () => {
    signalGroup(started.pid, "SIGKILL");
    await started.ended;
    await rm(project, { recursive: true, force: true });
  });

  it("is answered as Python answers", async () => {
    expect(await differences(python, project)).toEqual([]);
  }, 120_000);

  it("is running, with one task at work and two that completed", async () => {
    const mf = await open(project);
    const found = await mf.run(run);
    expect((await found.status()).state).toBe("running");
    expect(await states(mf, `${run}/compact`)).toEqual(["completed", "completed", "running"]);
    expect((await (await mf.step(`${run}/start`)).status()).state).toBe("completed");
    await mf.close();
  });

  describe("and then killed with all its tasks", () => {
    beforeAll(async () => {
      signalGroup(started.pid, "SIGKILL");
      await started.ended;
      await groupEnded(started.pid);
    });

    it("is not said to run any more, nor is its task", async () => {
      const mf = await open(project);
      expect((await (await mf.run(run)).status()).state).toBe("stale");
      expect(await states(mf, `${run}/compact`)).toEqual(["completed", "completed", "stale"]);
      await mf.close();
    });

    it("is answered as Python answers", async () => {
      expect(await differences(python, project)).toEqual([]);
    }, 120_000);
  });
});

async function open(project: string): Promise<Metaflow> {
  return openMetaflow({ metadata: `local@${project}`, namespace: null, env: {}, cwd: project });
}

/** The states of a step's tasks, sorted. */
async function states(mf: Metaflow, step: string): Promise<string[]> {
  const found: string[] = [];
  for await (const task of await mf.step(step)) found.push((await task.status()).state);
  return found.sort();
}

/** How many tasks of a step the scheduler has reaped. */
async function endedTasks(step: string): Promise<number> {
  const tasks = await readdir(step);
  const ended = await Promise.all(
    tasks.map(async (task) => (await readdir(join(step, task))).includes("0.runtime_stdout.log")),
  );
  return ended.filter(Boolean).length;
}

async function differences(python: string, project: string): Promise<string[]> {
  const asked = await askPython(python, project);
  const asker = new Asker(`local@${project}`);
  const tallies = await compareAll(asked, new Answers(asked), asker);
  await asker.close();
  expect(asked.length).toBeGreaterThan(300);
  return [...tallies.values()].flatMap((tally) => tally.mismatches.slice(0, 3));
}
