import { describe, expect, it } from "vitest";
import {
  filterText,
  isEmptyFilter,
  matchesRecord,
  NO_FILTER,
  parseFilter,
} from "../../../../src/features/tree/filter.ts";

const run = {
  flow: "TrainFlow",
  id: "1795440926808197",
  tags: new Set(["user:alice", "runtime:dev", "nightly", "two words", "project:demo"]),
};

describe("parseFilter", () => {
  it("tells users, states, tags and words apart", () => {
    expect(parseFilter('user:alice status:failed,stale tag:nightly tag:"two words" train').filter).toEqual({
      users: ["alice"],
      states: ["failed", "stale"],
      tags: ["nightly", "two words"],
      words: ["train"],
    });
  });

  it("takes another prefix as one of Metaflow's own tags", () => {
    expect(parseFilter("project:demo").filter.tags).toEqual(["project:demo"]);
  });

  it("understands what people call a state", () => {
    expect(parseFilter("status:ok state:Error").filter.states).toEqual(["completed", "failed"]);
  });

  it("says which word is no status", () => {
    const { filter, problem } = parseFilter("status:broken train");
    expect(problem).toContain("'broken' is no status");
    expect(filter.words).toEqual(["train"]);
  });

  it("says when a prefix has nothing after it", () => {
    expect(parseFilter("user:").problem).toContain("nothing after 'user:'");
  });

  it("lets everything through when nothing is asked", () => {
    expect(isEmptyFilter(parseFilter("  ").filter)).toBe(true);
  });

  it("is undone by filterText", () => {
    const text = 'user:alice status:failed project:demo tag:"two words" "a b" train';
    const { filter } = parseFilter(text);
    expect(parseFilter(filterText(filter)).filter).toEqual(filter);
  });
});

describe("matchesRecord", () => {
  it.each([
    ["", true],
    ["user:alice", true],
    ["user:bob", false],
    ["user:bob user:alice", true],
    ["tag:nightly", true],
    ['tag:nightly tag:"two words"', true],
    ["tag:nightly tag:prod", false],
    ["tag:night", false],
    ["project:demo", true],
    ["TRAIN", true],
    ["680819", true],
    ["night", true],
    ["night eval", false],
  ])("answers %j with %s", (text, expected) => {
    expect(matchesRecord(parseFilter(text).filter, run)).toBe(expected);
  });

  it("leaves the states to the one who reads them", () => {
    expect(matchesRecord({ ...NO_FILTER, states: ["failed"] }, run)).toBe(true);
  });
});
