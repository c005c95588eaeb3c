import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMetaflow, type Metaflow, type Run } from "../../src/client/index.ts";
import { FLOWS, metaflowEnv, startPython } from "../../samples/run.mjs";
import { ensurePython } from "../../tools/python.mjs";

const DEADLINE = 120_000;

let project: string;
let metaflow: Metaflow;
let python: string;

beforeAll(async () => {
  python = await ensurePython();
  project = await mkdtemp(join(tmpdir(), "metaflow-watch-"));
  await cp(FLOWS, project, { recursive: true });
  // A first run makes the datastore and the flow's folder.
  await startFlow().ended;
  metaflow = await openMetaflow({ cwd: project, namespace: null });
});
afterAll(async () => rm(project, { recursive: true, force: true }));

function startFlow(): ReturnType<typeof startPython> {
  return startPython(python, ["train_flow.py", "run"], { cwd: project, env: metaflowEnv(python, "ada") });
}

describe("watching while a real run is under way", () => {
  it("tells of the new run, of its tasks and of its end, and its status follows", async () => {
    const known = new Set<string>();
    for await (const run of await metaflow.flow("TrainFlow")) known.add(run.id);
    const signal = AbortSignal.timeout(DEADLINE);
    const { ended } = startFlow();

    const run = await newRun(known, signal);
    expect(["pending", "running"]).toContain((await run.status()).state);

    const told = new Set<string>();
    const states = new Set<string>();
    for await (const { pathspec } of metaflow.watch(run.pathspec, { signal })) {
      told.add(pathspec);
      const { state } = await run.status();
      states.add(state);
      if (state === "completed" || state === "failed") break;
    }
    signal.throwIfAborted();
    expect((await ended).code).toBe(0);
    expect([...told].some((pathspec) => pathspec.split("/").length === 4)).toBe(true);
    expect(states).toContain("running");
    expect(states).toContain("completed");
    expect(await run.successful()).toBe(true);
  });

  it("ends when it is disposed", async () => {
    const changes = metaflow.watch();
    const iterator = changes[Symbol.asyncIterator]();
    const next = iterator.next();
    changes.dispose();
    expect((await next).done).toBe(true);
  });
});

async function newRun(known: ReadonlySet<string>, signal: AbortSignal): Promise<Run> {
  for await (const { pathspec } of metaflow.watch("", { signal })) {
    if (pathspec !== "TrainFlow") continue;
    const run = await (await metaflow.flow("TrainFlow")).latestRun();
    if (run !== undefined && !known.has(run.id)) return run;
  }
  throw new Error("no new run was told of");
}
