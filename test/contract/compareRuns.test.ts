/** What differs between two runs, against what Python's client tells of each. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { openMetaflow, type Metaflow, type Run } from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";
import { countReads } from "../helpers/reads.ts";

let runs: Readonly<Record<string, string>>;
let mf: Metaflow;
const run = async (name: string): Promise<Run> => mf.run(runs[name] ?? "");

beforeAll(async () => {
  const store = await fixtureStore();
  runs = store.runs;
  mf = await openMetaflow({ cwd: store.project, namespace: null });
}, 300_000);
afterAll(async () => mf.close());

describe("a comparison of two runs", () => {
  it("names the parameters that differ and counts the others", async () => {
    const { parameters } = await (await run("ingest-smooth")).compare(await run("ingest"));
    expect(parameters.different.map(({ name }) => name).sort()).toEqual(["day", "outages"]);
    expect(parameters.equal).toBeGreaterThan(0);
    const outages = parameters.different.find(({ name }) => name === "outages");
    expect(await outages?.left?.data()).toBe(0);
    expect(await outages?.right?.data()).not.toBe(0);
  });

  it("finds nothing between a run and itself", async () => {
    const own = await run("score");
    const { parameters, artifacts, tasks, code, environment, tags, durations } = await own.compare(own);
    for (const part of [parameters, artifacts, tasks, code, environment, tags])
      expect(part.different).toEqual([]);
    expect(tasks.equal).toBe(
      (await Promise.all((await collect(own)).map(async (s) => collect(s)))).flat().length,
    );
    expect(durations.map(({ left, right }) => left === right)).toEqual(durations.map(() => true));
    expect(durations.map(({ name }) => name)).toEqual((await collect(own)).map(({ id }) => id).reverse());
  });

  it("reads records alone, no blob", async () => {
    const [a, b] = [await run("train"), await run("train-pricing")];
    const reads = countReads();
    const comparison = await a.compare(b);
    const read = [...reads.files];
    reads.stop();
    expect(comparison.artifacts.different.length).toBeGreaterThan(0);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((file) => /\/data\/[0-9a-f]{2}\//.test(file))).toEqual([]);
  });

  it("pairs the tasks of a foreach by their indices, whatever their ids", async () => {
    const { artifacts } = await (await run("train-pricing")).compare(await run("train"));
    const inForeach = artifacts.different.filter(({ tasks }) => tasks.left.pathComponents[2] === "train");
    expect(inForeach.length).toBeGreaterThan(0);
    for (const { tasks } of inForeach) expect(await tasks.left.index()).toBe(await tasks.right.index());
  });

  it("tells each differing artifact by its hashes, and whether an earlier step had the same two values", async () => {
    const { artifacts } = await (await run("train-pricing")).compare(await run("train"));
    for (const { left, right } of artifacts.different) expect(left?.sha).not.toBe(right?.sha);
    const first = new Map<string, string>();
    for (const { name, left, right, step, inherited } of artifacts.different) {
      const key = `${name} ${left?.sha ?? ""} ${right?.sha ?? ""}`;
      expect(inherited).toBe(first.has(key) && first.get(key) !== step);
      if (!first.has(key)) first.set(key, step);
    }
    expect(artifacts.different.some(({ inherited }) => inherited)).toBe(true);
  });

  it("names steps and tasks that only one of them has", async () => {
    const { tasks } = await (await run("ingest-down")).compare(await run("ingest"));
    expect(tasks.different.length).toBeGreaterThan(0);
    for (const { left, right } of tasks.different) expect([left, right]).toContain(undefined);
    expect(tasks.different.some(({ step, left }) => step === "end" && left === undefined)).toBe(true);
  });

  it("tells code, environment and tags apart", async () => {
    const [a, b] = [await run("train"), await run("train-pricing")];
    const { code, environment, tags } = await a.compare(b);
    expect(code.different).toEqual([{ name: "code-package", left: (await a.code())?.sha, right: undefined }]);
    expect(environment.different.map(({ name }) => name)).toContain("project_branch");
    expect(environment.equal).toBeGreaterThan(2);
    expect(tags.different.map(({ name }) => name).sort()).toEqual(["best", "candidate", "reviewed"]);
    expect(tags.equal).toBe(1);
  });

  it("marks the steps whose tasks a resume cloned", async () => {
    const { durations } = await (await run("cards-again")).compare(await run("cards"));
    expect(durations.find(({ name }) => name === "start")?.cloned).toEqual({ left: true, right: false });
    expect(durations.find(({ name }) => name === "end")?.cloned).toEqual({ left: false, right: false });
  });
});
