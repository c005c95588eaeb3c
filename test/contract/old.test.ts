/** Stores that older Metaflows wrote, read by this client and by the newest Python client. */
import { beforeAll, describe, expect, it } from "vitest";
import { ensurePython } from "../../tools/python.mjs";
import { OLD_ARCHIVE, unpackOldStores, VERSIONS } from "../fixtures/old/make.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import type { Asked } from "./oracle.ts";
import { toldStore } from "./told.ts";

describe("a store written by", () => {
  let python: string;

  beforeAll(async () => {
    python = await ensurePython();
  }, 120_000);

  for (const version of VERSIONS) {
    it(`Metaflow ${version} is answered as Python answers`, async () => {
      const { project, asked: all } = await toldStore(python, {
        archive: OLD_ARCHIVE,
        part: version,
        flows: ["HistoryFlow"],
        modules: [],
        unpack: unpackOldStores,
      });
      const asked = all.filter((one) => !isPythonsOwn(one));
      const asker = new Asker(`local@${project}`);
      const tallies = await compareAll(asked, new Answers(asked), asker);
      await asker.close();
      console.log(`Metaflow ${version}\n${table(tallies)}`);
      expect([...tallies.values()].flatMap((tally) => tally.mismatches.slice(0, 3))).toEqual([]);
    }, 180_000);
  }
});

/** Answers that tell of the Python that was asked, not of the store. */
function isPythonsOwn({ question, object, attempt }: Asked): boolean {
  if (question === "Metaflow.metadata") return true;
  // Unpickled by a newer class, whose frames have a fifth field with a default.
  if (question === "DataArtifact.data" && object?.endsWith("/_foreach_stack") === true) return true;
  // Its cache keeps one legacy log a task, whichever attempt was asked for first.
  return attempt !== null && (question === "Task.stdout" || question === "Task.stderr");
}
