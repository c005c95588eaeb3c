/** Pickles of libraries' versions that the stacks do not install, against what the libraries said of them. */
import { describe, expect, it } from "vitest";
import { openPickle } from "../../src/pickle/index.ts";
import { versionCases } from "./libraryCases.ts";
import { lookAt } from "./shownForm.ts";
import { difference, sorted } from "./taggedForm.ts";

describe("what other versions of libraries pickled", () => {
  it("is what they say themselves", async () => {
    const cases = await versionCases();
    expect(cases.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const { stack, name, protocol, data, tagged } of cases) {
      const { root, problem } = await openPickle(Buffer.from(data, "base64"));
      const answer = sorted(await root.tagged());
      const why = problem?.message ?? difference(answer, sorted(tagged), "");
      if (why !== undefined) wrong.push(`${stack}: ${name}, protocol ${protocol}: ${why}`);
      await lookAt(root, 100);
      await root.toValue();
    }
    expect(wrong).toEqual([]);
  });
});
