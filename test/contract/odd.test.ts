/** The client on flows of odd shapes against Metaflow's Python client: what no sample has. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oddStore } from "../fixtures/oddStore.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table, type Tally } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("flows of odd shapes", () => {
  let tallies: Map<string, Tally>;
  let asker: Asker;

  beforeAll(async () => {
    const { python, project } = await oddStore((line: string) => {
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

  it("give the same answers as Python's client, but for the deviations of the contract", () => {
    expect(tallies.size).toBeGreaterThan(100);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  });
});
