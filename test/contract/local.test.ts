/** The client on local data against Metaflow's Python client: the same questions about every object of a store, field by field. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureStore } from "../fixtures/store.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table, type Tally } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

const CLASSES = ["Metaflow", "Flow", "Run", "Step", "Task", "DataArtifact"] as const;

describe("the client and Python's, asked about every object of a store", () => {
  let tallies: Map<string, Tally>;
  let asker: Asker;

  beforeAll(async () => {
    const { python, project } = await fixtureStore((line: string) => {
      console.log(line);
    });
    const asked = await askPythonOnce(python, project);
    asker = new Asker(`local@${project}`);
    tallies = await compareAll(asked, new Answers(asked), asker);
    console.log(table(tallies));
  }, 300_000);

  afterAll(async () => {
    await asker.close();
  });

  for (const name of CLASSES) {
    it(`give the same answers of ${name}, but for the deviations of the contract`, () => {
      const own = [...tallies].filter(([question]) => question.split(".")[0] === name);
      expect(own.length).toBeGreaterThan(0);
      const mismatches = own.flatMap(([question, tally]) => [
        ...tally.mismatches.slice(0, 3),
        ...(tally.mismatches.length > 3 ? [`… and ${tally.mismatches.length - 3} more of ${question}`] : []),
      ]);
      expect(mismatches).toEqual([]);
    });
  }

  it("meet every deviation that local data can show", () => {
    const met = new Set([...tallies.values()].flatMap((tally) => [...tally.deviations.keys()]));
    expect([...met].sort()).toEqual([2, 5, 6, 7, 8]);
  });
});
