import { describe, expect, it } from "vitest";
import { proposalsFor } from "../../../../../src/features/tree/filter/proposals.ts";

const words = ["status:failed", "user:ada", 'tag:"two words"', "lr=0.1", "lr="].map((text) => ({
  text,
  what: "",
}));
const labels = (typed: string): readonly string[] => proposalsFor(typed, words).map(({ label }) => label);
const wholes = (typed: string): readonly (string | undefined)[] =>
  proposalsFor(typed, words).map(({ whole }) => whole);

describe("completing a filter", () => {
  it("offers to show what is typed, then words that complete the last one", () => {
    expect(labels("user:ada fail")).toEqual(["$(filter) user:ada fail", "status:failed"]);
    expect(wholes("user:ada fail")).toEqual([undefined, "user:ada status:failed "]);
  });

  it("lets a value follow an operator, and a word a word", () => {
    expect(wholes("lr")).toEqual([undefined, "lr=0.1 ", "lr="]);
  });

  it("puts what completes a filter first while it cannot be used", () => {
    expect(labels("user:").at(0)).toBe("user:ada");
    expect(proposalsFor("user:", words).at(-1)?.detail).toContain("nothing after");
  });

  it("knows that a space within quotes ends no word", () => {
    expect(wholes('user:ada tag:"two w')).toEqual([undefined, 'user:ada tag:"two words" ']);
    expect(wholes('tag:"two words" fail').at(1)).toBe('tag:"two words" status:failed ');
    expect(wholes(`${" ".repeat(5_000)}"two`)).toEqual([undefined, `${" ".repeat(5_000)}tag:"two words" `]);
  });

  it("offers to show everything while nothing is typed", () => {
    expect(labels("").at(0)).toBe("$(clear-all) Show all runs");
  });
});
