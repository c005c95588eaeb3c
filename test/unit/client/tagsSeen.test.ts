import { describe, expect, it } from "vitest";
import { TagsSeen } from "../../../src/client/tagsSeen.ts";

describe("TagsSeen", () => {
  it("keeps each tag once, and of too many those that came last", () => {
    const seen = new TagsSeen(3);
    for (const tag of ["a", "b", "a", "c", "d", "b"]) seen.add(tag);
    expect([...seen]).toEqual(["b", "c", "d"]);
  });
});
