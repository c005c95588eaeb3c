/** The client on runs whose data are in Google Cloud Storage, against Metaflow's Python client with Google's library on the same emulator. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMetaflow } from "../../src/client/index.ts";
import { GS_ROOT, gsEnv, gsStore } from "../fixtures/gsStore.mjs";
import { GoogleTokens } from "../servers/googleTokens.mjs";
import { GsEmulator } from "../servers/gsEmulator.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("runs whose data are in Google Cloud Storage", () => {
  let store: Awaited<ReturnType<typeof gsStore>>;
  let emulator: GsEmulator;
  let host: string;
  let service: MetadataService;

  beforeAll(async () => {
    store = await gsStore((line: string) => {
      console.log(line);
    });
    emulator = await GsEmulator.ofCopy(store.python, store.data);
    host = await emulator.start();
    service = new MetadataService({ rows: Rows.parse(store.rows) });
    await service.start();
  }, 600_000);

  afterAll(async () => {
    await emulator.stop();
    await service.stop();
  });

  it("give the answers that Python gives", async () => {
    const metadata = `service@${service.url}`;
    const asked = (await ask(metadata)).filter(({ question }) => question !== "Metaflow.metadata");
    const asker = new Asker(metadata, { STORAGE_EMULATOR_HOST: host });
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`Google Cloud Storage\n${table(tallies)}`);
    expect(tallies.size).toBeGreaterThan(60);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }, 600_000);

  async function ask(metadata: string): ReturnType<typeof askPythonOnce> {
    const tokens = new GoogleTokens();
    const folder = await mkdtemp(join(tmpdir(), "metaflow-account-"));
    try {
      await tokens.start();
      const account = join(folder, "account.json");
      await tokens.writeAccount(account);
      return await askPythonOnce(store.python, store.project, {
        key: "Google Cloud Storage",
        metadata,
        env: gsEnv(host, account),
      });
    } finally {
      await tokens.stop();
      await rm(folder, { recursive: true });
    }
  }

  it("are read from the place that they name, whatever root is configured now", async () => {
    const env = { STORAGE_EMULATOR_HOST: host, METAFLOW_DATASTORE_SYSROOT_GS: "gs://another/place" };
    const mf = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, env });
    const run = await (await mf.flow("TrainFlow")).latestRun();
    const task = await (await run?.get("start"))?.task();
    expect(await task?.stdout()).toContain("customers");
    expect((await task?.code())?.path).toMatch(GS_ROOT);
    await mf.close();
  });
});
