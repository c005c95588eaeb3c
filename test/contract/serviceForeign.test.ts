/** A metadata service that other people wrote and that answers otherwise than the official one: real Metaflow writes through it, both clients read. */
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metaflowEnv } from "../../samples/run.mjs";
import { mustRun } from "../../tools/process.mjs";
import { ensurePython } from "../../tools/python.mjs";
import { openMetaflow } from "../../src/client/index.ts";
import { startLocalService } from "../servers/localService.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPython, type Asked } from "./oracle.ts";

const FLOW = join(import.meta.dirname, "../fixtures/old/history_flow.py");

describe("a run that Metaflow wrote through metaflow-local-service", () => {
  let project: string;
  let python: string;
  let service: Awaited<ReturnType<typeof startLocalService>>;

  beforeAll(async () => {
    python = await ensurePython();
    project = await realpath(await mkdtemp(join(tmpdir(), "metaflow-foreign-")));
    await cp(FLOW, join(project, "history_flow.py"));
    service = await startLocalService(project);
    const env = {
      ...metaflowEnv(python, "ada"),
      METAFLOW_DEFAULT_METADATA: "service",
      METAFLOW_SERVICE_URL: service.url,
    };
    await mustRun(python, ["history_flow.py", "--no-pylint", "run", "--tag", "weekly"], {
      cwd: project,
      env,
    });
  }, 300_000);

  afterAll(async () => {
    await service.stop();
    await rm(project, { recursive: true, force: true });
  });

  it("is answered as Python answers", async () => {
    const metadata = `service@${service.url}`;
    const all = await askPython(python, project, { metadata, flows: ["HistoryFlow"] });
    const asked = all.filter((one) => !isOfSeveralAttempts(one));
    expect(all.length - asked.length).toBe(2);
    const asker = new Asker(metadata);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`metaflow-local-service\n${table(tallies)}`);
    expect([...tallies.values()].flatMap((tally) => tally.mismatches.slice(0, 3))).toEqual([]);
  });

  it("has the artifacts of a task's newest attempt, where the service lists those of all", async () => {
    const metaflow = await openMetaflow({
      metadata: `service@${service.url}`,
      namespace: null,
      env: {},
    });
    const run = await (await metaflow.flow("HistoryFlow")).latestRun();
    const attempts: number[] = [];
    for await (const task of (await run?.get("work")) ?? []) {
      const artifacts = [...(await task.artifacts()).values()];
      expect(artifacts.map(({ id }) => id)).toContain("value");
      attempts.push(...new Set(artifacts.map(({ storedBy }) => storedBy)));
    }
    expect(attempts.sort()).toEqual([0, 0, 1]);
    await metaflow.close();
  });

  it("tells how its tasks stand, where the service cannot list a whole run's metadata", async () => {
    const metaflow = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, env: {} });
    const run = await (await metaflow.flow("HistoryFlow")).latestRun();
    const statuses = await (await run?.get("work"))?.statuses();
    expect(statuses?.items.map(({ status }) => status.state)).toEqual([
      "completed",
      "completed",
      "completed",
    ]);
    expect((await run?.status())?.state).toBe("completed");
    await metaflow.close();
  });

  it("takes tags, and tells them to whoever asks next", async () => {
    const open = async () => openMetaflow({ metadata: `service@${service.url}`, namespace: null, env: {} });
    const [writer, reader] = [await open(), await open()];
    const run = await (await writer.flow("HistoryFlow")).latestRun();
    await run?.replaceTag("weekly", "größe");
    expect([...(run?.userTags ?? [])]).toEqual(["größe"]);
    expect([...(await reader.run(run?.pathspec ?? "")).userTags]).toEqual(["größe"]);
    await Promise.all([writer.close(), reader.close()]);
  });
});

/** Python shows each artifact as often as there were attempts, and cannot make a tuple of them. */
function isOfSeveralAttempts({ question, answer, error }: Asked): boolean {
  if (question === "Task.artifacts") return error?.class === "ValueError";
  if (question !== "Task.iterate" || !Array.isArray(answer)) return false;
  const pathspecs = answer.map(([pathspec]: [string, number]) => pathspec);
  return new Set(pathspecs).size < pathspecs.length;
}
