/** How runs, steps and tasks of a metadata service stand, and how many requests it takes to know. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { addAttempt, addRun, type RunRow, type TaskRow } from "../helpers/serviceRuns.ts";
import { FAULTS, FaultProxy } from "../servers/faults.mjs";
import { MetadataService, VERSIONS } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { serviceStore } from "../fixtures/serviceStore.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const done = (startedMs: number, ok = true): TaskRow => ({
  attempts: [{ startedMs, ok, endedMs: startedMs + 1000 }],
});
const many = (count: number, task: TaskRow): readonly TaskRow[] => Array.from({ length: count }, () => task);

/** A run that began so long ago and went on for some seconds. */
function completed(agoMs: number): RunRow {
  const at = Date.now() - agoMs;
  return {
    startedMs: at,
    heartbeatMs: at + 40_000,
    steps: { start: [done(at + 1000)], work: many(3, done(at + 5000)), end: [done(at + 30_000)] },
  };
}

function failed(agoMs: number, systemTags?: readonly string[]): RunRow {
  const at = Date.now() - agoMs;
  const work = [...many(2, done(at + 5000)), done(at + 6000, false)];
  return {
    startedMs: at,
    heartbeatMs: at + 10_000,
    steps: { start: [done(at + 1000)], work },
    ...(systemTags && { systemTags }),
  };
}

describe("of a metadata service", () => {
  let service: MetadataService;
  let metaflow: Metaflow;

  beforeEach(() => {
    service = new MetadataService();
    service.rows.addFlow("F", {});
  });
  afterEach(async () => {
    await metaflow.close();
    await service.stop();
  });

  const open = async (version: (typeof VERSIONS)[number] = "master"): Promise<Metaflow> => {
    service = new MetadataService({ version, rows: service.rows });
    metaflow = await openMetaflow({ metadata: `service@${await service.start()}`, namespace: null, env: {} });
    asked();
    return metaflow;
  };
  /** The requests since the last time. */
  const asked = (): string[] => service.requests.splice(0).map((request) => request.replace(/^GET /, ""));
  const add = (run: RunRow): ReturnType<typeof addRun> => addRun(service.rows, "F", run);

  describe("the first page of runs with how they stand", () => {
    const RUNS = 100;
    beforeEach(() => {
      for (let run = RUNS; run > 0; run--) add((run % 4 === 0 ? failed : completed)(2 * DAY + run * HOUR));
    });
    const page = async (): Promise<string[]> => {
      const { items } = await (await metaflow.flow("F")).page({ limit: RUNS });
      return Promise.all(items.map(async (run) => (await run.status()).state));
    };

    it("costs a request for the page and one for each run that did not complete, and then the page alone", async () => {
      await open();
      const states = await page();
      expect(states.filter((state) => state === "failed")).toHaveLength(RUNS / 4);
      expect(states.filter((state) => state === "completed")).toHaveLength((RUNS * 3) / 4);
      const requests = asked();
      // The flow, the page, and the runs.
      expect(requests).toHaveLength(2 + RUNS / 4);
      expect(requests.filter((request) => /\/runs\/\d+\/metadata$/.test(request))).toHaveLength(RUNS / 4);
      await page();
      expect(asked()).toHaveLength(2);
    });

    it("costs two small requests more a run where the service does not say how runs stand", async () => {
      await open("2.5.1");
      expect((await page()).filter((state) => state === "failed")).toHaveLength(RUNS / 4);
      expect(asked()).toHaveLength(2 + 2 * RUNS);
      await page();
      expect(asked().length).toBeLessThanOrEqual(2);
    });
  });

  it("a run that completed in an end step of another name is completed, by one request", async () => {
    const at = Date.now() - HOUR;
    const { number } = add({
      startedMs: at,
      heartbeatMs: at + 20_000,
      endStep: "finish",
      steps: { begin: [done(at)], finish: [done(at + 15_000)] },
    });
    await open();
    const [run] = (await (await metaflow.flow("F")).page()).items;
    asked();
    expect((await run?.status())?.state).toBe("completed");
    expect(asked()).toEqual([`/flows/F/runs/${number}/metadata`]);
    expect((await (await metaflow.run(`F/${number}`)).status()).state).toBe("completed");
  });

  it("a failed run of a thousand tasks says where it failed, by one request", async () => {
    const at = Date.now() - 2 * DAY;
    const { number } = add({
      startedMs: at,
      heartbeatMs: at + MINUTE,
      steps: { start: [done(at)], work: [...many(999, done(at + 5000)), done(at + 7000, false)] },
    });
    await open();
    const [run] = (await (await metaflow.flow("F")).page()).items;
    asked();
    const status = await run?.status();
    expect(status).toMatchObject({ state: "failed", step: "work", settled: true });
    expect(status?.steps.get("work")?.counts).toMatchObject({ completed: 999, failed: 1 });
    expect(asked()).toEqual([`/flows/F/runs/${number}/metadata`]);
  });

  it("a run that is under way is asked once for its tasks and once for the heartbeats of those at work", async () => {
    const now = Date.now();
    const at = now - 20 * MINUTE;
    const alive = { attempts: [{ startedMs: at + 5000 }], heartbeatMs: now - 5000 };
    const { number } = add({
      startedMs: at,
      heartbeatMs: now - 5000,
      steps: { start: [done(at)], work: [done(at + 4000), ...many(50, alive)] },
    });
    await open();
    const [run] = (await (await metaflow.flow("F")).page()).items;
    asked();
    expect(await run?.status()).toMatchObject({ state: "running", step: "work" });
    const work = `/flows/F/runs/${number}/steps/work/tasks`;
    const requests = asked();
    expect(requests.slice(0, 2)).toEqual([`/flows/F/runs/${number}/metadata`, work]);
    // And what the run recorded of its steps, which these rows do not have.
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  it("tasks whose heartbeats ended are silent, and so is their run", async () => {
    const at = Date.now() - HOUR;
    const silent = { attempts: [{ startedMs: at + 5000 }], heartbeatMs: at + 10_000 };
    const { number } = add({
      startedMs: at,
      heartbeatMs: at + 10_000,
      steps: { start: [done(at)], work: [done(at + 4000), silent, silent] },
    });
    await open();
    const run = await metaflow.run(`F/${number}`);
    expect(await run.status()).toMatchObject({ state: "stale", step: "work", settled: false });
    expect((await (await run.get("work")).status()).counts).toMatchObject({ completed: 1, stale: 2 });
  });

  it("a run between two steps lives by its heartbeat, also one that was read a while ago", async () => {
    const now = Date.now();
    const run = add({
      startedMs: now - HOUR,
      heartbeatMs: now - 30_000,
      steps: { start: [done(now - HOUR)], work: [done(now - HOUR + MINUTE)] },
    });
    await open();
    const object = await metaflow.run(`F/${run.number}`);
    expect((await object.status()).state).toBe("running");
    run.row["last_heartbeat_ts"] = Math.floor((now - 10 * MINUTE) / 1000);
    expect((await (await metaflow.run(`F/${run.number}`)).status()).state).toBe("stale");
  });

  it("a service without run-wide metadata is asked task by task, with the same answer", async () => {
    const { number } = add(failed(2 * DAY));
    await open();
    const right = await (await metaflow.run(`F/${number}`)).status();
    const proxy = new FaultProxy(service.url);
    const url = await proxy.start();
    proxy.fail(FAULTS.answer(404, "404: Not Found"), 99, /\/runs\/\d+\/metadata$/);
    const other = await openMetaflow({ metadata: `service@${url}`, namespace: null, env: {} });
    const { state, step, steps } = await (await other.run(`F/${number}`)).status();
    await other.close();
    await proxy.stop();
    expect([state, step]).toEqual([right.state, right.step]);
    expect(steps.get("work")?.counts).toEqual(right.steps.get("work")?.counts);
  });

  describe("a task that failed", () => {
    const lastTask = (run: ReturnType<typeof add>, step: string) =>
      [...(run.steps.get(step)?.tasks.values() ?? [])].at(-1);

    it("is asked again until its run is over: a scheduler elsewhere may try it again after minutes of silence", async () => {
      const run = add(failed(30 * MINUTE, ["user:ada", "runtime:argo-workflows"]));
      const row = lastTask(run, "work");
      await open();
      const task = await metaflow.task(`F/${run.number}/work/${row?.number ?? 0}`);
      expect(await task.status()).toMatchObject({ state: "failed", settled: false });
      expect(await (await metaflow.run(`F/${run.number}`)).status()).toMatchObject({
        state: "failed",
        settled: false,
      });
      if (row !== undefined) addAttempt(service.rows, run, row, 1, { startedMs: Date.now() + 1 });
      if (row !== undefined) row.row["last_heartbeat_ts"] = Math.floor(Date.now() / 1000);
      expect(await task.status()).toMatchObject({ state: "running", code: { kind: "running", attempt: 1 } });
      expect((await (await metaflow.run(`F/${run.number}`)).status()).state).toBe("running");
    });

    it("is settled with its run, which no process tries again", async () => {
      const run = add(failed(30 * MINUTE));
      await open();
      const task = await metaflow.task(`F/${run.number}/work/${lastTask(run, "work")?.number ?? 0}`);
      expect((await task.status()).settled).toBe(false);
      expect((await (await metaflow.run(`F/${run.number}`)).status()).settled).toBe(true);
      asked();
      expect(await task.status()).toMatchObject({ state: "failed", settled: true });
      expect(asked()).toEqual([]);
    });
  });

  it("the first failure of a run is found by its steps, not task by task", async () => {
    const at = Date.now() - 2 * DAY;
    const work = [...many(100, done(at + 5000)), ...many(20, done(at + 7000, false))];
    const { number } = add({ startedMs: at, heartbeatMs: at + MINUTE, steps: { start: [done(at)], work } });
    await open();
    const run = await metaflow.run(`F/${number}`);
    asked();
    expect((await run.firstFailure())?.status.state).toBe("failed");
    expect(asked().length).toBeLessThanOrEqual(12);
  });
});

describe("the runs that real Metaflow wrote through a metadata service", () => {
  let rows: string;
  beforeAll(async () => {
    ({ rows } = await serviceStore((line: string) => {
      console.log(line);
    }));
  }, 600_000);

  /** How each run and its steps stand, as far as every version of the service can tell it. */
  const statuses = async (metaflow: Metaflow): Promise<Map<string, unknown>> => {
    const found = new Map<string, unknown>();
    for await (const flow of metaflow) {
      for await (const run of flow) {
        const { state, step } = await run.status();
        expect([run.pathspec, state === "completed"]).toEqual([run.pathspec, await run.successful()]);
        const steps: unknown[] = [];
        for await (const each of run) steps.push([each.id, (await each.status()).state]);
        found.set(run.pathspec, { state, step, steps });
      }
    }
    return found;
  };

  it("stand the same whatever the service can tell at once, and completed where they were successful", async () => {
    const services = VERSIONS.map((version) => new MetadataService({ version, rows: Rows.parse(rows) }));
    const proxy = new FaultProxy((await services.at(-1)?.start()) ?? "");
    proxy.fail(FAULTS.answer(404, "404: Not Found"), 1e6, /\/runs\/\d+\/(metadata|steps\/\w+\/artifacts)$/);
    const urls = [
      ...(await Promise.all(services.slice(0, -1).map(async (one) => one.start()))),
      services.at(-1)?.url ?? "",
    ];
    const told: Map<string, unknown>[] = [];
    for (const url of [...urls, await proxy.start()]) {
      const metaflow = await openMetaflow({ metadata: `service@${url}`, namespace: null, env: {} });
      told.push(await statuses(metaflow));
      await metaflow.close();
    }
    await proxy.stop();
    for (const service of services) await service.stop();
    const [first] = told;
    expect(first?.size).toBeGreaterThan(10);
    for (const other of told) expect(other).toEqual(first);
  }, 120_000);
});
