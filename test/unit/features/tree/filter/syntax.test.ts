import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEmptyFilter, matchesRecord, NO_FILTER } from "../../../../../src/features/tree/filter/filter.ts";
import { filterText, parseFilter } from "../../../../../src/features/tree/filter/syntax.ts";

const run = {
  flow: "TrainFlow",
  id: "1795440926808197",
  tags: new Set(["user:alice", "runtime:dev", "nightly", "two words", "project:demo"]),
};

describe("parseFilter", () => {
  it("tells users, states, tags and words apart", () => {
    expect(parseFilter('user:alice status:failed,stale tag:nightly tag:"two words" train').filter).toEqual({
      conditions: [],
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

  it("takes comparisons as conditions of parameters", () => {
    expect(parseFilter('lr>0.1 model="xg b" epochs!=3').filter.conditions).toEqual([
      { name: "lr", operator: ">", operand: "0.1" },
      { name: "model", operator: "=", operand: "xg b" },
      { name: "epochs", operator: "!=", operand: "3" },
    ]);
    expect(parseFilter("tag:a=b").filter).toMatchObject({ tags: ["a=b"], conditions: [] });
    expect(parseFilter("lr>").problem).toContain("nothing after 'lr>'");
  });

  it("takes times, and says what is none", () => {
    expect(parseFilter("since:2d until:2026-11-23").filter).toMatchObject({
      since: "2d",
      until: "2026-11-23",
    });
    expect(parseFilter("since:soon").problem).toContain("'soon' is no time");
  });

  it("takes what begins with a quote as a word, whatever is in it", () => {
    expect(parseFilter('"a=b" "user:x"').filter).toMatchObject({ words: ["a=b", "user:x"], users: [] });
  });

  it("says when a prefix has nothing after it", () => {
    expect(parseFilter("user:").problem).toContain("nothing after 'user:'");
  });

  it("lets everything through when nothing is asked", () => {
    expect(isEmptyFilter(parseFilter("  ").filter)).toBe(true);
  });

  it("is undone by filterText", () => {
    const text =
      'user:alice status:failed project:demo tag:"two words" tag:user:x lr>=0.1 m="a b" since:2d "a b" "x=1" "p:q" train';
    expect(filterText(parseFilter(text).filter)).toBe(text);
  });

  it("is undone by filterText, whatever people call things", () => {
    const word = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(word), fc.array(word), fc.array(word), (users, tags, words) => {
        const filter = { ...NO_FILTER, users, tags, words };
        expect(parseFilter(filterText(filter))).toEqual({ filter });
      }),
    );
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
