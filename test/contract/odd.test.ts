/** The client on flows of odd shapes against Metaflow's Python client: what no sample has. */
import { beforeAll, describe, expect, it } from "vitest";
import { oddStore } from "../fixtures/oddStore.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("flows of odd shapes", () => {
  let store: Awaited<ReturnType<typeof oddStore>>;

  beforeAll(async () => {
    store = await oddStore((line: string) => {
      console.log(line);
    });
  }, 300_000);

  it.each(["local", "spin"])(
    "give the same answers as Python's client on %s data, but for the deviations of the contract",
    async (type) => {
      const metadata = `${type}@${store.project}`;
      const asked = await askPythonOnce(store.python, store.project, { key: type, metadata });
      const asker = new Asker(metadata);
      const tallies = await compareAll(asked, new Answers(asked), asker);
      await asker.close();
      console.log(`${type}\n${table(tallies)}`);
      expect(tallies.size).toBeGreaterThan(100);
      expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
    },
  );
});
