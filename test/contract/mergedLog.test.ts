/** The lines of many tasks in one order, against each task's own log put in order by a plain sort. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import {
  openMetaflow,
  type LogStream,
  type MergedLine,
  type Metaflow,
  type Run,
  type Step,
  type Task,
} from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";

const NAMES = ["nightly", "nightly-worse", "noisy", "eval-again", "fleet", "train", "cards"];

let runs: Readonly<Record<string, string>>;
let mf: Metaflow;

beforeAll(async () => {
  const store = await fixtureStore();
  runs = store.runs;
  mf = await openMetaflow({ cwd: store.project, namespace: null });
}, 300_000);
afterAll(async () => mf.close());

const told = (lines: readonly MergedLine[]): unknown[] =>
  lines.map(({ task, stream, time, text }) => [time?.getTime(), task.pathspec, stream, text]);

/** What a plain sort makes of the tasks' own lines: by time, a line without time behind the one that it follows. */
async function sorted(tasks: readonly Task[], streams: readonly LogStream[]): Promise<unknown[]> {
  const inOrder = [...tasks].sort(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || Number(a.id) - Number(b.id),
  );
  const all: { order: number; line: unknown[] }[] = [];
  for (const task of inOrder) {
    for (const stream of streams) {
      const log = await task.log(stream);
      if (log === undefined) continue;
      let order = task.createdAt.getTime() * 1000;
      for await (const { timeUs, text } of log.lines()) {
        order = Math.max(order, timeUs ?? order);
        const time = timeUs === undefined ? undefined : Math.floor(timeUs / 1000);
        all.push({ order, line: [time, task.pathspec, stream, text] });
      }
    }
  }
  return all.sort((a, b) => a.order - b.order).map(({ line }) => line);
}

async function tasksOf(steps: readonly Step[]): Promise<Task[]> {
  return (await Promise.all(steps.map(async (step) => collect(step)))).flat();
}

describe("the merged log", () => {
  it("of a run has the lines of all its tasks in time order, each with its task and stream", async () => {
    let lines = 0;
    for (const name of NAMES) {
      const run: Run = await mf.run(runs[name] ?? "");
      const merged = await collect(run.mergedLog());
      expect(told(merged)).toEqual(await sorted(await tasksOf(await collect(run)), ["stdout", "stderr"]));
      lines += merged.length;
    }
    expect(lines).toBeGreaterThan(100);
  });

  it("of a step has those of its tasks, of one stream where one is asked for", async () => {
    const step = await mf.step(`${runs["score"] ?? ""}/score`);
    const tasks = await collect(step);
    expect(tasks.length).toBeGreaterThan(10);
    const merged = await collect(step.mergedLog("stdout"));
    expect(merged.length).toBeGreaterThan(0);
    expect(new Set(merged.map(({ task }) => task.pathspec)).size).toBeGreaterThan(5);
    expect(told(merged)).toEqual(await sorted(tasks, ["stdout"]));
  });

  it("has nothing of tasks that were cloned, whose logs stayed with their origin", async () => {
    const run = await mf.run(runs["cards-again"] ?? "");
    const steps = new Set((await collect(run.mergedLog())).map(({ task }) => task.pathComponents[2]));
    expect(steps.has("start")).toBe(false);
  });

  it("stops when it is told to", async () => {
    const run = await mf.run(runs["nightly"] ?? "");
    const abort = new AbortController();
    const lines = run.mergedLog(undefined, { signal: abort.signal });
    abort.abort(new Error("closed"));
    await expect(collect(lines)).rejects.toThrow("closed");
  });
});
