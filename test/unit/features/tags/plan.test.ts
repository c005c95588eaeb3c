import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTagEdit } from "../../../../src/client/tags.ts";
import {
  inverse,
  isSystemTag,
  planEdit,
  problemOfTag,
  tagCounts,
  type TaggedRun,
} from "../../../../src/features/tags/plan.ts";

const run = (user: readonly string[], system: readonly string[] = ["user:alice"]): TaggedRun => ({
  userTags: new Set(user),
  systemTags: new Set(system),
});
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `t${index}`);

describe("planEdit", () => {
  it("writes only what differs, so that Undo takes back no more than was done", () => {
    expect(planEdit(run(["a", "b"]), { remove: ["b", "c"], add: ["a", "d", "d"] })).toEqual({
      kind: "write",
      change: { remove: ["b"], add: ["d"] },
    });
  });

  it("does nothing for tags that are there already, also as the system's", () => {
    expect(planEdit(run(["a"]), { remove: [], add: ["a", "user:alice"] })).toEqual({ kind: "nothing" });
    expect(planEdit(run(["a"]), { remove: ["x"], add: [] })).toEqual({ kind: "nothing" });
    expect(planEdit(run(["a"]), { remove: ["a"], add: ["a"] })).toEqual({ kind: "nothing" });
  });

  it("refuses to remove a system tag", () => {
    expect(planEdit(run(["a"]), { remove: ["user:alice"], add: [] })).toEqual({
      kind: "refused",
      problem: { kind: "system", tag: "user:alice" },
    });
  });

  it("refuses the 51st tag, but lets a full set be changed and an overfull one shrink", () => {
    expect(planEdit(run(many(50)), { remove: [], add: ["new"] })).toEqual({
      kind: "refused",
      problem: { kind: "too-many", has: 50, would: 51 },
    });
    expect(planEdit(run(many(50)), { remove: ["t0"], add: ["new"] }).kind).toBe("write");
    expect(planEdit(run(many(53)), { remove: ["t0"], add: [] }).kind).toBe("write");
    expect(planEdit(run(many(53)), { remove: ["t0"], add: ["new"] }).kind).toBe("write");
  });

  it("counts a tag's length in characters as Python does, and refuses 501", () => {
    expect(problemOfTag("😀".repeat(500))).toBeUndefined();
    expect(problemOfTag("x".repeat(501))).toEqual({ kind: "too-long", tag: "x".repeat(501), length: 501 });
    expect(problemOfTag("")).toEqual({ kind: "empty" });
    expect(problemOfTag("\ud800")).toEqual({ kind: "unencodable", tag: "\ud800" });
  });

  it("agrees with the client's own rules for every edit", () => {
    const tag = fc.constantFrom("a", "b", "c", "d", "user:alice");
    const tags = fc.uniqueArray(tag, { maxLength: 4 });
    fc.assert(
      fc.property(tags, tags, tags, fc.boolean(), (have, remove, add, full) => {
        const user = [...have.filter((each) => each !== "user:alice"), ...(full ? many(48) : [])];
        const edit = { remove, add };
        const plan = planEdit(run(user), edit);
        if (plan.kind === "refused") {
          expect(() => planTagEdit(user, ["user:alice"], edit)).toThrow();
          return;
        }
        const theirs = planTagEdit(user, ["user:alice"], edit);
        expect(plan.kind === "write").toBe(theirs.changes);
        const change = plan.kind === "write" ? plan.change : { remove: [], add: [] };
        const mine = new Set([...user.filter((each) => !change.remove.includes(each)), ...change.add]);
        expect([...mine].sort()).toEqual([...theirs.next].sort());
      }),
    );
  });
});

describe("inverse", () => {
  it("takes back the difference and leaves another writer's tag alone", () => {
    const before = run(["a", "b"]);
    const plan = planEdit(before, { remove: ["a"], add: ["c"] });
    if (plan.kind !== "write") throw new Error("expected a change");
    const meanwhile = run(["b", "c", "theirs"]);
    expect(planEdit(meanwhile, inverse(plan.change))).toEqual({
      kind: "write",
      change: { remove: ["c"], add: ["a"] },
    });
  });
});

describe("isSystemTag", () => {
  it("knows what Metaflow sets itself from what people say", () => {
    expect(["user:ada", "project_branch:prod", "runtime:dev"].every(isSystemTag)).toBe(true);
    expect(["nightly", "release:1.3", "users"].some(isSystemTag)).toBe(false);
  });
});

describe("tagCounts", () => {
  it("puts the commonest tag first, then the names in order", () => {
    expect(tagCounts([run(["b", "a"]), run(["b", "c"])])).toEqual([
      { tag: "b", count: 2 },
      { tag: "a", count: 1 },
      { tag: "c", count: 1 },
    ]);
  });
});
