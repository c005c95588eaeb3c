/** Pickles of libraries' versions that the stacks do not install, against what the libraries said of them. */
import { describe, expect, it } from "vitest";
import { openPickle } from "../../src/pickle/index.ts";
import { versionCases } from "./libraryCases.ts";
import { lookAt, shownOtherwise } from "./shownForm.ts";
import { difference, sorted } from "./taggedForm.ts";

/** What is shown otherwise, and why that is so. */
const UNLIKE: Readonly<Record<string, string>> = {
  "Python 3.8.18, polars 0.16.18": "a format of its own, which is told",
};

describe("what other versions of libraries pickled", () => {
  it("is what they say themselves, and is shown as they say", async () => {
    const cases = await versionCases();
    expect(cases.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const { stack, name, protocol, data, tagged, says, preview } of cases) {
      const { root, problem } = await openPickle(Buffer.from(data, "base64"));
      const answer = sorted(await root.tagged());
      const why = problem?.message ?? difference(answer, sorted(tagged), "");
      const shown = says && !(stack in UNLIKE) ? await shownOtherwise(root, says) : undefined;
      if (why ?? shown) wrong.push(`${stack}: ${name}, protocol ${protocol}: ${why ?? shown}`);
      if (preview !== undefined) expect(root.preview, `${stack}: ${name}`).toBe(preview);
      await lookAt(root, 100);
      await root.toValue();
    }
    expect(wrong).toEqual([]);
  });
});
