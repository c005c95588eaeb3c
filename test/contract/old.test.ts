/** Stores, and rows of a metadata service, that older Metaflows wrote, read by this client and by the newest Python client. */
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensurePython } from "../../tools/python.mjs";
import { OLD_ARCHIVE, throughService, unpackOldStores, VERSIONS } from "../fixtures/old/make.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPython, type Asked } from "./oracle.ts";
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

    it(`Metaflow ${version} through a metadata service is answered as Python answers`, async () => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), "metaflow-old-")));
      await unpackOldStores(folder);
      const project = join(folder, throughService(version));
      const rows = await readFile(join(project, "rows.json"), "utf8");
      // The rows tell where the data were when they were made.
      const [recorded = ""] = /\/[^"]*?(?=\/\.metaflow)/.exec(rows) ?? [];
      const service = new MetadataService({ rows: Rows.parse(rows.replaceAll(recorded, project)) });
      const metadata = `service@${await service.start()}`;
      const asked = (await askPython(python, project, { metadata })).filter((one) => !isPythonsOwn(one));
      const asker = new Asker(metadata);
      const tallies = await compareAll(asked, new Answers(asked), asker);
      await asker.close();
      await service.stop();
      await rm(folder, { recursive: true, force: true });
      console.log(`Metaflow ${version} through a service\n${table(tallies)}`);
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
