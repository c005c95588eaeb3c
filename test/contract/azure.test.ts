/** The client on runs whose data are in Azure Blob Storage, against Metaflow's Python client with Azure's libraries on the same emulator. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openAzure } from "../../src/client/datastore/azure/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { openMetaflow } from "../../src/client/index.ts";
import { AZURE_ROOT, azureEnv, azureStore } from "../fixtures/azureStore.mjs";
import { Azurite, CONTAINER } from "../servers/azurite.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("runs whose data are in Azure Blob Storage", () => {
  let store: Awaited<ReturnType<typeof azureStore>>;
  let azurite: Azurite;
  let service: MetadataService;

  beforeAll(async () => {
    store = await azureStore((line: string) => {
      console.log(line);
    });
    azurite = new Azurite({ from: store.left });
    await azurite.start();
    service = new MetadataService({ rows: Rows.parse(store.rows) });
    await service.start();
  }, 600_000);

  afterAll(async () => {
    await azurite.stop();
    await service.stop();
  });

  it("give the answers that Python gives", async () => {
    await compareWithPython(`service@${service.url}`, "service");
  }, 600_000);

  it("give them also where their records lie in a folder", async () => {
    await compareWithPython(`local@${store.project}`, "folder");
  }, 600_000);

  /** The address is another one each time, and so is left out. */
  async function compareWithPython(metadata: string, name: string): Promise<void> {
    const options = { key: `azure ${name}`, metadata, env: azureEnv(azurite) };
    const all = await askPythonOnce(store.python, store.project, options);
    const asked = all.filter(({ question }) => question !== "Metaflow.metadata");
    const asker = new Asker(metadata, azurite.env);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`Azure Blob Storage, records in a ${name}\n${table(tallies)}`);
    expect(tallies.size).toBeGreaterThan(60);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }

  it("are read from the place that they name, whatever root is configured now", async () => {
    const env = { ...azurite.env, METAFLOW_DATASTORE_SYSROOT_AZURE: "another/place" };
    const mf = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, env });
    const run = await (await mf.flow("TrainFlow")).latestRun();
    const task = await (await run?.get("start"))?.task();
    expect(await task?.stdout()).toContain("customers");
    const customers = await task?.get("customers");
    expect(await customers?.data()).toMatch(/^age,months,tickets,left\n/);
    const code = await (await run?.endTask())?.code();
    expect(code?.path).toContain(AZURE_ROOT);
    expect((await code?.tarball())?.length).toBeGreaterThan(100);
    expect(await task?.status()).toMatchObject({ state: "completed" });
    await mf.close();
  });

  it("are listed whole, cards among them, level by level", async () => {
    const config = await MetaflowConfig.load({ cwd: "/", env: azurite.env });
    const container = await openAzure(CONTAINER, config);
    const found = await keysBelow(container, "");
    container.close?.();
    const { body } = await azurite.send("GET", `/${CONTAINER}?restype=container&comp=list`);
    const names = [...body.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(200);
    expect(found.sort()).toEqual(names.sort());
    expect(found.filter((key) => /\/mf\.cards\/.*\.html$/.test(key)).length).toBeGreaterThan(2);
  });
});

async function keysBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  const entries = await collect(store.list(prefix));
  const below = await Promise.all(
    entries.map(async ({ key, kind }) => (kind === "object" ? [key] : keysBelow(store, key))),
  );
  return below.flat();
}
