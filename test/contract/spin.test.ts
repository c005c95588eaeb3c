/** The client on what `spin` left behind against Metaflow's Python client on the same. */
import { beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { openMetaflow } from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";
import { Asker } from "./asker.ts";
import { compareAll, table } from "./compare.ts";
import { Answers } from "./deviations.ts";
import { askPythonOnce } from "./oracle.ts";

describe("the results of spin", () => {
  let python: string;
  let project: string;

  beforeAll(async () => {
    ({ python, project } = await fixtureStore());
  }, 300_000);

  it("are answered as Python answers", async () => {
    const metadata = `spin@${project}`;
    const asked = await askPythonOnce(python, project, { key: "spin", metadata });
    const asker = new Asker(metadata);
    const tallies = await compareAll(asked, new Answers(asked), asker);
    await asker.close();
    console.log(`spin\n${table(tallies)}`);
    expect(tallies.get("Task.artifacts")?.compared).toBeGreaterThanOrEqual(2);
    expect([...tallies.values()].flatMap(({ mismatches }) => mismatches.slice(0, 3))).toEqual([]);
  }, 120_000);

  it("are what a session inspects beside the usual runs", async () => {
    const mf = await openMetaflow({ cwd: project, namespace: null });
    const spun = await mf.inspectSpin(project);
    const [here, there] = await Promise.all(
      [mf, spun].map(async (each) => (await collect(await each.flow("SortFlow"))).map(({ id }) => id)),
    );
    expect(there).toHaveLength(2);
    expect(here).toHaveLength(1);
    expect(here).not.toContain(there?.[0]);
    await mf.close();
    await spun.close();
  });
});
