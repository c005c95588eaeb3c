import { describe, expect, it } from "vitest";
import { MetaflowTaggingError } from "../../../src/client/errors.ts";
import type { TagEdit } from "../../../src/client/metadata/provider.ts";
import { editHolds, planTagEdit, validateEdit, validateTag } from "../../../src/client/tags.ts";

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Why an edit of a run with fifty tags is refused. */
function reasonOf(edit: TagEdit): unknown {
  try {
    validateEdit(edit);
    planTagEdit(many(50), ["user:x", "date:y"], edit);
  } catch (error) {
    if (error instanceof MetaflowTaggingError) return error.reason;
    throw error;
  }
  return undefined;
}

describe("planTagEdit", () => {
  it("removes first, then adds", () => {
    expect(planTagEdit(["a", "b"], [], { remove: ["a", "c"], add: ["c"] })).toEqual({
      next: ["b", "c"],
      changes: true,
    });
  });

  it("does not add what is a system tag already", () => {
    expect(planTagEdit(["a"], ["user:x"], { remove: [], add: ["user:x"] })).toEqual({
      next: ["a"],
      changes: false,
    });
  });

  it("changes nothing when the tags are as wanted", () => {
    expect(planTagEdit(["a"], [], { remove: ["z"], add: ["a"] }).changes).toBe(false);
  });

  it("quotes a system tag as Python does", () => {
    expect(() => planTagEdit([], ["user:o'brien"], { remove: ["user:o'brien"], add: [] })).toThrow(
      `Cannot remove a tag that is an existing system tag (["user:o'brien"])`,
    );
  });

  it("refuses to remove a system tag, in Python's words", () => {
    expect(() => planTagEdit([], ["user:x", "date:y"], { remove: ["user:x"], add: [] })).toThrow(
      "Cannot remove a tag that is an existing system tag (['user:x'])",
    );
  });

  it("refuses a 51st tag", () => {
    expect(() => planTagEdit(many(50), [], { remove: [], add: ["one more"] })).toThrow(
      "Cannot increase size of tag set beyond 50",
    );
  });

  it("lets a set that is too large be changed as long as it does not grow", () => {
    expect(planTagEdit(many(60), [], { remove: ["t0"], add: ["new"] }).next).toHaveLength(60);
  });
});

describe("validateTag", () => {
  it("counts characters as Python does", () => {
    expect(() => {
      validateTag("😀".repeat(500));
    }).not.toThrow();
    expect(() => {
      validateTag("x".repeat(501));
    }).toThrow("Tag is too long 501 > 500");
  });

  it("refuses what is empty, no text or not encodable", () => {
    for (const tag of ["", 7, "\ud800"]) {
      expect(() => {
        validateTag(tag);
      }).toThrow(MetaflowTaggingError);
    }
  });

  it("refuses an edit that does nothing", () => {
    expect(() => {
      validateEdit({ add: [], remove: [] });
    }).toThrow("Must add or remove at least one tag");
  });
});

describe("a refusal", () => {
  it.each([
    ["no text", { add: [7] as never }, { kind: "not-text" }],
    ["an empty tag", { add: [""] }, { kind: "empty" }],
    ["half a character", { add: ["\ud800"] }, { kind: "unencodable", tag: "\ud800" }],
    ["a long tag", { add: ["x".repeat(501)] }, { kind: "too-long", tag: "x".repeat(501), length: 501 }],
    ["an edit without tags", {}, { kind: "nothing" }],
    [
      "removing system tags",
      { remove: ["user:x", "date:y", "z"] },
      { kind: "system", tags: ["date:y", "user:x"] },
    ],
    ["a 51st tag", { add: ["a", "b"] }, { kind: "too-many", has: 50, would: 52 }],
  ])("of %s tells programs the reason", (_name, edit: Partial<TagEdit>, reason) => {
    expect(reasonOf({ add: [], remove: [], ...edit })).toEqual(reason);
  });
});

describe("editHolds", () => {
  it("tells when another writer undid an addition or a removal", () => {
    expect(editHolds({ add: ["a"], remove: ["b"] }, ["a", "x"], [])).toBe(true);
    expect(editHolds({ add: ["a"], remove: [] }, ["x"], [])).toBe(false);
    expect(editHolds({ add: [], remove: ["b"] }, ["b"], [])).toBe(false);
    expect(editHolds({ add: ["b"], remove: ["b"] }, ["b"], [])).toBe(true);
  });
});
