/** Deviation 9: a store is read where it lies. The sample archive was recorded elsewhere; Python reads it once its records are told their new place. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { FLOWS } from "../../samples/run.mjs";
import { openMetaflow } from "../../src/client/index.ts";
import { ensurePython } from "../../tools/python.mjs";
import { ARCHIVE, unpackSamples } from "../../tools/samples.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import type { Asked } from "./oracle.ts";
import { toldStore, type Told } from "./told.ts";

const ASKED_FLOWS = ["TrainFlow", "TuneFlow"];

describe("the sample datastore, unpacked where it was not made", () => {
  let told: Told;

  beforeAll(async () => {
    told = await toldStore(await ensurePython(), {
      archive: ARCHIVE,
      part: ".",
      flows: ASKED_FLOWS,
      modules: [FLOWS],
      unpack: async (target) => unpackSamples(target, ASKED_FLOWS),
    });
  }, 300_000);

  it("gives the answers that Python gives when the records know their place", async () => {
    const asked = told.asked.filter((one) => !isIncludedFile(one) && one.question !== "Metaflow.metadata");
    const asker = new Asker(`local@${told.project}`);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(table(tallies));
    expect(tallies.size).toBeGreaterThan(60);
    expect([...tallies.values()].flatMap((tally) => tally.mismatches.slice(0, 3))).toEqual([]);
  }, 120_000);

  it("gives the content of an included file, which Python looks for at its old place", async () => {
    const { project } = told;
    const mf = await openMetaflow({ metadata: `local@${project}`, namespace: null, env: {}, cwd: project });
    const run = await (await mf.flow("TrainFlow")).latestSuccessfulRun();
    const task = await (await mf.step(`${run?.pathspec ?? ""}/start`)).task();
    const customers = await (await task?.get("customers"))?.data();
    expect(customers).toBe(await readFile(join(FLOWS, "customers.csv"), "utf8"));
    await mf.close();
  });
});

/** Its blob names the place of the file. */
function isIncludedFile({ question, object }: Asked): boolean {
  const asked = question === "DataArtifact.data" || question === "DataArtifact.size";
  return asked && object?.endsWith("/customers") === true;
}
