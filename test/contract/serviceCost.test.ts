/** What questions cost of a metadata service, in requests. */
import { afterEach, describe, expect, it } from "vitest";
import { openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { MetadataService, type VERSIONS } from "../servers/metadataService.mjs";

const RUNS = 2000;
const TASKS = 40;
const BEGUN = Date.UTC(2026, 0, 1);

/** A service with many runs, all but the newest completed, each with a step of many tasks. */
function serviceWithRuns(version: (typeof VERSIONS)[number]): MetadataService {
  const service = new MetadataService({ version });
  const { rows } = service;
  rows.addFlow("F", {});
  for (let number = 0; number < RUNS; number++) {
    const tags = number === 3 ? ["rare"] : [];
    rows.addRun("F", { user_name: "ada", tags, system_tags: ["user:ada"] }, BEGUN + number * 60_000);
  }
  for (const run of rows.flows.get("F")?.runs ?? []) {
    const doneMs = Number(run.row["ts_epoch"]) + 30_000;
    run.end = { attemptMs: doneMs - 1000, doneMs, isOk: true };
    run.row["last_heartbeat_ts"] = doneMs / 1000;
  }
  const newest = rows.flows.get("F")?.runs.at(-1);
  if (newest === undefined) throw new Error("no runs");
  newest.end = { attemptMs: 0, doneMs: 0, isOk: false };
  rows.addStep(newest, "work", {});
  const step = newest.steps.get("work");
  for (let number = 0; number < TASKS && step !== undefined; number++) {
    rows.addTask(newest, step, {});
    const task = [...step.tasks.values()].at(-1);
    if (task === undefined) throw new Error("no task");
    const entry = (field_name: string, value: string) => ({
      field_name,
      value,
      type: field_name,
      tags: ["attempt_id:0"],
    });
    rows.addMetadata(newest, task, [
      entry("attempt", "0"),
      entry("attempt_ok", "True"),
      entry("attempt-done", "0"),
    ]);
  }
  return service;
}

describe("a metadata service is asked", () => {
  let service: MetadataService;
  let metaflow: Metaflow;
  const open = async (version: (typeof VERSIONS)[number]): Promise<Metaflow> => {
    service = serviceWithRuns(version);
    metaflow = await openMetaflow({ metadata: `service@${await service.start()}`, namespace: null, env: {} });
    service.requests.length = 0;
    return metaflow;
  };
  afterEach(async () => {
    await metaflow.close();
    await service.stop();
  });

  it("once for a page of runs and how they stand, where it has pages", async () => {
    const flow = await (await open("master")).flow("F");
    service.requests.length = 0;
    const { items, cursor } = await flow.page({ limit: 100, until: new Date(BEGUN + (RUNS - 2) * 60_000) });
    const states = await Promise.all(items.map(async (run) => (await run.status()).state));
    expect([items[0]?.id, items.length]).toEqual([String(RUNS - 1), 100]);
    expect(new Set(states)).toEqual(new Set(["completed"]));
    expect(service.requests).toHaveLength(1);
    const next = await flow.page({ limit: 100, cursor });
    expect([next.items[0]?.id, next.items.length]).toEqual([String(RUNS - 101), 100]);
    expect(service.requests).toHaveLength(2);
  });

  it("once for everything where it has none, and not again for the next page or a filter", async () => {
    const flow = await (await open("2.5.1")).flow("F");
    service.requests.length = 0;
    const first = await flow.page({ limit: 100 });
    expect(first.items).toHaveLength(100);
    expect((await flow.page({ limit: 100, cursor: first.cursor })).items[0]?.id).toBe(String(RUNS - 100));
    expect((await flow.page({ tags: ["rare"] })).items.map(({ id }) => id)).toEqual(["4"]);
    expect(service.requests).toHaveLength(1);
  });

  it("once for all who ask at the same time", async () => {
    const flow = await (await open("2.5.1")).flow("F");
    service.requests.length = 0;
    const pages = await Promise.all([1, 2, 3].map(async () => flow.page({ limit: 10 })));
    expect(pages.map(({ items }) => items.length)).toEqual([10, 10, 10]);
    expect(service.requests).toHaveLength(1);
  });

  it("once for the runs with a rare tag, or in a namespace", async () => {
    const mf = await open("master");
    const flow = await mf.flow("F");
    service.requests.length = 0;
    expect((await flow.page({ tags: ["rare"] })).items.map(({ id }) => id)).toEqual(["4"]);
    mf.setNamespace("rare");
    const inNamespace = await mf.flow("F");
    expect((await inNamespace.latestRun())?.id).toBe("4");
    expect(service.requests.filter((request) => request.includes("/runs"))).toHaveLength(3);
    for (const request of service.requests.filter((one) => one.includes("/runs")))
      expect(request).toContain("rare");
  });

  it("three times for how all tasks of a step stand", async () => {
    const run = await (await open("master")).run(`F/${RUNS}`);
    const step = await run.get("work");
    service.requests.length = 0;
    const { items } = await step.statuses();
    expect(items).toHaveLength(TASKS);
    expect(new Set(items.map(({ status }) => status.state))).toEqual(new Set(["completed"]));
    expect(service.requests.length).toBeLessThanOrEqual(3);
  });

  describe("for a step of very many tasks", () => {
    /** What was recorded of a task of each kind, all attempts' together. */
    const KINDS: Record<string, readonly (readonly [field: string, value: string, attempt: number])[]> = {
      completed: [
        ["attempt", "0", 0],
        ["attempt_ok", "True", 0],
        ["attempt-done", "0", 0],
      ],
      failed: [
        ["attempt", "0", 0],
        ["attempt_ok", "False", 0],
        ["attempt-done", "0", 0],
      ],
      storing: [
        ["attempt", "0", 0],
        ["attempt_ok", "True", 0],
      ],
      again: [
        ["attempt", "0", 0],
        ["attempt_ok", "False", 0],
        ["attempt-done", "0", 0],
        ["attempt", "1", 1],
        ["attempt_ok", "True", 1],
      ],
      lost: [
        ["attempt", "0", 0],
        ["attempt_ok", "True", 0],
        ["attempt-done", "0", 0],
        ["attempt", "1", 1],
      ],
      cloned: [
        ["origin-task-id", "7", 0],
        ["attempt", "0", 0],
        ["attempt_ok", "True", 0],
        ["attempt-done", "0", 0],
      ],
      begun: [],
    };
    const MANY = 1000;

    async function openMany(version: (typeof VERSIONS)[number]): Promise<Metaflow> {
      const mf = await open(version);
      const run = service.rows.flows.get("F")?.runs.at(-1);
      if (run === undefined) throw new Error("no run");
      service.rows.addStep(run, "many", {});
      const step = run.steps.get("many");
      if (step === undefined) throw new Error("no step");
      const kinds = Object.keys(KINDS);
      for (let number = 0; number < MANY; number++) {
        const beats = { system_tags: ["metaflow_version:2.19.39"] };
        const row = service.rows.addTask(run, step, beats, BEGUN);
        row.last_heartbeat_ts = (BEGUN + 1000 * number) / 1000;
        const task = step.tasks.get(String(row.task_id));
        const fields = KINDS[kinds[number] ?? "completed"] ?? [];
        if (task === undefined) throw new Error("no task");
        const entries = fields.map(([field_name, value, attempt]) => ({
          field_name,
          value,
          type: field_name,
          tags: [`attempt_id:${attempt}`],
        }));
        service.rows.addMetadata(run, task, entries.slice(0, 1), BEGUN);
        service.rows.addMetadata(run, task, entries.slice(1), BEGUN + 1000 * number + 3000);
      }
      return mf;
    }

    it("by lists of those that completed, and for each other task, with the same answers as for each alone", async () => {
      const step = await (await openMany("master")).step(`F/${RUNS}/many`);
      service.requests.length = 0;
      const { items } = await step.statuses();
      const asked = service.requests.map((request) => request.replace(/^GET .*\/steps\/many\//, ""));
      expect(asked.filter((request) => request.startsWith("filtered_tasks"))).toHaveLength(4);
      expect(asked.filter((request) => /^tasks\/\d+\/metadata$/.test(request))).toHaveLength(6);
      expect(service.requests.filter((request) => /runs\/\d+\/metadata/.test(request))).toEqual([]);
      expect(items).toHaveLength(MANY);
      for (const { task, status } of [...items.slice(-20), ...items.slice(0, 5)]) {
        const alone = await task.status();
        expect([task.id, status.state, status.code]).toEqual([task.id, alone.state, alone.code]);
        expect(Math.abs(status.since.getTime() - alone.since.getTime())).toBeLessThanOrEqual(10_000);
        if (status.duration !== undefined)
          expect(Math.abs(status.duration - (alone.duration ?? 0))).toBeLessThanOrEqual(10_000);
      }
      const [long] = items;
      expect(long?.status.duration).toBe(1000 * (MANY - 1));
      const before = service.requests.length;
      expect((await step.status()).counts.completed).toBe(MANY - 5);
      expect(
        service.requests.slice(before).filter((request) => /tasks\/\d+\/metadata$/.test(request)),
      ).toHaveLength(5);
    });

    it("by the metadata of its run where the service has no such lists", async () => {
      const step = await (await openMany("2.3.0")).step(`F/${RUNS}/many`);
      const { items } = await step.statuses();
      const counts = new Map<string, number>();
      for (const { status } of items) counts.set(status.state, (counts.get(status.state) ?? 0) + 1);
      expect(Object.fromEntries(counts)).toEqual({ completed: MANY - 5, failed: 1, stale: 4 });
      expect(service.requests.filter((request) => /runs\/\d+\/metadata/.test(request))).toHaveLength(1);
    });
  });
});
