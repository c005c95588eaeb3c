import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openMetaflow, type Flow } from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";
import { countReads, type ReadCounter } from "../helpers/reads.ts";

let project: string;
let flow: Flow;
let reads: ReadCounter;

beforeAll(async () => {
  ({ project } = await fixtureStore());
});
beforeEach(async () => {
  flow = await (await openMetaflow({ cwd: project, namespace: null })).flow("NightlyFlow");
  reads = countReads();
});
afterEach(() => {
  reads.stop();
});

describe("a page of runs", () => {
  it("reads the records of the runs that it shows, and the one that tells whether there are more", async () => {
    const page = await flow.page({ limit: 4 });
    expect(page.items).toHaveLength(4);
    expect(page.cursor).toBeDefined();
    expect(reads.files).toHaveLength(5);
    expect(reads.files.every((file) => file.endsWith("/_meta/_self.json"))).toBe(true);
    expect(reads.folders).toHaveLength(1);
  });

  it("goes on where the page before ended", async () => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await flow.page({ limit: 3, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    const all: string[] = [];
    for await (const run of flow) all.push(run.id);
    expect(ids).toEqual(all);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it("lists the flow's folder once as long as it does not change", async () => {
    await flow.page({ limit: 2 });
    await flow.page({ limit: 2 });
    expect(reads.folders).toHaveLength(1);
  });
});

describe("the latest run", () => {
  it("costs one record", async () => {
    await flow.latestRun();
    expect(reads.files).toHaveLength(1);
  });
});

describe("the status of a run that completed", () => {
  it("reads its end task's metadata and never its data", async () => {
    const run = (await flow.latestSuccessfulRun())!;
    reads.files.length = 0;
    expect((await run.status()).state).toBe("completed");
    expect(reads.files.filter((file) => file.includes("/data/"))).toEqual([]);
    expect(reads.files.length).toBeLessThanOrEqual(8);
  });

  it("is read once: nothing can change it any more", async () => {
    const run = (await flow.latestSuccessfulRun())!;
    await run.status();
    reads.files.length = 0;
    reads.folders.length = 0;
    await run.status();
    expect([...reads.files, ...reads.folders]).toEqual([]);
  });
});

describe("the artifacts of a task", () => {
  it("are listed without their data", async () => {
    const task = (await (await flow.latestSuccessfulRun())!.endTask())!;
    reads.files.length = 0;
    expect((await task.artifacts()).size).toBeGreaterThan(0);
    await task.artifactInfos();
    expect(reads.files.filter((file) => /\/data\/[0-9a-f]{2}\//.test(file))).toEqual([]);
  });
});
