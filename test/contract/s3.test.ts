/** The client on runs whose data are in Amazon S3, against Metaflow's Python client with Amazon's library on the same emulator. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { MetaflowConfig } from "../../src/client/config.ts";
import { openS3 } from "../../src/client/datastore/s3/open.ts";
import type { ObjectStore } from "../../src/client/datastore/store.ts";
import { openMetaflow } from "../../src/client/index.ts";
import { s3Env, s3Store, S3_ROOT } from "../fixtures/s3Store.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { BUCKET, S3Emulator } from "../servers/s3Emulator.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("runs whose data are in Amazon S3", () => {
  let store: Awaited<ReturnType<typeof s3Store>>;
  let emulator: S3Emulator;
  let env: Record<string, string>;
  let service: MetadataService;

  beforeAll(async () => {
    store = await s3Store((line: string) => {
      console.log(line);
    });
    // Pages of any listing of more than a few.
    emulator = new S3Emulator(store.python, { file: store.left, pageSize: 3 });
    env = s3Env(await emulator.start());
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
    const options = { key: `s3 ${name}`, metadata, env };
    const all = await askPythonOnce(store.python, store.project, options);
    const asked = all.filter(({ question }) => question !== "Metaflow.metadata");
    const asker = new Asker(metadata, env);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`Amazon S3, records in a ${name}\n${table(tallies)}`);
    expect(tallies.size).toBeGreaterThan(60);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }

  it("are read from the place that they name, whatever root is configured now", async () => {
    const elsewhere = { ...env, METAFLOW_DATASTORE_SYSROOT_S3: "s3://another/place" };
    const mf = await openMetaflow({ metadata: `service@${service.url}`, namespace: null, env: elsewhere });
    const run = await (await mf.flow("TrainFlow")).latestRun();
    const task = await (await run?.get("start"))?.task();
    expect(await task?.stdout()).toContain("customers");
    expect((await task?.code())?.path).toMatch(S3_ROOT);
    await mf.close();
  });

  it("are listed whole, cards among them, level by level", async () => {
    const bucket = await openS3(`s3://${BUCKET}`, await MetaflowConfig.load({ cwd: "/", env }));
    const found = await keysBelow(bucket, "");
    bucket.close?.();
    const kept = (await readFile(store.left, "utf8")).trimEnd().split("\n");
    expect(found.sort()).toEqual(kept.map((line) => (JSON.parse(line) as [string])[0]).sort());
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
