/** How the steps of finished runs stand, asked one by one: a finished run does not ask them itself. */
import { beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/async.ts";
import { openMetaflow, type Run } from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";

describe("the steps of a completed run with a switch in a foreach", () => {
  let run: Run;

  beforeAll(async () => {
    const { project, runs } = await fixtureStore();
    run = await (await openMetaflow({ cwd: project, namespace: null })).run(runs["sort"] ?? "");
  });

  it("are all completed, whichever items came to them", async () => {
    const steps = await collect(run);
    const states = await Promise.all(steps.map(async (step) => [step.id, (await step.status()).state]));
    expect(Object.fromEntries(states)).toEqual(Object.fromEntries(steps.map(({ id }) => [id, "completed"])));
  });

  it.each([
    ["look", 3],
    ["odd", undefined],
    ["even", undefined],
    ["halve", undefined],
    ["note", 3],
    ["join", 1],
  ])("tell how many tasks %s should have only where that is known: %s", async (step, expected) => {
    expect((await (await run.get(step)).status()).expected).toBe(expected);
  });
});

describe("a step that a switch led back to", () => {
  it("is not told to have one task of several", async () => {
    const { project, runs } = await fixtureStore();
    const mf = await openMetaflow({ cwd: project, namespace: null });
    const status = await (await mf.step(`${runs["tune"] ?? ""}/tune`)).status();
    expect(status).toMatchObject({ state: "completed", expected: undefined });
    expect(status.counts.completed).toBeGreaterThan(1);
    await mf.close();
  });
});
