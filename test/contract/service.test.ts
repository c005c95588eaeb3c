/** The client on a metadata service against Metaflow's Python client on the same service, at each version of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceStore } from "../fixtures/serviceStore.mjs";
import { MetadataService, VERSIONS } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce, type Asked } from "./oracle.ts";

describe("the client and Python's, asked about every object of a metadata service", () => {
  let store: Awaited<ReturnType<typeof serviceStore>>;
  const services: MetadataService[] = [];

  beforeAll(async () => {
    store = await serviceStore((line: string) => {
      console.log(line);
    });
  }, 600_000);

  afterAll(async () => {
    for (const service of services) await service.stop();
  });

  for (const version of VERSIONS) {
    it(`give the same answers at version ${version}, but for the deviations of the contract`, async () => {
      const service = new MetadataService({ version, rows: Rows.parse(store.rows) });
      services.push(service);
      const url = await service.start();
      const asked = await askPythonOnce(store.python, store.project, {
        key: `service ${version}`,
        metadata: `service@${url}`,
        // What differs between versions shows in any flow.
        flows: version === "master" ? [] : ["TrainFlow"],
      });
      const asker = new Asker(`service@${url}`);
      const tallies = await compareAll(asked.filter(notTheAddress), new Answers(asked), asker);
      await asker.close();
      console.log(`service ${version}\n${table(tallies)}`);
      expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
    }, 600_000);
  }
});

/** The address is another one each time. */
function notTheAddress({ question }: Asked): boolean {
  return question !== "Metaflow.metadata";
}
