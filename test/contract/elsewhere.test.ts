/** Runs of other machines: a service knows them, their data are in folders that do not exist here. A state, not an error. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataElsewhere, MetaflowDataMissing, openMetaflow, type Metaflow } from "../../src/client/index.ts";
import { serviceStore } from "../fixtures/serviceStore.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

/** Whose runs they are. */
const FOLDER = "/home/somebody/project";

describe("runs whose data are in a folder of another machine", () => {
  let store: Awaited<ReturnType<typeof serviceStore>>;
  let service: MetadataService;
  let mf: Metaflow;

  beforeAll(async () => {
    store = await serviceStore((line: string) => {
      console.log(line);
    });
    service = new MetadataService({ rows: Rows.parse(store.rows.replaceAll(store.project, FOLDER)) });
    mf = await openMetaflow({ metadata: `service@${await service.start()}`, namespace: null, env: {} });
  }, 600_000);
  afterAll(async () => {
    await mf.close();
    await service.stop();
  });

  it("give Python's answers, and where Python fails with a TypeError an error that says why", async () => {
    const metadata = `service@${service.url}`;
    const flows = ["TrainFlow", "NightlyFlow"];
    const all = await askPythonOnce(store.python, store.project, { key: FOLDER, metadata, flows });
    const asked = all.filter(({ question }) => question !== "Metaflow.metadata");
    const failed = asked.filter(
      ({ question, error }) => question === "DataArtifact.data" && error !== undefined,
    );
    expect(failed.length).toBeGreaterThan(500);
    expect(new Set(failed.map(({ error }) => error?.class))).toEqual(new Set(["TypeError"]));
    const asker = new Asker(metadata);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`data on another machine\n${table(tallies)}`);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }, 600_000);

  it("say of an artifact where its value is", async () => {
    const run = await (await mf.flow("TrainFlow")).latestRun();
    const end = await run?.endTask();
    const artifact = await end?.get("epochs");
    const asked: Record<string, Promise<unknown> | undefined> = {
      [artifact?.pathspec ?? ""]: artifact?.data(),
      [`${end?.pathspec ?? ""}/_success`]: run?.successful(),
    };
    for (const [pathspec, asking] of Object.entries(asked)) {
      const error: unknown = await asking?.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DataElsewhere);
      expect(error).toBeInstanceOf(MetaflowDataMissing);
      expect(error).toMatchObject({
        code: "data-elsewhere",
        message: `DataArtifact('${pathspec}') has no data here: they are in local@${FOLDER}/.metaflow, a folder of another machine`,
      });
    }
  });

  it("have logs that are empty here, and say so", async () => {
    const here = new MetadataService({ rows: Rows.parse(store.rows) });
    const url = await here.start();
    const atHome = await openMetaflow({ metadata: `service@${url}`, namespace: null, env: {} });
    for (const [client, isHere] of [
      [mf, false],
      [atHome, true],
    ] as const) {
      const run = await (await client.flow("TrainFlow")).latestRun();
      const task = await (await run?.get("pick_best"))?.task();
      expect(await (await task?.log("stdout"))?.isHere()).toBe(isHere);
      expect((await task?.stdout()) === "").toBe(!isHere);
      expect((await task?.stdoutSize()) === 0).toBe(!isHere);
    }
    await atHome.close();
    await here.stop();
  });

  it("stand as they do where their data are, as far as metadata tell", async () => {
    const here = new MetadataService({ rows: Rows.parse(store.rows) });
    const url = await here.start();
    const atHome = await openMetaflow({ metadata: `service@${url}`, namespace: null, env: {} });
    const [there, whole] = [await statuses(mf), await statuses(atHome)];
    await atHome.close();
    await here.stop();
    expect(there.size).toBe(whole.size);
    expect(there.size).toBeGreaterThan(150);
    const others = [...whole].filter(([pathspec, status]) => there.get(pathspec) !== status);
    // How a crash ended was noted in the folder alone.
    expect(others.map(([pathspec, status]) => [pathspec.split("/")[2], status, there.get(pathspec)])).toEqual(
      [
        [undefined, "failed", "stale"],
        ["compact", "failed", "stale"],
        ["compact", "failed", "stale"],
      ],
    );
  });
});

/** The states of all runs, steps and tasks, by pathspec. */
async function statuses(mf: Metaflow): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const flow of mf)
    for await (const run of flow) {
      found.set(run.pathspec, (await run.status()).state);
      for await (const step of run) {
        found.set(step.pathspec, (await step.status()).state);
        for await (const task of step) found.set(task.pathspec, (await task.status()).state);
      }
    }
  return found;
}
