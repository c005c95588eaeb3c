/** The client on runs whose data are in Google Cloud Storage, against Metaflow's Python client with Google's library on the same emulator. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openGs } from "../../src/client/datastore/gs/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { openMetaflow, type DataArtifact, type Metaflow } from "../../src/client/index.ts";
import { GS_ROOT, gsEnv, gsStore } from "../fixtures/gsStore.mjs";
import { GoogleTokens } from "../servers/googleTokens.mjs";
import { BUCKET, GsEmulator } from "../servers/gsEmulator.mjs";
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
    emulator = await GsEmulator.ofCopy(store.python, store.left);
    host = await emulator.start();
    service = new MetadataService({ rows: Rows.parse(store.rows) });
    await service.start();
  }, 600_000);

  afterAll(async () => {
    await emulator.stop();
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
    const asked = (await ask(metadata, name)).filter(({ question }) => question !== "Metaflow.metadata");
    const asker = new Asker(metadata, { STORAGE_EMULATOR_HOST: host });
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`Google Cloud Storage, records in a ${name}\n${table(tallies)}`);
    expect(tallies.size).toBeGreaterThan(60);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }

  async function ask(metadata: string, name: string): ReturnType<typeof askPythonOnce> {
    const tokens = new GoogleTokens();
    const folder = await mkdtemp(join(tmpdir(), "metaflow-account-"));
    try {
      await tokens.start();
      const account = join(folder, "account.json");
      await tokens.writeAccount(account);
      const env = gsEnv(host, account);
      return await askPythonOnce(store.python, store.project, { key: `gs ${name}`, metadata, env });
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

  it("are refused where the bucket says that they are packed as only a later Metaflow knows", async () => {
    const env = { STORAGE_EMULATOR_HOST: host };
    const open = async (): Promise<[Metaflow, DataArtifact]> => {
      const mf = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, env });
      const end = await (await (await mf.flow("CatalogFlow")).latestRun())?.endTask();
      const artifact = await end?.get("limits");
      if (artifact === undefined) throw new Error("no artifact");
      return [mf, artifact];
    };
    const say = async (attributes: object, sha: string): Promise<void> => {
      const name = `${GS_ROOT.slice(`gs://${BUCKET}/`.length)}/CatalogFlow/data/${sha.slice(0, 2)}/${sha}`;
      const answer = await fetch(`${host}/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ metadata: { "metaflow-user-attributes": JSON.stringify(attributes) } }),
      });
      expect(answer.ok).toBe(true);
    };
    const [first, { sha }] = await open();
    await first.close();
    for (const [attributes, isKnown] of [
      [{ cas_raw: false, cas_version: 2 }, false],
      [{ cas_raw: false }, false],
      [{ cas_raw: false, cas_version: 1 }, true],
    ] as const) {
      await say(attributes, sha);
      const [mf, artifact] = await open();
      const found: unknown = await artifact.data().catch((thrown: unknown) => thrown);
      if (isKnown) expect(found).toEqual([0, 100]);
      else
        expect(found).toMatchObject({ code: "datastore-error", message: expect.stringContaining(GS_ROOT) });
      await mf.close();
    }
  });

  it("are listed whole, cards among them, level by level", async () => {
    const config = await MetaflowConfig.load({ cwd: "/", env: { STORAGE_EMULATOR_HOST: host } });
    const bucket = openGs(`gs://${BUCKET}`, config);
    const found = await keysBelow(bucket, "");
    bucket.close?.();
    const kept = JSON.parse(await readFile(join(store.left, ".cloudstorage/.meta"), "utf8")) as {
      readonly objects: Readonly<Record<string, object>>;
    };
    expect(found.sort()).toEqual(Object.keys(kept.objects[BUCKET] ?? {}).sort());
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
