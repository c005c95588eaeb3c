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
});
