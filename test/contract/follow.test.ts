/** Logs followed while real Metaflow runs: a task that saves its log as tasks that run elsewhere do, to its end and to a sudden one. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMetaflow, type LogStream, type Metaflow, type Task } from "../../src/client/index.ts";
import { metaflowEnv, signalGroup, startPython, until } from "../../samples/run.mjs";
import { ensurePython } from "../../tools/python.mjs";

const FLOW = join(import.meta.dirname, "../helpers/growing_log_flow.py");

let project: string;
let gate: string;
let run: { pid: number; ended: Promise<unknown> };
let metaflow: Metaflow;
let task: Task;

beforeEach(async () => {
  const python = await ensurePython();
  project = await mkdtemp(join(tmpdir(), "metaflow-follow-"));
  gate = join(project, "gate");
  await mkdir(gate);
  await mkdir(join(project, ".metaflow"));
  metaflow = await openMetaflow({ cwd: project, namespace: null });
  run = startPython(python, [FLOW, "--no-pylint", "run", "--gate", gate], {
    cwd: project,
    env: metaflowEnv(python, "ada"),
  });
  await until(async () => {
    const found = await started();
    if (found !== undefined) task = found;
    return found !== undefined;
  }, "the task to run");
}, 120_000);

afterEach(async () => {
  await writeFile(join(gate, "end"), "");
  signalGroup(run.pid, "SIGKILL");
  await run.ended;
  await metaflow.close();
  await rm(project, { recursive: true, force: true });
});

async function started(): Promise<Task | undefined> {
  if (!(await metaflow.has("GrowingLogFlow"))) return undefined;
  const latest = await (await metaflow.get("GrowingLogFlow")).latestRun();
  if (latest === undefined || !(await latest.has("start"))) return undefined;
  const found = await (await latest.get("start")).task();
  return (await found?.metadataDict())?.has("ds-root") === true ? found : undefined;
}

/** Follows a log into an array that can be looked at meanwhile. */
function follow(stream: LogStream): { texts: string[]; ended: Promise<void> } {
  const texts: string[] = [];
  const ended = (async () => {
    for await (const [, text] of task.followLog(stream)) texts.push(text);
  })();
  return { texts, ended };
}

const say = async (number: number): Promise<void> => writeFile(join(gate, String(number)), "");

describe("followLog on a task that runs", () => {
  it("gives each line once, when it was saved, and ends with the task", async () => {
    const [out, err] = [follow("stdout"), follow("stderr")];
    for (let number = 1; number <= 4; number++) {
      await say(number);
      await until(async () => Promise.resolve(out.texts.length === number), `line ${number}`);
    }
    await writeFile(join(gate, "end"), "");
    await Promise.all([out.ended, err.ended, run.ended]);
    expect(out.texts).toEqual((await task.stdout()).split("\n").slice(0, -1));
    expect(out.texts).toEqual(expect.arrayContaining(["line 1", "line 2", "line 3", "line 4"]));
    expect(err.texts).toEqual(expect.arrayContaining(["warning 2", "warning 4"]));
    expect(err.texts.join("\n")).toBe((await task.stderr()).trimEnd());
  }, 120_000);

  it("ends with what was saved when scheduler and task are killed", async () => {
    const out = follow("stdout");
    await say(1);
    await until(async () => Promise.resolve(out.texts.length === 1), "line 1");
    signalGroup(run.pid, "SIGKILL");
    await out.ended;
    expect(out.texts).toEqual(["line 1"]);
  }, 120_000);
});
