import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMetaflow, type Changes, type Metaflow, type Run } from "../../src/client/index.ts";
import { metaflowEnv, signalGroup, startPython } from "../../samples/run.mjs";
import { ensurePython } from "../../tools/python.mjs";

const FLOW = join(import.meta.dirname, "../helpers/growing_log_flow.py");
const DEADLINE_MS = 180_000;

let project: string;
let gate: string;
let metaflow: Metaflow;
let python: string;

beforeAll(async () => {
  python = await ensurePython();
  project = await mkdtemp(join(tmpdir(), "metaflow-watch-"));
  gate = join(project, "gate");
  await mkdir(gate);
  await mkdir(join(project, ".metaflow"));
  // A first run makes the datastore and the flow's folder.
  await openGate();
  expect(await startFlow().ended).toMatchObject({ code: 0 });
  await rm(join(gate, "end"));
  metaflow = await openMetaflow({ cwd: project, namespace: null });
});
afterAll(async () => {
  await metaflow.close();
  await rm(project, { recursive: true, force: true });
});

/** Starts the flow, whose first task goes on until the gate is opened. */
function startFlow(): ReturnType<typeof startPython> {
  const args = [FLOW, "--no-pylint", "run", "--gate", gate];
  return startPython(python, args, { cwd: project, env: metaflowEnv(python, "ada") });
}

const openGate = async (): Promise<void> => writeFile(join(gate, "end"), "");

describe("watching while a real run is under way", () => {
  it(
    "tells of the new run, of its tasks and of its end, and its status follows",
    async () => {
      const known = new Set<string>();
      for await (const run of await metaflow.flow("GrowingLogFlow")) known.add(run.id);
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const flows = metaflow.watch("", { signal });
      const { pid, ended } = startFlow();
      try {
        const run = await newRun(flows, known);
        expect(["pending", "running"]).toContain((await run.status()).state);

        let toldOfTask = false;
        let state = "";
        for await (const { pathspec } of metaflow.watch(run.pathspec, { signal })) {
          toldOfTask ||= pathspec.split("/").length === 4;
          const status = await run.status();
          state = status.state;
          if (state === "running" && status.step === "start") await openGate();
          // The task's change comes after its run's.
          if (toldOfTask && state !== "running" && state !== "pending") break;
        }
        signal.throwIfAborted();
        expect(await ended).toMatchObject({ code: 0 });
        expect(state).toBe("completed");
        expect(await run.successful()).toBe(true);
      } finally {
        signalGroup(pid, "SIGKILL");
      }
    },
    DEADLINE_MS + 10_000,
  );

  it("ends when it is disposed", async () => {
    const changes = metaflow.watch();
    const iterator = changes[Symbol.asyncIterator]();
    const next = iterator.next();
    changes.dispose();
    expect((await next).done).toBe(true);
  });
});

async function newRun(changes: Changes, known: ReadonlySet<string>): Promise<Run> {
  for await (const { pathspec } of changes) {
    if (pathspec !== "GrowingLogFlow") continue;
    const run = await (await metaflow.flow("GrowingLogFlow")).latestRun();
    if (run !== undefined && !known.has(run.id)) return run;
  }
  throw new Error("no new run was told of");
}
